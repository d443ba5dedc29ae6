//! Reading one structure in DER or BER, or one PEM block, of any kind, into the pieces of a file.

use super::{
    Key, Unlock,
    detect::{self, Kind},
    java,
    loose::{Loose, LooseKey},
    pkcs7, pkcs12,
};
use crate::{
    armor::Block,
    ber::{Reader, tag},
    cert::Certificate,
    error::{Error, Result},
    key::{PrivateKey, encoding, encrypted::EncryptedKey},
    limits::WorkBudget,
    pbe::{Spelling, Traditional},
    secret::Password,
};

impl Loose {
    /// Adds what a PEM block holds.
    ///
    /// # Errors
    /// As [`super::read`]; a block of an unknown kind is an opaque entry.
    pub(super) fn add_block(
        &mut self,
        block: &Block,
        unlock: &Unlock,
        budget: &mut WorkBudget,
    ) -> Result<()> {
        let (label, der) = (block.label.as_str(), block.der.expose());
        if let Some(dek_info) = &block.dek_info {
            let key = self.open_traditional(dek_info, der, unlock)?;
            return self.add_key(key, budget);
        }
        match (label, detect::block_kind(label, der)) {
            // Curve parameters that OpenSSL writes before an EC key, which names its curve itself.
            ("EC PARAMETERS", _) => {}
            // OpenSSL's own label: a certificate with trust settings behind it.
            ("TRUSTED CERTIFICATE", _) => {
                let certificate =
                    Reader::new(der, "TRUSTED CERTIFICATE").expect(tag::SEQUENCE, "a certificate")?;
                self.add_certificate(Certificate::from_der(certificate.raw)?);
            }
            (label, Kind::Unknown) => self.add_opaque(format!("PEM block \"{label}\""), der.len()),
            (_, kind) => self.add_structure(kind, der, unlock, budget)?,
        }
        Ok(())
    }

    /// Adds a structure of a known kind.
    ///
    /// # Errors
    /// As [`super::read`].
    pub(super) fn add_structure(
        &mut self,
        kind: Kind,
        der: &[u8],
        unlock: &Unlock,
        budget: &mut WorkBudget,
    ) -> Result<()> {
        match kind {
            Kind::Certificate => self.add_certificate(Certificate::from_der(der)?),
            Kind::Pkcs7 => pkcs7::read_into(self, der)?,
            Kind::PublicKey => self.add_public_key(encoding::public_from_spki(der)?),
            Kind::RsaPublicKey => self.add_public_key(encoding::public_from_pkcs1(der)?),
            // Stores in text: what certtool and Windows' certutil write, and secret stores keep.
            Kind::Pkcs12 => self.add_store(pkcs12::read(der, unlock, budget)?),
            Kind::Jks => self.add_store(java::read(der, java::Kind::Jks, unlock, budget)?),
            Kind::Jceks => self.add_store(java::read(der, java::Kind::Jceks, unlock, budget)?),
            Kind::EncryptedPkcs8 => {
                let key = self.open_encrypted(der, unlock, budget)?;
                self.keys.push(LooseKey { key, alias: None, tie: None });
            }
            Kind::Pkcs8 | Kind::Pkcs1 | Kind::Sec1 | Kind::Dsa => {
                let key = private_key(kind, der)?;
                return self.add_key(Key::Open(key), budget);
            }
            other => self.add_opaque(other.name().to_owned(), der.len()),
        }
        Ok(())
    }

    fn open_encrypted(&mut self, der: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Key> {
        let encrypted = EncryptedKey::read(der)?;
        let protection = encrypted.protection();
        self.protect(protection.clone());
        let Some(spellings) = key_spellings(unlock) else {
            return Ok(Key::Locked(protection));
        };
        match encrypted.open_with_any(&spellings, budget) {
            Ok(key) => Ok(Key::Open(key)),
            Err(Error::WrongPassword { .. }) => Ok(self.locked_out(protection)),
            Err(other) => Err(other),
        }
    }

    fn open_traditional(&mut self, dek_info: &str, octets: &[u8], unlock: &Unlock) -> Result<Key> {
        let scheme = Traditional::read(dek_info)?;
        self.protect(scheme.protection());
        let Some(spellings) = key_spellings(unlock) else {
            return Ok(Key::Locked(scheme.protection()));
        };
        for spelling in &spellings {
            let plain = scheme.decrypt(spelling, octets);
            match plain.and_then(|plain| private_key(detect::binary_kind(plain.expose()), plain.expose())) {
                Ok(key) => return Ok(Key::Open(key)),
                // Garbage that happened to have good padding is a wrong password still.
                Err(Error::Damaged { .. } | Error::WrongPassword { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(self.locked_out(scheme.protection()))
    }
}

/// A private key in one of the unencrypted forms.
fn private_key(kind: Kind, der: &[u8]) -> Result<PrivateKey> {
    match kind {
        Kind::Pkcs8 => encoding::private_from_pkcs8(der),
        Kind::Pkcs1 => encoding::private_from_pkcs1(der),
        Kind::Sec1 => encoding::private_from_sec1(der),
        Kind::Dsa => encoding::private_from_dsa(der),
        other => Err(Error::damaged("private key", format!("it is {}", other.describe()))),
    }
}

/// The spellings to try on an encrypted key; `None` where there is no password.
fn key_spellings(unlock: &Unlock) -> Option<Vec<Spelling>> {
    let passwords: Vec<&Password> = unlock.key_password.iter().chain(&unlock.password).collect();
    (!passwords.is_empty()).then(|| passwords.into_iter().flat_map(Spelling::candidates).collect())
}
