//! `batch`: what became of each row, one line a row.

use serde::Serialize;

use super::{
    Written,
    json_v1::{self, Failed, Made},
    text::clean,
};
use crate::error::Error;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its files are in place.
    Made,
    /// All of it was there and good.
    Skipped,
    /// It would be made.
    Planned,
    /// Nothing of it was made.
    Failed,
}

/// A row and what became of it.
pub struct Outcome {
    /// Its line in the list.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// What was made or is there.
    pub written: Written,
    /// Why nothing was made.
    pub error: Option<Error>,
}

/// `certkit.batch/1`: one line.
#[must_use]
pub fn json(outcome: &Outcome) -> String {
    json_v1::render(
        &Document {
            schema: "certkit.batch/1",
            line: outcome.line,
            name: &outcome.name,
            status: outcome.status,
            made: Made::of(&outcome.written),
            error: outcome
                .error
                .as_ref()
                .map(|error| Cause { failed: Failed::of(error), file: error.file() }),
        },
        false,
    )
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    line: usize,
    name: &'a str,
    status: Status,
    #[serde(flatten)]
    made: Made<'a>,
    error: Option<Cause<'a>>,
}

#[derive(Serialize)]
struct Cause<'a> {
    #[serde(flatten)]
    failed: Failed<'a>,
    file: Option<&'a str>,
}

/// A line for a person.
#[must_use]
pub fn text(outcome: &Outcome) -> String {
    let word = match outcome.status {
        Status::Made => "made",
        Status::Skipped => "there",
        Status::Planned => "to make",
        Status::Failed => "FAILED",
    };
    let rest = match (&outcome.error, &outcome.written.certificate) {
        (Some(error), _) => {
            let file = error.file().map(|file| format!("{file}: ")).unwrap_or_default();
            format!("{file}{error}")
        }
        (None, Some(certificate)) => {
            format!("SHA-1 {}, until {}", certificate.fingerprints.sha1, certificate.not_after)
        }
        (None, None) => {
            outcome.written.files.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>().join(", ")
        }
    };
    format!("{word:7}  {}  {}\n", clean(&outcome.name), clean(&rest))
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Made.
    pub made: usize,
    /// There already.
    pub skipped: usize,
    /// To be made.
    pub planned: usize,
    /// Failed.
    pub failed: usize,
    /// Not begun.
    pub left: usize,
}

impl Tally {
    /// Counts one row.
    pub fn count(&mut self, status: Status) {
        match status {
            Status::Made => self.made += 1,
            Status::Skipped => self.skipped += 1,
            Status::Planned => self.planned += 1,
            Status::Failed => self.failed += 1,
        }
    }

    /// Whether every row stands as the list asks for.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.failed == 0 && self.left == 0
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = [
            (self.made, "made"),
            (self.planned, "to make"),
            (self.skipped, "there already"),
            (self.failed, "failed"),
            (self.left, "left"),
        ];
        let said = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect::<Vec<_>>()
            .join(", ");
        f.write_str(if said.is_empty() { "nothing to make" } else { said.as_str() })
    }
}
