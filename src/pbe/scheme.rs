//! An encryption scheme: a key derivation and a cipher, as one AlgorithmIdentifier states them.

use const_oid::ObjectIdentifier;
use der::asn1::OctetString;
use pkcs8::spki::AlgorithmIdentifierOwned;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{
    Hash, Protection, Spelling,
    cipher::Cipher,
    kdf::{Kdf, Purpose, encoding, identifier, salt_and_iterations},
};
use crate::{
    ber::{Element, tag},
    error::{Error, Result},
    limits::WorkBudget,
    secret::SecretBytes,
};

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
const RC2_CBC: &str = "1.2.840.113549.3.2";
const SUN_TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.19.1");
/// What schemes of Sun's JCE provider are called in reports.
const SUN: &str = "PBEWithMD5AndTripleDES";
const SHA1_3DES: ObjectIdentifier = pkcs12::PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC;

/// Octets of salt written: 128 bits, as NIST SP 800-132 section 5.1 asks.
const SALT_OCTETS: usize = 16;

/// Octets of salt that Sun's scheme takes: one half for each half of the key material.
const SUN_SALT_OCTETS: usize = 8;

/// How certkit encrypts what it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256.
    Aes256,
    /// pbeWithSHAAnd3-KeyTripleDES-CBC, for systems that know nothing newer.
    TripleDes,
    /// PBEWithMD5AndTripleDES of Sun's JCE provider, in which a JCEKS keeps its private keys.
    SunTripleDes,
}

/// A password-based encryption scheme with its parameters.
pub(crate) struct Scheme {
    family: &'static str,
    kdf: Kdf,
    cipher: Cipher,
    /// PBES2 states its IV; the older schemes derive it from the password.
    iv: Option<Vec<u8>>,
}

impl Scheme {
    /// Reads an encryptionAlgorithm.
    ///
    /// # Errors
    /// [`Error::UnsupportedAlgorithm`] with name and OID, [`Error::Damaged`].
    pub(crate) fn read(algorithm: Element<'_>) -> Result<Self> {
        let mut fields = algorithm.children()?;
        let oid = fields.oid("an encryption algorithm")?;
        if oid == PBES2 {
            return Self::read_pbes2(fields.expect(tag::SEQUENCE, "PBES2 parameters")?);
        }
        let Some((family, hash, cipher)) = older_scheme(oid) else {
            return Err(unsupported(oid));
        };
        let (salt, iterations) = salt_and_iterations(fields.expect(tag::SEQUENCE, "scheme parameters")?)?;
        let kdf = match family {
            "PBES1" => Kdf::Pbkdf1 { hash, salt, iterations },
            SUN => Kdf::Sun { salt, iterations },
            _ => Kdf::Pkcs12 { hash, salt, iterations },
        };
        Ok(Self { family, kdf, cipher, iv: None })
    }

