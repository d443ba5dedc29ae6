//! GUIDs: what Entra names everything by, and what people paste in their place.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A GUID in its one spelling: 8-4-4-4-12 lower-case hexadecimal digits (RFC 9562 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Guid([u8; LENGTH]);

const LENGTH: usize = 36;

/// Whether an octet may stand at a position.
const fn fits(position: usize, octet: u8) -> bool {
    match position {
        8 | 13 | 18 | 23 => octet == b'-',
        _ => octet.is_ascii_hexdigit(),
    }
}

impl Guid {
    /// Microsoft Graph's application id, the same in every tenant and cloud.
    pub const MICROSOFT_GRAPH: Self = Self::constant(b"00000003-0000-0000-c000-000000000000");

    /// One that stands in the program, lower case. For constants only: there a wrong one does not
    /// compile.
    pub(super) const fn constant(text: &[u8; LENGTH]) -> Self {
        let mut position = 0;
        while position < LENGTH {
            assert!(fits(position, text[position]) && !text[position].is_ascii_uppercase());
            position += 1;
        }
        Self(*text)
    }

    /// Reads one; upper-case digits are taken.
    ///
    /// # Errors
    /// What is wrong with the text, and what is expected, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let octets = <[u8; LENGTH]>::try_from(text.as_bytes()).map_err(|_| fault(text))?;
        let shaped = octets.iter().enumerate().all(|(position, octet)| fits(position, *octet));
        if shaped { Ok(Self(octets.map(|octet| octet.to_ascii_lowercase()))) } else { Err(fault(text)) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Says what was probably meant.
fn fault(text: &str) -> String {
    const FORM: &str = "expected a GUID such as 00000003-0000-0000-c000-000000000000";
    let inner = text.trim().trim_matches(['{', '}', '<', '>', '"', '\'']);
    let found = if text.is_empty() {
        "it is empty"
    } else if inner != text && Guid::parse(inner).is_ok() {
        return format!(
            "braces, quotation marks and blanks around a GUID have to go: {}",
            inner.to_lowercase()
        );
    } else if text.contains(['<', '>', '{', '}']) {
        "it is a placeholder that was left in"
    } else if text.chars().filter(char::is_ascii_hexdigit).count() == 32 && !text.contains('-') {
        "its hyphens are missing"
    } else {
        "it is no GUID"
    };
    format!("{found}; {FORM}")
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Guid {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Guid> for String {
    fn from(guid: Guid) -> Self {
        guid.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_comes_out() {
        let guid = Guid::parse("E2A3A72E-5F79-4C64-B1B1-878B674786C9").map(|guid| guid.to_string());
        assert_eq!(guid.as_deref(), Ok("e2a3a72e-5f79-4c64-b1b1-878b674786c9"));
    }

    #[test]
    fn what_is_pasted_instead_is_told() {
        let said = |text| Guid::parse(text).expect_err(text);
        assert!(said("").starts_with("it is empty"));
        assert!(said("<client_id>").contains("placeholder"));
        assert!(said("{client_id}").contains("placeholder"));
        assert!(said("{e2a3a72e-5f79-4c64-b1b1-878b674786c9}").contains("have to go: e2a3"));
        assert!(said(" e2a3a72e-5f79-4c64-b1b1-878b674786c9").contains("have to go: e2a3"));
        assert!(said("e2a3a72e5f794c64b1b1878b674786c9").contains("hyphens"));
        assert!(said("e2a3a72e-5f79-4c64-b1b1-878b674786cg").starts_with("it is no GUID"));
        assert!(said("e2a3a72e-5f79-4c64-b1b1-878b6747é").starts_with("it is no GUID"));
        assert!(said("e2a3a72e-5f79-4c64-b1b1--78b674786c9").starts_with("it is no GUID"));
    }
}
