//! Asking a person for a password, on the terminal device.

use std::io::{self, IsTerminal};

use certkit::{
    error::{Error, Result},
    secret::Password,
};

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

fn ask(question: &str, purpose: &'static str) -> Result<Password> {
    let answer = with_interrupts_held(|| rpassword::prompt_password(question));
    answer.map(Password::new).map_err(|_| Error::PasswordMissing { purpose })
}

/// Runs `work`; an interrupt (^C) in it takes effect behind it, once the terminal echoes again.
/// rpassword raises the signal while the echo is off, which would leave the user's shell blind.
#[cfg(unix)]
fn with_interrupts_held<T>(work: impl FnOnce() -> T) -> T {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use signal_hook::{consts::SIGINT, flag, low_level};

    let interrupted = Arc::new(AtomicBool::new(false));
    let handler = flag::register(SIGINT, Arc::clone(&interrupted));
    let result = work();
    if let Ok(handler) = handler {
        low_level::unregister(handler);
        if interrupted.load(Ordering::SeqCst) {
            // Ends the process the way the signal would have.
            let _ = low_level::emulate_default_handler(SIGINT);
        }
    }
    result
}

#[cfg(not(unix))]
fn with_interrupts_held<T>(work: impl FnOnce() -> T) -> T {
    work()
}