    /// ```text
    /// PBES2-params ::= SEQUENCE {
    ///     keyDerivationFunc AlgorithmIdentifier {{PBES2-KDFs}},
    ///     encryptionScheme  AlgorithmIdentifier {{PBES2-Encs}} }
    /// ```
    fn read_pbes2(parameters: Element<'_>) -> Result<Self> {
        let mut fields = parameters.children()?;
        let kdf = Kdf::read(fields.expect(tag::SEQUENCE, "a key derivation function")?)?;
        let mut encryption = fields.sequence("an encryption scheme")?;
        let oid = encryption.oid("a cipher")?;
        let stated = match &kdf {
            Kdf::Pbkdf2 { key_octets, .. } => *key_octets,
            _ => None,
        };
        let (cipher, iv) = match oid.to_string().as_str() {
            "2.16.840.1.101.3.4.1.2" => (Cipher::Aes128Cbc, None),
            "2.16.840.1.101.3.4.1.22" => (Cipher::Aes192Cbc, None),
            "2.16.840.1.101.3.4.1.42" => (Cipher::Aes256Cbc, None),
            "1.2.410.200046.1.1.2" => (Cipher::Aria128Cbc, None),
            "1.2.410.200046.1.1.7" => (Cipher::Aria192Cbc, None),
            "1.2.410.200046.1.1.12" => (Cipher::Aria256Cbc, None),
            "1.2.392.200011.61.1.1.1.2" => (Cipher::Camellia128Cbc, None),
            "1.2.392.200011.61.1.1.1.3" => (Cipher::Camellia192Cbc, None),
            "1.2.392.200011.61.1.1.1.4" => (Cipher::Camellia256Cbc, None),
            // Both take keys of many lengths; OpenSSL's default is 16 octets.
            "1.3.6.1.4.1.3029.1.2" => {
                (Cipher::BlowfishCbc { key_octets: within(stated.unwrap_or(16), 4, 56)? }, None)
            }
            "1.2.840.113533.7.66.10" => {
                let (key_octets, iv) = read_cast5(encryption.next()?, stated)?;
                (Cipher::Cast5Cbc { key_octets }, Some(iv))
            }
            "1.3.6.1.4.1.188.7.1.1.2" => (Cipher::IdeaCbc, None),
            "1.3.14.3.2.7" => (Cipher::DesCbc, None),
            "1.2.840.113549.3.7" => (Cipher::TripleDesCbc, None),
            RC2_CBC => {
                let (cipher, iv) = read_rc2(encryption.next()?, stated)?;
                (cipher, Some(iv))
            }
            _ => return Err(unsupported(oid)),
        };
        let iv = match iv {
            Some(iv) => iv,
            // RFC 3058 puts IDEA's IV into a SEQUENCE of its own.
            None if encryption.peek() == Some(tag::SEQUENCE) => {
                encryption.sequence("an IV")?.expect(tag::OCTET_STRING, "an IV")?.octets()?.into_owned()
            }
            None => encryption.expect(tag::OCTET_STRING, "an IV")?.octets()?.into_owned(),
        };
        if let Some(stated) = stated
            && stated != cipher.key_octets()
        {
            return Err(Error::damaged(
                "password-based encryption",
                format!(
                    "a stated key length that is not {}'s, {} octets",
                    cipher.name(),
                    cipher.key_octets()
                ),
            ));
        }
        if iv.len() != cipher.iv_octets() {
            return Err(Error::damaged(
                "password-based encryption",
                format!("an IV of {} octets; {} needs {}", iv.len(), cipher.name(), cipher.iv_octets()),
            ));
        }
        Ok(Self { family: "PBES2", kdf, cipher, iv: Some(iv) })
    }

    /// The scheme in words.
    pub(crate) fn protection(&self) -> Protection {
        self.kdf.protection(format!("{} {}", self.family, self.cipher.name()))
    }

    /// The work of opening what it encrypts with one spelling of the password.
    pub(crate) fn work(&self) -> u64 {
        let (key, iv) = (self.cipher.key_octets(), self.cipher.iv_octets());
        match (&self.kdf, &self.iv) {
            (kdf @ (Kdf::Pbkdf1 { .. } | Kdf::Sun { .. }), None) => kdf.work(key + iv),
            (kdf, None) => kdf.work(key).saturating_add(kdf.work(iv)),
            (kdf, Some(_)) => kdf.work(key),
        }
    }

    /// Decrypts with one spelling of the password.
    ///
    /// # Errors
    /// [`Error::WrongPassword`] (or damage: the scheme cannot tell), [`Error::KdfTooCostly`].
    pub(crate) fn decrypt(
        &self,
        password: &Spelling,
        ciphertext: &[u8],
        budget: &mut WorkBudget,
    ) -> Result<SecretBytes> {
        let key_octets = self.cipher.key_octets();
        let (key, iv) = match (&self.kdf, &self.iv) {
            // PBES1 derives key and IV as one string of 16 octets (RFC 8018 section 6.1), Sun's
            // scheme as one of 32.
            (Kdf::Pbkdf1 { .. } | Kdf::Sun { .. }, None) => self.key_and_iv(password, budget)?,
            (kdf, None) => (
                kdf.derive(password, Purpose::Key, key_octets, budget)?,
                kdf.derive(password, Purpose::Iv, self.cipher.iv_octets(), budget)?.to_vec(),
            ),
            (kdf, Some(iv)) => (kdf.derive(password, Purpose::Key, key_octets, budget)?, iv.clone()),
        };
        // Measured with 3DES, the slowest: 0.07 µs an octet. A large file is decrypted once for each
        // spelling of its password.
        budget.spend(ciphertext.len() as u64 / 2)?;
        self.cipher.decrypt(&key, &iv, ciphertext).map(SecretBytes::from)
    }

