//! The connector JSON: one object, `private_key` then `public_cert`, each canonical PEM.

use serde_json::Value;

use super::{Format, Store, Unlock, loose::Loose};
use crate::{
    armor,
    cert::Certificate,
    error::{Error, Result},
    json::{self, Document},
    key::PrivateKey,
    limits::WorkBudget,
    secret::SecretBytes,
};

const STRUCTURE: &str = "connector JSON";

/// Writes the JSON: UTF-8, no byte order mark, one object with exactly two members in order, one
/// final newline after it. `chain` is the leaf, then whatever else is to stand in `public_cert`.
///
/// # Errors
/// [`Error::Internal`] only.
pub fn write(key: &PrivateKey, chain: &[Certificate]) -> Result<SecretBytes> {
    let key_pem = armor::encode("PRIVATE KEY", key.pkcs8_der().expose())?;
    let mut certificates = String::new();
    for certificate in chain {
        certificates.push_str(&armor::encode("CERTIFICATE", certificate.der())?);
    }
    Ok(json::object(&[("private_key", &key_pem), ("public_cert", &certificates)]))
}

/// Reads a connector JSON. Further members are let pass; so is a key in another PEM encoding.
///
/// # Errors
/// As [`super::read`]; [`Error::Damaged`] with line and column where it is not JSON.
pub(super) fn read(octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let document = Document::parse(text).map_err(|error| not_json(text, &error))?;
    read_document(document.value(), unlock, budget)
}

fn read_document(document: &Value, unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let Value::Object(members) = document else {
        return Err(Error::damaged(STRUCTURE, "expected one object, found another JSON value"));
    };
    let mut loose = Loose::default();
    for name in ["private_key", "public_cert"] {
        let text = match members.get(name) {
            Some(Value::String(text)) => text,
            Some(_) => return Err(Error::damaged(STRUCTURE, format!("member {name} is not a string"))),
            None => {
                let found: Vec<&str> = members.keys().map(String::as_str).take(8).collect();
                let detail = format!("member {name} is missing; found {}", found.join(", "));
                return Err(Error::damaged(STRUCTURE, detail));
            }
        };
        if text.contains("\\n") {
            let detail =
                format!("member {name} holds \"\\\\n\" where line breaks should be: they were escaped twice");
            return Err(Error::damaged(STRUCTURE, detail));
        }
        let blocks = armor::decode(text.as_bytes()).map_err(|error| match error {
            Error::Damaged { detail, .. } => Error::damaged(STRUCTURE, format!("member {name}: {detail}")),
            other => other,
        })?;
        if blocks.is_empty() {
            let detail = format!("member {name} holds no PEM block; expected \"-----BEGIN …-----\\n…\"");
            return Err(Error::damaged(STRUCTURE, detail));
        }
        for block in &blocks {
            let is_certificate = block.label.ends_with("CERTIFICATE");
            if is_certificate != (name == "public_cert") {
                let detail =
                    format!("member {name} holds a \"{}\" block; are the members swapped?", block.label);
                return Err(Error::damaged(STRUCTURE, detail));
            }
            loose.add_block(block, unlock, budget)?;
        }
    }
    let mut store = Store::new(Format::ConnectorJson);
    loose.assemble(&mut store)?;
    Ok(store)
}

fn not_json(text: &[u8], error: &serde_json::Error) -> Error {
    let place = format!("line {}, column {}", error.line(), error.column());
    let curly = ['\u{201c}', '\u{201d}', '\u{201e}'].iter().any(|quote| {
        let mut octets = [0; 4];
        let quote = quote.encode_utf8(&mut octets).as_bytes();
        text.windows(quote.len()).any(|window| window == quote)
    });
    let why =
        if curly { "typographic quotes (“ ”) stand where JSON needs \"" } else { "the syntax is broken" };
    Error::damaged(STRUCTURE, format!("not valid JSON at {place}: {why}"))
}
