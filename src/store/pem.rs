//! PEM files: any number of keys and certificates in armour, in any order.

use std::collections::HashSet;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{
    Content, Entry, Format, Key, Store, Unlock,
    detect::{self, Kind},
    loose::Loose,
};
use crate::{
    armor,
    cert::Certificate,
    error::{Error, Result},
    key::{PrivateKey, encrypted},
    limits::{self, WorkBudget},
    secret::{Password, SecretBytes},
};

/// Reads every block of a PEM file (RFC 7468; text around the blocks, as in the output of
/// `openssl pkcs12`, is skipped).
///
/// # Errors
/// As [`super::read`].
pub(super) fn read(octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let armored = armor::decode(octets)?;
    let mut loose = Loose::default();
    let mut key_before = None;
    for block in &armored.blocks {
        let (keys, certificates) = (loose.keys.len(), loose.certificates.len());
        loose.add_block(block, unlock, budget)?;
        // A certificate right behind a key is the key's, where nothing else tells: so they are
        // written.
        if let Some(key) = key_before.take()
            && loose.certificates.len() > certificates
        {
            let tie = Some(usize::to_be_bytes(key).to_vec());
            loose.keys[key].tie.clone_from(&tie);
            loose.certificates[certificates].tie = tie;
        }
        key_before = (loose.keys.len() > keys).then_some(keys);
    }
    loose.require_right_password()?;
    // A broken block is named and passed over where the rest makes sense without it.
    if let Some(broken) = armored.broken.first()
        && (loose.keys.is_empty() || loose.certificates.is_empty())
    {
        return Err(broken.error());
    }
    for broken in &armored.broken {
        let what = format!("broken PEM block \"{}\": {}", broken.label, broken.detail);
        let content = Content::Opaque { what, octets: broken.octets };
        loose.others.push(Entry { alias: None, content });
    }
    let unknown = |block: &armor::Block| {
        block.dek_info.is_none() && detect::block_kind(&block.label, block.der.expose()) == Kind::Unknown
    };
    if armored.blocks.iter().all(unknown)
        && let Some(block) = armored.blocks.first()
    {
        return Err(Error::WrongKind {
            found: format!("PEM with a \"{}\" block", block.label),
            expected: "certificates and private keys",
            remedy: None,
        });
    }
    let mut store = Store::new(Format::Pem);
    if armored.mended {
        store.notes.push("its PEM was mended: line breaks, blanks or dashes in it are wrong".into());
    }
    loose.assemble(&mut store)?;
    Ok(store)
}

/// A private key as canonical PEM: PKCS#8, `BEGIN PRIVATE KEY` (RFC 7468 section 10).
///
/// # Errors
/// [`Error::Internal`] only.
pub fn private_key(key: &PrivateKey) -> Result<SecretBytes> {
    Ok(SecretBytes::new(armor::encode("PRIVATE KEY", key.pkcs8_der().expose())?.as_bytes().to_vec()))
}

/// How private keys in PEM are encrypted: PBES2 with AES-256.
pub struct Sealing<'a> {
    /// The password.
    pub password: &'a Password,
    /// Rounds of PBKDF2-HMAC-SHA256; without, [`encrypted::DEFAULT_ITERATIONS`], fewer where there
    /// are very many keys.
    pub iterations: Option<u32>,
}

impl Sealing<'_> {
    /// The rounds for each key, so that the whole file opens within the limit of work for one.
    fn iterations_for(&self, store: &Store) -> Result<u32> {
        let keys = store.key_count();
        let most = limits::WRITTEN_ROUNDS / keys.max(1) as u64;
        match self.iterations {
            None => Ok(u32::try_from(most).unwrap_or(u32::MAX).min(encrypted::DEFAULT_ITERATIONS)),
            Some(asked) if u64::from(asked) <= most => Ok(asked),
            Some(asked) => {
                let reason = format!("expected at most {most} for {keys} keys in one file");
                Err(Error::argument("--iterations", asked.to_string(), reason))
            }
        }
    }
}

/// Writes keys, each followed by its chain, then the certificates and public keys by themselves.
/// An issuer that stands in several chains is written once, behind the first.
///
/// # Errors
/// [`Error::Unwritable`] for an entry that PEM cannot hold, [`Error::BadArgument`] where its keys
/// together would cost more work than one file may, [`Error::Internal`].
pub fn write(store: &Store, sealing: Option<&Sealing<'_>>, rng: &mut dyn CryptoRng) -> Result<SecretBytes> {
    let iterations = match sealing {
        Some(sealing) => sealing.iterations_for(store)?,
        None => 0,
    };
    let mut blocks: Vec<Zeroizing<String>> = Vec::new();
    let mut issuers = HashSet::new();
    for entry in &store.entries {
        match &entry.content {
            Content::Key { key: Key::Open(key), chain } => {
                blocks.push(match sealing {
                    Some(Sealing { password, .. }) => {
                        let octets = encrypted::pkcs8(key, password, iterations, rng)?;
                        armor::encode("ENCRYPTED PRIVATE KEY", octets.expose())?
                    }
                    None => armor::encode("PRIVATE KEY", key.pkcs8_der().expose())?,
                });
                for (position, certificate) in chain.iter().enumerate() {
                    if position == 0 || issuers.insert(certificate.der()) {
                        blocks.push(armor::encode("CERTIFICATE", certificate.der())?);
                    }
                }
            }
            Content::Certificate { certificate, .. } => {
                if issuers.insert(certificate.der()) {
                    blocks.push(armor::encode("CERTIFICATE", certificate.der())?);
                }
            }
            Content::PublicKey(key) => blocks.push(armor::encode("PUBLIC KEY", key.spki_der())?),
            other => {
                let what = other.describe().to_owned();
                return Err(Error::Unwritable { what, target: "PEM file" });
            }
        }
    }
    // Room for everything, so that growing leaves no copy of a key behind.
    let mut text = Vec::with_capacity(blocks.iter().map(|block| block.len()).sum());
    blocks.iter().for_each(|block| text.extend_from_slice(block.as_bytes()));
    Ok(SecretBytes::new(text))
}

/// Certificates as canonical PEM, one block after the other (RFC 7468 section 5).
///
/// # Errors
/// [`Error::Internal`] only.
pub fn certificates<'a>(chain: impl IntoIterator<Item = &'a Certificate>) -> Result<String> {
    let mut text = String::new();
    for certificate in chain {
        text.push_str(&armor::encode("CERTIFICATE", certificate.der())?);
    }
    Ok(text)
}
