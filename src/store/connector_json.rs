//! Writing the connector JSON: one object, `private_key` then `public_cert`, each canonical PEM.

use crate::{armor, cert::Certificate, error::Result, json, key::PrivateKey, secret::SecretBytes};

/// Writes the JSON: UTF-8, no byte order mark, one object with exactly two members in order, one
/// final newline after it. `chain` is the leaf, then whatever else is to stand in `public_cert`.
///
/// # Errors
/// [`crate::Error::Internal`] only.
pub fn write(key: &PrivateKey, chain: &[Certificate]) -> Result<SecretBytes> {
    let key_pem = armor::encode("PRIVATE KEY", key.pkcs8_der().expose())?;
    let mut certificates = String::new();
    for certificate in chain {
        certificates.push_str(&armor::encode("CERTIFICATE", certificate.der())?);
    }
    Ok(json::object(&[("private_key", &key_pem), ("public_cert", &certificates)]))
}
