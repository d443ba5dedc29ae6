//! Whether the permissions, the consent address and the configuration are those of the record.

use super::Kit;
use crate::{
    connector::{
        config::TO_FILL_IN,
        kit::{Part, Record},
        manifest,
        profile::SettingValue,
    },
    error::quoted,
    ops::Input,
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
    let found = String::from_utf8_lossy(input.octets.expose());
    (found.trim() != expected).then(|| {
        Finding::new(Severity::Error, "consent-address-differs", "it is not the address of the recorded app")
            .in_file(&*input.name)
            .hint(kit.update_command())
    })
}

/// What the vendor is given holds the recorded ids, and nothing is left to be filled in.
fn config(kit: &Kit<'_>, input: &Input) -> Vec<Finding> {
    let octets = input.octets.expose();
    let mut findings = Vec::new();
    let wants = |value| kit.profile.output.settings.iter().any(|setting| setting.value == value);
    let ids = [
        (SettingValue::TenantId, kit.record.tenant_id, "tenant ID"),
        (SettingValue::ClientId, kit.record.client_id, "client ID"),
    ];
    for (value, id, name) in ids {
        if let Some(id) = id
            && wants(value)
            && !holds(octets, id.as_str())
        {
            let said = format!("it does not hold the recorded {name}, {id}");
            findings.push(
                Finding::new(Severity::Error, "config-differs", said)
                    .in_file(&*input.name)
                    .hint(kit.update_command()),
            );
        }
    }
    let open = octets.windows(TO_FILL_IN.len()).filter(|found| *found == TO_FILL_IN.as_bytes()).count();
    if open > 0 {
        let said = match open {
            1 => "one value is still to be filled in".to_owned(),
            _ => format!("{open} values are still to be filled in"),
        };
        findings.push(
            Finding::new(Severity::Warning, "config-open", said)
                .in_file(&*input.name)
                .hint(format!("{}, with what is known now", kit.update_command())),
        );
    }
    findings
}

/// Whether a configuration holds an id, in any case. It may hold a secret as well: no copy is made.
fn holds(octets: &[u8], id: &str) -> bool {
    octets.windows(id.len()).any(|found| found.eq_ignore_ascii_case(id.as_bytes()))
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
    let see = format!("certkit connector manifest {} --diff {}", kit.profile.id, quoted(&input.name));
    let counted = kinds.into_iter().filter(|(_, _, count, _, _)| *count > 0);
    counted
        .map(|(severity, id, count, verb, which)| {
            let plural = if count == 1 { "" } else { "s" };
            let text = format!("it {verb} {count} permission{plural} {which}");
            Finding::new(severity, id, text).in_file(&*input.name).hint(&*see)
        })
        .collect()
}
