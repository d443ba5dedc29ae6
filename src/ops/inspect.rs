//! `inspect`: what a file is and holds.

use super::Input;
use crate::{error::Result, report::FileFacts, store::Unlock, time::Instant};

/// Looks at one file, with a password or without.
///
/// # Errors
/// As [`crate::store::read`], naming the file.
pub fn inspect(input: &Input, unlock: &Unlock, now: Instant) -> Result<FileFacts> {
    let store = input.open(unlock)?;
    Ok(FileFacts::of(&input.name, input.octets.len(), &store, now))
}
