//! Failures to words and exit codes: the one place that decides both.
//!
//! Etiquette: `certkit: error: WHAT`, in lower case and without a full stop, naming the file; then
//! `hint:` lines, each ideally a command that works. Everything on standard error. With
//! `--format json` exactly one JSON object there instead, and nothing else.

use std::{io::Write, process::ExitCode};

use certkit::{
    error::{Class, Error},
    report::{
        batch::Tally,
        json_v1::{self, BadRow, Cause},
        text::clean,
    },
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
    /// Rows of a list cannot be used: what is wrong with each.
    BadRows { list: String, rows: Vec<BadRow> },
    /// Rows of a list were not made.
    RowsFailed { tally: Tally, hint: String },
    /// A signal came before all rows were made.
    Interrupted { signal: i32, tally: Tally, hint: String },
    /// What had to be said has been said; only the exit code is left.
    Said(u8),
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

    /// What is to be said of it, and its exit code.
    pub(crate) fn cause(&self) -> Cause {
        let cause = |code, kind: &str, message: String, hint: &str| Cause {
            code,
            kind: kind.to_owned(),
            message,
            hint: Some(hint.to_owned()),
            file: None,
        };
        match self {
            Self::Error(error) => Cause::of(error),
            Self::Hinted { error, hint } => Cause { hint: Some(hint.clone()), ..Cause::of(error) },
            Self::Usage { message, hint } => cause(2, "usage", message.clone(), hint),
            Self::RowsFailed { tally, hint } => cause(10, "rows-failed", tally.to_string(), hint),
            Self::Interrupted { signal, tally, hint } => {
                // As a shell shows the end by a signal.
                let code = u8::try_from(128 + signal).unwrap_or(1);
                cause(code, "interrupted", format!("interrupted: {tally}"), hint)
            }
            Self::BadRows { list, rows } => Cause {
                code: common_code(rows),
                kind: "bad-list".into(),
                message: match rows.len() {
                    1 => "1 fault was found, and nothing was made".into(),
                    count => format!("{count} faults were found, and nothing was made"),
                },
                hint: None,
                file: Some(list.clone()),
            },
            // Nothing is said of these two but the code.
            Self::ClosedPipe => cause(0, "closed-pipe", String::new(), ""),
            Self::Said(code) => cause(*code, "said", String::new(), ""),
        }
    }

    /// Says it and gives the exit code.
    pub(crate) fn report(self, json: bool) -> ExitCode {
        let cause = self.cause();
        match &self {
            Self::ClosedPipe | Self::Said(_) => {}
            Self::BadRows { rows, .. } if json => say_json(&json_v1::bad_rows(&cause, rows)),
            Self::BadRows { list, rows } => say_rows(list, rows, &cause.message),
            _ => say(json, &cause),
        }
        ExitCode::from(cause.code)
    }
}

/// The code of a list's faults: where all of them have one cause, it is that cause's; else the list is
/// not what it should be, and neither is it where a cell holds what an option may not.
fn common_code(rows: &[BadRow]) -> u8 {
    let input = Class::Input.exit_code();
    let first = rows.first().map_or(input, |row| row.cause.code);
    let common = rows.iter().all(|row| row.cause.code == first) && first != Class::Usage.exit_code();
    if common { first } else { input }
}

/// Says everything that is wrong with a list: a line each, and what helps against each once.
fn say_rows(list: &str, rows: &[BadRow], message: &str) {
    let mut hints: Vec<&str> = Vec::new();
    // Some hold a path, and differ from row to row.
    const MOST_HINTS: usize = 5;
    for BadRow { line, cause } in rows {
        let place = format!("{list}, line {line}");
        say_in_text(&place, &with_file(cause.file.as_deref(), &cause.message), &[]);
        if let Some(hint) = cause.hint.as_deref()
            && hints.len() < MOST_HINTS
            && !hints.contains(&hint)
        {
            hints.push(hint);
        }
    }
    say_in_text(list, message, &hints);
}

/// An error's words with the file that they are about.
pub(crate) fn with_file(file: Option<&str>, message: &str) -> String {
    file.map_or_else(|| message.to_owned(), |file| format!("{file}: {message}"))
}

/// Says an error without ending the run.
pub(crate) fn say_error(json: bool, error: &Error) {
    say(json, &Cause::of(error));
}

fn say(json: bool, cause: &Cause) {
    match json {
        true => say_json(&json_v1::failure(cause)),
        false => say_in_text(
            cause.file.as_deref().unwrap_or_default(),
            &cause.message,
            cause.hint.as_deref().as_slice(),
        ),
    }
}

fn say_json(line: &str) {
    // Where standard error is gone there is nobody to tell; the exit code still says it.
    let _ = anstream::stderr().write_all(line.as_bytes());
}

/// Says something of a place to a person, without ending the run.
pub(crate) fn say_in_text(place: &str, message: &str, hints: &[&str]) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let place = if place.is_empty() { String::new() } else { format!("{}: ", clean(place)) };
    let hints: String = hints.iter().map(|hint| format!("hint: {}\n", clean(hint))).collect();
    // One write, so that the lines of parallel runs stay whole.
    let text = format!("certkit: {style}error:{style:#} {place}{}\n{hints}", clean(message));
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
        say(true, &Failure::usage(message, "see certkit --help").cause());
    } else {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        // A value that was typed, or that a script passed on, is among the words.
        let text = text.lines().map(clean).collect::<Vec<_>>().join("\n");
        let _ = writeln!(anstream::stderr(), "certkit: {style}error:{style:#} {text}");
    }
    ExitCode::from(2)
}
