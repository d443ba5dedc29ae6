//! TOML into the types of this room: every fault is said of its line.

use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    armor,
    error::{Error, Result, TomlFile, shortened},
};

/// The largest file that is read, in octets.
const LARGEST: usize = 1 << 20;

/// The byte order mark, which some editors put before a text.
const MARK: char = '\u{feff}';

/// Reads TOML into a type that takes nothing it does not know.
///
/// # Errors
/// [`Error::BadToml`] with the line and column, [`Error::TooLarge`].
pub(super) fn read<T: DeserializeOwned>(octets: &[u8], file: TomlFile) -> Result<T> {
    if octets.len() > LARGEST {
        return Err(Error::TooLarge { size: octets.len() as u64, limit: LARGEST as u64 });
    }
    let text = std::str::from_utf8(octets).map_err(|error| {
        let text = String::from_utf8_lossy(octets);
        let found = if armor::is_utf16(octets) { "it is UTF-16" } else { "it is not UTF-8" };
        fault(file, &text, error.valid_up_to(), format!("{found}; save it as UTF-8"))
    })?;
    let text = text.strip_prefix(MARK).unwrap_or(text);
    toml::from_str(text).map_err(|error| {
        fault(file, text, error.span().map_or(0, |span| span.start), error.message().to_owned())
    })
}

/// A step on the way to a value.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Into a table.
    Key(&'static str),
    /// Into a list.
    Index(usize),
}

/// A fault of the value at the end of this way.
pub(super) fn fault_at(octets: &[u8], file: TomlFile, way: &[Step], reason: String) -> Error {
    let text = String::from_utf8_lossy(octets);
    let text = text.strip_prefix(MARK).unwrap_or(&text);
    fault(file, text, offset_of(text, way), reason)
}

/// Where in the text the value at the end of this way stands; 0 where it is not found.
fn offset_of(text: &str, way: &[Step]) -> usize {
    let Ok(root) = DeTable::parse(text) else { return 0 };
    let mut offset = 0;
    let mut at = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
    for step in way {
        let next = match (step, at.into_inner()) {
            (Step::Key(key), DeValue::Table(mut table)) => table.remove(*key),
            (Step::Index(index), DeValue::Array(array)) => array.into_iter().nth(*index),
            _ => None,
        };
        let Some(value) = next else { break };
        offset = value.span().start;
        at = value;
    }
    offset
}

/// A fault at an octet of the text, as line and column, both from 1.
fn fault(file: TomlFile, text: &str, offset: usize, reason: String) -> Error {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    // The parser's sentences may go over several lines, and repeat what was typed.
    let reason = shortened(reason.split_whitespace().collect::<Vec<_>>().join(" "));
    Error::BadToml { file, line, column, reason }
}
