//! A client secret, looked at before anything is made of it.

use crate::{
    connector::Guid,
    error::{Error, Result},
    secret::Password,
};

/// The Value of a client secret. Wiped on drop; it has no `Debug` and no `Display`.
#[derive(Clone)]
pub struct ClientSecret(Password);

impl ClientSecret {
    /// Takes what a secret source gave.
    ///
    /// # Errors
    /// [`Error::SecretUnusable`] where it cannot be a client secret.
    pub fn new(value: Password) -> Result<Self> {
        match fault(value.expose()) {
            Some(reason) => Err(Error::SecretUnusable { reason: reason.into() }),
            None => Ok(Self(value)),
        }
    }

    /// The text, for the moment of use.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What is odd about it, in words that hold none of it.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        let text = self.expose();
        if Guid::parse(text.trim()).is_ok() {
            return Some(
                "the client secret looks like a Secret ID: Entra wants the Value, which the portal shows once (AADSTS7000215)",
            );
        }
        if text.trim() != text {
            return Some("the client secret begins or ends with a blank, which is kept");
        }
        let count = text.chars().count();
        (!(16..=64).contains(&count)).then_some(
            "the client secret is not 16 to 64 characters long, as Entra's own are; was all of it copied?",
        )
    }
}

fn fault(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("is empty")
    } else if text.chars().any(char::is_control) {
        Some("holds a control character")
    } else if text.starts_with('<') && text.ends_with('>') {
        Some("is a placeholder that was left in")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use static_assertions::assert_not_impl_any;

    assert_not_impl_any!(ClientSecret: std::fmt::Debug, std::fmt::Display, serde::Serialize);

    fn take(text: &str) -> Result<ClientSecret> {
        ClientSecret::new(Password::new(text.into()))
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused() {
        for bad in ["", "  ", "a\u{1b}b", "a\tb", "<Your client secret>"] {
            assert!(take(bad).is_err(), "{bad:?}");
        }
        assert!(take("-~:#'\" ü").is_ok());
    }

    #[test]
    fn what_is_odd_is_said() {
        let said = |text: &str| take(text).ok().and_then(|secret| secret.warning());
        assert!(said("e2a3a72e-5f79-4c64-b1b1-878b674786c9").is_some_and(|text| text.contains("Secret ID")));
        assert!(said(" abcdefghijklmnopqrst").is_some_and(|text| text.contains("blank")));
        assert!(said("short").is_some_and(|text| text.contains("16 to 64")));
        assert_eq!(said("abc8Q~abcdefghijklmnopqrstuvwxyz-._12345"), None);
    }
}
