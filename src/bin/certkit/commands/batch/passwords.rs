//! The passwords that `--password` gives to rows that name no source of their own.

use std::path::PathBuf;

use certkit::{ops::generate::PLACEHOLDER, secret::Password};

use crate::{context::Context, failure::Failure, password};

/// The sources that `--password` takes here.
const SOURCES: &str =
    "'generate:{name}.password.txt', file:PATH, env:VAR, fd:N, stdin or prompt, or set CERTKIT_PASSWORD";

/// The source of the password of every row that names none.
pub(super) struct Passwords<'a> {
    text: Option<&'a str>,
    source: password::Output,
}

impl<'a> Passwords<'a> {
    /// The option's spelling is checked before any work is done.
    pub(super) fn new(text: Option<&'a str>) -> Result<Self, Failure> {
        let passwords = Self { text, source: password::Output::new("--password", text)? };
        if passwords.source.new_file().is_some() && passwords.of_each().is_none() {
            return Err(Failure::usage(
                format!(
                    "--password generate:PATH: every row needs a file of its own, and PATH has no {PLACEHOLDER} in it"
                ),
                format!("use --password 'generate:{PLACEHOLDER}.password.txt'"),
            ));
        }
        Ok(passwords)
    }

    /// The source that is another one for each row.
    pub(super) fn of_each(&self) -> Option<&'a str> {
        self.text.filter(|text| text.contains(PLACEHOLDER))
    }

    /// The file that holds the one password for all.
    pub(super) fn file(&self) -> Option<PathBuf> {
        if self.of_each().is_some() { None } else { self.source.file() }
    }

    /// The one password for all; a terminal is asked for it once.
    pub(super) fn shared(&self, context: &Context) -> Result<Password, Failure> {
        password::for_new_store(&self.source, context)
            .map_err(|failure| failure.hint_password("--password", SOURCES))
    }
}
