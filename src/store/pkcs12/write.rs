//! Writing a PFX that the target can read.

use std::{collections::HashSet, str::FromStr};

use const_oid::ObjectIdentifier;
use der::{
    Any, Decode, Encode, Tag,
    asn1::{OctetString, SetOfVec},
};
use pkcs8::spki::AlgorithmIdentifierOwned;
use pkcs12::{
    AuthenticatedSafe, CertBag, DigestInfo, MacData, PKCS_12_CERT_BAG_OID, PKCS_12_PKCS8_KEY_BAG_OID, Pfx,
    SafeBag,
    cms::{
        content_info::{CmsVersion, ContentInfo},
        encrypted_data::EncryptedData,
        enveloped_data::EncryptedContentInfo,
    },
    pfx::Version,
};
use rand_core::CryptoRng;
use sha1::{Digest, Sha1};
use x509_cert::attr::{Attribute, Attributes};

use super::bag::{FRIENDLY_NAME, LOCAL_KEY_ID, TRUSTED_KEY_USAGE, X509_CERTIFICATE};
use crate::{
    cert::Certificate,
    error::{Error, Result},
    key::{PublicKey, encrypted},
    limits,
    pbe::{Encryption, Hash, Mac, Scheme, Spelling},
    secret::{Password, SecretBytes},
    store::{Content, Key, Store},
};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const ANY_EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// Rounds of key derivation for each part of a PFX. Ten thousand is what keytool writes; every system
/// that reads the encryption reads the count, and a run stays within tens of milliseconds. A
/// store is only as strong as its password: `generate:PATH` makes one that no count need help.
pub const DEFAULT_ITERATIONS: u32 = 10_000;

/// The fewest rounds written: what NIST SP 800-132 section 5.2 calls the minimum.
pub const LEAST_ITERATIONS: u32 = 1_000;

/// The most rounds written: Java refuses more than five million, and two are seconds of work.
pub const MOST_ITERATIONS: u32 = 2_000_000;

/// Whom a PFX is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compat {
    /// AES-256-CBC, PBKDF2-HMAC-SHA256, HMAC-SHA256: OpenSSL 1.1 and later, Java 8u301 and later,
    /// Windows Server 2019 and Windows 10 1709 and later.
    #[default]
    Modern,
    /// 3DES with SHA-1, MAC with SHA-1: Windows Server 2012 and 2016 as well.
    Windows2016,
    /// The same: Java 8 before update 301 as well.
    Java8,
    /// The same: `security import` of macOS as well.
    Macos,
}

impl Compat {
    /// Every target, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 4] = [
        ("modern", Self::Modern),
        ("windows-2016", Self::Windows2016),
        ("java8", Self::Java8),
        ("macos", Self::Macos),
    ];

    /// Which systems do not read what is written for this one, as a sentence.
    #[must_use]
    pub fn unread_by(self) -> Option<&'static str> {
        match self {
            Self::Modern => Some(
                "Windows Server 2016 and older, Java before 8u301 and the import of macOS do not read this PFX; --compat windows-2016, java8 or macos makes one that they do",
            ),
            Self::Windows2016 | Self::Java8 | Self::Macos => None,
        }
    }

    fn algorithms(self) -> (Encryption, Hash) {
        match self {
            Self::Modern => (Encryption::Aes256, Hash::Sha256),
            Self::Windows2016 | Self::Java8 | Self::Macos => (Encryption::TripleDes, Hash::Sha1),
        }
    }
}

impl FromStr for Compat {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--compat", word, &Self::ALL)
    }
}

/// How to write a PFX.
pub struct WriteOptions {
    /// For whom.
    pub compat: Compat,
    /// Rounds of key derivation for each part, at least 1.
    pub iterations: u32,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { compat: Compat::default(), iterations: DEFAULT_ITERATIONS }
    }
}

