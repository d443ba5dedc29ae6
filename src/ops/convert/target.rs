//! What something can be converted to.

use std::str::FromStr;

use crate::error::{Error, Result};

/// A format that `convert` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A PKCS#12 store.
    Pfx,
    /// A JKS key store.
    Jks,
    /// A JCEKS key store.
    Jceks,
    /// Keys and certificates as PEM blocks.
    Pem,
    /// One certificate in DER, or one key.
    Der,
    /// A PKCS#7 certificate bundle.
    P7b,
    /// One private key as PKCS#8.
    Pkcs8,
    /// One RSA private key as PKCS#1.
    Pkcs1,
    /// One EC private key as SEC1.
    Sec1,
    /// The connector JSON.
    Json,
}

impl Target {
    /// Every target, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 10] = [
        ("pfx", Self::Pfx),
        ("jks", Self::Jks),
        ("jceks", Self::Jceks),
        ("pem", Self::Pem),
        ("der", Self::Der),
        ("p7b", Self::P7b),
        ("pkcs8", Self::Pkcs8),
        ("pkcs1", Self::Pkcs1),
        ("sec1", Self::Sec1),
        ("json", Self::Json),
    ];

    /// Its name in messages.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Pfx => "PKCS#12 store",
            Self::Jks => "JKS key store",
            Self::Jceks => "JCEKS key store",
            Self::Pem => "PEM file",
            Self::Der => "DER file",
            Self::P7b => "PKCS#7 bundle",
            Self::Pkcs8 => "PKCS#8 file",
            Self::Pkcs1 => "PKCS#1 file",
            Self::Sec1 => "SEC1 file",
            Self::Json => "connector JSON",
        }
    }

    /// Whether it is a store, which cannot be without a password.
    #[must_use]
    pub fn is_store(self) -> bool {
        matches!(self, Self::Pfx | Self::Jks | Self::Jceks)
    }

    /// Whether a private key in it can be encrypted.
    #[must_use]
    pub fn takes_password(self) -> bool {
        self.is_store() || matches!(self, Self::Pem | Self::Der | Self::Pkcs8)
    }

    /// Whether it can be text (PEM) or binary (DER).
    #[must_use]
    pub fn has_two_encodings(self) -> bool {
        matches!(self, Self::P7b | Self::Pkcs8 | Self::Pkcs1 | Self::Sec1)
    }
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--to", word, &Self::ALL)
    }
}
