//! Opening a file with each of several passwords, on one budget of work.

use super::File;
use crate::{
    check::{self, Subject},
    limits::WorkBudget,
    secret::Password,
    store::{Store, Unlock},
};

/// Reads a file without a password, and where it needs one, with each in turn until one opens all of
/// it. Of those that open a part, the first that opens most; where none does, what is visible without.
pub(super) fn open<'a, 'p>(
    file: &File<'a>,
    passwords: impl FnOnce() -> Vec<&'p Password>,
    by: &'a check::Options,
    max_work: u64,
) -> Subject<'a> {
    let mut budget = WorkBudget::new(max_work);
    let mut attempt = |password: Option<Password>| {
        let unlock = Unlock { password, ..Unlock::default() };
        Subject::read_within(file.name, file.octets, &unlock, &mut budget, by)
    };
    let mut best = attempt(None);
    if !best.store().is_ok_and(Store::needs_password) {
        return best;
    }
    for password in passwords() {
        let opened = attempt(Some(password.clone()));
        let Ok(store) = opened.store() else { continue };
        if !store.needs_password() {
            return opened;
        }
        if best.store().is_ok_and(|before| locked(store) < locked(before)) {
            best = opened;
        }
    }
    best
}

/// How much of a store is locked.
fn locked(store: &Store) -> usize {
    let keys = store.entries.iter().filter(|entry| entry.is_locked_key()).count();
    store.locked_parts + keys
}
