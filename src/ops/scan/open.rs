//! Opening a file with each of several passwords, on one budget of work.

use super::File;
use crate::{
    check::{self, Subject},
    error::Error,
    limits::WorkBudget,
    secret::Password,
    store::{Store, Unlock},
};

/// What opening a file gave.
pub(super) struct Opened<'a> {
    /// The file, as far as it is open.
    pub(super) subject: Subject<'a>,
    /// Why not all passwords were tried, where that is so.
    pub(super) untried: Option<String>,
}

/// Reads a file without a password, and where it needs one, with each in turn until one opens all of
/// it. Of those that open a part, the first that opens most; where none does, what is visible without.
pub(super) fn open<'a, 'p>(
    file: &File<'a>,
    passwords: impl FnOnce() -> Vec<&'p Password>,
    by: &'a check::Options,
    max_work: u64,
) -> Opened<'a> {
    let mut budget = WorkBudget::new(max_work);
    let mut attempt = |password: Option<Password>| {
        let unlock = Unlock { password, ..Unlock::default() };
        Subject::read_within(file.name, file.octets, &unlock, &mut budget, by)
    };
    let mut best = attempt(None);
    if !best.store().is_ok_and(Store::needs_password) {
        return Opened { subject: best, untried: None };
    }
    let passwords = passwords();
    for (tried, password) in passwords.iter().enumerate() {
        let opened = attempt(Some((*password).clone()));
        let store = match opened.store() {
            Ok(store) => store,
            Err(error) if matches!(error.cause(), Error::KdfTooCostly { .. }) => {
                let untried = Some(used_up(tried, passwords.len()));
                return Opened { subject: best, untried };
            }
            Err(_) => continue,
        };
        if !store.needs_password() {
            return Opened { subject: opened, untried: None };
        }
        if best.store().is_ok_and(|before| locked(store) < locked(before)) {
            best = opened;
        }
    }
    Opened { subject: best, untried: None }
}

/// That the work ended before the passwords did. What they would have opened is not known.
fn used_up(tried: usize, passwords: usize) -> String {
    let noun = if passwords == 1 { "password" } else { "passwords" };
    format!(
        "--max-work was used up after {tried} of {passwords} {noun}: raise it, or name the file's own password with --passwords-from"
    )
}

/// How much of a store is locked.
fn locked(store: &Store) -> usize {
    let keys = store.entries.iter().filter(|entry| entry.is_locked_key()).count();
    store.locked_parts + keys
}
