//! Scripts that do what a person does in the portal: for the Azure CLI, for PowerShell, for Microsoft
//! Graph by itself. A script finds what is there and adds what is missing; it takes nothing away,
//! so that it may run again. certkit writes it; whoever reads it runs it.
//!
//! The calls and their bodies are those of Microsoft's pages "Create application", "Update
//! application", "Grant an appRoleAssignment for a service principal", "Create oAuth2PermissionGrant",
//! "Add passwordCredential", "keyCredential resource type" (Microsoft Graph v1.0) and "Role Assignments -
//! Create" (Azure Resource Manager, 2022-04-01).

mod az;
mod graph;
mod header;
mod powershell;
pub mod quote;
mod shell;

use super::{
    Cloud, Guid, Profile, RedirectUri,
    line::Line,
    profile::{Credential, Kind},
};
use crate::error::{Error, Result};

/// What a script is written in, and what it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Bash and the Azure CLI.
    Az,
    /// Bash, curl and jq, on Microsoft Graph and Azure Resource Manager.
    Graph,
    /// PowerShell (5.1 and 7) and the Microsoft Graph SDK.
    PowerShell,
}

impl Language {
    /// Every language, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 3] =
        [("az", Self::Az), ("powershell", Self::PowerShell), ("graph", Self::Graph)];
}

/// What is known of one installation; what is not stays empty in the script, to be filled in there.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// The app's display name; the profile's without.
    pub name: Option<Line>,
    /// The redirect URI; the profile's own without, where the page fixes it.
    pub redirect_uri: Option<RedirectUri>,
    /// The organization in which the script may act; any without.
    pub tenant_id: Option<Guid>,
    /// An app that exists; without it the app is found by its name, or made.
    pub client_id: Option<Guid>,
    /// The certificate that the script adds, as a path.
    pub certificate: Option<Line>,
    /// Where the script writes a new client secret, as a path.
    pub secret_file: Option<Line>,
    /// The Azure subscription whose storage the app works on.
    pub subscription: Option<Guid>,
    /// Whose hosts.
    pub cloud: Cloud,
}

impl Values {
    fn name<'a>(&'a self, profile: &'a Profile) -> &'a Line {
        self.name.as_ref().unwrap_or(&profile.registration.app)
    }

    fn redirect<'a>(&'a self, profile: &'a Profile) -> &'a str {
        let fixed = || profile.registration.redirect.as_ref()?.uri.as_ref();
        self.redirect_uri.as_ref().or_else(fixed).map_or("", RedirectUri::as_str)
    }
}

/// The script that does a connector's procedure in Entra and Azure, as text with LF line ends: UTF-8
/// for the shells, ASCII for PowerShell.
///
/// # Errors
/// [`Error::BadArgument`] for a value that this connector has no use for.
pub fn script(profile: &Profile, values: &Values, language: Language) -> Result<String> {
    refuse_what_is_not_used(profile, values)?;
    Ok(match language {
        Language::Az => az::script(profile, values),
        Language::Graph => graph::script(profile, values),
        Language::PowerShell => powershell::script(profile, values),
    })
}

fn refuse_what_is_not_used(profile: &Profile, values: &Values) -> Result<()> {
    let text = |line: &Option<Line>| line.as_ref().map(ToString::to_string);
    let useless = [
        (
            "--redirect-uri",
            values
                .redirect_uri
                .as_ref()
                .filter(|_| profile.registration.redirect.is_none())
                .map(ToString::to_string),
            "takes no redirect URI",
        ),
        (
            "--cert",
            text(&values.certificate).filter(|_| !profile.needs_certificate()),
            "takes no certificate",
        ),
        (
            "--secret-file",
            text(&values.secret_file).filter(|_| !profile.takes(Credential::Secret)),
            "takes no client secret",
        ),
        (
            "--subscription",
            values.subscription.filter(|_| profile.roles.is_empty()).map(|guid| guid.to_string()),
            "needs no Azure role",
        ),
    ];
    match useless.into_iter().find_map(|(option, value, why)| Some((option, value?, why))) {
        Some((option, value, why)) => Err(Error::argument(
            option,
            value,
            format!("the connector {} {why}; leave the option out", profile.id),
        )),
        None => Ok(()),
    }
}

/// Whether a permission of this kind is granted.
fn grants(profile: &Profile, kind: Kind) -> bool {
    profile.permissions().any(|(_, permission)| permission.kind == kind)
}

/// `requiredResourceAccess`, each API on a line of its own.
fn required_resource_access(profile: &Profile) -> String {
    let access = |api: &super::profile::Api| {
        let permissions = api.permissions.iter();
        let each = permissions.map(|one| format!(r#"{{"id":"{}","type":"{}"}}"#, one.id, one.kind.word()));
        let all = each.collect::<Vec<_>>().join(",\n        ");
        format!("    {{\"resourceAppId\":\"{}\",\"resourceAccess\":[\n        {all}]}}", api.id)
    };
    format!("[\n{}]", profile.apis.iter().map(access).collect::<Vec<_>>().join(",\n"))
}
