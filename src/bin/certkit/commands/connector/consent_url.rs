//! `certkit connector consent-url`.

use certkit::{
    connector::{
        Registry,
        consent::{self, Request},
        line::Line,
    },
    report::connector::consent as rendered,
};
use clap::Args;

use super::shared::Ids;
use crate::{context::Context, failure::Failure, options::exit_codes};

/// Write the address at which an administrator consents to a connector's permissions.
///
/// The address alone is standard output, in one line. Whoever opens it has to sign in as an
/// administrator of the organization, and sees what the app asks for before it is granted.
/// --client-id is needed; --redirect-uri too, unless the vendor's page fixes it.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The connector; `certkit connector list` has them all.
    id: String,

    #[command(flatten)]
    ids: Ids,

    /// Text that comes back unchanged with the answer [default: that of the vendor's page].
    #[arg(long, value_name = "TEXT", value_parser = Line::parse)]
    state: Option<Line>,

    /// Use Microsoft's second endpoint, which asks for the permissions of one API only.
    #[arg(long)]
    v2: bool,
}

const AFTER: &str = concat!(
    "\
Examples:
  For an app that serves any organization:
    certkit connector consent-url zscaler-mip --redirect-uri https://admin.zscalertwo.net/ \\
      --client-id 6731de76-14a6-49ae-97bc-6eba6914391e
  For an app of one organization, whose redirect URI the vendor's page fixes:
    certkit connector consent-url snow-atlas-m365-current \\
      --client-id 6731de76-14a6-49ae-97bc-6eba6914391e \\
      --tenant-id a8990e1f-ff32-408a-9f8e-78d3b9139b95
  What the browser comes back with is read by:
    certkit connector consent-result 'https://admin.zscalertwo.net/?admin_consent=True&tenant=…'
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    let profile = registry.get(&arguments.id)?;
    let request = Request {
        client_id: arguments.ids.client_id()?,
        redirect_uri: &arguments.ids.redirect_uri(profile)?,
        tenant_id: arguments.ids.tenant_id,
        state: arguments.state.as_ref(),
        cloud: arguments.ids.cloud.unwrap_or_default(),
        v2: arguments.v2,
    };
    let address = consent::address(profile, &request);
    if context.is_json() {
        return context.print(&rendered::address_json(profile, request.cloud, &address));
    }
    address.warnings.iter().for_each(|warning| context.warn(warning));
    context.print(&format!("{}\n", address.url))
}
