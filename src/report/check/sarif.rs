//! SARIF 2.1.0 (OASIS), as code scanning reads it.

use serde::Serialize;

use super::Checked;
use crate::{
    check::{Rule, rules},
    finding::{Finding, Severity},
    report::json_v1::render,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome<'a>>,
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
    short_description: Message<'static>,
    full_description: Message<'static>,
    help: Message<'static>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'static str,
    rule_index: Option<usize>,
    level: &'static str,
    message: Message<'a>,
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

/// What was found in each file, and every rule.
#[must_use]
pub fn sarif(files: &[Checked]) -> String {
    let results = files
        .iter()
        .flat_map(|checked| checked.findings.iter().map(|finding| outcome(&checked.file, finding)));
    let driver = Driver {
        name: "certkit",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: rules::ALL.iter().map(descriptor).collect(),
    };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results: results.collect() };
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    render(&Log { schema, version: "2.1.0", runs: [run] }, true)
}

fn descriptor(rule: &Rule) -> Descriptor {
    let message = |text| Message { text };
    Descriptor {
        id: rule.id,
        short_description: message(rule.finds),
        full_description: message(rule.why),
        help: message(rule.remedy),
        default_configuration: Configuration { level: level(rule.severity) },
    }
}

fn outcome<'a>(file: &str, finding: &'a Finding) -> Outcome<'a> {
    let region = finding.place.map(|place| Region { start_line: place.line, start_column: place.column });
    let artifact_location = ArtifactLocation { uri: uri(file) };
    Outcome {
        rule_id: finding.id,
        rule_index: rules::ALL.iter().position(|rule| rule.id == finding.id),
        level: level(finding.severity),
        message: Message { text: &finding.text },
        locations: [Location { physical_location: PhysicalLocation { artifact_location, region } }],
    }
}

/// The word for a severity (SARIF 2.1.0 section 3.27.10).
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A path as a relative reference, an absolute one as a file URI (RFC 3986, RFC 8089).
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"/-._~".contains(&octet);
    let escaped: String = path
        .bytes()
        .map(|octet| if plain(octet) { char::from(octet).to_string() } else { format!("%{octet:02X}") })
        .collect();
    match path.as_bytes() {
        [b'/', ..] => format!("file://{escaped}"),
        // A drive's name.
        [letter, b':', ..] if letter.is_ascii_alphabetic() => format!("file:///{escaped}"),
        _ => escaped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        for (path, expected) in [
            ("a b/ü.json", "a%20b/%C3%BC.json"),
            ("/etc/x#1", "file:///etc/x%231"),
            ("C:\\keys\\a.json", "file:///C%3A/keys/a.json"),
            ("-", "-"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
