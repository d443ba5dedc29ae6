//! Sun's own protection of a JKS: a stream cipher and a digest, both SHA-1 over the password.

use const_oid::ObjectIdentifier;
use rand_core::CryptoRng;
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    ber::{Reader, tag},
    error::{Error, Result},
    key::{PrivateKey, encoding},
    pbe::Protection,
    secret::Password,
};

const STRUCTURE: &str = "JKS key store";
const WHITENER: &[u8] = b"Mighty Aphrodite";
const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.17.1.1");

/// Octets of the digest, of a salt, and of a block of the key stream.
pub(super) const DIGEST_OCTETS: usize = 20;

/// The digest that ends a JKS or JCEKS: SHA-1 over password, a fixed phrase and the file.
pub(super) fn integrity(password: &Password, body: &[u8]) -> [u8; DIGEST_OCTETS] {
    Sha1::new().chain_update(&*utf16(password)).chain_update(WHITENER).chain_update(body).finalize().into()
}

/// Whether an EncryptedPrivateKeyInfo is protected in this way.
pub(super) fn is_used_by(protected: &[u8]) -> bool {
    let algorithm = Reader::new(protected, STRUCTURE)
        .sequence("an EncryptedPrivateKeyInfo")
        .and_then(|mut fields| fields.sequence("a key protector")?.oid("a key protector"));
    algorithm.is_ok_and(|oid| oid == OID)
}

/// The protection in words.
pub(super) fn protection() -> Protection {
    Protection { algorithm: "Sun JKS key protector".into(), kdf: "SHA1 key stream".into(), iterations: 1 }
}

/// Opens a protected key; `None` where the password is not its own.
///
/// The plaintext is XORed with a key stream whose blocks are SHA-1 of the password and the block
/// before, beginning with the salt; SHA-1 of password and plaintext stands behind it.
pub(super) fn unprotect(protected: &[u8], password: &Password) -> Result<Option<PrivateKey>> {
    let mut fields = Reader::new(protected, STRUCTURE).sequence("an EncryptedPrivateKeyInfo")?;
    fields.sequence("a key protector")?;
    let octets = fields.expect(tag::OCTET_STRING, "a protected key")?.octets()?;
    if octets.len() < 2 * DIGEST_OCTETS {
        return Err(Error::damaged(STRUCTURE, "a protected key that is too short"));
    }
    let (salt, rest) = octets.split_at(DIGEST_OCTETS);
    let (ciphertext, check) = rest.split_at(rest.len() - DIGEST_OCTETS);
    let password = utf16(password);
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    apply_stream(&password, salt, &mut plain);
    let expected = Sha1::new().chain_update(&*password).chain_update(&*plain).finalize();
    if !bool::from(expected.as_slice().ct_eq(check)) {
        return Ok(None);
    }
    encoding::private_from_pkcs8(&plain).map(Some)
}

/// Protects a key: an EncryptedPrivateKeyInfo in DER.
pub(super) fn protect(key: &PrivateKey, password: &Password, rng: &mut dyn CryptoRng) -> Result<Vec<u8>> {
    use der::{Any, Encode, asn1::OctetString};
    let password = utf16(password);
    let plain = key.pkcs8_der().expose();
    let check = Sha1::new().chain_update(&*password).chain_update(plain).finalize();
    let mut octets = Zeroizing::new(Vec::with_capacity(plain.len() + 2 * DIGEST_OCTETS));
    octets.resize(DIGEST_OCTETS, 0);
    rng.fill_bytes(&mut octets);
    octets.extend_from_slice(plain);
    let (salt, body) = octets.split_at_mut(DIGEST_OCTETS);
    apply_stream(&password, salt, body);
    octets.extend_from_slice(&check);
    let internal = |error: der::Error| Error::Internal(format!("encoding a protected key failed: {error}"));
    let info = pkcs12::pbe_params::EncryptedPrivateKeyInfo {
        encryption_algorithm: pkcs8::spki::AlgorithmIdentifierOwned {
            oid: OID,
            parameters: Some(Any::null()),
        },
        encrypted_data: OctetString::new(octets.as_slice()).map_err(internal)?,
    };
    info.to_der().map_err(internal)
}

fn apply_stream(password: &[u8], salt: &[u8], octets: &mut [u8]) {
    let mut block = Zeroizing::new([0; DIGEST_OCTETS]);
    block.copy_from_slice(salt);
    for chunk in octets.chunks_mut(DIGEST_OCTETS) {
        *block = Sha1::new().chain_update(password).chain_update(*block).finalize().into();
        chunk.iter_mut().zip(block.iter()).for_each(|(octet, key)| *octet ^= key);
    }
}

/// A password as big-endian UTF-16, without a terminator.
fn utf16(password: &Password) -> Zeroizing<Vec<u8>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * password.expose().len()));
    octets.extend(password.expose().encode_utf16().flat_map(u16::to_be_bytes));
    octets
}
