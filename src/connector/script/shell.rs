//! What both shell scripts begin and end with: values, tables, and the words that they share.

use super::{
    Language, Values, header,
    settings::{self, Value},
};
use crate::{connector::Profile, quote::word as quoted};

/// The comment, the values and the tables: everything of a script that differs from connector to
/// connector.
///
/// `permissions` is the app's list of them, `requiredResourceAccess` as JSON.
pub(super) fn beginning(profile: &Profile, values: &Values, permissions: &str, language: Language) -> String {
    let mut text = String::from("#!/usr/bin/env bash\n");
    for line in header::lines(profile, values, language) {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    text.push_str("set -euo pipefail\n\n");
    text.push_str(&settings(profile, values, language));
    text.push_str(&tables(profile));
    let permissions = quoted(permissions);
    text.push_str(&format!("\n# The same permissions as the app lists them.\nPERMISSIONS={permissions}\n"));
    text.push_str(&remaining(profile, values, language));
    text.push_str(include_str!("shell/words.sh"));
    text
}

fn settings(profile: &Profile, values: &Values, language: Language) -> String {
    let mut text = String::from("# ---- values\n\n");
    for setting in settings::settings(profile, values, language) {
        text.extend(setting.comment.iter().map(|line| format!("# {line}\n")));
        let value = match setting.value {
            Value::Flag(yes) => u8::from(yes).to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(held) => quoted(&held),
            Value::Under(start, variable) => format!("\"{start}${variable}\""),
        };
        text.push_str(&format!("{}={value}\n", setting.name));
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
    text
}

fn remaining(profile: &Profile, values: &Values, language: Language) -> String {
    let mut text = String::from("\n# What is left to a person.\nremaining() {\n    printf '%s\\n'");
    for line in header::remaining(profile, values, language) {
        text.push_str(" \\\n        ");
        text.push_str(&quoted(&line));
    }
    text.push_str("\n}\n");
    text
}
