//! Password sources: `env:VAR`, `file:PATH`, `fd:N`, `stdin`, `prompt`, and `generate:PATH` where
//! a store is made. Never an argument: arguments are visible to every user of the machine and
//! stay in the shell's history.

mod client;
mod making;
mod opening;
mod ring;
mod source;

use certkit::secret::Password;

pub(crate) use self::{
    client::Client,
    making::{Output, Successors, for_new_store, generate, planned_file},
    opening::{Opener, Unlocking},
    ring::Ring,
    source::of_file,
};
use crate::failure::Failure;

/// The variable used where no source is named.
const VARIABLE: &str = "CERTKIT_PASSWORD";

fn from_variable() -> Result<Option<Password>, Failure> {
    match std::env::var(VARIABLE) {
        Ok(text) => Ok(Some(Password::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(source::not_utf8().into()),
    }
}
