//! Rules over files: what is wrong with a credential, or will be.
//!
//! A file is read once, as far as it can be, into a [`Subject`]; each rule of [`rules::ALL`] looks at
//! it and says what it finds and where. Rules know nothing of each other: what one finds does not
//! silence another, but that a file cannot be read is left to the rule that knows why.

mod document;
mod mend;
pub mod rules;
mod shape;
mod subject;

pub use self::{
    mend::{Mended, Obstacle},
    rules::Rule,
    subject::{Options, Subject, Wanted},
};
use crate::finding::{Finding, Severity};

impl Subject<'_> {
    /// Every finding of every rule, in the rules' order.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = rules::ALL.iter().flat_map(|rule| rule.findings(self)).collect();
        if findings.iter().all(|finding| finding.severity < Severity::Error) {
            findings.extend(rules::obstacle(self));
        }
        findings
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
