//! Octets and text that must not leak: wiped when dropped, and without `Debug`, `Display` or
//! `Serialize`, so that no log line or error can hold them by accident.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Octets that hold a private key or a whole store. Wiped on drop.
///
/// Also used for whole files of unknown kind, because any of them may hold a key.
#[derive(Clone)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the octets over.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The octets, for the moment of use.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// How many octets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares in constant time (the length is not secret).
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretBytes {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

/// A password as the user typed it: Unicode text. Wiped on drop.
#[derive(Clone)]
pub struct Password(SecretString);

impl Password {
    /// Takes the text over. No normalisation: what was typed is what is used.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text, for the moment of use.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether it is the empty password.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Compares in constant time (the length is not secret).
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use static_assertions::assert_not_impl_any;

    assert_not_impl_any!(Password: std::fmt::Debug, std::fmt::Display, serde::Serialize);
    assert_not_impl_any!(SecretBytes: std::fmt::Debug, std::fmt::Display, serde::Serialize);

    #[test]
    fn comparison_sees_content_and_length() {
        assert!(Password::new("a".into()).same_as(&Password::new("a".into())));
        assert!(!Password::new("a".into()).same_as(&Password::new("b".into())));
        assert!(!SecretBytes::new(vec![1]).same_as(&SecretBytes::new(vec![1, 2])));
    }
}
