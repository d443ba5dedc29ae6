//! Mending a connector JSON that was made by hand: only where its key and its certificate are known
//! beyond doubt.

use std::{collections::HashSet, fmt};

use super::{Subject, document::Value};
use crate::{
    cert::{
        Certificate,
        verify::{self, Fit, Seal},
    },
    key::PrivateKey,
    secret::SecretBytes,
    store::{Content, Key, Store, connector_json},
};

/// A connector JSON in canonical form, and what it holds.
pub struct Mended {
    /// The file's octets.
    pub json: SecretBytes,
    /// The certificate.
    pub certificate: Certificate,
}

/// Why a file is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A certificate's signature is not its key's.
    Altered,
    /// It holds several certificates over its key.
    Certificates,
    /// The key's own parts do not agree.
    DamagedKey,
    /// The key needs a password.
    Encrypted,
    /// It holds several keys.
    Keys,
    /// Key and certificate do not belong together, or it cannot be told.
    Misfit,
    /// A member holds an object or a list.
    Nested,
    /// It holds no certificate.
    NoCertificate,
    /// It holds no key.
    NoKey,
    /// It is not a connector JSON, however misspelt.
    NotConnector,
    /// A member stands there twice.
    Repeated,
    /// More than the object stands there.
    Several,
    /// Whether its certificate is as it was made cannot be told.
    Unproven,
    /// What it holds cannot be read.
    Unreadable,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Altered => "its certificate is damaged: the signature is not its key's",
            Self::Certificates => {
                "it holds several certificates over its key, and which one is meant is not clear"
            }
            Self::DamagedKey => "its private key is damaged",
            Self::Encrypted => "its private key is encrypted, and no password was given",
            Self::Keys => "it holds several private keys, and which one is meant is not clear",
            Self::Misfit => "its private key is not its certificate's",
            Self::Nested => "a member holds an object or a list, and what is in it would be lost",
            Self::NoCertificate => "it holds no certificate",
            Self::NoKey => "it holds no private key",
            Self::NotConnector => "it is no connector JSON",
            Self::Repeated => "a member stands there twice, and which one is meant is not clear",
            Self::Several => {
                "more than the object stands there, and what is meant is not clear"
            }
            Self::Unproven => "whether its certificate is as it was made cannot be told: its own key did not sign it, and it names no other",
            Self::Unreadable => "what it holds cannot be read",
        })
    }
}

impl Subject<'_> {
    /// The file as it should be.
    ///
    /// # Errors
    /// [`Obstacle`] where anything about its key and certificate is in doubt.
    pub fn mend(&self) -> Result<Mended, Obstacle> {
        if !self.is_connector() {
            return Err(Obstacle::NotConnector);
        }
        let document = self.document().ok_or(Obstacle::NotConnector)?;
        if document.has_another {
            return Err(Obstacle::Several);
        }
        if document.members.iter().any(|member| matches!(member.value, Value::Nested)) {
            return Err(Obstacle::Nested);
        }
        if self.repeated().next().is_some() {
            return Err(Obstacle::Repeated);
        }
        let store = self.store.as_ref().map_err(|_| Obstacle::Unreadable)?;
        let key = only_key(store)?;
        let mut seen = HashSet::new();
        let certificates = store.entries.iter().flat_map(|entry| entry.certificates());
        let distinct: Vec<_> = certificates.filter(|one| seen.insert(one.der())).collect();
        let (mut own, mut misfit) = (Vec::new(), Obstacle::NoCertificate);
        for certificate in distinct {
            match verify::fit(key, certificate) {
                Ok(Fit::Fits) => own.push(certificate),
                Ok(Fit::Differs | Fit::Unknown) => misfit = Obstacle::Misfit,
                Err(_) => return Err(Obstacle::DamagedKey),
            }
        }
        let certificate = match own[..] {
            [] => return Err(misfit),
            [certificate] => certificate,
            _ => return Err(Obstacle::Certificates),
        };
        match verify::seal(certificate) {
            Seal::Own | Seal::Foreign => {}
            Seal::Broken => return Err(Obstacle::Altered),
            Seal::Unknown | Seal::Unnamed => return Err(Obstacle::Unproven),
        }
        let json = connector_json::write(key, std::slice::from_ref(certificate));
        let json = json.map_err(|_| Obstacle::Unreadable)?;
        Ok(Mended { json, certificate: certificate.clone() })
    }
}

/// The one key of a store, however often it stands there.
fn only_key(store: &Store) -> Result<&PrivateKey, Obstacle> {
    let mut keys = store.entries.iter().filter_map(|entry| match &entry.content {
        Content::Key { key, .. } => Some(key),
        _ => None,
    });
    let key = match keys.next().ok_or(Obstacle::NoKey)? {
        Key::Open(key) => key,
        Key::Locked(_) => return Err(Obstacle::Encrypted),
    };
    let is_same =
        |other: &Key| matches!(other, Key::Open(other) if other.pkcs8_der().same_as(key.pkcs8_der()));
    if keys.all(is_same) { Ok(key) } else { Err(Obstacle::Keys) }
}
