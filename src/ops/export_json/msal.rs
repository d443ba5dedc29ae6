//! What MSAL takes for a certificate: one object for two libraries.
//!
//! MSAL for Python takes `private_key`, `thumbprint` and `public_certificate` as its
//! `client_credential`; MSAL for Node takes `privateKey`, `thumbprint`, `thumbprintSha256` and
//! `x5c` as its `clientCertificate`. Both pass over members that they do not know (MSAL for Python
//! 1.39.0, MSAL for Node 2.16.3, 3.8.9 and 7.2.1 were tried), so one file serves both, at the price
//! of holding the key twice.
//!
//! `thumbprint` is SHA-1: MSAL for Python needs it before 1.35.0, and with it 1.39.0 sends the whole
//! of `public_certificate`, without it the leaf alone; subject name and issuer authentication may
//! need the rest. MSAL for Node has `thumbprintSha256` beside it and prefers that.

use super::{Made, source::Credential};
use crate::{
    armor,
    cert::Certificate,
    error::{Error, Result},
    json::{self, Document},
    ops::{prove_certificates, prove_store},
    secret::SecretBytes,
    store::{Unlock, pem},
};

/// The members that hold the key, and those that hold the certificates: Python's, then Node's.
const KEYS: [&str; 2] = ["private_key", "privateKey"];
const CERTIFICATES: [&str; 2] = ["public_certificate", "x5c"];

pub(super) fn make(credential: &Credential) -> Result<Made> {
    let key_pem = armor::encode("PRIVATE KEY", credential.key.pkcs8_der().expose())?;
    let certificates = pem::certificates(&credential.chain)?;
    let fingerprints = credential.leaf().fingerprints();
    let (key, chain) = (credential.key.pkcs8_der().clone(), credential.chain.clone());
    Ok(Made {
        leaf: credential.leaf().clone(),
        contents: json::object(&[
            (KEYS[0], &key_pem),
            ("thumbprint", &fingerprints.sha1),
            (CERTIFICATES[0], &certificates),
            (KEYS[1], &key_pem),
            ("thumbprintSha256", &fingerprints.sha256),
            (CERTIFICATES[1], &certificates),
        ]),
        proof: Box::new(move |octets| prove(octets, &key, &chain)),
        warnings: Vec::new(),
    })
}

fn prove(octets: &[u8], key: &SecretBytes, chain: &[Certificate]) -> Result<()> {
    let not_json = |error: serde_json::Error| Error::Internal(format!("it is no JSON: {error}"));
    let document = Document::parse(octets).map_err(not_json)?;
    let member = |name: &str| {
        let text = document.value().get(name).and_then(serde_json::Value::as_str);
        text.ok_or_else(|| Error::Internal(format!("member {name} is missing")))
    };
    for name in KEYS {
        prove_store(member(name)?.as_bytes(), &Unlock::default(), None, key, &[])?;
    }
    for name in CERTIFICATES {
        prove_certificates(member(name)?.as_bytes(), chain)?;
    }
    let fingerprints = chain[0].fingerprints();
    if member("thumbprint")? != fingerprints.sha1 || member("thumbprintSha256")? != fingerprints.sha256 {
        return Err(Error::Internal("it holds another thumbprint".into()));
    }
    Ok(())
}
