//! One line of base64 for places that take no line breaks.
//!
//! The alphabet is that of RFC 4648 section 4, with padding: `base64 -d`, .NET, Python and jq
//! decode no other by default. None of its 65 characters means anything to a shell's assignment,
//! a dotenv file or `docker run --env-file`, all of which split at the first `=` only.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    secret::SecretBytes,
};

/// The longest value of a secret in Azure Key Vault, in octets ("25 KB", read strictly).
const KEY_VAULT: usize = 25_000;

/// `prefix`, the octets in base64, one line end.
///
/// # Errors
/// [`Error::Internal`] only.
pub(super) fn write(prefix: &str, octets: &SecretBytes) -> Result<SecretBytes> {
    let length = Base64::encoded_len(octets.expose());
    let mut line = Zeroizing::new(vec![b'\n'; prefix.len() + length + 1]);
    line[..prefix.len()].copy_from_slice(prefix.as_bytes());
    Base64::encode(octets.expose(), &mut line[prefix.len()..][..length])
        .map_err(|error| Error::Internal(format!("encoding base64 failed: {error}")))?;
    Ok(SecretBytes::from(line))
}

/// What a line holds.
///
/// # Errors
/// [`Error::Internal`]: it is read only to prove what [`write()`] made.
pub(super) fn read(prefix: &str, line: &[u8]) -> Result<SecretBytes> {
    let base64 = line.strip_prefix(prefix.as_bytes()).and_then(|rest| rest.strip_suffix(b"\n"));
    let base64 = base64.and_then(|base64| std::str::from_utf8(base64).ok());
    let octets = base64.and_then(|base64| Base64::decode_vec(base64).ok());
    octets.map(SecretBytes::new).ok_or_else(|| Error::Internal("it is no line of base64".into()))
}

/// Where the line is too long for a place that it may be meant for.
pub(super) fn warnings(line: &SecretBytes) -> Vec<String> {
    if line.len() <= KEY_VAULT {
        return Vec::new();
    }
    vec![format!("the line has {} octets: a secret in Azure Key Vault takes 25 KB", line.len())]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_and_is_read_back() {
        for length in [0, 1, 2, 3, 57, 5000] {
            let octets = SecretBytes::new(vec![0xFB; length]);
            let line = write("NAME=", &octets).unwrap();
            assert!(line.expose().starts_with(b"NAME="));
            assert_eq!(line.expose().iter().position(|octet| *octet == b'\n'), Some(line.len() - 1));
            assert!(read("NAME=", line.expose()).unwrap().same_as(&octets));
            assert!(read("", line.expose()).is_err() && read("OTHER=", line.expose()).is_err());
            assert!(read("NAME=", &line.expose()[..line.len() - 1]).is_err());
        }
    }

    #[test]
    fn key_vault_takes_25_kilobytes() {
        assert_eq!(warnings(&SecretBytes::new(vec![b'A'; KEY_VAULT])), [""; 0]);
        assert!(warnings(&SecretBytes::new(vec![b'A'; KEY_VAULT + 1]))[0].contains("Key Vault"));
    }
}
