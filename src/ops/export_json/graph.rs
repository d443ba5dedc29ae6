//! A keyCredential of Microsoft Graph: the certificate as `PATCH /applications/{id}` and
//! `addKey` take it. Public.
//!
//! `customKeyIdentifier` is left out: Graph makes it the thumbprint, and Microsoft's own pages
//! disagree on how to write it (hexadecimal in one, base64 in another).

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

use super::Made;
use crate::{
    cert::Certificate,
    error::{Error, Result},
    secret::SecretBytes,
};

/// The longest `displayName` that Graph takes, in UTF-16 units, as .NET counts.
const LONGEST_NAME: usize = 90;

/// microsoft.graph.keyCredential, as far as a new one is given.
#[derive(Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::ops) struct KeyCredential {
    r#type: String,
    usage: String,
    /// DER in base64.
    key: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    display_name: String,
    start_date_time: String,
    end_date_time: String,
}

impl KeyCredential {
    pub(in crate::ops) fn of(certificate: &Certificate) -> Self {
        Self {
            r#type: "AsymmetricX509Cert".into(),
            usage: "Verify".into(),
            key: Base64::encode_string(certificate.der()),
            display_name: shortened(certificate.subject().to_string()),
            start_date_time: certificate.not_before().to_string(),
            end_date_time: certificate.not_after().to_string(),
        }
    }
}

pub(super) fn make(leaf: Certificate) -> Result<Made> {
    let mut text = serde_json::to_vec(&KeyCredential::of(&leaf))
        .map_err(|error| Error::Internal(format!("encoding JSON failed: {error}")))?;
    text.push(b'\n');
    let expected = leaf.clone();
    Ok(Made {
        leaf,
        contents: SecretBytes::new(text),
        proof: Box::new(move |octets| prove(octets, &expected)),
        warnings: Vec::new(),
    })
}

fn prove(octets: &[u8], expected: &Certificate) -> Result<()> {
    let found: KeyCredential = serde_json::from_slice(octets)
        .map_err(|error| Error::Internal(format!("it is no keyCredential: {error}")))?;
    let der = Base64::decode_vec(&found.key).unwrap_or_default();
    if Certificate::from_der(&der)? != *expected || found != KeyCredential::of(expected) {
        return Err(Error::Internal("it holds another certificate, name or date".into()));
    }
    Ok(())
}

/// A name that Graph takes; one that is too long ends in an ellipsis.
fn shortened(name: String) -> String {
    if name.encode_utf16().count() <= LONGEST_NAME {
        return name;
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < LONGEST_NAME
    };
    name.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_between_characters_at_90_units() {
        let units = |text: &str| text.encode_utf16().count();
        for (name, expected) in [("a", 90), ("ä", 90), ("🔑", 89)] {
            let short = shortened(name.repeat(200));
            assert_eq!(units(&short), expected, "{short}");
            assert!(short.ends_with('…') && short.starts_with(name));
        }
        for just_fits in ["a".repeat(90), "🔑".repeat(45), String::new()] {
            assert_eq!(shortened(just_fits.clone()), just_fits);
        }
        assert_eq!(units(&shortened("a".repeat(91))), 90);
    }
}
