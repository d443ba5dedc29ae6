//! A profile's name on the command line.

use serde::Deserialize;

/// A profile's name: 1 to 64 lower-case letters, digits and single hyphens between them. Files are
/// named after it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ProfileId(String);

impl ProfileId {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ProfileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file of every kit, and the names that Windows keeps for devices.
const TAKEN: [&str; 23] = [
    "manifest", "aux", "con", "nul", "prn", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

impl TryFrom<String> for ProfileId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if TAKEN.contains(&text.as_str()) {
            Err(format!("a kit's files could not be named after \"{text}\"; choose another id"))
        } else if text.len() <= 64 && text.split('-').all(word) {
            Ok(Self(text))
        } else {
            Err("expected an id such as contoso-archive: lower-case letters, digits and single hyphens between them, at most 64".into())
        }
    }
}
