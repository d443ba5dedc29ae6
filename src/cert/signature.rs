//! Whether one certificate signed another: asked where names alone do not tell issuers apart.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::Certificate;
use crate::{key::Algorithm, limits};

/// A digest by the last part of the names of RSA's and ECDSA's signature algorithms.
enum Hashed {
    Sha1(Vec<u8>),
    Sha256(Vec<u8>),
    Sha384(Vec<u8>),
    Sha512(Vec<u8>),
}

/// Whether `issuer`'s key made the signature on `subject` (RFC 5280 section 4.1.1.3). `None` for
/// algorithms that are not computed here: neither for nor against.
pub(super) fn signed_by(subject: &Certificate, issuer: &Certificate) -> Option<bool> {
    let (_, parsed) = X509Certificate::from_der(subject.der()).ok()?;
    let signed = parsed.tbs_certificate.as_ref();
    let signature: &[u8] = &parsed.signature_value.data;
    let key = issuer.public_key();
    let hashed = match subject.0.signature_algorithm.as_str() {
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => Hashed::Sha1(Sha1::digest(signed).to_vec()),
        "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => Hashed::Sha256(Sha256::digest(signed).to_vec()),
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => Hashed::Sha384(Sha384::digest(signed).to_vec()),
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => Hashed::Sha512(Sha512::digest(signed).to_vec()),
        _ => return None,
    };
    let rsa_signed = subject.0.signature_algorithm.starts_with("1.2.840.113549.1.1.");
    match key.algorithm() {
        // A signature of one kind was not made by a key of the other.
        Algorithm::Rsa(_) if !rsa_signed => Some(false),
        Algorithm::Ec(_) if rsa_signed => Some(false),
        Algorithm::Rsa(bits) if *bits <= limits::RSA_BITS => rsa_verifies(key.spki_der(), &hashed, signature),
        Algorithm::Ec(curve) => ec_verifies(curve, key.spki_der(), &hashed, signature),
        _ => None,
    }
}

/// Whether [`signed_by`] can tell of the certificate and its own key, if both are what they should be.
pub(super) fn is_computed(certificate: &Certificate) -> bool {
    const RSA: [&str; 4] = ["5", "11", "12", "13"];
    /// The largest modulus that the key's own type takes.
    const RSA_BITS: usize = 4096;
    let algorithm = certificate.0.signature_algorithm.as_str();
    match certificate.public_key().algorithm() {
        Algorithm::Rsa(bits) => {
            *bits <= RSA_BITS
                && algorithm.strip_prefix("1.2.840.113549.1.1.").is_some_and(|last| RSA.contains(&last))
        }
        Algorithm::Ec(curve) => {
            matches!(curve.as_ref(), "P-256" | "P-384") && algorithm.starts_with("1.2.840.10045.4.3.")
        }
        _ => false,
    }
}

fn rsa_verifies(spki: &[u8], hashed: &Hashed, signature: &[u8]) -> Option<bool> {
    use rsa::{Pkcs1v15Sign, RsaPublicKey, pkcs8::DecodePublicKey};
    let key = RsaPublicKey::from_public_key_der(spki).ok()?;
    let verifies = match hashed {
        Hashed::Sha1(digest) => key.verify(Pkcs1v15Sign::new::<Sha1>(), digest, signature),
        Hashed::Sha256(digest) => key.verify(Pkcs1v15Sign::new::<Sha256>(), digest, signature),
        Hashed::Sha384(digest) => key.verify(Pkcs1v15Sign::new::<Sha384>(), digest, signature),
        Hashed::Sha512(digest) => key.verify(Pkcs1v15Sign::new::<Sha512>(), digest, signature),
    };
    Some(verifies.is_ok())
}

fn ec_verifies(curve: &str, spki: &[u8], hashed: &Hashed, signature: &[u8]) -> Option<bool> {
    use p256::{ecdsa::signature::hazmat::PrehashVerifier, pkcs8::DecodePublicKey};
    let (Hashed::Sha1(digest) | Hashed::Sha256(digest) | Hashed::Sha384(digest) | Hashed::Sha512(digest)) =
        hashed;
    match curve {
        "P-256" => {
            let key = p256::ecdsa::VerifyingKey::from_public_key_der(spki).ok()?;
            let signature = p256::ecdsa::DerSignature::try_from(signature).ok()?;
            Some(key.verify_prehash(digest, &signature).is_ok())
        }
        "P-384" => {
            let key = p384::ecdsa::VerifyingKey::from_public_key_der(spki).ok()?;
            let signature = p384::ecdsa::DerSignature::try_from(signature).ok()?;
            // The curve's own arithmetic refuses digests shorter than half of its field.
            (digest.len() >= 24).then(|| key.verify_prehash(digest, &signature).is_ok())
        }
        _ => None,
    }
}