/// Writes keys and certificates as a PFX: one encrypted safe with the certificates, one with the
/// shrouded keys, and a MAC. The alias stands as friendlyName on the key and on its leaf, and both
/// carry one localKeyID (the SHA-1 of the leaf), which is how every reader finds them together.
///
/// # Errors
/// [`Error::NoKey`] for an entry that cannot be held (a locked key, an opaque entry),
/// [`Error::BadArgument`] for more rounds than [`most_iterations`], [`Error::Internal`].
pub fn write(
    store: &Store,
    password: &Password,
    options: &WriteOptions,
    rng: &mut dyn CryptoRng,
) -> Result<SecretBytes> {
    check_work(store, options)?;
    let mut writer = Writer {
        password: Spelling::standard(password),
        encryption: options.compat.algorithms().0,
        iterations: options.iterations,
        rng,
        keys: Vec::new(),
        certificates: Vec::new(),
        issuers: HashSet::new(),
    };
    for entry in &store.entries {
        writer.add(entry.alias.as_deref(), &entry.content)?;
    }
    let mac_hash = options.compat.algorithms().1;
    writer.finish(mac_hash)
}

/// The most rounds with which certkit itself, by the limit of work for one file, reads what it
/// writes.
#[must_use]
pub fn most_iterations(store: &Store, compat: Compat) -> u32 {
    let keys = store.key_count();
    // One safe of certificates, one MAC, each key. The PKCS#12 schemes derive 24 octets of key from
    // a hash of 20, and an IV: three times the count.
    let per_part = match compat.algorithms().0 {
        Encryption::Aes256 => 1,
        Encryption::TripleDes | Encryption::SunTripleDes => 3,
    };
    let parts = (keys as u64 + 1) * per_part + 1;
    u32::try_from(limits::WRITTEN_ROUNDS / parts).unwrap_or(u32::MAX).min(MOST_ITERATIONS)
}

/// The rounds of a store for which none were asked: [`DEFAULT_ITERATIONS`], fewer where there are
/// very many keys.
#[must_use]
pub fn default_iterations(store: &Store, compat: Compat) -> u32 {
    DEFAULT_ITERATIONS.min(most_iterations(store, compat))
}

fn check_work(store: &Store, options: &WriteOptions) -> Result<()> {
    let most = most_iterations(store, options.compat);
    if (1..=most).contains(&options.iterations) {
        return Ok(());
    }
    let reason = format!("expected at most {most} for a store of this size");
    Err(Error::argument("--iterations", options.iterations.to_string(), reason))
}

struct Writer<'a> {
    password: Spelling,
    encryption: Encryption,
    iterations: u32,
    rng: &'a mut dyn CryptoRng,
    keys: Vec<SafeBag>,
    certificates: Vec<SafeBag>,
    /// Issuers already written: shared ones are written once.
    issuers: HashSet<Vec<u8>>,
}

