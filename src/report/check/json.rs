//! `certkit.check/1`

use serde::Serialize;

use super::{Checked, Fixed};
use crate::{check::Rule, finding::Finding, report::json_v1::render};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    files: Vec<FileV1<'a>>,
}

#[derive(Serialize)]
struct FileV1<'a> {
    file: &'a str,
    what: &'a str,
    findings: Vec<FindingV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<FixedV1<'a>>,
}

#[derive(Serialize)]
struct FixedV1<'a> {
    output: Option<&'a str>,
    backup: Option<&'a str>,
    mended: Vec<FindingV1<'a>>,
}

#[derive(Serialize)]
struct FindingV1<'a> {
    severity: &'static str,
    id: &'static str,
    line: Option<usize>,
    column: Option<usize>,
    text: &'a str,
    why: Option<&'static str>,
    remedy: Option<&'a str>,
    fixable: bool,
}

/// What was found in each file.
#[must_use]
pub fn json(files: &[Checked]) -> String {
    let files = files
        .iter()
        .map(|checked| FileV1 {
            file: &checked.file,
            what: &checked.what,
            findings: findings(&checked.findings, |finding| checked.is_fixable(finding)),
            fixed: checked.fixed.as_ref().map(fixed),
        })
        .collect();
    render(&Document { schema: "certkit.check/1", files }, true)
}

fn fixed(fixed: &Fixed) -> FixedV1<'_> {
    FixedV1 {
        output: fixed.output.as_deref(),
        backup: fixed.backup.as_deref(),
        mended: findings(&fixed.mended, |_| true),
    }
}

fn findings<'a>(findings: &'a [Finding], is_fixable: impl Fn(&Finding) -> bool) -> Vec<FindingV1<'a>> {
    let one = |finding: &'a Finding| {
        let Finding { severity, id, place, text, hint, .. } = finding;
        FindingV1 {
            severity: severity.word(),
            id,
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            text,
            why: Rule::named(id).map(|rule| rule.why),
            remedy: hint.as_deref(),
            fixable: is_fixable(finding),
        }
    };
    findings.iter().map(one).collect()
}
