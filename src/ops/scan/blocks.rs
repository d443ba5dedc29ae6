//! PEM of which some blocks do not hold together: the others are credentials all the same.

use zeroize::Zeroizing;

use super::{File, recognise};
use crate::{
    armor,
    error::Error,
    finding::{Finding, Severity},
    store::{self, Unlock},
};

/// What a PEM file holds that cannot be read as one.
pub(super) struct Blocks {
    /// The blocks that can be read, in order, as PEM.
    pub(super) whole: Zeroizing<Vec<u8>>,
    /// What is wrong with the others, each in words.
    broken: Vec<String>,
}

impl Blocks {
    /// The blocks of a file, if there is one that can be read and one that cannot.
    pub(super) fn of(octets: &[u8], error: &Error) -> Option<Self> {
        if !matches!(error.cause(), Error::Damaged { .. }) {
            return None;
        }
        let decoded = match armor::is_utf16(octets) {
            true => armor::decode(&armor::from_utf16(octets)),
            false => armor::decode(octets),
        };
        let armored = decoded.ok()?;
        let mut broken: Vec<String> = armored.broken.iter().map(|block| block.error().to_string()).collect();
        let mut texts = Vec::new();
        for block in &armored.blocks {
            let text = armor::encode(&block.label, block.der.expose()).ok()?;
            match store::read(text.as_bytes(), &Unlock::default()) {
                Err(error) if matches!(error.cause(), Error::Damaged { .. }) => {
                    broken.push(format!("the block \"{}\": {error}", block.label));
                }
                // What is no credential, or not read here, is left out: what it is has no say about the others.
                Err(_) => {}
                Ok(_) => texts.push(text),
            }
        }
        // Its size is known: growing would leave a copy of a key behind.
        let mut whole = Zeroizing::new(Vec::with_capacity(texts.iter().map(|text| text.len()).sum()));
        texts.iter().for_each(|text| whole.extend_from_slice(text.as_bytes()));
        (!whole.is_empty() && !broken.is_empty()).then_some(Self { whole, broken })
    }

    /// What is to be said of those that cannot be read: nothing of a text that shows how PEM looks, and has
    /// a certificate beside that.
    pub(super) fn finding(&self, file: &File<'_>, error: &Error) -> Option<Finding> {
        if !recognise::is_broken(file.octets, error) {
            return None;
        }
        let first = self.broken.first()?;
        let text = match self.broken.len() - 1 {
            0 => first.clone(),
            more => format!("{first}; and {more} more"),
        };
        let hint = "take it again from where it came; the other blocks of the file are whole";
        Some(Finding::new(Severity::Error, "unreadable", text).in_file(file.name).hint(hint))
    }
}
