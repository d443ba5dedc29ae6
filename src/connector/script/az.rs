//! The script for the Azure CLI.

use super::{Language, Values, shell};
use crate::connector::{Profile, profile::Credential};

/// The whole script.
pub(super) fn script(profile: &Profile, values: &Values) -> String {
    let mut text = shell::beginning(profile, values, Language::Az);
    let (graph, cloud) = (values.cloud.graph(), cloud_name(values.cloud));
    text.push_str(&format!("\nGRAPH=https://{graph}\nCLOUD={cloud}\n"));
    text.push_str(include_str!("az/app.sh"));
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

/// The CLI's own name of a cloud. It knows none for DoD, whose hosts differ from GCC High's in
/// Microsoft Graph alone.
fn cloud_name(cloud: crate::connector::Cloud) -> &'static str {
    use crate::connector::Cloud;
    match cloud {
        Cloud::Global => "AzureCloud",
        Cloud::UsGov | Cloud::Dod => "AzureUSGovernment",
        Cloud::China => "AzureChinaCloud",
    }
}
