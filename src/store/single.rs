//! Files that hold one DER structure: a key or a certificate.

use super::{
    Content, Entry, Format, Key, Store, Unlock,
    detect::Kind,
    loose::{Loose, LooseKey},
};
use crate::{
    cert::Certificate,
    error::Result,
    key::{PrivateKey, encoding},
    limits::WorkBudget,
};

pub(super) fn certificate(octets: &[u8]) -> Result<Store> {
    let content = Content::Certificate { certificate: Certificate::from_der(octets)?, trusted: false };
    Ok(holding(Format::Certificate, content))
}

pub(super) fn public_key(octets: &[u8]) -> Result<Store> {
    Ok(holding(Format::PublicKey, Content::PublicKey(encoding::public_from_spki(octets)?)))
}

pub(super) fn pkcs8(octets: &[u8]) -> Result<Store> {
    encoding::private_from_pkcs8(octets).map(|key| of_key(Format::Pkcs8, key))
}

pub(super) fn pkcs1(octets: &[u8]) -> Result<Store> {
    encoding::private_from_pkcs1(octets).map(|key| of_key(Format::Pkcs1, key))
}

pub(super) fn sec1(octets: &[u8]) -> Result<Store> {
    encoding::private_from_sec1(octets).map(|key| of_key(Format::Sec1, key))
}

pub(super) fn encrypted_pkcs8(octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let mut store = Store::new(Format::EncryptedPkcs8);
    let mut loose = Loose::default();
    let key = loose.open_encrypted(octets, unlock, budget)?;
    loose.keys.push(LooseKey { key, alias: None, tie: None });
    loose.require_right_password()?;
    loose.assemble(&mut store)?;
    Ok(store)
}

/// A structure that is listed, or read as it is inside PEM.
pub(super) fn other(kind: Kind, octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let mut store = Store::new(match kind {
        Kind::CertificateRequest => Format::CertificateRequest,
        Kind::Crl => Format::Crl,
        Kind::Dsa => Format::Dsa,
        _ => Format::PublicKey,
    });
    let mut loose = Loose::default();
    loose.add_structure(kind, octets, unlock, budget)?;
    loose.assemble(&mut store)?;
    Ok(store)
}

fn of_key(format: Format, key: PrivateKey) -> Store {
    holding(format, Content::Key { key: Key::Open(key), chain: Vec::new() })
}

fn holding(format: Format, content: Content) -> Store {
    let mut store = Store::new(format);
    store.entries.push(Entry { alias: None, content });
    store
}
