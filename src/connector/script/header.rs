//! What every script says before it begins, and what it leaves to a person in the end.

use super::{Language, Values, grants};
use crate::connector::{
    Profile, procedure,
    procedure::who,
    profile::{ConsentWay, Credential, Kind, SettingValue},
};

/// The lines of the comment at the top, without the sign that begins a comment.
pub(super) fn lines(profile: &Profile, values: &Values, language: Language) -> Vec<String> {
    let with = match language {
        Language::Az => "the Azure CLI",
        Language::Graph => "curl and jq on Microsoft Graph",
        Language::PowerShell => "the Microsoft Graph PowerShell SDK",
    };
    let mut lines = vec![
        format!("{}: its app registration in Microsoft Entra ID, made with {with}.", profile.name),
        format!("Written by certkit from its profile {}, which follows the page", profile.id),
        format!("\"{}\", read {}.", profile.source.page, profile.source.read),
        String::new(),
        "It adds what is missing and takes nothing away, so it may run again: the app, its redirect URI and"
            .into(),
        "permissions, the service principals, the consent for the organization, credentials, Azure roles."
            .into(),
        String::new(),
        "Who runs it has to be, for each of these:".into(),
    ];
    lines.extend(duties(profile).into_iter().map(|duty| format!("  - {duty}")));
    lines.extend(
        how(profile, values, language)
            .into_iter()
            .map(|line| if line.is_empty() { line } else { format!("  {line}") }),
    );
    let traps = procedure::traps(profile);
    if !traps.is_empty() {
        lines.extend([String::new(), "To know:".into()]);
        lines.extend(traps.iter().map(|trap| format!("  - {trap}")));
    }
    lines
}

/// What is done, and who may do it: whoever may consent may not always make an app.
fn duties(profile: &Profile) -> Vec<String> {
    let mut duties = vec![
        format!("the app and the service principals: {}", who::MANAGES_APPS),
        format!("the consent: {}", who::consents(profile)),
    ];
    if !profile.roles.is_empty() {
        duties.push(format!("the Azure roles: {} of the scope", who::ASSIGNS_ROLES));
    }
    duties
}

/// The permissions that the administrator's own token needs.
pub(super) fn token_scopes(profile: &Profile) -> Vec<&'static str> {
    let mut scopes = vec!["Application.ReadWrite.All"];
    scopes.extend(grants(profile, Kind::Role).then_some("AppRoleAssignment.ReadWrite.All"));
    scopes.extend(grants(profile, Kind::Scope).then_some("DelegatedPermissionGrant.ReadWrite.All"));
    scopes.push("Organization.Read.All");
    scopes
}

fn how(profile: &Profile, values: &Values, language: Language) -> Vec<String> {
    let (graph, arm) = (values.known.cloud.graph(), values.known.cloud.resource_manager());
    let roles = !profile.roles.is_empty();
    let scopes = token_scopes(profile).join(" ");
    let mut lines = vec![String::new()];
    match language {
        Language::Az => lines.extend([
            "az login                        # once; --allow-no-subscriptions where there is none".into(),
            "DRY_RUN=1 bash this-script.sh   # says what would change, and changes nothing".into(),
            "bash this-script.sh".into(),
        ]),
        Language::Graph => {
            lines.push(format!(
                "Tokens come from the environment. Delegated scopes for Microsoft Graph: {scopes}"
            ));
            lines.push(format!("export GRAPH_TOKEN=$(az account get-access-token --resource https://{graph} --query accessToken -o tsv)"));
            lines.extend(roles.then(|| {
                format!("export ARM_TOKEN=$(az account get-access-token --resource https://{arm} --query accessToken -o tsv)")
            }));
            lines
                .push("DRY_RUN=1 bash this-script.sh   # says what would change, and changes nothing".into());
            lines.push("bash this-script.sh".into());
        }
        Language::PowerShell => {
            let more = if roles { ", Az.Accounts, Az.Resources" } else { "" };
            lines.push(format!("Install-Module Microsoft.Graph.Applications, Microsoft.Graph.Identity.SignIns{more} -Scope CurrentUser"));
            lines.push("./this-script.ps1 -WhatIf   # says what would change, and changes nothing".into());
            lines.push("./this-script.ps1".into());
            lines.push(format!("It signs in with the delegated scopes {scopes}"));
        }
    }
    lines
}

/// What a person does afterwards, one line each.
pub(super) fn remaining(profile: &Profile, values: &Values, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    let or_name =
        |shell, powershell| format!(", or name {} and run this again.", language.name(shell, powershell));
    if profile.takes(Credential::Secret) && values.secret_file.is_none() {
        let made = "Make a client secret (Certificates & secrets > New client secret)";
        lines.push(format!("{made}{}", or_name("SECRET_FILE", "SecretFile")));
    }
    if profile.needs_certificate() && values.certificate.is_none() {
        let uploaded = "Upload the .cer (Certificates & secrets > Certificates)";
        lines.push(format!("{uploaded}{}", or_name("CERT_FILE", "CertFile")));
    }
    if !profile.roles.is_empty() && values.subscription.is_none() {
        lines.push(format!("Assign the Azure roles{}", or_name("SUBSCRIPTION", "Subscription")));
    }
    if profile.takes(Credential::Secret) {
        lines.push(
            "Put the day on which the client secret expires into a calendar: nothing tells anyone.".into(),
        );
    }
    if profile.consent.by == ConsentWay::Address {
        lines.push("The consent is given. Opening the vendor's consent address as well asks for the app's list again, and may revoke what was granted beside that list.".into());
    }
    lines.push(format!("Then, {}:", profile.output.place));
    for setting in &profile.output.settings {
        lines.push(format!("  {}: {}", setting.name, from_here(setting.value)));
    }
    lines.extend(profile.output.steps.iter().map(|step| format!("  - {step}")));
    lines
}

fn from_here(value: SettingValue) -> &'static str {
    match value {
        SettingValue::ClientId => "the client id above",
        SettingValue::ClientSecret => "the client secret's value",
        SettingValue::ConnectorJson => "the connector JSON",
        SettingValue::Domains => "the domains, * for all",
        SettingValue::Name => "a name of your choice",
        SettingValue::TenantId => "the tenant id above",
    }
}
