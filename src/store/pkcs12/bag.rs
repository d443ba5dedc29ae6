//! SafeBags: what lies in a safe, with its attributes.

use std::collections::BTreeSet;

use const_oid::ObjectIdentifier;

use super::{
    STRUCTURE,
    open::{Opened, Opener},
};
use crate::{
    ber::{Element, Reader, tag},
    cert::{Certificate, name},
    error::{Error, Result},
    key::{encoding, encrypted::EncryptedKey},
    limits,
    store::{
        Content, Entry, Key, Protected,
        loose::{Loose, LooseCertificate, LooseKey},
    },
};

pub(super) const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
pub(super) const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
/// Oracle's trustedKeyUsage: keytool lists a certificate only where it stands.
pub(super) const TRUSTED_KEY_USAGE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("2.16.840.1.113894.746875.1.1");
pub(super) const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");

const SHROUDED_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap(SHROUDED_KEY_BAG);
const KEY_BAG: &str = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERT_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const CRL_BAG: &str = "1.2.840.113549.1.12.10.1.4";
const SECRET_BAG: &str = "1.2.840.113549.1.12.10.1.5";
const SAFE_CONTENTS_BAG: &str = "1.2.840.113549.1.12.10.1.6";

/// How many unknown types of attributes are named.
const NAMED_ATTRIBUTES: usize = 8;

/// What the bags read so far held.
#[derive(Default)]
pub(super) struct Bags {
    pub(super) loose: Loose,
    count: usize,
    /// Types of attributes that say nothing about what an entry is, and are not part of the model.
    unkept: BTreeSet<String>,
}

#[derive(Default)]
struct Attributes {
    friendly_name: Option<String>,
    local_key_id: Option<Vec<u8>>,
    trusted: bool,
}

impl Bags {
    /// What is in the file and not in the model, in words.
    pub(super) fn note(&self) -> Option<String> {
        let types: Vec<&str> = self.unkept.iter().map(String::as_str).collect();
        let note = || format!("attributes that are not kept when it is written anew: {}", types.join(", "));
        (!types.is_empty()).then(note)
    }

    /// Reads SafeContents.
    pub(super) fn read_safe_contents(&mut self, octets: &[u8], opener: &mut Opener<'_>) -> Result<()> {
        let contents = Reader::new(octets, STRUCTURE).sequence("SafeContents")?;
        opener.require(work_of(contents.clone())?)?;
        self.read_bags(contents, opener)
    }

    /// ```text
    /// SafeBag ::= SEQUENCE {
    ///     bagId         OBJECT IDENTIFIER,
    ///     bagValue      [0] EXPLICIT ANY,
    ///     bagAttributes SET OF PKCS12Attribute OPTIONAL }
    /// ```
    fn read_bags(&mut self, mut contents: Reader<'_>, opener: &mut Opener<'_>) -> Result<()> {
        while let Some(bag) = contents.next()? {
            self.count += 1;
            if self.count > limits::ENTRIES {
                return Err(Error::TooMany { what: "entries", limit: limits::ENTRIES });
            }
            let mut fields = bag.children()?;
            let kind = fields.oid("a bag type")?.to_string();
            let value = fields
                .expect(tag::context(0), "a bag's value")?
                .children()?
                .next()?
                .ok_or_else(|| Error::damaged(STRUCTURE, "a bag without a value"))?;
            let attributes = match fields.optional(tag::SET)? {
                Some(set) => Attributes::read(set, &mut self.unkept)?,
                None => Attributes::default(),
            };
            self.read_bag(&kind, value, attributes, opener)?;
        }
        Ok(())
    }

    fn read_bag(
        &mut self,
        kind: &str,
        value: Element<'_>,
        attributes: Attributes,
        opener: &mut Opener<'_>,
    ) -> Result<()> {
        match kind {
            KEY_BAG => {
                let key = encoding::private_from_pkcs8(value.raw)?;
                opener.spend(key.read_work())?;
                self.add_key(Key::Open(key), attributes);
            }
            SHROUDED_KEY_BAG => {
                let encrypted = EncryptedKey::read(value.raw)?;
                let protection = encrypted.protection();
                self.loose.protections.push(Protected { part: "private key", by: protection.clone() });
                let key = match opener.open_key(|spelling, budget| encrypted.open(spelling, budget))? {
                    Opened::Plain(key) => Key::Open(key),
                    Opened::Locked => Key::Locked(protection),
                };
                self.add_key(key, attributes);
            }
            CERT_BAG => self.read_certificate(value, attributes)?,
            SAFE_CONTENTS_BAG => self.read_bags(value.children()?, opener)?,
            CRL_BAG => self.add_opaque("certificate revocation list".into(), value, attributes),
            SECRET_BAG => {
                let kind = value.children().and_then(|mut fields| fields.oid("a secret type"));
                let what = kind.map_or_else(|_| "secret".into(), |oid| format!("secret ({oid})"));
                self.add_opaque(what, value, attributes);
            }
            other => self.add_opaque(format!("bag of type {other}"), value, attributes),
        }
        Ok(())
    }

