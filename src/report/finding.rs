//! What was found wrong, or worth knowing, about files.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
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
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
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
    /// What was found, one sentence.
    pub text: String,
    /// What to do, ideally a command that works.
    pub hint: Option<String>,
}

impl Finding {
    /// One without a file and a hint.
    #[must_use]
    pub fn new(severity: Severity, id: &'static str, text: impl Into<String>) -> Self {
        Self { severity, id, file: None, text: text.into(), hint: None }
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
