//! Asking a person for a password, on the terminal device.

use std::io::{self, IsTerminal};

use certkit::{
    error::{Error, Result},
    secret::Password,
};

use crate::signals;

/// Whether there is a person to ask: a terminal that this run's input or messages are connected to.
pub(crate) fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stderr().is_terminal()
}

/// Asks for the password of something that exists.
///
/// # Errors
/// [`Error::PasswordMissing`] where none was typed.
pub(crate) fn existing() -> Result<Password> {
    ask("Password: ", "to open it")
}

/// Asks twice for the password of something that is being made.
///
/// # Errors
/// [`Error::PasswordUnusable`] where the two differ.
pub(crate) fn new() -> Result<Password> {
    let purpose = "for the new store";
    let first = ask("New password: ", purpose)?;
    if !ask("The same again: ", purpose)?.same_as(&first) {
        return Err(Error::PasswordUnusable { reason: "was typed differently the second time".into() });
    }
    Ok(first)
}

/// Asks for a client secret.
///
/// # Errors
/// [`Error::SecretUnusable`] where none was typed.
pub(crate) fn client_secret() -> Result<Password> {
    ask("Client secret: ", "").map_err(|_| Error::SecretUnusable { reason: "was not typed".into() })
}

fn ask(question: &str, purpose: &'static str) -> Result<Password> {
    // rpassword raises an interrupt again while the echo is still off, which would leave the user's
    // shell blind.
    let answer = signals::held(|| rpassword::prompt_password(question));
    answer.map(Password::new).map_err(|_| Error::PasswordMissing { purpose })
}
