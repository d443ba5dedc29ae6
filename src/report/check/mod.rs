//! What `check` says of files, and of its rules.

mod json;
mod rules;
mod sarif;
mod text;

pub use self::{
    json::json,
    rules::{explanation, explanation_json, list, list_json},
    sarif::sarif,
    text::text,
};
use crate::{
    check::{Obstacle, Rule},
    error::Error,
    finding::{Finding, Severity},
    quote,
    report::text::counted,
};

/// What became of each file: what the rules say of it, or why it could not be judged.
pub type Outcome = (String, Result<Checked, Error>);

/// What the rules say of one file.
#[derive(Debug)]
pub struct Checked {
    /// Its name.
    pub file: String,
    /// What it is, in words.
    pub what: String,
    /// What is wrong with it; after mending, what is left.
    pub findings: Vec<Finding>,
    /// Why it cannot be mended, if it cannot.
    pub obstacle: Option<Obstacle>,
    /// What `--fix` made of it.
    pub fixed: Option<Fixed>,
}

/// What became of a file that was to be mended.
#[derive(Debug)]
pub enum Fixed {
    /// It was left as it is.
    Left(Obstacle),
    /// It was written anew.
    Mended {
        /// What was wrong with it and is no more.
        findings: Vec<Finding>,
        /// Where it was written.
        output: String,
        /// The old file's new name.
        backup: Option<String>,
    },
    /// There was nothing to mend.
    Nothing,
}

impl Checked {
    /// Whether `check --fix` mends it.
    #[must_use]
    pub fn is_fixable(&self, finding: &Finding) -> bool {
        self.obstacle.is_none() && Rule::named(finding.id).is_some_and(|rule| rule.fixable)
    }

    /// What to do about a finding: where `--fix` can do it, that.
    #[must_use]
    pub fn remedy(&self, finding: &Finding) -> Option<String> {
        if self.is_fixable(finding) {
            return Some(format!("certkit check {} --fix --in-place", quote::argument(&self.file)));
        }
        finding.hint.clone()
    }

    /// How many findings there are of a severity.
    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The verdict, in words.
    fn verdict(&self) -> String {
        match (self.count(Severity::Error), self.count(Severity::Warning)) {
            (0, 0) => "in order".to_owned(),
            (errors, 0) => counted(errors, "error"),
            (0, warnings) => counted(warnings, "warning"),
            (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
        }
    }
}
