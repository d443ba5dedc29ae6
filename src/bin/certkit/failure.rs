//! Failures to words and exit codes: the one place that decides both.
//!
//! Etiquette: `certkit: error: WHAT`, in lower case and without a full stop, naming the file; then
//! `hint:` lines, each ideally a command that works. Everything on standard error. With
//! `--format json` exactly one JSON object there instead, and nothing else.

use std::{io::Write, process::ExitCode};

use certkit::{
    error::Error,
    report::{json_v1, text::clean},
};
use clap::error::ErrorKind;

/// Why a run ends early.
pub(crate) enum Failure {
    /// Whoever read standard output has gone: not a failure for the caller.
    ClosedPipe,
    /// The library's reason.
    Error(Error),
    /// The library's reason, with a hint that knows the command's options.
    Hinted { error: Error, hint: String },
    /// Options that make no sense together.
    Usage { message: String, hint: String },
    /// Rows of a list cannot be used.
    Rows { list: String, code: u8, faults: Vec<RowFault> },
    /// Not all of what was to be done was done.
    Partial { code: u8, kind: &'static str, message: String, hint: &'static str },
    /// What had to be said has been said; only the exit code is left.
    Said(u8),
}

/// What is wrong with a row of a list.
pub(crate) struct RowFault {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Why.
    pub(crate) failure: Failure,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    /// The same failure; where it is about a password, the hint names the option that gives it.
    pub(crate) fn hint_password(self, option: &str, sources: &str) -> Self {
        match self {
            Self::Error(error)
                if matches!(
                    error.cause(),
                    Error::PasswordMissing { .. } | Error::PasswordUnusable { .. }
                ) =>
            {
                Self::Hinted { error, hint: format!("use {option} {sources}") }
            }
            other => other,
        }
    }

    /// The same failure, said of `subject`.
    pub(crate) fn after(self, subject: &str) -> Self {
        match self {
            Self::Error(error) => match error {
                Error::InFile { source, .. } => Self::Error(source.in_file(subject)),
                other => Self::Error(other.in_file(subject)),
            },
            other => other,
        }
    }

    /// The exit code that stands for its cause.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Usage { .. } => 2,
            Self::Error(error) | Self::Hinted { error, .. } => error.class().exit_code(),
            Self::Rows { code, .. } | Self::Partial { code, .. } | Self::Said(code) => *code,
        }
    }

    /// Says it and gives the exit code.
    pub(crate) fn report(self, json: bool) -> ExitCode {
        let code = self.exit_code();
        match &self {
            Self::ClosedPipe | Self::Said(_) => {}
            Self::Usage { message, hint } => say(json, code, "usage", message, Some(hint), None),
            Self::Error(error) => say_error(json, error),
            Self::Hinted { error, hint } => {
                say(json, code, error.kind(), &error.to_string(), Some(hint), error.file());
            }
            Self::Partial { kind, message, hint, .. } => say(json, code, kind, message, Some(hint), None),
            Self::Rows { list, faults, .. } => say_rows(json, code, list, faults),
        }
        ExitCode::from(code)
    }

    /// Its words, its hint, and the file that it is about.
    fn words(&self) -> (String, Option<String>, Option<&str>) {
        match self {
            Self::Error(error) => (error.to_string(), error.hint(), error.file()),
            Self::Hinted { error, hint } => (error.to_string(), Some(hint.clone()), error.file()),
            Self::Usage { message, hint } => (message.clone(), Some(hint.clone()), None),
            Self::Partial { message, hint, .. } => (message.clone(), Some((*hint).to_owned()), None),
            Self::Rows { .. } | Self::ClosedPipe | Self::Said(_) => (String::new(), None, None),
        }
    }
}

/// Says everything that is wrong with a list: a line each, and what helps against each once.
fn say_rows(json: bool, code: u8, list: &str, faults: &[RowFault]) {
    let lines = match faults.len() {
        1 => "1 fault was found".into(),
        count => format!("{count} faults were found"),
    };
    let message = format!("{lines}, and nothing was made");
    if json {
        let rows: Vec<json_v1::BadRow> = faults
            .iter()
            .map(|fault| {
                let (message, hint, file) = fault.failure.words();
                json_v1::BadRow { line: fault.line, message, hint, file: file.map(str::to_owned) }
            })
            .collect();
        let text = json_v1::bad_rows(code, &message, list, &rows);
        let _ = anstream::stderr().write_all(text.as_bytes());
        return;
    }
    let mut hints: Vec<String> = Vec::new();
    for fault in faults {
        let (message, hint, file) = fault.failure.words();
        let place = format!("{list}, line {}", fault.line);
        say_in_text(&place, &with_file(file, &message), None);
        hints.extend(hint.filter(|hint| !hints.contains(hint)));
    }
    say_in_text(list, &message, None);
    for hint in hints {
        let _ = anstream::stderr().write_all(format!("hint: {}\n", clean(&hint)).as_bytes());
    }
}

/// An error's words with the file that they are about.
pub(crate) fn with_file(file: Option<&str>, message: &str) -> String {
    file.map_or_else(|| message.to_owned(), |file| format!("{file}: {message}"))
}

/// Says an error without ending the run.
pub(crate) fn say_error(json: bool, error: &Error) {
    let (code, hint) = (error.class().exit_code(), error.hint());
    say(json, code, error.kind(), &error.to_string(), hint.as_deref(), error.file());
}

fn say(json: bool, code: u8, kind: &str, message: &str, hint: Option<&str>, file: Option<&str>) {
    // Where standard error is gone there is nobody to tell; the exit code still says it.
    if json {
        let _ = anstream::stderr().write_all(json_v1::failure(code, kind, message, hint, file).as_bytes());
        return;
    }
    say_in_text(file.unwrap_or_default(), message, hint);
}

/// Says something of a place to a person, without ending the run.
pub(crate) fn say_in_text(place: &str, message: &str, hint: Option<&str>) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let place = if place.is_empty() { String::new() } else { format!("{}: ", clean(place)) };
    let hint = hint.map(|hint| format!("hint: {}\n", clean(hint))).unwrap_or_default();
    // One write, so that the lines of parallel runs stay whole.
    let text = format!("certkit: {style}error:{style:#} {place}{}\n{hint}", clean(message));
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// What clap has to say: help and version are results, all else is bad usage.
pub(crate) fn usage(error: &clap::Error, json: bool) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return match error.print() {
                Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => {
                    Failure::Error(Error::io("write to", "standard output", source)).report(json)
                }
                _ => ExitCode::SUCCESS,
            };
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !json => {
            let _ = error.print();
            return ExitCode::from(2);
        }
        _ => {}
    }
    let rendered = error.render().to_string();
    let text = rendered.strip_prefix("error: ").unwrap_or(&rendered).trim_end();
    if json {
        let sentence = text.lines().take_while(|line| !line.is_empty());
        let message = sentence.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
        say(true, 2, "usage", &message, Some("see certkit --help"), None);
    } else {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        // A value that was typed, or that a script passed on, is among the words.
        let text = text.lines().map(clean).collect::<Vec<_>>().join("\n");
        let _ = writeln!(anstream::stderr(), "certkit: {style}error:{style:#} {text}");
    }
    ExitCode::from(2)
}
