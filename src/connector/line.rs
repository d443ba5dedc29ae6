//! Text for a person, on one line: what a profile may say.

use std::{fmt, ops::Deref};

use serde::Deserialize;

/// Text of 1 to 400 characters, none of which ends a line, moves a cursor or changes the direction
/// of what is read. Any other character may stand in it: whoever shows it in Markdown, HTML or a
/// script has to quote it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Line(String);

/// A limit of certkit's own: a sentence or two.
const LONGEST: usize = 400;

impl TryFrom<String> for Line {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("it is empty; expected text".into());
        }
        if text.chars().count() > LONGEST {
            return Err(format!("it has more than {LONGEST} characters"));
        }
        match text.chars().find(|c| hidden(*c)) {
            Some(c) => {
                Err(format!("it holds U+{:04X}, which cannot be seen; expected one line of text", c as u32))
            }
            None => Ok(Self(text)),
        }
    }
}

impl Line {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::try_from(text.to_owned())
    }

    /// Text of certkit's own, which is one line.
    pub(super) fn fixed(text: String) -> Self {
        Self(text)
    }
}

/// Characters that control instead of showing something.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl Deref for Line {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_seen() {
        let take = |text: &str| Line::try_from(text.to_owned());
        assert!(take("it's \"$HOME\" `x` <b> größe 🔑").is_ok());
        for bad in ["", " ", "a\nb", "a\u{1b}[2Jb", "a\u{202e}b", "a\u{85}b", &"x".repeat(401)] {
            assert!(take(bad).is_err(), "{bad:?}");
        }
    }
}
