//! SARIF 2.1.0 (OASIS), as code scanning reads it.

use std::borrow::Cow;

use serde::Serialize;

use super::{Checked, Outcome};
use crate::{
    check::{Rule, rules},
    error::Error,
    finding::{Finding, Severity},
    report::json_v1::render,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

/// How the run itself went (section 3.20).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: Cow<'static, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
}

/// What was found in each file, every rule, and what could not be judged.
#[must_use]
pub fn sarif(files: &[Outcome]) -> String {
    let (mut results, mut notifications) = (Vec::new(), Vec::new());
    for (name, outcome) in files {
        match outcome {
            Ok(checked) => results.extend(checked.findings.iter().map(|finding| result(checked, finding))),
            Err(error) => notifications.push(notification(name, error)),
        }
    }
    let driver = Driver {
        name: "certkit",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: rules::ALL.iter().map(descriptor).collect(),
    };
    let invocation = Invocation {
        execution_successful: notifications.is_empty(),
        tool_execution_notifications: notifications,
    };
    let run =
        Run { tool: Tool { driver }, invocations: [invocation], column_kind: "unicodeCodePoints", results };
    render(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, true)
}

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

fn descriptor(rule: &Rule) -> Descriptor {
    let message = |text: &'static str| Message { text: text.into() };
    Descriptor {
        id: rule.id,
        short_description: message(rule.finds),
        full_description: message(rule.why),
        help: message(rule.remedy),
        default_configuration: Configuration { level: level(rule.severity) },
    }
}

fn result(checked: &Checked, finding: &Finding) -> SarifResult {
    let region = finding.place.map(|place| Region { start_line: place.line, start_column: place.column });
    SarifResult {
        rule_id: finding.id,
        rule_index: rules::ALL.iter().position(|rule| rule.id == finding.id),
        level: level(finding.severity),
        message: Message { text: said(checked, finding).into() },
        locations: [location(&checked.file, region)],
    }
}

/// What was found, and what to do about it: viewers show one message for a result.
fn said(checked: &Checked, finding: &Finding) -> String {
    match checked.remedy(finding) {
        Some(remedy) => format!("{}. Remedy: {remedy}", finding.text),
        None => finding.text.clone(),
    }
}

fn notification(file: &str, error: &Error) -> Notification {
    Notification {
        level: "error",
        message: Message { text: error.to_string().into() },
        locations: [location(file, None)],
    }
}

fn location(file: &str, region: Option<Region>) -> Location {
    let artifact_location = ArtifactLocation { uri: uri(file, cfg!(windows)) };
    Location { physical_location: PhysicalLocation { artifact_location, region } }
}

/// The word for a severity (SARIF 2.1.0 section 3.27.10).
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A path as a relative reference, an absolute one as a file URI (RFC 3986, RFC 8089). Where paths are
/// Windows', `\` stands between their parts, and a drive before them.
fn uri(path: &str, is_windows: bool) -> String {
    let path = if is_windows { path.replace('\\', "/") } else { path.to_owned() };
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"/-._~".contains(&octet);
    let escaped: String = path
        .bytes()
        .map(|octet| if plain(octet) { char::from(octet).to_string() } else { format!("%{octet:02X}") })
        .collect();
    match path.as_bytes() {
        [b'/', ..] => format!("file://{escaped}"),
        // A drive's name.
        [letter, b':', ..] if is_windows && letter.is_ascii_alphabetic() => format!("file:///{escaped}"),
        _ => escaped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        for (path, is_windows, expected) in [
            ("a b/ü.json", false, "a%20b/%C3%BC.json"),
            ("/etc/x#1", false, "file:///etc/x%231"),
            ("c:a\\b", false, "c%3Aa%5Cb"),
            ("C:\\keys\\a.json", true, "file:///C%3A/keys/a.json"),
        ] {
            assert_eq!(uri(path, is_windows), expected);
        }
    }
}
