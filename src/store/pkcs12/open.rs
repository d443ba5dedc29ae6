//! Which password, in which spelling, opens a PFX; and telling a wrong one from damage.

use crate::{
    error::{Error, Result},
    limits::WorkBudget,
    pbe::{Mac, Spelling},
    secret::Password,
    store::{Integrity, Unlock},
};

/// Opens the parts of one PFX.
pub(super) struct Opener<'a> {
    mac: Option<&'a Mac>,
    content: &'a [u8],
    budget: &'a mut WorkBudget,
    /// Spellings still in the running for the store's password, likeliest first.
    spellings: Vec<Spelling>,
    /// Spellings of the keys' own password, where one was given.
    key_spellings: Vec<Spelling>,
    /// Whether the user gave the store's password (else the spellings are of the empty one).
    given: bool,
    verified: bool,
    /// Set when the MAC holds for no spelling: the error to give unless the contents open.
    mac_failed: bool,
}

/// A part of the store, opened or not.
pub(super) enum Opened<T> {
    Plain(T),
    Locked,
}

impl<'a> Opener<'a> {
    pub(super) fn new(
        unlock: &Unlock,
        mac: Option<&'a Mac>,
        content: &'a [u8],
        budget: &'a mut WorkBudget,
    ) -> Self {
        let password = unlock.password.clone().unwrap_or_else(|| Password::new(String::new()));
        Self {
            mac,
            content,
            budget,
            spellings: Spelling::candidates(&password),
            key_spellings: unlock.key_password.as_ref().map(Spelling::candidates).unwrap_or_default(),
            given: unlock.password.is_some(),
            verified: false,
            mac_failed: false,
        }
    }

    /// Checks the MAC and settles on the spelling that it holds for.
    ///
    /// Where it holds for none, the contents decide: if the password opens them, the file was
    /// altered; if it opens nothing, the password is wrong (or the file is damaged throughout).
    pub(super) fn check_integrity(&mut self) -> Result<Integrity> {
        let Some(mac) = self.mac else { return Ok(Integrity::None) };
        for index in 0..self.spellings.len() {
            match mac.verify(&self.spellings[index], self.content, self.budget) {
                Ok(true) => {
                    self.spellings = vec![self.spellings.swap_remove(index)];
                    self.verified = true;
                    return Ok(Integrity::Verified);
                }
                Ok(false) => {}
                // Without a password the count is only looked at, so it is no reason to refuse.
                Err(Error::KdfMemory { .. } | Error::KdfTooCostly { .. }) if !self.given => break,
                Err(other) => return Err(other),
            }
        }
        if self.given {
            self.mac_failed = true;
        } else {
            self.spellings.clear();
        }
        Ok(Integrity::Unchecked)
    }

    /// Refuses a file that is seen to ask for more work than is left, before any is spent on it.
    /// Without a password there is nothing to refuse: what costs too much stays locked.
    pub(super) fn require(&self, work: u64) -> Result<()> {
        if self.given || !self.key_spellings.is_empty() { self.budget.require(work) } else { Ok(()) }
    }

    /// Takes work from the file's budget.
    pub(super) fn spend(&mut self, work: u64) -> Result<()> {
        self.budget.spend(work)
    }

    /// Opens an encrypted part with the store's password. What `decrypt` finds damaged is a wrong
    /// password still, unless the MAC has already told that the password is right.
    ///
    /// # Errors
    /// [`Error::WrongPassword`] where a password was given and does not open it.
    pub(super) fn open<T>(
        &mut self,
        decrypt: impl Fn(&Spelling, &mut WorkBudget) -> Result<T>,
    ) -> Result<Opened<T>> {
        for index in 0..self.spellings.len() {
            match decrypt(&self.spellings[index], self.budget) {
                Ok(_) if self.mac_failed => return Err(altered()),
                Ok(plain) => {
                    self.spellings = vec![self.spellings.swap_remove(index)];
                    return Ok(Opened::Plain(plain));
                }
                Err(Error::WrongPassword { .. }) => {}
                Err(Error::Damaged { .. }) if !self.verified => {}
                Err(Error::KdfMemory { .. } | Error::KdfTooCostly { .. }) if !self.given => break,
                Err(other) => return Err(other),
            }
        }
        if self.given {
            return Err(Error::WrongPassword { certain: false });
        }
        // The empty password opens nothing here; it is not tried again on every bag.
        self.spellings.clear();
        Ok(Opened::Locked)
    }

    /// Opens an encrypted key, with the keys' own password first where one was given.
    ///
    /// # Errors
    /// [`Error::WrongPassword`].
    pub(super) fn open_key<T>(
        &mut self,
        decrypt: impl Fn(&Spelling, &mut WorkBudget) -> Result<T>,
    ) -> Result<Opened<T>> {
        for spelling in &self.key_spellings {
            match decrypt(spelling, self.budget) {
                Ok(_) if self.mac_failed => return Err(altered()),
                Ok(key) => return Ok(Opened::Plain(key)),
                Err(Error::WrongPassword { .. } | Error::Damaged { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        match self.open(decrypt) {
            // The MAC holds, so the store's password is right: the key has one of its own, and the
            // rest of the store is no worse for it.
            Err(Error::WrongPassword { .. }) if self.verified => Ok(Opened::Locked),
            other => other,
        }
    }

    /// Called when every bag has been read: a MAC that failed and contents that needed no
    /// password leave the question open.
    pub(super) fn finish(&self) -> Result<()> {
        if self.mac_failed { Err(Error::WrongPassword { certain: false }) } else { Ok(()) }
    }
}

fn altered() -> Error {
    Error::damaged(
        super::STRUCTURE,
        "the password opens its contents, but the MAC does not match: the file was altered or damaged",
    )
}
