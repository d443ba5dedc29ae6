//! Writing the connector JSON: one object, `private_key` then `public_cert`, each canonical PEM.

use zeroize::Zeroizing;

use crate::{armor, cert::Certificate, error::Result, key::PrivateKey, secret::SecretBytes};

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
    // Room for everything, escapes included, so that growing leaves no copy of the key behind.
    let mut text = Zeroizing::new(String::with_capacity(2 * (key_pem.len() + certificates.len()) + 64));
    text.push_str("{\"private_key\":\"");
    push_escaped(&mut text, &key_pem);
    text.push_str("\",\"public_cert\":\"");
    push_escaped(&mut text, &certificates);
    text.push_str("\"}\n");
    Ok(SecretBytes::new(text.as_bytes().to_vec()))
}

/// PEM's alphabet needs one escape in JSON: the line break.
fn push_escaped(text: &mut String, pem: &str) {
    for c in pem.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            c => text.push(c),
        }
    }
}
