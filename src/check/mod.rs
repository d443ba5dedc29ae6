//! Rules over files: what is wrong with a credential, or will be.
//!
//! A file is read once, as far as it can be, into a [`Subject`]; each rule of [`rules::ALL`] looks at
//! it and says what it finds and where. Rules know nothing of each other: what one finds does not
//! silence another.

pub mod document;
pub mod rules;
mod shape;
mod subject;

pub use self::{
    rules::Rule,
    subject::{Options, Subject, Wanted},
};
use crate::{
    finding::{Finding, Severity},
    store::Unlock,
};

/// Every finding of every rule about one file, in the rules' order.
#[must_use]
pub fn check(file: &str, octets: &[u8], unlock: &Unlock, options: &Options) -> Vec<Finding> {
    Subject::read(file, octets, unlock, options).findings()
}

/// Whether nothing of `findings` is as bad as `severity`.
#[must_use]
pub fn is_good(findings: &[Finding], severity: Severity) -> bool {
    findings.iter().all(|finding| finding.severity < severity)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
