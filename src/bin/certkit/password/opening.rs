//! The passwords of what is opened.

use std::path::PathBuf;

use certkit::{
    error::{Error, Result as LibraryResult},
    ops::{Input, Need},
    store::{Store, Unlock},
};

use super::{
    from_variable,
    source::{Source, Use},
};
use crate::{context::Context, failure::Failure, options::Opening, prompt};

/// What the options say of opening the stores of a command.
pub(crate) struct Unlocking<'a> {
    opening: &'a Opening,
    context: &'a Context,
}

impl<'a> Unlocking<'a> {
    pub(crate) fn new(opening: &'a Opening, context: &'a Context) -> Self {
        Self { opening, context }
    }

    /// What was given: by option, or in `CERTKIT_PASSWORD`. Never a prompt that was not asked for.
    pub(crate) fn given(&self) -> Result<Opener, Failure> {
        let read = |option: &'static str, text: &Option<String>| {
            let source = text.as_deref().map(|text| Source::parse(option, text)).transpose()?;
            source.map(|source| source.read(option, Use::Open, self.context)).transpose()
        };
        let (password, origin) = match read("--password", &self.opening.password)? {
            Some(password) => (Some(password), "that of --password"),
            None => (from_variable()?, "that of CERTKIT_PASSWORD"),
        };
        let key_password = read("--key-password", &self.opening.key_password).map_err(|failure| {
            failure.hint_password("--key-password", "file:PATH, env:VAR, fd:N, stdin or prompt")
        })?;
        let unlock = Unlock { password, key_password, max_work: Some(self.opening.max_work) };
        Ok(Opener { unlock, origin })
    }

    /// Password files that were read: they are inputs too.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let sources =
            [("--password", &self.opening.password), ("--key-password", &self.opening.key_password)];
        sources
            .into_iter()
            .filter_map(|(option, text)| Source::parse(option, text.as_deref()?).ok()?.file())
            .collect()
    }
}

/// What opens the stores of a run: what was given, and once it was asked for, what was typed.
pub(crate) struct Opener {
    pub(super) unlock: Unlock,
    /// Where the password came from, in words.
    pub(super) origin: &'static str,
}

impl Opener {
    /// What there is without asking.
    pub(crate) fn unlock(&self) -> &Unlock {
        &self.unlock
    }

    /// Opens a file. A terminal is asked once, when a file has turned out to need a password and none
    /// was given; what was typed then serves the files after it.
    ///
    /// # Errors
    /// As [`Input::open_for`].
    pub(crate) fn open(&mut self, need: Need, file: &Input) -> LibraryResult<Store> {
        let mut typed = None;
        let store = file.open_for(need, &self.unlock, || {
            if !prompt::has_terminal() {
                return Err(Error::store_locked());
            }
            let password = Some(prompt::existing()?);
            typed.clone_from(&password);
            Ok(Unlock { password, ..self.unlock.clone() })
        })?;
        if typed.is_some() {
            self.unlock.password = typed;
            self.origin = "the one that was typed";
        }
        Ok(store)
    }
}
