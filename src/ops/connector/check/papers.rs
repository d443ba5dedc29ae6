//! Whether the permissions, the consent address and the configuration are those of the record.

use zeroize::Zeroizing;

use super::Kit;
use crate::{
    armor,
    connector::{
        config::found::{self, State},
        kit::{Part, Record},
        manifest,
        profile::SettingValue,
    },
    ops::Input,
    quote,
    report::{Finding, Severity},
};

pub(super) fn check(kit: &Kit<'_>, names: &manifest::Names) -> Vec<Finding> {
    let mut findings = ids(kit);
    findings.extend(kit.file(Part::Manifest).into_iter().flat_map(|input| permissions(kit, input, names)));
    findings.extend(kit.file(Part::ConsentUrl).and_then(|input| address(kit, input)));
    findings.extend(kit.file(Part::Config).into_iter().flat_map(|input| config(kit, input)));
    findings
}

/// Ids that the record still lacks.
fn ids(kit: &Kit<'_>) -> Vec<Finding> {
    let Record { tenant_id, client_id, .. } = kit.record;
    let lacking = [("tenant_id", tenant_id, "--tenant-id"), ("client_id", client_id, "--client-id")];
    lacking
        .into_iter()
        .filter(|(_, id, _)| id.is_none())
        .map(|(key, _, option)| {
            kit.of_record(Severity::Warning, "id-missing", format!("{key} is still to be filled in"))
                .hint(format!("once the app is registered: {} {option} GUID", kit.update_command()))
        })
        .collect()
}

/// The consent address asks for this app and comes back to the recorded URI.
fn address(kit: &Kit<'_>, input: &Input) -> Option<Finding> {
    let answers = kit.record.answers(None);
    let expected = answers.consent_address(kit.profile)?.url;
    (text(input).trim() != expected).then(|| {
        Finding::new(Severity::Error, "consent-address-differs", "it is not the address of the recorded app")
            .in_file(&*input.name)
            .hint(kit.update_command())
    })
}

/// What the vendor is given holds what is recorded, and nothing is left to be filled in.
fn config(kit: &Kit<'_>, input: &Input) -> Vec<Finding> {
    let text = text(input);
    let profile = kit.profile;
    let mut findings = Vec::new();
    for setting in &profile.output.settings {
        let expected = match setting.value {
            SettingValue::TenantId => kit.record.tenant_id.map(|id| id.to_string()),
            SettingValue::ClientId => kit.record.client_id.map(|id| id.to_string()),
            SettingValue::ConnectorJson => {
                kit.record.files.connector_json.as_ref().map(|name| name.as_str().to_owned())
            }
            _ => None,
        };
        let Some(expected) = expected else { continue };
        let values = found::values(profile, setting, &text);
        if !values.is_empty() && !values.iter().any(|value| value.eq_ignore_ascii_case(&expected)) {
            let said = format!("{} is not {expected}, which is recorded", setting.name);
            findings.push(Finding::new(Severity::Error, "config-differs", said));
        }
    }
    findings.extend(missing(kit, &text));
    let hint = format!("{} --client-secret SOURCE", kit.update_command());
    findings.into_iter().map(|finding| finding.in_file(&*input.name).hint(&*hint)).collect()
}

/// What is still to be filled in, and what is gone altogether.
fn missing(kit: &Kit<'_>, text: &str) -> Vec<Finding> {
    let states = found::states(kit.profile, text);
    let count = |wanted| states.iter().filter(|state| **state == wanted).count();
    let said = |count, words: &str| match count {
        1 => format!("one value {words}"),
        count => format!("{count} values {words}"),
    };
    let (open, gone) = (count(State::Open), count(State::Gone));
    let open = (open > 0)
        .then(|| Finding::new(Severity::Warning, "config-open", said(open, "still to be filled in")));
    let gone = (gone > 0).then(|| {
        let words = said(gone, "of the vendor's missing altogether");
        Finding::new(Severity::Error, "config-incomplete", words)
    });
    open.into_iter().chain(gone).collect()
}

/// A small file as text, whatever editor saved it: without a byte order mark, from UTF-16 too. It may
/// hold a secret, so a copy is wiped.
fn text(input: &Input) -> Zeroizing<String> {
    let octets = input.octets.expose();
    let converted = armor::is_utf16(octets).then(|| armor::from_utf16(octets));
    let octets = converted.as_ref().map_or(octets, |octets| octets);
    let text = std::str::from_utf8(octets).unwrap_or_default();
    Zeroizing::new(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

/// The permissions are the profile's, neither fewer nor more.
fn permissions(kit: &Kit<'_>, input: &Input, names: &manifest::Names) -> Vec<Finding> {
    let compared = manifest::read(input.octets.expose())
        .and_then(|found| Ok(manifest::diff(&manifest::required(&[kit.profile])?, &found, names)));
    let diff = match compared {
        Ok(diff) => diff,
        Err(error) => {
            let finding =
                Finding::new(Severity::Error, error.kind(), error.to_string()).in_file(&*input.name);
            return vec![finding.hint(kit.update_command())];
        }
    };
    let name = &kit.profile.name;
    let kinds = [
        (Severity::Error, "permissions-missing", diff.missing.len(), "lacks", format!("that {name} needs")),
        (
            Severity::Warning,
            "permissions-extra",
            diff.extra.len(),
            "holds",
            format!("that {name} does not need"),
        ),
    ];
    let see = format!("certkit connector manifest {} --diff {}", kit.profile.id, quote::word(&input.name));
    let counted = kinds.into_iter().filter(|(_, _, count, _, _)| *count > 0);
    counted
        .map(|(severity, id, count, verb, which)| {
            let plural = if count == 1 { "" } else { "s" };
            let text = format!("it {verb} {count} permission{plural} {which}");
            Finding::new(severity, id, text).in_file(&*input.name).hint(&*see)
        })
        .collect()
}