    /// ```text
    /// CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT OCTET STRING }
    /// ```
    fn read_certificate(&mut self, value: Element<'_>, attributes: Attributes) -> Result<()> {
        let mut fields = value.children()?;
        let kind = fields.oid("a certificate type")?;
        if kind != X509_CERTIFICATE {
            self.add_opaque(format!("certificate of type {kind}"), value, attributes);
            return Ok(());
        }
        let der = fields
            .expect(tag::context(0), "a certificate")?
            .children()?
            .expect(tag::OCTET_STRING, "a certificate's octets")?
            .octets()?;
        self.loose.certificates.push(LooseCertificate {
            certificate: Certificate::from_der(&der)?,
            alias: attributes.friendly_name,
            tie: attributes.local_key_id,
            trusted: attributes.trusted,
        });
        Ok(())
    }

    fn add_key(&mut self, key: Key, attributes: Attributes) {
        self.loose.keys.push(LooseKey { key, alias: attributes.friendly_name, tie: attributes.local_key_id });
    }

    fn add_opaque(&mut self, what: String, value: Element<'_>, attributes: Attributes) {
        let content = Content::Opaque { what, octets: value.raw.len() };
        self.loose.others.push(Entry { alias: attributes.friendly_name, content });
    }
}

impl Attributes {
    /// ```text
    /// PKCS12Attribute ::= SEQUENCE { attrId OBJECT IDENTIFIER, attrValues SET OF ANY }
    /// ```
    /// Attributes of other types (Microsoft's provider name, for one) say nothing about what the
    /// entry is; their types go into `unkept`.
    fn read(set: Element<'_>, unkept: &mut BTreeSet<String>) -> Result<Self> {
        let mut read = Self::default();
        let mut attributes = set.children()?;
        while let Some(attribute) = attributes.next()? {
            let mut fields = attribute.children()?;
            let kind = fields.oid("an attribute type")?;
            let value = match fields.optional(tag::SET)? {
                Some(values) => values.children()?.next()?,
                None => None,
            };
            if kind == TRUSTED_KEY_USAGE {
                read.trusted = true;
            }
            let Some(value) = value else { continue };
            if kind == FRIENDLY_NAME {
                read.friendly_name = friendly_name(value);
            } else if kind == LOCAL_KEY_ID {
                read.local_key_id = Some(value.octets()?.into_owned());
            } else if kind != TRUSTED_KEY_USAGE && unkept.len() < NAMED_ATTRIBUTES {
                unkept.insert(attribute_name(kind));
            }
        }
        Ok(read)
    }
}

/// The work of opening every encrypted key among these bags with one spelling of the password.
/// What is no bag is left for reading to refuse.
fn work_of(mut contents: Reader<'_>) -> Result<u64> {
    let mut work = 0u64;
    while let Some(bag) = contents.next()? {
        let Ok(mut fields) = bag.children() else { continue };
        if fields.oid("a bag type").is_ok_and(|kind| kind == SHROUDED_KEY)
            && let Ok(Some(value)) = fields.next()
            && let Ok(Some(key)) = value.children().and_then(|mut inside| inside.next())
            && let Ok(key) = EncryptedKey::read(key.raw)
        {
            work = work.saturating_add(key.work());
        }
    }
    Ok(work)
}

/// An attribute's type in words.
fn attribute_name(kind: ObjectIdentifier) -> String {
    let name = match kind.to_string().as_str() {
        "1.3.6.1.4.1.311.17.1" => "Microsoft's provider name",
        "1.3.6.1.4.1.311.17.2" => "Microsoft's mark of a machine's key",
        "1.3.6.1.4.1.311.17.3.20" => "Microsoft's key identifier",
        _ => return kind.to_string(),
    };
    format!("{name} ({kind})")
}

/// A BMPString by the standard; lone surrogates are replaced so that a name is never lost.
fn friendly_name(value: Element<'_>) -> Option<String> {
    if value.tag == tag::BMP_STRING {
        let units: Vec<u16> =
            value.content.chunks_exact(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect();
        return Some(String::from_utf16_lossy(&units));
    }
    name::string(value.tag, value.content)
}