impl Writer<'_> {
    fn add(&mut self, alias: Option<&str>, content: &Content) -> Result<()> {
        match content {
            Content::Key { key: Key::Open(key), chain } => {
                // Two keys of a kind whose public half is not known must not share a tie.
                let tied = chain.first().map(Certificate::der).or(key.public().map(PublicKey::spki_der));
                let tie = tied.map(Sha1::digest);
                let attributes = attributes(alias, tie.as_deref(), false)?;
                let shrouded =
                    encrypted::pkcs8_by(key, self.encryption, &self.password, self.iterations, self.rng)?;
                self.keys.push(SafeBag {
                    bag_id: PKCS_12_PKCS8_KEY_BAG_OID,
                    bag_value: shrouded,
                    bag_attributes: attributes.clone(),
                });
                if let Some((leaf, issuers)) = chain.split_first() {
                    self.add_certificate(leaf, attributes)?;
                    for issuer in issuers {
                        if self.issuers.insert(issuer.der().to_vec()) {
                            self.add_certificate(issuer, None)?;
                        }
                    }
                }
                Ok(())
            }
            Content::Certificate { certificate, trusted } => {
                self.add_certificate(certificate, attributes(alias, None, *trusted)?)
            }
            Content::Key { .. } => Err(Error::NoKey { found: "a key that was not opened".into() }),
            Content::Opaque { what, .. } => {
                Err(Error::NoKey { found: format!("{what}, which is not written") })
            }
            Content::PublicKey(_) => {
                Err(Error::NoKey { found: "a public key without its certificate".into() })
            }
        }
    }

    fn add_certificate(&mut self, certificate: &Certificate, attributes: Option<Attributes>) -> Result<()> {
        let bag = CertBag {
            cert_id: X509_CERTIFICATE,
            cert_value: OctetString::new(certificate.der()).map_err(internal)?,
        };
        self.certificates.push(SafeBag {
            bag_id: PKCS_12_CERT_BAG_OID,
            bag_value: bag.to_der().map_err(internal)?,
            bag_attributes: attributes,
        });
        Ok(())
    }

    fn encrypt(&mut self, plaintext: &[u8]) -> Result<(AlgorithmIdentifierOwned, Vec<u8>)> {
        Scheme::encrypt(self.encryption, &self.password, self.iterations, plaintext, self.rng)
    }

    fn finish(mut self, mac_hash: Hash) -> Result<SecretBytes> {
        let mut safes = AuthenticatedSafe::default();
        if !self.certificates.is_empty() {
            let contents = std::mem::take(&mut self.certificates).to_der().map_err(internal)?;
            let (content_enc_alg, ciphertext) = self.encrypt(&contents)?;
            let data = EncryptedData {
                version: CmsVersion::V0,
                enc_content_info: EncryptedContentInfo {
                    content_type: DATA,
                    content_enc_alg,
                    encrypted_content: Some(OctetString::new(ciphertext).map_err(internal)?),
                },
                unprotected_attrs: None,
            };
            safes.push(ContentInfo {
                content_type: ENCRYPTED_DATA,
                content: Any::from_der(&data.to_der().map_err(internal)?).map_err(internal)?,
            });
        }
        if !self.keys.is_empty() {
            safes.push(data(self.keys.to_der().map_err(internal)?)?);
        }
        let content = safes.to_der().map_err(internal)?;
        let mut salt = [0; 16];
        self.rng.fill_bytes(&mut salt);
        let mac = Mac::compute(mac_hash, &salt, self.iterations, &self.password, &content)?;
        let pfx = Pfx {
            version: Version::V3,
            auth_safe: data(content)?,
            mac_data: Some(MacData {
                mac: DigestInfo {
                    algorithm: AlgorithmIdentifierOwned {
                        oid: mac_hash.oid(),
                        parameters: Some(Any::null()),
                    },
                    digest: OctetString::new(mac).map_err(internal)?,
                },
                mac_salt: OctetString::new(salt).map_err(internal)?,
                iterations: i32::try_from(self.iterations).map_err(internal)?,
            }),
        };
        Ok(SecretBytes::new(pfx.to_der().map_err(internal)?))
    }
}

/// A ContentInfo of type data.
fn data(octets: Vec<u8>) -> Result<ContentInfo> {
    let octets = OctetString::new(octets).map_err(internal)?;
    Ok(ContentInfo { content_type: DATA, content: Any::encode_from(&octets).map_err(internal)? })
}

fn attributes(alias: Option<&str>, tie: Option<&[u8]>, trusted: bool) -> Result<Option<Attributes>> {
    let attribute = |oid, value: Any| -> Result<Attribute> {
        Ok(Attribute { oid, values: SetOfVec::try_from(vec![value]).map_err(internal)? })
    };
    let mut all = Vec::new();
    if let Some(alias) = alias {
        // As UTF-16: a name outside the basic plane becomes a surrogate pair, as Java writes it;
        // der's BmpString type refuses those.
        let units: Vec<u8> = alias.encode_utf16().flat_map(u16::to_be_bytes).collect();
        all.push(attribute(FRIENDLY_NAME, Any::new(Tag::BmpString, units).map_err(internal)?)?);
    }
    if let Some(tie) = tie {
        let tie = OctetString::new(tie).map_err(internal)?;
        all.push(attribute(LOCAL_KEY_ID, Any::encode_from(&tie).map_err(internal)?)?);
    }
    if trusted {
        let value = Any::from_der(&ANY_EXTENDED_KEY_USAGE.to_der().map_err(internal)?).map_err(internal)?;
        all.push(attribute(TRUSTED_KEY_USAGE, value)?);
    }
    if all.is_empty() {
        return Ok(None);
    }
    SetOfVec::try_from(all).map(Some).map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("encoding a PKCS#12 store failed: {error}"))
}
