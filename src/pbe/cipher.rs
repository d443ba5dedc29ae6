//! The ciphers of password-based encryption: block ciphers in CBC mode with PKCS#7 padding,
//! and RC4.

use cbc::cipher::{
    BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit, KeyIvInit, StreamCipher, block_padding::Pkcs7,
};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// A cipher with its key size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128Cbc,
    Aes192Cbc,
    Aes256Cbc,
    DesCbc,
    TwoKeyTripleDesCbc,
    TripleDesCbc,
    /// RC2 with its key in octets and its effective key in bits (RFC 2268).
    Rc2Cbc {
        key_octets: usize,
        effective_bits: usize,
    },
    Rc4 {
        key_octets: usize,
    },
}

impl Cipher {
    pub(super) fn name(self) -> String {
        match self {
            Self::Aes128Cbc => "AES-128-CBC".into(),
            Self::Aes192Cbc => "AES-192-CBC".into(),
            Self::Aes256Cbc => "AES-256-CBC".into(),
            Self::DesCbc => "DES-CBC".into(),
            Self::TwoKeyTripleDesCbc => "2-key 3DES-CBC".into(),
            Self::TripleDesCbc => "3DES-CBC".into(),
            Self::Rc2Cbc { effective_bits, .. } => format!("RC2-{effective_bits}-CBC"),
            Self::Rc4 { key_octets } => format!("RC4-{}", key_octets * 8),
        }
    }

    pub(super) fn key_octets(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::TwoKeyTripleDesCbc => 16,
            Self::Aes192Cbc | Self::TripleDesCbc => 24,
            Self::Aes256Cbc => 32,
            Self::DesCbc => 8,
            Self::Rc2Cbc { key_octets, .. } | Self::Rc4 { key_octets } => key_octets,
        }
    }

    pub(super) fn iv_octets(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes192Cbc | Self::Aes256Cbc => 16,
            Self::Rc4 { .. } => 0,
            _ => 8,
        }
    }

    /// Decrypts; a padding that does not check out means a wrong key or damage.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let length = match self {
            Self::Aes128Cbc => padded(cbc::Decryptor::<aes::Aes128>::new_from_slices(key, iv), &mut buffer),
            Self::Aes192Cbc => padded(cbc::Decryptor::<aes::Aes192>::new_from_slices(key, iv), &mut buffer),
            Self::Aes256Cbc => padded(cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv), &mut buffer),
            Self::DesCbc => padded(cbc::Decryptor::<des::Des>::new_from_slices(key, iv), &mut buffer),
            Self::TwoKeyTripleDesCbc => {
                padded(cbc::Decryptor::<des::TdesEde2>::new_from_slices(key, iv), &mut buffer)
            }
            Self::TripleDesCbc => {
                padded(cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, iv), &mut buffer)
            }
            Self::Rc2Cbc { effective_bits, .. } => {
                let inner = rc2::Rc2::new_with_eff_key_len(key, effective_bits);
                padded(cbc::Decryptor::<rc2::Rc2>::inner_iv_slice_init(inner, iv), &mut buffer)
            }
            Self::Rc4 { .. } => {
                rc4::Rc4::new_from_slice(key).map_err(sizes)?.apply_keystream(&mut buffer);
                Ok(buffer.len())
            }
        }?;
        buffer.truncate(length);
        Ok(buffer)
    }

    /// Encrypts with one of the two ciphers that certkit writes.
    pub(super) fn encrypt(self, key: &[u8], iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Aes256Cbc => Ok(cbc::Encryptor::<aes::Aes256>::new_from_slices(key, iv)
                .map_err(sizes)?
                .encrypt_padded_vec::<Pkcs7>(plaintext)),
            Self::TripleDesCbc => Ok(cbc::Encryptor::<des::TdesEde3>::new_from_slices(key, iv)
                .map_err(sizes)?
                .encrypt_padded_vec::<Pkcs7>(plaintext)),
            other => Err(Error::Internal(format!("{} is only read, never written", other.name()))),
        }
    }
}

/// Decrypts in place; how many octets are left without the padding.
fn padded<D: BlockModeDecrypt, E>(decryptor: std::result::Result<D, E>, buffer: &mut [u8]) -> Result<usize> {
    decryptor
        .map_err(sizes)?
        .decrypt_padded::<Pkcs7>(buffer)
        .map(<[u8]>::len)
        .map_err(|_| Error::WrongPassword { certain: false })
}

/// Key and IV sizes come from the tables above or were checked when the scheme was read.
fn sizes<E>(_: E) -> Error {
    Error::Internal("a cipher refused its key or IV size".into())
}
