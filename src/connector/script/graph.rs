//! The script for Microsoft Graph and Azure Resource Manager themselves.

use super::{Language, Values, shell};
use crate::connector::{Profile, profile::Credential};

/// The whole script.
pub(super) fn script(profile: &Profile, values: &Values, permissions: &str) -> String {
    let mut text = shell::beginning(profile, values, permissions, Language::Graph);
    let cloud = values.known.cloud;
    // The hosts can be replaced, for a proxy or a rehearsal.
    text.push_str(&format!("\nGRAPH_URL=${{GRAPH_URL:-https://{}}}\n", cloud.graph()));
    if !profile.roles.is_empty() {
        text.push_str(&format!("ARM_URL=${{ARM_URL:-https://{}}}\n", cloud.resource_manager()));
    }
    text.push_str(include_str!("graph/calls.sh"));
    text.push_str(include_str!("graph/app.sh"));
    text.push_str(include_str!("shell/grants.sh"));
    text.push_str(include_str!("graph/grants.sh"));
    if profile.needs_certificate() {
        text.push_str(include_str!("graph/certificate.sh"));
    }
    if profile.takes(Credential::Secret) {
        text.push_str(include_str!("graph/secret.sh"));
    }
    if !profile.roles.is_empty() {
        text.push_str(include_str!("graph/roles.sh"));
    }
    text.push_str(include_str!("shell/end.sh"));
    text
}
