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

    /// Says it and gives the exit code.
    pub(crate) fn report(self, json: bool) -> ExitCode {
        match self {
            Self::ClosedPipe => ExitCode::SUCCESS,
            Self::Said(code) => ExitCode::from(code),
            Self::Usage { message, hint } => {
                say(json, 2, "usage", &message, Some(&hint), None);
                ExitCode::from(2)
            }
            Self::Error(error) => {
                say_error(json, &error);
                ExitCode::from(error.class().exit_code())
            }
            Self::Hinted { error, hint } => {
                let code = error.class().exit_code();
                say(json, code, error.kind(), &error.to_string(), Some(&hint), error.file());
                ExitCode::from(code)
            }
        }
    }
}

/// Says an error without ending the run.
pub(crate) fn say_error(json: bool, error: &Error) {
    let (code, hint) = (error.class().exit_code(), error.hint());
    say(json, code, error.kind(), &error.to_string(), hint.as_deref(), error.file());
}

fn say(json: bool, code: u8, kind: &str, message: &str, hint: Option<&str>, file: Option<&str>) {
    let mut out = anstream::stderr().lock();
    // Where standard error is gone there is nobody to tell; the exit code still says it.
    if json {
        let _ = out.write_all(json_v1::failure(code, kind, message, hint, file).as_bytes());
        return;
    }
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let place = file.map(|file| format!("{}: ", clean(file))).unwrap_or_default();
    let hint = hint.map(|hint| format!("hint: {}\n", clean(hint))).unwrap_or_default();
    // One write, so that the lines of parallel runs stay whole.
    let text = format!("certkit: {style}error:{style:#} {place}{}\n{hint}", clean(message));
    let _ = out.write_all(text.as_bytes());
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
