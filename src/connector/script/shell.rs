//! What both shell scripts begin and end with: values, tables, and the words that they share.

use super::{Language, Values, header, quote::shell as quoted, required_resource_access};
use crate::connector::{Profile, profile::Credential};

/// The comment, the values and the tables: everything of a script that differs from connector to
/// connector.
pub(super) fn beginning(profile: &Profile, values: &Values, language: Language) -> String {
    let mut text = String::from("#!/usr/bin/env bash\n");
    for line in header::lines(profile, values, language) {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    text.push_str("set -euo pipefail\n\n");
    text.push_str(&settings(profile, values));
    text.push_str(&tables(profile));
    text.push_str(&remaining(profile, values));
    text.push_str(include_str!("shell/words.sh"));
    text
}

fn settings(profile: &Profile, values: &Values) -> String {
    let guid = |guid: Option<crate::connector::Guid>| guid.map(|guid| guid.to_string()).unwrap_or_default();
    let redirect = profile.registration.redirect.as_ref();
    let about_redirect = match redirect {
        Some(redirect) => format!("Where the browser returns to after a consent: {}.", redirect.what),
        None => "This connector needs no redirect URI.".into(),
    };
    let mut text = String::from("# ---- values\n\n");
    let mut add = |comment: &str, name: &str, value: &str| {
        text.push_str(&format!("# {comment}\n{name}={}\n", quoted(value)));
    };
    add("The app's display name; it is found by it, or made.", "APP_NAME", values.name(profile));
    add(
        "An app that exists, by its Application (client) ID; empty: by its name.",
        "CLIENT_ID",
        &guid(values.client_id),
    );
    add(
        "The only organization in which this may act; empty: whichever one is signed in to.",
        "TENANT_ID",
        &guid(values.tenant_id),
    );
    add("Whose accounts the app serves.", "AUDIENCE", profile.registration.audience.sign_in_audience());
    add(&about_redirect, "REDIRECT_URI", values.redirect(profile));
    if profile.needs_certificate() {
        let file = values.certificate.as_deref().unwrap_or_default();
        add("The certificate to add, DER or PEM; empty: none. Never a key or a PFX.", "CERT_FILE", file);
    }
    if profile.takes(Credential::Secret) {
        let file = values.secret_file.as_deref().unwrap_or_default();
        add(
            "Where a new client secret goes; empty, or a file that is there: none is made.",
            "SECRET_FILE",
            file,
        );
        add("How long it lasts; Microsoft recommends less than 12 months.", "SECRET_DAYS", "360");
    }
    if !profile.roles.is_empty() {
        add(
            "The Azure subscription; empty: no Azure role is assigned.",
            "SUBSCRIPTION",
            &guid(values.subscription),
        );
        text.push_str("# What the roles are good for. Less is better, such as one storage account:\n");
        text.push_str("# /subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/…\n");
        text.push_str("ROLE_SCOPE=\"/subscriptions/$SUBSCRIPTION\"\n");
    }
    if redirect.is_some() {
        text.push_str("REDIRECT_NEEDED=1\n");
    } else {
        text.push_str("REDIRECT_NEEDED=0\n");
    }
    text
}

/// The permissions and roles, as functions that call their first argument with each row.
fn tables(profile: &Profile) -> String {
    let mut text = String::from(
        "\n# API, permission, kind (Role: application, Scope: delegated), name\neach_permission() {\n",
    );
    for (api, one) in profile.permissions() {
        let (kind, name) = (one.kind.word(), quoted(&one.value));
        if let Some(note) = &one.note {
            text.push_str(&format!("    # {note}\n"));
        }
        text.push_str(&format!("    \"$1\" {} {} {kind} {name}\n", api.id, one.id));
    }
    text.push_str("}\n\n# API, name\neach_api() {\n");
    for api in &profile.apis {
        if let Some(note) = &api.note {
            text.push_str(&format!("    # {note}\n"));
        }
        text.push_str(&format!("    \"$1\" {} {}\n", api.id, quoted(&api.name)));
    }
    text.push_str("}\n");
    if !profile.roles.is_empty() {
        text.push_str("\n# Azure role, name\neach_role() {\n");
        for role in &profile.roles {
            if let Some(note) = &role.note {
                text.push_str(&format!("    # {note}\n"));
            }
            text.push_str(&format!("    \"$1\" {} {}\n", role.id, quoted(&role.name)));
        }
        text.push_str("}\n");
    }
    let access = required_resource_access(profile);
    text.push_str(&format!("\n# The same permissions as the app lists them.\nPERMISSIONS='{access}'\n"));
    text
}

fn remaining(profile: &Profile, values: &Values) -> String {
    let mut text = String::from("\n# What is left to a person.\nremaining() {\n    printf '%s\\n'");
    for line in header::remaining(profile, values) {
        text.push_str(" \\\n        ");
        text.push_str(&quoted(&line));
    }
    text.push_str("\n}\n");
    text
}
