//! `certkit.check/1`

use serde::Serialize;

use super::{Checked, Fixed, Outcome};
use crate::{
    check::Rule,
    finding::Finding,
    report::json_v1::{Cause, render},
};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    files: Vec<FileV1<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum FileV1<'a> {
    Judged(JudgedV1<'a>),
    Failed { file: &'a str, error: Cause },
}

#[derive(Serialize)]
struct JudgedV1<'a> {
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
    left: Option<String>,
}

#[derive(Serialize)]
struct FindingV1<'a> {
    severity: &'static str,
    id: &'static str,
    line: Option<usize>,
    column: Option<usize>,
    text: &'a str,
    why: Option<&'static str>,
    remedy: Option<String>,
    fixable: bool,
}

/// What became of each file.
#[must_use]
pub fn json(files: &[Outcome]) -> String {
    let files = files.iter().map(|(name, outcome)| match outcome {
        Ok(checked) => FileV1::Judged(judged(checked)),
        Err(error) => FileV1::Failed { file: name, error: Cause::of(error) },
    });
    render(&Document { schema: "certkit.check/1", files: files.collect() }, true)
}

fn judged(checked: &Checked) -> JudgedV1<'_> {
    JudgedV1 {
        file: &checked.file,
        what: &checked.what,
        findings: checked
            .findings
            .iter()
            .map(|one| finding(one, checked.remedy(one), checked.is_fixable(one)))
            .collect(),
        fixed: checked.fixed.as_ref().map(fixed),
    }
}

fn fixed(fixed: &Fixed) -> FixedV1<'_> {
    let nothing = FixedV1 { output: None, backup: None, mended: Vec::new(), left: None };
    match fixed {
        Fixed::Nothing => nothing,
        Fixed::Left(obstacle) => FixedV1 { left: Some(obstacle.to_string()), ..nothing },
        Fixed::Mended { findings: mended, output, backup } => FixedV1 {
            output: Some(output),
            backup: backup.as_deref(),
            mended: mended.iter().map(|one| finding(one, one.hint.clone(), true)).collect(),
            left: None,
        },
    }
}

fn finding(finding: &Finding, remedy: Option<String>, fixable: bool) -> FindingV1<'_> {
    let Finding { severity, id, place, text, .. } = finding;
    FindingV1 {
        severity: severity.word(),
        id,
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        text,
        why: Rule::named(id).map(|rule| rule.why),
        remedy,
        fixable,
    }
}
