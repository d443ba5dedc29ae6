//! Mending a connector JSON that was made by hand: only where its key and its certificate are known
//! beyond doubt.

use std::{collections::HashSet, fmt};

use super::Subject;
use crate::{
    cert::{
        Certificate,
        verify::{self, Fit},
    },
    secret::SecretBytes,
    store::{Content, Key, connector_json},
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
    /// It holds no certificate.
    NoCertificate,
    /// It holds no key.
    NoKey,
    /// It is not a connector JSON, however misspelt.
    NotConnector,
    /// A member stands there twice.
    Repeated,
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
            Self::NoCertificate => "it holds no certificate",
            Self::NoKey => "it holds no private key",
            Self::NotConnector => "it is no connector JSON",
            Self::Repeated => "a member stands there twice, and which one is meant is not clear",
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
        if self.repeated().next().is_some() {
            return Err(Obstacle::Repeated);
        }
        let store = self.store.as_ref().map_err(|_| Obstacle::Unreadable)?;
        let mut keys = store.entries.iter().filter_map(|entry| match &entry.content {
            Content::Key { key, .. } => Some(key),
            _ => None,
        });
        let key = match (keys.next(), keys.next()) {
            (None, _) => return Err(Obstacle::NoKey),
            (Some(_), Some(_)) => return Err(Obstacle::Keys),
            (Some(Key::Locked(_)), None) => return Err(Obstacle::Encrypted),
            (Some(Key::Open(key)), None) => key,
        };
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
        if certificate.is_self_issued() && verify::is_signed_by_itself(certificate) == Some(false) {
            return Err(Obstacle::Altered);
        }
        let json = connector_json::write(key, std::slice::from_ref(certificate));
        let json = json.map_err(|_| Obstacle::Unreadable)?;
        Ok(Mended { json, certificate: certificate.clone() })
    }
}
