//! The script for PowerShell and the Microsoft Graph SDK: ASCII, for Windows PowerShell 5.1 reads
//! anything else in the system's code page.

use super::{
    Language, Values, header,
    quote::{ascii, powershell as quoted},
};
use crate::connector::{Cloud, Guid, Profile, profile::Credential};

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
    let guid = |guid: Option<Guid>| guid.map(|guid| guid.to_string()).unwrap_or_default();
    let redirect = profile.registration.redirect.as_ref();
    let about_redirect = match redirect {
        Some(redirect) => format!("Where the browser returns to after a consent: {}.", redirect.what),
        None => "This connector needs no redirect URI.".into(),
    };
    let mut text = String::from("# ---- values\n\n");
    let mut add = |comment: &str, name: &str, value: &str| {
        text.push_str(&format!("# {}\n${name} = {}\n", ascii(comment), quoted(value)));
    };
    add("The app's display name; it is found by it, or made.", "AppName", values.name(profile));
    add(
        "An app that exists, by its Application (client) ID; empty: by its name.",
        "ClientId",
        &guid(values.client_id),
    );
    add(
        "The only organization in which this may act; empty: whichever one is signed in to.",
        "TenantId",
        &guid(values.tenant_id),
    );
    add(
        "Microsoft's cloud, as Connect-MgGraph calls it.",
        "GraphEnvironment",
        graph_environment(values.cloud),
    );
    add(
        "What the administrator's own token is good for.",
        "TokenScopes",
        &header::token_scopes(profile).join(" "),
    );
    add("Whose accounts the app serves.", "Audience", profile.registration.audience.sign_in_audience());
    add(&about_redirect, "RedirectUri", values.redirect(profile));
    if profile.needs_certificate() {
        let file = values.certificate.as_deref().unwrap_or_default();
        add("The certificate to add, DER or PEM; empty: none. Never a key or a PFX.", "CertFile", file);
    }
    if profile.takes(Credential::Secret) {
        let file = values.secret_file.as_deref().unwrap_or_default();
        add(
            "Where a new client secret goes; empty, or a file that is there: none is made.",
            "SecretFile",
            file,
        );
        text.push_str("# How long it lasts; Microsoft recommends less than 12 months.\n$SecretDays = 360\n");
    }
    if !profile.roles.is_empty() {
        let environment = azure_environment(values.cloud);
        let subscription = guid(values.subscription);
        text.push_str(&format!(
            "# Microsoft's cloud, as Connect-AzAccount calls it.\n$AzureEnvironment = '{environment}'\n"
        ));
        text.push_str(&format!(
            "# The Azure subscription; empty: no Azure role is assigned.\n$Subscription = '{subscription}'\n"
        ));
        text.push_str("# What the roles are good for. Less is better, such as one storage account:\n");
        text.push_str(
            "# /subscriptions/.../resourceGroups/.../providers/Microsoft.Storage/storageAccounts/...\n",
        );
        text.push_str("$RoleScope = \"/subscriptions/$Subscription\"\n");
    }
    text.push_str(if redirect.is_some() {
        "$RedirectNeeded = $true\n"
    } else {
        "$RedirectNeeded = $false\n"
    });
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
    for line in header::remaining(profile, values) {
        text.push_str(&format!("    {}\n", quoted(&line)));
    }
    text.push_str(")\n");
    text
}

fn graph_environment(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Global => "Global",
        Cloud::UsGov => "USGov",
        Cloud::Dod => "USGovDoD",
        Cloud::China => "China",
    }
}

fn azure_environment(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Global => "AzureCloud",
        Cloud::UsGov | Cloud::Dod => "AzureUSGovernment",
        Cloud::China => "AzureChinaCloud",
    }
}
