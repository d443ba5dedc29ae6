//! Domains that a connector is limited to.

use serde::Deserialize;
use url::Host;

/// A domain name in ASCII (RFC 1035, RFC 5890): lower case, at least two labels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Domain(String);

impl Domain {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with the text, and what is expected, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        match fault(&lower) {
            None => Ok(Self(lower)),
            Some(fault) => Err(format!("{fault}; expected a domain such as contoso.com")),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Domain {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

fn fault(text: &str) -> Option<String> {
    if text == "*" {
        return Some("* stands for all domains and goes with no other; leave the option out for it".into());
    }
    if text.contains('@') {
        return Some("it is a mail address or user name".into());
    }
    if text.contains([':', '/']) {
        return Some("it is an address".into());
    }
    if !text.is_ascii() {
        return match Host::parse(text) {
            Ok(Host::Domain(ascii)) => Some(format!("it is not ASCII; its form in ASCII is {ascii}")),
            _ => Some("it is no domain name".into()),
        };
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let numbers = |label: &str| label.chars().all(|c| c.is_ascii_digit());
    let shaped = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    (!shaped || text.rsplit('.').next().is_none_or(numbers)).then(|| "it is no domain name".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_nothing_else() {
        assert_eq!(Domain::parse("Contoso.COM").as_ref().map(Domain::as_str), Ok("contoso.com"));
        for good in ["contoso.onmicrosoft.com", "a-b.example", "xn--grn-ioa.example", "1.example"] {
            assert!(Domain::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "*.contoso.com",
            "contoso",
            "contoso.",
            ".contoso.com",
            "a..b",
            "-a.com",
            "a-.com",
            "a b.com",
            "a_b.com",
            "user@contoso.com",
            "https://contoso.com",
            "contoso.com/",
            "10.0.0.1",
            "contoso.com\n",
            "a,b.com",
        ] {
            assert!(Domain::parse(bad).is_err(), "{bad:?}");
        }
        let said = Domain::parse("grün.example").err().unwrap_or_default();
        assert!(said.contains("xn--grn-ioa.example"), "{said}");
    }
}