    /// Key and IV where both are one string.
    fn key_and_iv(
        &self,
        password: &Spelling,
        budget: &mut WorkBudget,
    ) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>)> {
        // PBES1's RC2 and DES have keys of 8 octets whatever else the cipher could take.
        let key_octets = self.cipher.key_octets();
        let length = key_octets + self.cipher.iv_octets();
        let mut both = self.kdf.derive(password, Purpose::Key, length, budget)?;
        let iv = both.split_off(key_octets);
        Ok((both, iv))
    }

    /// Encrypts `plaintext`; the AlgorithmIdentifier and the ciphertext.
    pub(crate) fn encrypt(
        encryption: Encryption,
        password: &Spelling,
        iterations: u32,
        plaintext: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<(AlgorithmIdentifierOwned, Vec<u8>)> {
        let mut budget = WorkBudget::new(u64::MAX);
        let mut salt = vec![0; SALT_OCTETS];
        rng.fill_bytes(&mut salt);
        match encryption {
            Encryption::Aes256 => {
                let cipher = Cipher::Aes256Cbc;
                let mut iv = vec![0; cipher.iv_octets()];
                rng.fill_bytes(&mut iv);
                let kdf = Kdf::Pbkdf2 {
                    prf: Hash::Sha256,
                    salt: salt.clone(),
                    iterations: iterations.into(),
                    key_octets: None,
                };
                let key = kdf.derive(password, Purpose::Key, cipher.key_octets(), &mut budget)?;
                let parameters = pkcs12::pbe_params::Pbes2Params {
                    kdf: Kdf::pbkdf2_identifier(Hash::Sha256, &salt, iterations)?,
                    encryption: identifier(AES_256_CBC, &OctetString::new(&iv[..]).map_err(encoding)?)?,
                };
                Ok((identifier(PBES2, &parameters)?, cipher.encrypt(&key, &iv, plaintext)?))
            }
            Encryption::TripleDes => {
                let cipher = Cipher::TripleDesCbc;
                let kdf = Kdf::Pkcs12 { hash: Hash::Sha1, salt: salt.clone(), iterations: iterations.into() };
                let key = kdf.derive(password, Purpose::Key, cipher.key_octets(), &mut budget)?;
                let iv = kdf.derive(password, Purpose::Iv, cipher.iv_octets(), &mut budget)?;
                let parameters = pkcs12::pbe_params::Pkcs12PbeParams {
                    salt: OctetString::new(salt).map_err(encoding)?,
                    iterations: i32::try_from(iterations)
                        .map_err(|_| Error::Internal("iteration count over 2^31".into()))?,
                };
                Ok((identifier(SHA1_3DES, &parameters)?, cipher.encrypt(&key, &iv, plaintext)?))
            }
            Encryption::SunTripleDes => {
                salt.truncate(SUN_SALT_OCTETS);
                let kdf = Kdf::Sun { salt: salt.clone(), iterations: iterations.into() };
                let scheme = Self { family: SUN, kdf, cipher: Cipher::TripleDesCbc, iv: None };
                let (key, iv) = scheme.key_and_iv(password, &mut budget)?;
                let parameters = pkcs12::pbe_params::Pkcs12PbeParams {
                    salt: OctetString::new(salt).map_err(encoding)?,
                    iterations: i32::try_from(iterations)
                        .map_err(|_| Error::Internal("iteration count over 2^31".into()))?,
                };
                let identifier = identifier(SUN_TRIPLE_DES, &parameters)?;
                Ok((identifier, scheme.cipher.encrypt(&key, &iv, plaintext)?))
            }
        }
    }
}

/// PBES1 (RFC 8018 appendix A.3) and PKCS#12 (RFC 7292 appendix C) schemes by OID.
fn older_scheme(oid: ObjectIdentifier) -> Option<(&'static str, Hash, Cipher)> {
    const PBES1: &str = "PBES1";
    const PKCS12: &str = "PKCS12";
    let rc2 = |octets| Cipher::Rc2Cbc { key_octets: octets, effective_bits: octets * 8 };
    Some(match oid.to_string().as_str() {
        "1.2.840.113549.1.5.3" => (PBES1, Hash::Md5, Cipher::DesCbc),
        "1.2.840.113549.1.5.6" => (PBES1, Hash::Md5, rc2(8)),
        "1.2.840.113549.1.5.10" => (PBES1, Hash::Sha1, Cipher::DesCbc),
        "1.2.840.113549.1.5.11" => (PBES1, Hash::Sha1, rc2(8)),
        "1.3.6.1.4.1.42.2.19.1" => (SUN, Hash::Md5, Cipher::TripleDesCbc),
        "1.2.840.113549.1.12.1.1" => (PKCS12, Hash::Sha1, Cipher::Rc4 { key_octets: 16 }),
        "1.2.840.113549.1.12.1.2" => (PKCS12, Hash::Sha1, Cipher::Rc4 { key_octets: 5 }),
        "1.2.840.113549.1.12.1.3" => (PKCS12, Hash::Sha1, Cipher::TripleDesCbc),
        "1.2.840.113549.1.12.1.4" => (PKCS12, Hash::Sha1, Cipher::TwoKeyTripleDesCbc),
        "1.2.840.113549.1.12.1.5" => (PKCS12, Hash::Sha1, rc2(16)),
        "1.2.840.113549.1.12.1.6" => (PKCS12, Hash::Sha1, rc2(5)),
        _ => return None,
    })
}

