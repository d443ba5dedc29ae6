//! For a person: the findings, worst first, those of one rule together, and the verdict.

use super::{Checked, Fixed, Outcome};
use crate::{check::Rule, finding::Finding, report::text::clean};

/// The findings of every file that was judged, and their verdicts.
#[must_use]
pub fn text(files: &[Outcome]) -> String {
    let judged = files.iter().filter_map(|(_, outcome)| outcome.as_ref().ok());
    judged.map(of_file).collect::<Vec<_>>().join("\n")
}

fn of_file(checked: &Checked) -> String {
    let mut text = String::new();
    if let Some(Fixed::Mended { findings, .. }) = &checked.fixed {
        for group in groups(findings) {
            text.push_str(&format!("mended   {}\n", sentence(&group)));
        }
    }
    for group in groups(&checked.findings) {
        let finding = group[0];
        text.push_str(&format!("{:7}  {}\n", finding.severity.word(), sentence(&group)));
        if let Some(rule) = Rule::named(finding.id) {
            text.push_str(&format!("{:7}  why: {}\n", "", rule.why));
        }
        if let Some(remedy) = checked.remedy(finding) {
            text.push_str(&format!("{:7}  remedy: {}\n", "", clean(&remedy)));
        }
    }
    let name = clean(&checked.file);
    text.push_str(&format!("{name}: {}: {}\n", clean(&checked.what), checked.verdict()));
    let fixed = match &checked.fixed {
        None => return text,
        Some(Fixed::Nothing) => "nothing had to be mended".to_owned(),
        Some(Fixed::Left(obstacle)) => format!("left as it is: {obstacle}"),
        Some(Fixed::Mended { output, backup: None, .. }) => format!("written to {}", clean(output)),
        Some(Fixed::Mended { backup: Some(backup), .. }) => {
            format!("mended in place; the old file is {}", clean(backup))
        }
    };
    text.push_str(&format!("{name}: {fixed}\n"));
    text
}

/// The findings, worst first, those of one rule and one severity together.
fn groups(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let same =
            |group: &&mut Vec<&Finding>| group[0].id == finding.id && group[0].severity == finding.severity;
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].severity));
    groups
}

/// From how many on findings are not counted.
const MANY: usize = 100;

/// What was found first of its kind, and how often besides.
fn sentence(group: &[&Finding]) -> String {
    let place = group[0].place.map(|place| format!("line {}, column {}: ", place.line, place.column));
    let more = match group.len() {
        1 => String::new(),
        MANY.. => " (and many more)".to_owned(),
        count => format!(" (and {} more)", count - 1),
    };
    format!("{}: {}{}{more}", group[0].id, place.unwrap_or_default(), clean(&group[0].text))
}
