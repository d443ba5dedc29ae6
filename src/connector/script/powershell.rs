//! The script for PowerShell and the Microsoft Graph SDK: ASCII, for Windows PowerShell 5.1 reads
//! anything else in the system's code page.

use super::{
    Language, Values, header,
    settings::{self, Value},
};
use crate::{
    connector::{Profile, profile::Credential},
    quote::{ascii, powershell as quoted},
};

/// The whole script.
pub(super) fn script(profile: &Profile, values: &Values) -> String {
    let roles = !profile.roles.is_empty();
    let mut text = String::from(
        "#Requires -Version 5.1\n#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Applications, Microsoft.Graph.Identity.SignIns\n",
    );
    for line in header::lines(profile, values, Language::PowerShell) {
        text.push_str(format!("# {}", ascii(&line)).trim_end());
        text.push('\n');
    }
    text.push_str("[CmdletBinding(SupportsShouldProcess = $true)]\nparam()\n");
    text.push_str("Set-StrictMode -Version Latest\n$ErrorActionPreference = 'Stop'\n\n");
    text.push_str(&settings(profile, values));
    text.push_str(&tables(profile));
    text.push_str(&remaining(profile, values));
    text.push_str(include_str!("powershell/words.ps1"));
    text.push_str(include_str!("powershell/app.ps1"));
    text.push_str(include_str!("powershell/grants.ps1"));
    if profile.needs_certificate() {
        text.push_str(include_str!("powershell/certificate.ps1"));
    }
    if profile.takes(Credential::Secret) {
        text.push_str(include_str!("powershell/secret.ps1"));
    }
    if roles {
        text.push_str(include_str!("powershell/roles.ps1"));
    }
    text.push_str(include_str!("powershell/end.ps1"));
    text
}

fn settings(profile: &Profile, values: &Values) -> String {
    let mut text = String::from("# ---- values\n\n");
    for setting in settings::settings(profile, values, Language::PowerShell) {
        text.extend(setting.comment.iter().map(|line| format!("# {}\n", ascii(line))));
        let value = match setting.value {
            Value::Flag(yes) => format!("${yes}"),
            Value::Number(number) => number.to_string(),
            Value::Text(held) => quoted(&held),
            Value::Under(start, variable) => format!("\"{start}${variable}\""),
        };
        text.push_str(&format!("${} = {value}\n", setting.name));
    }
    text
}

fn tables(profile: &Profile) -> String {
    let mut text = String::from(
        "\n# Type: Role is an application permission, Scope a delegated one.\n$Permissions = @(\n",
    );
    for (api, one) in profile.permissions() {
        if let Some(note) = &one.note {
            text.push_str(&format!("    # {}\n", ascii(note)));
        }
        let (kind, name) = (one.kind.word(), quoted(&one.value));
        text.push_str(&format!(
            "    @{{ Api = '{}'; Id = '{}'; Type = '{kind}'; Name = {name} }}\n",
            api.id, one.id
        ));
    }
    text.push_str(")\n$Apis = @(\n");
    for api in &profile.apis {
        if let Some(note) = &api.note {
            text.push_str(&format!("    # {}\n", ascii(note)));
        }
        text.push_str(&format!("    @{{ Id = '{}'; Name = {} }}\n", api.id, quoted(&api.name)));
    }
    text.push_str(")\n");
    if !profile.roles.is_empty() {
        text.push_str("$Roles = @(\n");
        for role in &profile.roles {
            if let Some(note) = &role.note {
                text.push_str(&format!("    # {}\n", ascii(note)));
            }
            text.push_str(&format!("    @{{ Id = '{}'; Name = {} }}\n", role.id, quoted(&role.name)));
        }
        text.push_str(")\n");
    }
    text
}

fn remaining(profile: &Profile, values: &Values) -> String {
    let mut text = String::from("\n# What is left to a person.\n$Remaining = @(\n");
    for line in header::remaining(profile, values, Language::PowerShell) {
        text.push_str(&format!("    {}\n", quoted(&line)));
    }
    text.push_str(")\n");
    text
}
