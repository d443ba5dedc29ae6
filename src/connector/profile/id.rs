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

impl TryFrom<String> for ProfileId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if text.len() <= 64 && text.split('-').all(word) {
            Ok(Self(text))
        } else {
            Err("expected an id such as contoso-archive: lower-case letters, digits and single hyphens between them, at most 64".into())
        }
    }
}
