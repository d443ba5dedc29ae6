//! What is known of one installation, as several subcommands take it.

use certkit::{
    connector::{Cloud, Guid, Profile, RedirectUri},
    error::Error,
};
use clap::Args;

use crate::failure::Failure;

/// The ids of an app registration, its redirect URI and its cloud; each may be left out.
#[derive(Args)]
pub(super) struct Ids {
    /// The Application (client) ID, from the app's Overview page.
    #[arg(long, value_name = "GUID")]
    client_id: Option<String>,

    /// The Directory (tenant) ID, from the same page.
    #[arg(long, value_name = "GUID")]
    tenant_id: Option<String>,

    /// The redirect URI, to the letter as it is registered.
    #[arg(long, value_name = "URI")]
    redirect_uri: Option<String>,

    /// Microsoft's cloud: global (GCC too), usgov (GCC High), dod or china [default: global].
    #[arg(long, value_name = "CLOUD")]
    cloud: Option<String>,
}

/// The same, read.
pub(super) struct Known {
    pub(super) client_id: Option<Guid>,
    pub(super) tenant_id: Option<Guid>,
    pub(super) redirect_uri: Option<RedirectUri>,
    pub(super) cloud: Option<Cloud>,
}

impl Ids {
    /// Reads what was typed; a value that cannot be used is refused by the name of its option.
    pub(super) fn known(&self) -> Result<Known, Failure> {
        Ok(Known {
            client_id: self.client_id.as_deref().map(|text| guid("--client-id", text)).transpose()?,
            tenant_id: self.tenant_id.as_deref().map(|text| guid("--tenant-id", text)).transpose()?,
            redirect_uri: self.redirect_uri.as_deref().map(redirect_uri).transpose()?,
            cloud: self.cloud.as_deref().map(str::parse).transpose()?,
        })
    }
}

impl Known {
    /// The client ID, which the command cannot do without.
    pub(super) fn client_id(&self) -> Result<Guid, Failure> {
        self.client_id.ok_or_else(|| {
            Failure::usage(
                "--client-id is missing: the Application (client) ID of the app registration",
                "copy it from the app's Overview page, or list all apps: az ad app list --query '[].{name:displayName,id:appId}' -o table",
            )
        })
    }

    /// The redirect URI: the one that was given, else the one that the vendor's page fixes.
    pub(super) fn redirect_uri(&self, profile: &Profile) -> Result<RedirectUri, Failure> {
        let redirect = profile.registration.redirect.as_ref();
        let fixed = || redirect?.uri.clone();
        self.redirect_uri.clone().or_else(fixed).ok_or_else(|| {
            let what = redirect.map_or("one that is registered for the app", |redirect| &*redirect.what);
            let example = redirect.and_then(|redirect| redirect.example.as_ref());
            let example = example.map_or("https://admin.example.com/", RedirectUri::as_str);
            Failure::usage(
                format!("--redirect-uri is missing: {what}"),
                format!("give it to the letter as it is registered, for example: --redirect-uri {example}"),
            )
        })
    }
}

/// A GUID, or why an option's value is none.
pub(super) fn guid(option: &'static str, text: &str) -> Result<Guid, Failure> {
    Guid::parse(text).map_err(|reason| bad(option, text, reason))
}

/// A redirect URI, or why the value of `--redirect-uri` is none.
pub(super) fn redirect_uri(text: &str) -> Result<RedirectUri, Failure> {
    RedirectUri::parse(text).map_err(|reason| bad("--redirect-uri", text, reason))
}

/// A refusal that names the option.
pub(super) fn bad(option: &'static str, text: &str, reason: String) -> Failure {
    Error::BadArgument { option, value: text.to_owned(), reason }.into()
}
