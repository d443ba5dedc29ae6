//! Redirect URIs: where Entra sends the browser back to. It compares them to the letter, so what
//! was typed is what is used.

use std::fmt;

use serde::Deserialize;
use url::{Host, Url};

/// A redirect URI of the platform Web: `https`, or `http` on the machine itself; no fragment, no
/// user, no placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct RedirectUri(String);

/// The most characters that an app registration takes (Microsoft's page "Redirect URI (reply URL)
/// outline and restrictions" as of 25 June 2024, read on 22 November 2026).
const LONGEST: usize = 256;

impl RedirectUri {
    /// Checks one.
    ///
    /// # Errors
    /// What is wrong with the text, and what is expected, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some(fault) => Err(format!("{fault}; expected an address such as https://admin.example.com/")),
        }
    }

    /// The text, as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it leads to the browser's own machine: no other may have `http`.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.0.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
    }
}

fn fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("it is empty");
    }
    if text.contains(['<', '>', '{', '}']) {
        return Some("it is or holds a placeholder that was left in");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("it holds a blank or a control character");
    }
    if text.contains(['\\', '"', '`', '^', '|', '*']) {
        return Some("it holds a character that no redirect URI may hold");
    }
    if text.chars().count() > LONGEST {
        return Some("it has more than 256 characters, which Entra does not take");
    }
    let Ok(url) = Url::parse(text) else { return Some("it is no absolute address") };
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        "http" => return Some("http is for this machine (http://localhost) alone: Entra wants https"),
        _ => return Some("its scheme is not https"),
    }
    if !text.get(url.scheme().len()..).is_some_and(|rest| rest.starts_with("://")) {
        return Some("\"://\" is missing behind the scheme");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("it holds a user name or password");
    }
    url.fragment().map(|_| "it has a fragment (#…), which Entra does not take")
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_what_is_used() {
        for good in [
            "https://admin.zscalertwo.net/",
            "https://admin.zscalertwo.net",
            "HTTPS://Admin.Example.com/A%20b?x=1&y=2",
            "http://localhost",
            "http://localhost:8080/back",
            "http://127.0.0.1/",
            "http://[::1]:8080/",
            "https://xn--grn-ioa.example/",
        ] {
            assert_eq!(RedirectUri::parse(good).as_ref().map(RedirectUri::as_str), Ok(good));
        }
    }

    #[test]
    fn what_entra_would_refuse_is_refused() {
        for bad in [
            "",
            "<redirect_uri>",
            "https://<host>/",
            "https://{tenant}.example/",
            "https://admin.example.com/a b",
            "https://admin.example.com/\n",
            "http://admin.example.com/",
            "http://localhost.example.com/",
            "ftp://admin.example.com/",
            "javascript:alert(1)",
            "https:admin.example.com",
            "https:///",
            "//admin.example.com/",
            "admin.example.com",
            "https://user@admin.example.com/",
            "https://user:word@admin.example.com/",
            "https://admin.example.com/#part",
            "https://*.example.com/",
            &format!("https://admin.example.com/{}", "x".repeat(256)),
        ] {
            assert!(RedirectUri::parse(bad).is_err(), "{bad}");
        }
    }
}
