//! The options of a record that is written beside new files.

use certkit::{
    connector::profile::Credential,
    connector::{Answers, Guid, Profile, Registry, kit::last_second},
    ops::generate::Recorded,
};
use clap::Args;

use crate::{context::Context, failure::Failure};

/// What a record says.
#[derive(Args)]
pub(crate) struct RecordOptions {
    /// Write certkit.toml too, the record that `certkit connector check` watches, for this connector;
    /// `certkit connector list` has them all.
    #[arg(long, value_name = "PROFILE")]
    record: Option<String>,

    /// For the record: the Directory (tenant) ID.
    #[arg(long, value_name = "GUID", value_parser = Guid::parse, requires = "record")]
    tenant_id: Option<Guid>,

    /// For the record: the Application (client) ID.
    #[arg(long, value_name = "GUID", value_parser = Guid::parse, requires = "record")]
    client_id: Option<Guid>,

    /// For the record: when the client secret expires: 2027-01-31, a time, or a span from now such as
    /// 365d.
    #[arg(long, value_name = "TIME", requires = "record")]
    secret_expires: Option<String>,
}

impl RecordOptions {
    /// The connector, if a record is asked for.
    pub(crate) fn profile<'a>(&self, registry: &'a Registry) -> Result<Option<&'a Profile>, Failure> {
        let profile = self.record.as_deref().map(|id| registry.get(id)).transpose()?;
        match profile {
            Some(profile) if self.secret_expires.is_some() && !profile.takes(Credential::Secret) => {
                Err(Failure::usage(
                    format!("--secret-expires: {} takes no client secret", profile.name),
                    "leave the option out",
                ))
            }
            profile => Ok(profile),
        }
    }

    /// What the record says.
    pub(crate) fn recorded<'a>(
        &self,
        profile: &'a Profile,
        context: &Context,
    ) -> Result<Recorded<'a>, Failure> {
        let expires = |text: &String| last_second("--secret-expires", text, context.now);
        Ok(Recorded {
            profile,
            answers: Answers { tenant_id: self.tenant_id, client_id: self.client_id, ..Answers::default() },
            secret_expires: self.secret_expires.as_ref().map(expires).transpose()?,
        })
    }
}