/// ```text
/// RC2-CBC-Parameter ::= SEQUENCE { rc2ParameterVersion INTEGER OPTIONAL, iv OCTET STRING }
/// ```
/// The version encodes the effective key bits (RFC 2268 section 6); a missing one means 32.
fn read_rc2(parameters: Option<Element<'_>>, stated: Option<usize>) -> Result<(Cipher, Vec<u8>)> {
    let missing = || Error::damaged("password-based encryption", "RC2 without its parameters");
    let mut fields = parameters.ok_or_else(missing)?.children()?;
    let effective_bits = match fields.optional(tag::INTEGER)?.map(|version| version.unsigned()) {
        None => 32,
        Some(Some(160)) => 40,
        Some(Some(120)) => 64,
        Some(Some(58)) => 128,
        Some(Some(bits @ 256..=1024)) => bits as usize,
        Some(_) => {
            return Err(Error::UnsupportedAlgorithm {
                role: "encryption",
                name: Some("RC2 of an unusual effective key length"),
                oid: RC2_CBC.into(),
            });
        }
    };
    // OpenSSL derives as many key bits as are effective where no length is stated.
    let key_octets = within(stated.unwrap_or(effective_bits / 8), 1, 128)?;
    let iv = fields.expect(tag::OCTET_STRING, "an IV")?.octets()?.into_owned();
    Ok((Cipher::Rc2Cbc { key_octets, effective_bits }, iv))
}

/// ```text
/// CAST5CBCParameters ::= SEQUENCE { iv OCTET STRING DEFAULT 0, keyLength INTEGER }
/// ```
/// (RFC 2984). OpenSSL writes the IV alone, as for the other ciphers. The key's length, in octets
/// here and in bits there, is 16 octets where nothing states it.
fn read_cast5(parameters: Option<Element<'_>>, stated: Option<usize>) -> Result<(usize, Vec<u8>)> {
    let missing = || Error::damaged("password-based encryption", "CAST5 without its parameters");
    let parameters = parameters.ok_or_else(missing)?;
    if parameters.tag == tag::OCTET_STRING {
        return Ok((within(stated.unwrap_or(16), 5, 16)?, parameters.octets()?.into_owned()));
    }
    let mut fields = parameters.children()?;
    let iv = match fields.optional(tag::OCTET_STRING)? {
        Some(iv) => iv.octets()?.into_owned(),
        None => vec![0; 8],
    };
    let bits = fields.optional(tag::INTEGER)?.and_then(|length| length.unsigned());
    let octets = bits.and_then(|bits| usize::try_from(bits / 8).ok());
    Ok((within(octets.or(stated).unwrap_or(16), 5, 16)?, iv))
}

/// A key length that the cipher takes.
fn within(key_octets: usize, least: usize, most: usize) -> Result<usize> {
    if (least..=most).contains(&key_octets) {
        return Ok(key_octets);
    }
    let detail = format!("a key of {key_octets} octets; the cipher takes {least} to {most}");
    Err(Error::damaged("password-based encryption", detail))
}

/// Ciphers that are known by name but not served.
fn unsupported(oid: ObjectIdentifier) -> Error {
    let text = oid.to_string();
    let name = [
        ("1.2.392.200011.61.1.1.1.", "Camellia in a mode other than CBC"),
        ("1.2.410.200046.1.1.", "ARIA in a mode other than CBC"),
        ("1.2.410.200004.1.", "SEED"),
        ("1.2.840.113533.7.66.", "PBES1 with CAST5"),
        ("1.3.6.1.4.1.188.7.1.1.", "IDEA in a mode other than CBC"),
        ("1.2.643.", "GOST"),
        ("1.2.840.113549.3.9", "RC5"),
        ("2.16.840.1.101.3.4.1.", "AES in a mode other than CBC"),
        ("1.2.156.10197.1.104", "SM4"),
        ("1.2.840.113549.1.5.1", "PBES1 with MD2"),
        ("1.2.840.113549.1.5.4", "PBES1 with MD2"),
    ]
    .into_iter()
    .find(|(prefix, _)| text.starts_with(prefix))
    .map(|(_, name)| name);
    Error::UnsupportedAlgorithm { role: "encryption", name, oid: text }
}
