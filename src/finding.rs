//! What was found wrong, or worth knowing, about files: what rules, checks and reports hand on.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Will go wrong, or may.
    Warning,
    /// Goes wrong.
    Error,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a text, as editors count: lines from 1, characters of the line from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl Place {
    /// The place of an octet in a text.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let offset = offset.min(text.len());
        let start = (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let before = &text[..start];
        let line = before.rfind('\n').map_or(0, |position| position + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line..].chars().count() + 1 }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A short stable word for scripts, such as `certificate-expired`.
    pub id: &'static str,
    /// The file that it is about, as the user would name it.
    pub file: Option<String>,
    /// Where in the file, if it is a text.
    pub place: Option<Place>,
    /// What was found, one sentence.
    pub text: String,
    /// What to do, ideally a command that works.
    pub hint: Option<String>,
}

impl Finding {
    /// One without a file and a hint.
    #[must_use]
    pub fn new(severity: Severity, id: &'static str, text: impl Into<String>) -> Self {
        Self { severity, id, file: None, place: None, text: text.into(), hint: None }
    }

    /// The same, about a file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// The same, with what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
