//! Who may do what, by the names of Microsoft's directory roles and Azure roles.
//!
//! From Microsoft's page "Grant tenant-wide admin consent", dated 2024-11-29, read on 2026-11-22: a
//! Privileged Role Administrator consents to every permission, an Application Administrator or Cloud
//! Application Administrator to all but application permissions of Microsoft Graph. A Global
//! Administrator may do both.

use crate::connector::Profile;

/// Who registers an app in the portal.
pub(in crate::connector) const REGISTERS: &str = "anyone, where \"Users can register applications\" is Yes; else an Application Developer, Application Administrator, Cloud Application Administrator or Global Administrator";

/// Who makes and changes apps and service principals of the whole organization, whoever owns them.
pub(in crate::connector) const MANAGES_APPS: &str =
    "a Cloud Application Administrator, Application Administrator or Global Administrator";

/// Who assigns Azure roles, to be followed by where.
pub(in crate::connector) const ASSIGNS_ROLES: &str =
    "an Owner, User Access Administrator or Role Based Access Control Administrator";

/// Who consents to what a connector asks for.
pub(in crate::connector) fn consents(profile: &Profile) -> &'static str {
    if profile.asks_graph_roles() {
        "a Privileged Role Administrator or Global Administrator: the app asks for application permissions of Microsoft Graph"
    } else {
        "a Cloud Application Administrator, Application Administrator, Privileged Role Administrator or Global Administrator"
    }
}
