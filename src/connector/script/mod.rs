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
mod settings;
mod shell;

use super::{
    Answers, Guid, Profile,
    line::Line,
    manifest,
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

    /// The name of a variable, of its two spellings.
    fn name(self, shell: &'static str, powershell: &'static str) -> &'static str {
        match self {
            Self::Az | Self::Graph => shell,
            Self::PowerShell => powershell,
        }
    }
}

/// What fills a script; what is not known stays empty in it, to be filled in there.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// What is known of the installation. An app is found by its id; without it by its name, or made. A
    /// tenant is the only one in which the script may act. What a vendor is given plays no part.
    pub known: Answers,
    /// The certificate that the script adds, as a path.
    pub certificate: Option<Line>,
    /// Where the script writes a new client secret, as a path.
    pub secret_file: Option<Line>,
    /// The Azure subscription whose storage the app works on.
    pub subscription: Option<Guid>,
}

/// The script that does a connector's procedure in Entra and Azure, as text with LF line ends: UTF-8
/// for the shells, ASCII for PowerShell.
///
/// # Errors
/// [`Error::BadArgument`] for a value that this connector has no use for, and where an app registration
/// cannot hold its permissions.
pub fn script(profile: &Profile, values: &Values, language: Language) -> Result<String> {
    refuse_what_is_not_used(profile, values)?;
    let permissions = permissions(profile)?;
    Ok(match language {
        Language::Az => az::script(profile, values, &permissions),
        Language::Graph => graph::script(profile, values, &permissions),
        Language::PowerShell => powershell::script(profile, values),
    })
}

fn refuse_what_is_not_used(profile: &Profile, values: &Values) -> Result<()> {
    let text = |line: &Option<Line>| line.as_ref().map(ToString::to_string);
    let redirect = values.known.redirect_uri.as_ref();
    let useless = [
        (
            "--redirect-uri",
            redirect.filter(|_| profile.registration.redirect.is_none()).map(ToString::to_string),
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

/// `requiredResourceAccess`, the same JSON as that of `certkit connector manifest`.
fn permissions(profile: &Profile) -> Result<String> {
    let required = manifest::required(&[profile])?;
    serde_json::to_string_pretty(&required).map_err(|error| Error::Internal(error.to_string()))
}

/// Whether a permission of this kind is granted.
fn grants(profile: &Profile, kind: Kind) -> bool {
    profile.permissions().any(|(_, permission)| permission.kind == kind)
}
