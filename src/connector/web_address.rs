//! Web addresses of others that are shown as links.

use std::fmt;

use serde::Deserialize;
use url::Url;

/// An absolute `https` address without a user name, of printable ASCII characters none of which ends
/// a link in HTML or Markdown: it can be printed as a link as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct WebAddress {
    text: String,
    host: String,
}

impl WebAddress {
    /// Checks one.
    ///
    /// # Errors
    /// What is wrong with the text, and what is expected, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = "expected a web address such as https://help.example.com/page";
        if text.contains(|c: char| !c.is_ascii_graphic() || "<>\"'`|\\^{}".contains(c)) {
            return Err(format!("it holds a blank or a character that has to be percent-encoded; {FORM}"));
        }
        let url = Url::parse(text).map_err(|_| format!("it is no absolute address; {FORM}"))?;
        let host = match url.host_str() {
            Some(host) if url.scheme() == "https" => host.to_owned(),
            _ => return Err(format!("its scheme is not https; {FORM}")),
        };
        // A browser mends what is missing, a reader of Markdown does not.
        if !text.get(5..).is_some_and(|rest| rest.starts_with("://")) {
            return Err(format!("\"://\" is missing behind the scheme; {FORM}"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("it holds a user name or password; {FORM}"));
        }
        Ok(Self { text: text.to_owned(), host })
    }

    /// The text, as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host, lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for WebAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_link() {
        let host = |text| WebAddress::parse(text).map(|address| address.host().to_owned());
        assert_eq!(host("https://Help.Example.com/a%20b?x=1&y=2#part"), Ok("help.example.com".to_owned()));
        for bad in [
            "",
            "help.example.com",
            "http://help.example.com/",
            "https:help.example.com",
            "https:///",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://user@help.example.com/",
            "https://user:word@help.example.com/",
            "https://help.example.com/a b",
            "https://help.example.com/<b>",
            "https://help.example.com/\"x",
            "https://help.example.com/a|b",
            "https://help.example.com/ü",
            "https://help.example.com/\u{202e}",
        ] {
            assert!(WebAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
