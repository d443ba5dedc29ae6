//! Elliptic-curve keys on P-256 and P-384: making them, and the public half of a private one.

use der::asn1::BitString;
use p256::elliptic_curve::Generate;
use pkcs8::{EncodePrivateKey, SecretDocument};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// A new key on P-256, as PKCS#8.
pub(super) fn generate_p256(rng: &mut dyn CryptoRng) -> Result<SecretDocument> {
    encode(&p256::SecretKey::generate_from_rng(rng))
}

/// A new key on P-384, as PKCS#8.
pub(super) fn generate_p384(rng: &mut dyn CryptoRng) -> Result<SecretDocument> {
    encode(&p384::SecretKey::generate_from_rng(rng))
}

fn encode(key: &impl EncodePrivateKey) -> Result<SecretDocument> {
    key.to_pkcs8_der().map_err(|error| Error::Internal(format!("encoding an EC key failed: {error}")))
}

/// The uncompressed public point of a private scalar; `None` on other curves.
///
/// # Errors
/// [`Error::Damaged`] for a scalar outside the curve's order.
pub(super) fn public_point(curve: &str, scalar: &[u8]) -> Result<Option<BitString>> {
    let out_of_range = |_| Error::damaged("EC private key", "the private scalar is not one of its curve");
    let point = match curve {
        "P-256" => {
            let key = p256::SecretKey::from_slice(&padded::<32>(scalar)?[..]).map_err(out_of_range)?;
            key.public_key().to_sec1_bytes()
        }
        "P-384" => {
            let key = p384::SecretKey::from_slice(&padded::<48>(scalar)?[..]).map_err(out_of_range)?;
            key.public_key().to_sec1_bytes()
        }
        _ => return Ok(None),
    };
    BitString::from_bytes(&point)
        .map(Some)
        .map_err(|error| Error::Internal(format!("encoding an EC point failed: {error}")))
}

/// What tells a public point apart, however it is encoded (SEC 1 section 2.3.3): its x coordinate
/// and the parity of y. `None` for a form that is none of the standard's.
pub(super) fn point_identity(point: &[u8]) -> Option<(&[u8], u8)> {
    let (form, coordinates) = point.split_first()?;
    match form {
        2 | 3 if !coordinates.is_empty() => Some((coordinates, form & 1)),
        // 6 and 7 are the hybrid form: both at once.
        4 | 6 | 7 if !coordinates.is_empty() && coordinates.len().is_multiple_of(2) => {
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            Some((x, y.last()? & 1))
        }
        _ => None,
    }
}

/// The scalar at the curve's full length: some tools drop leading zeros.
pub(super) fn padded<const N: usize>(scalar: &[u8]) -> Result<Zeroizing<[u8; N]>> {
    let significant = crate::ber::magnitude(scalar);
    let mut full = Zeroizing::new([0; N]);
    let start = N.checked_sub(significant.len()).ok_or_else(|| {
        Error::damaged(
            "EC private key",
            format!("a scalar of {} octets; the curve has {N}", significant.len()),
        )
    })?;
    full[start..].copy_from_slice(significant);
    Ok(full)
}

/// The name of a named curve.
pub(super) fn curve_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "1.2.840.10045.3.1.1" => "P-192",
        "1.3.132.0.33" => "P-224",
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        "1.3.132.0.10" => "secp256k1",
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.11" => "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.13" => "brainpoolP512r1",
        _ => return None,
    })
}
