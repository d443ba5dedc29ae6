//! OpenSSL's traditional encryption of PEM blocks: `DEK-Info: CIPHER,IV` (RFC 1421 headers).

use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::{Protection, Spelling, cipher::Cipher};
use crate::{
    error::{Error, Result},
    secret::SecretBytes,
};

/// The encryption that a `DEK-Info` header states.
pub(crate) struct Traditional {
    cipher: Cipher,
    iv: Vec<u8>,
}

impl Traditional {
    /// Reads the header's value, such as `AES-256-CBC,0123…`.
    ///
    /// # Errors
    /// [`Error::UnsupportedAlgorithm`], [`Error::Damaged`].
    pub(crate) fn read(dek_info: &str) -> Result<Self> {
        let damaged = |detail: &str| Error::damaged("PEM", format!("DEK-Info: {detail}"));
        let (name, iv) = dek_info.split_once(',').ok_or_else(|| damaged("expected CIPHER,IV"))?;
        let cipher = match name.trim().to_ascii_uppercase().as_str() {
            "DES-CBC" => Cipher::DesCbc,
            "DES-EDE3-CBC" => Cipher::TripleDesCbc,
            "AES-128-CBC" => Cipher::Aes128Cbc,
            "AES-192-CBC" => Cipher::Aes192Cbc,
            "AES-256-CBC" => Cipher::Aes256Cbc,
            _ => {
                return Err(Error::UnsupportedAlgorithm {
                    role: "PEM encryption",
                    name: None,
                    oid: name.trim().chars().filter(char::is_ascii_graphic).take(40).collect(),
                });
            }
        };
        let digits = iv.trim().as_bytes();
        let nibble = |digit: u8| char::from(digit).to_digit(16).map(|n| n as u8);
        let iv: Option<Vec<u8>> =
            digits.chunks(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(*pair.get(1)?)?)).collect();
        let iv = iv
            .filter(|iv| iv.len() == cipher.iv_octets())
            .ok_or_else(|| damaged("the IV has a wrong length"))?;
        Ok(Self { cipher, iv })
    }

    pub(crate) fn protection(&self) -> Protection {
        Protection {
            algorithm: format!("OpenSSL traditional {}", self.cipher.name()),
            kdf: "EVP_BytesToKey-MD5".into(),
            iterations: 1,
        }
    }

    /// Decrypts with one spelling of the password.
    ///
    /// # Errors
    /// [`Error::WrongPassword`] (or damage).
    pub(crate) fn decrypt(&self, password: &Spelling, ciphertext: &[u8]) -> Result<SecretBytes> {
        // EVP_BytesToKey with MD5 and one round; the salt is the IV's first eight octets.
        let mut key = Zeroizing::new(Vec::with_capacity(48));
        let mut block = Zeroizing::new(Vec::with_capacity(16));
        while key.len() < self.cipher.key_octets() {
            let digest = Md5::new()
                .chain_update(&*block)
                .chain_update(&*password.text)
                .chain_update(&self.iv[..8])
                .finalize();
            block.clear();
            block.extend_from_slice(&digest);
            key.extend_from_slice(&block);
        }
        key.truncate(self.cipher.key_octets());
        self.cipher.decrypt(&key, &self.iv, ciphertext).map(SecretBytes::from)
    }
}
