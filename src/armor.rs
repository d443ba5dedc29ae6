//! PEM armour (RFC 7468): text around DER. Written strictly, read as leniently as OpenSSL does.

use der::pem::{LineEnding, encode_string};
use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    limits,
    secret::SecretBytes,
};

/// One armoured block.
pub(crate) struct Block {
    /// The words between `BEGIN` and the dashes, such as `CERTIFICATE`.
    pub(crate) label: String,
    /// What the base64 encodes.
    pub(crate) der: SecretBytes,
    /// The value of `DEK-Info` where the block is encrypted in OpenSSL's traditional way.
    pub(crate) dek_info: Option<String>,
}

/// Finds every block in a text; octets around them are skipped, as OpenSSL skips them.
///
/// # Errors
/// [`Error::Damaged`] where a block is cut off or holds no base64. No block at all is no error.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<Block>> {
    let damaged = |detail: String| Error::damaged("PEM", detail);
    let blocks = pem::parse_many(text).map_err(|error| damaged(plain_reason(&error)))?;
    let begun = count(text, b"-----BEGIN ");
    if begun > blocks.len() {
        return Err(damaged(format!(
            "{begun} blocks begin and {} are whole; each \"-----BEGIN X-----\" needs its \"-----END X-----\"",
            blocks.len()
        )));
    }
    if blocks.len() > limits::ENTRIES {
        return Err(Error::TooMany { what: "PEM blocks", limit: limits::ENTRIES });
    }
    Ok(blocks
        .into_iter()
        .map(|block| Block {
            label: block.tag().to_owned(),
            dek_info: block.headers().get("DEK-Info").map(str::to_owned),
            der: SecretBytes::new(block.into_contents()),
        })
        .collect())
}

/// Canonical PEM: 64 columns, LF, one final newline.
///
/// # Errors
/// [`Error::Internal`] only.
pub(crate) fn encode(label: &str, der: &[u8]) -> Result<Zeroizing<String>> {
    encode_string(label, LineEnding::LF, der)
        .map(Zeroizing::new)
        .map_err(|error| Error::Internal(format!("encoding PEM failed: {error}")))
}

fn count(text: &[u8], word: &[u8]) -> usize {
    let mut found = 0;
    let mut rest = text;
    while let Some(position) = rest.windows(word.len()).position(|window| window == word) {
        found += 1;
        rest = &rest[position + word.len()..];
    }
    found
}

fn plain_reason(error: &pem::PemError) -> String {
    match error {
        pem::PemError::MismatchedTags(begin, end) => {
            format!("a block begins as \"{begin}\" and ends as \"{end}\"")
        }
        pem::PemError::MissingEndTag => "a block has no \"-----END …-----\"".into(),
        pem::PemError::InvalidData(_) => "between BEGIN and END there is something other than base64".into(),
        _ => "the armour does not hold together".into(),
    }
}
