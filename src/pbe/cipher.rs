//! The ciphers of password-based encryption: block ciphers in CBC mode with PKCS#7 padding,
//! and RC4.

use cbc::cipher::{
    BlockCipherDecrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit, KeyIvInit, StreamCipher,
    block_padding::Pkcs7,
};
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// A cipher with its key size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128Cbc,
    Aes192Cbc,
    Aes256Cbc,
    Aria128Cbc,
    Aria192Cbc,
    Aria256Cbc,
    BlowfishCbc {
        key_octets: usize,
    },
    Camellia128Cbc,
    Camellia192Cbc,
    Camellia256Cbc,
    /// CAST5 (RFC 2144) with its key in octets.
    Cast5Cbc {
        key_octets: usize,
    },
    DesCbc,
    IdeaCbc,
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
            Self::Aria128Cbc => "ARIA-128-CBC".into(),
            Self::Aria192Cbc => "ARIA-192-CBC".into(),
            Self::Aria256Cbc => "ARIA-256-CBC".into(),
            Self::BlowfishCbc { key_octets } => format!("Blowfish-{}-CBC", key_octets * 8),
            Self::Camellia128Cbc => "Camellia-128-CBC".into(),
            Self::Camellia192Cbc => "Camellia-192-CBC".into(),
            Self::Camellia256Cbc => "Camellia-256-CBC".into(),
            Self::Cast5Cbc { key_octets } => format!("CAST5-{}-CBC", key_octets * 8),
            Self::DesCbc => "DES-CBC".into(),
            Self::IdeaCbc => "IDEA-CBC".into(),
            Self::TwoKeyTripleDesCbc => "2-key 3DES-CBC".into(),
            Self::TripleDesCbc => "3DES-CBC".into(),
            Self::Rc2Cbc { effective_bits, .. } => format!("RC2-{effective_bits}-CBC"),
            Self::Rc4 { key_octets } => format!("RC4-{}", key_octets * 8),
        }
    }

    pub(super) fn key_octets(self) -> usize {
        match self {
            Self::DesCbc => 8,
            Self::Aes128Cbc
            | Self::Aria128Cbc
            | Self::Camellia128Cbc
            | Self::IdeaCbc
            | Self::TwoKeyTripleDesCbc => 16,
            Self::Aes192Cbc | Self::Aria192Cbc | Self::Camellia192Cbc | Self::TripleDesCbc => 24,
            Self::Aes256Cbc | Self::Aria256Cbc | Self::Camellia256Cbc => 32,
            Self::BlowfishCbc { key_octets }
            | Self::Cast5Cbc { key_octets }
            | Self::Rc2Cbc { key_octets, .. }
            | Self::Rc4 { key_octets } => key_octets,
        }
    }

    pub(super) fn iv_octets(self) -> usize {
        match self {
            Self::Aes128Cbc
            | Self::Aes192Cbc
            | Self::Aes256Cbc
            | Self::Aria128Cbc
            | Self::Aria192Cbc
            | Self::Aria256Cbc
            | Self::Camellia128Cbc
            | Self::Camellia192Cbc
            | Self::Camellia256Cbc => 16,
            Self::BlowfishCbc { .. }
            | Self::Cast5Cbc { .. }
            | Self::DesCbc
            | Self::IdeaCbc
            | Self::Rc2Cbc { .. }
            | Self::TripleDesCbc
            | Self::TwoKeyTripleDesCbc => 8,
            Self::Rc4 { .. } => 0,
        }
    }

    /// Decrypts; a padding that does not check out means a wrong key or damage.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let length = match self {
            Self::Aes128Cbc => cbc::<aes::Aes128>(key, iv, &mut buffer),
            Self::Aes192Cbc => cbc::<aes::Aes192>(key, iv, &mut buffer),
            Self::Aes256Cbc => cbc::<aes::Aes256>(key, iv, &mut buffer),
            Self::Aria128Cbc => cbc::<aria::Aria128>(key, iv, &mut buffer),
            Self::Aria192Cbc => cbc::<aria::Aria192>(key, iv, &mut buffer),
            Self::Aria256Cbc => cbc::<aria::Aria256>(key, iv, &mut buffer),
            Self::BlowfishCbc { .. } => cbc::<blowfish::Blowfish>(key, iv, &mut buffer),
            Self::Camellia128Cbc => cbc::<camellia::Camellia128>(key, iv, &mut buffer),
            Self::Camellia192Cbc => cbc::<camellia::Camellia192>(key, iv, &mut buffer),
            Self::Camellia256Cbc => cbc::<camellia::Camellia256>(key, iv, &mut buffer),
            Self::Cast5Cbc { .. } => cbc::<cast5::Cast5>(key, iv, &mut buffer),
            Self::DesCbc => cbc::<des::Des>(key, iv, &mut buffer),
            Self::IdeaCbc => cbc::<idea::Idea>(key, iv, &mut buffer),
            Self::TwoKeyTripleDesCbc => cbc::<des::TdesEde2>(key, iv, &mut buffer),
            Self::TripleDesCbc => cbc::<des::TdesEde3>(key, iv, &mut buffer),
            Self::Rc2Cbc { effective_bits, .. } => {
                let inner = rc2::Rc2::new_with_eff_key_len(key, effective_bits);
                unpadded(cbc::Decryptor::<rc2::Rc2>::inner_iv_slice_init(inner, iv), &mut buffer)
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

/// Decrypts in place in CBC mode; how many octets are left without the padding.
fn cbc<C: BlockCipherDecrypt + KeyInit>(key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Result<usize> {
    let cipher = C::new_from_slice(key).map_err(sizes)?;
    unpadded(cbc::Decryptor::<C>::inner_iv_slice_init(cipher, iv), buffer)
}

fn unpadded<D: BlockModeDecrypt, E>(
    decryptor: std::result::Result<D, E>,
    buffer: &mut [u8],
) -> Result<usize> {
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
