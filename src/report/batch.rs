//! `batch`: what became of each row, one line a row.

use serde::Serialize;

use super::{
    Written,
    json_v1::{self, Cause, Made},
    text::clean,
};
use crate::error::Error;

/// What became of a row.
pub enum Fate {
    /// Its files are in place.
    Made(Written),
    /// All of it was there and good.
    Skipped(Written),
    /// It would be made.
    Planned(Written),
    /// No file of it was made.
    Failed(Error),
}

impl Fate {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Made(_) => "made",
            Self::Skipped(_) => "skipped",
            Self::Planned(_) => "planned",
            Self::Failed(_) => "failed",
        }
    }

    /// What was made or is there, or why it is not.
    ///
    /// # Errors
    /// The row's own.
    pub fn written(&self) -> std::result::Result<&Written, &Error> {
        match self {
            Self::Made(written) | Self::Skipped(written) | Self::Planned(written) => Ok(written),
            Self::Failed(error) => Err(error),
        }
    }
}

/// A row and what became of it.
pub struct Outcome {
    /// Its line in the list.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
}

/// `certkit.batch/1`: one line.
#[must_use]
pub fn json(outcome: &Outcome) -> String {
    let nothing = Written::default();
    let written = outcome.fate.written();
    let document = Document {
        schema: "certkit.batch/1",
        line: outcome.line,
        name: &outcome.name,
        status: outcome.fate.word(),
        made: Made::of(written.unwrap_or(&nothing)),
        error: written.err().map(Cause::of),
    };
    json_v1::render(&document, false)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    line: usize,
    name: &'a str,
    status: &'static str,
    #[serde(flatten)]
    made: Made<'a>,
    error: Option<Cause>,
}

/// A line for a person.
#[must_use]
pub fn text(outcome: &Outcome) -> String {
    let rest = match outcome.fate.written() {
        Err(error) => match error.file() {
            Some(file) => format!("{file}: {error}"),
            None => error.to_string(),
        },
        Ok(Written { certificate: Some(certificate), .. }) => {
            format!("SHA-1 {}, until {}", certificate.fingerprints.sha1, certificate.not_after)
        }
        Ok(Written { files, .. }) => {
            files.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>().join(", ")
        }
    };
    format!("{:7}  {}  {}\n", outcome.fate.word(), clean(&outcome.name), clean(&rest))
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
    /// Of so many rows, none of them begun.
    #[must_use]
    pub fn of(rows: usize) -> Self {
        Self { left: rows, ..Self::default() }
    }

    /// Counts one row.
    pub fn count(&mut self, fate: &Fate) {
        self.left = self.left.saturating_sub(1);
        *match fate {
            Fate::Made(_) => &mut self.made,
            Fate::Skipped(_) => &mut self.skipped,
            Fate::Planned(_) => &mut self.planned,
            Fate::Failed(_) => &mut self.failed,
        } += 1;
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
            (self.planned, "planned"),
            (self.skipped, "skipped"),
            (self.failed, "failed"),
            (self.left, "left"),
        ];
        let said = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect::<Vec<_>>()
            .join(", ");
        f.write_str(if said.is_empty() { "nothing to make" } else { &said })
    }
}
