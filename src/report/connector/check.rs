//! What `connector check` found.

use serde::Serialize;

use crate::report::{
    Finding, Severity,
    json_v1::render,
    text::{clean, counted},
};

/// For a terminal: the findings, worst first, and the verdict.
#[must_use]
pub fn text(folder: &str, profile: &str, findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in sorted(findings) {
        let place = finding.file.as_deref().map(|file| format!("{}: ", clean(file))).unwrap_or_default();
        text.push_str(&format!("{:7}  {place}{}\n", finding.severity.word(), clean(&finding.text)));
        if let Some(hint) = &finding.hint {
            text.push_str(&format!("{:7}  hint: {}\n", "", clean(hint)));
        }
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let verdict = match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "in order".to_owned(),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    text.push_str(&format!("{}: {}: {verdict}\n", clean(folder), clean(profile)));
    text
}

fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    sorted
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    folder: &'a str,
    connector: &'a str,
    findings: Vec<FindingV1<'a>>,
}

#[derive(Serialize)]
struct FindingV1<'a> {
    severity: &'static str,
    id: &'static str,
    file: Option<&'a str>,
    text: &'a str,
    hint: Option<&'a str>,
}

/// `certkit.connector-check/1`
#[must_use]
pub fn json(folder: &str, connector: &str, findings: &[Finding]) -> String {
    let findings = sorted(findings)
        .into_iter()
        .map(|finding| FindingV1 {
            severity: finding.severity.word(),
            id: finding.id,
            file: finding.file.as_deref(),
            text: &finding.text,
            hint: finding.hint.as_deref(),
        })
        .collect();
    render(&Document { schema: "certkit.connector-check/1", folder, connector, findings }, true)
}
