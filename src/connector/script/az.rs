//! The script for the Azure CLI.

use super::{Language, Values, shell};
use crate::connector::{Profile, profile::Credential};

/// The whole script.
pub(super) fn script(profile: &Profile, values: &Values, permissions: &str) -> String {
    let mut text = shell::beginning(profile, values, permissions, Language::Az);
    let (graph, cloud) = (values.known.cloud.graph(), values.known.cloud.azure_environment());
    text.push_str(&format!("\nGRAPH=https://{graph}\nCLOUD={cloud}\n"));
    text.push_str(include_str!("az/app.sh"));
    text.push_str(include_str!("shell/grants.sh"));
    text.push_str(include_str!("az/grants.sh"));
    if profile.needs_certificate() {
        text.push_str(include_str!("az/certificate.sh"));
    }
    if profile.takes(Credential::Secret) {
        text.push_str(include_str!("az/secret.sh"));
    }
    if !profile.roles.is_empty() {
        text.push_str(include_str!("az/roles.sh"));
    }
    text.push_str(include_str!("shell/end.sh"));
    text
}
