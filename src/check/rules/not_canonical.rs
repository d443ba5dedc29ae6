//! Whatever else departs from the canonical form.

use super::{Found, Rule};
use crate::{
    check::{Obstacle, Subject, subject::MEMBERS},
    finding::{Finding, Severity},
};

pub(super) const RULE: Rule = Rule {
    id: "not-canonical",
    severity: Severity::Error,
    finds: "whatever else departs from the canonical form, or keeps key and certificate from being read",
    why: "strict parsers refuse what is encoded in another way, and everybody what holds no key and no certificate",
    remedy: "write it anew: certkit export-json STORE",
    fixable: true,
    look,
};

/// Why a connector JSON that no rule finds fault with is none all the same.
pub(in crate::check) fn obstacle(subject: &Subject<'_>) -> Option<Finding> {
    let obstacle = subject.mend().err().filter(|_| subject.is_connector())?;
    // What cannot be told is no fault.
    if obstacle == Obstacle::Unproven {
        return None;
    }
    let file = subject.file.to_owned();
    Some(Finding::new(RULE.severity, RULE.id, obstacle.to_string()).in_file(file).hint(RULE.remedy))
}

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Ok(mended) = subject.mend() else { return Vec::new() };
    let canonical = mended.json.expose();
    let labels = ["PRIVATE KEY", "CERTIFICATE"];
    let found = MEMBERS.iter().zip(labels).filter_map(|(name, label)| {
        // What looks canonical from outside; all else is found by rules of its own.
        let pem = subject.pem.iter().find(|pem| pem.member.as_deref() == Some(*name))?;
        if !pem.shapes.is_empty() || pem.labels != [label] {
            return None;
        }
        let (_, text, at) = subject.texts().find(|(known, _, at)| known == name && *at == pem.at)?;
        let escaped = zeroize::Zeroizing::new(text.replace('\n', "\\n"));
        let is_there = canonical.windows(escaped.len()).any(|window| window == escaped.as_bytes());
        (!is_there).then(|| Found::at(subject.place(at), format!("{name} is not encoded as it should be")))
    });
    found.collect()
}
