//! Reading a PFX: the outer structure, and the safes in it.

use const_oid::ObjectIdentifier;

use super::{
    STRUCTURE,
    bag::Bags,
    open::{Opened, Opener},
};
use crate::{
    ber::{Element, Reader, tag},
    error::{Error, Result},
    limits::{self, WorkBudget},
    pbe::{Mac, Scheme},
    store::{Content, Entry, Format, Protected, Store, Unlock},
};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const ENVELOPED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");

/// Reads a PFX.
///
/// # Errors
/// As [`crate::store::read`].
pub(crate) fn read(octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let mut outer = Reader::new(octets, STRUCTURE);
    let mut fields = outer.sequence("a PFX")?;
    let version = fields.expect(tag::INTEGER, "the version")?.unsigned();
    if version != Some(3) {
        return Err(Error::damaged(STRUCTURE, "its version is not 3, the only one there is"));
    }
    let mut content_info = fields.sequence("the authenticated safe")?;
    let kind = content_info.oid("a content type")?;
    if kind == SIGNED_DATA {
        return Err(Error::UnsupportedAlgorithm {
            role: "integrity mode",
            name: Some("public-key signature (signedData)"),
            oid: kind.to_string(),
        });
    }
    if kind != DATA {
        return Err(Error::damaged(STRUCTURE, format!("the authenticated safe is of type {kind}")));
    }
    let content = content_info
        .expect(tag::context(0), "the authenticated safe's content")?
        .children()?
        .expect(tag::OCTET_STRING, "the authenticated safe's octets")?
        .octets()?;
    let mac = match fields.optional(tag::SEQUENCE)? {
        Some(mac) => Some(Mac::read(mac.children()?)?),
        None => None,
    };
    if !fields.is_empty() {
        return Err(Error::damaged(STRUCTURE, "something other than a MAC follows the authenticated safe"));
    }

    let mut store = Store::new(Format::Pkcs12);
    if let Some(mac) = &mac {
        store.protections.push(Protected { part: "integrity", by: mac.protection() });
    }
    let mut opener = Opener::new(unlock, mac.as_ref(), &content, budget);
    store.integrity = opener.check_integrity()?;
    let mut safes = Safes { opener, bags: Bags::default(), store: &mut store };
    safes.read_all(&content)?;
    safes.opener.finish()?;
    let Safes { bags, .. } = safes;
    store.notes.extend(bags.note());
    bags.loose.assemble(&mut store)?;
    Ok(store)
}

struct Safes<'a> {
    opener: Opener<'a>,
    bags: Bags,
    store: &'a mut Store,
}

impl Safes<'_> {
    fn read_all(&mut self, authenticated_safe: &[u8]) -> Result<()> {
        let mut safes = Reader::new(authenticated_safe, STRUCTURE).sequence("an AuthenticatedSafe")?;
        let mut count = 0;
        while let Some(safe) = safes.next()? {
            count += 1;
            if count > limits::ENTRIES {
                return Err(Error::TooMany { what: "safes", limit: limits::ENTRIES });
            }
            self.read_one(safe)?;
        }
        Ok(())
    }

    fn read_one(&mut self, safe: Element<'_>) -> Result<()> {
        let mut fields = safe.children()?;
        let kind = fields.oid("a content type")?;
        let mut content = fields.expect(tag::context(0), "a safe's content")?.children()?;
        if kind == DATA {
            let octets = content.expect(tag::OCTET_STRING, "a safe's octets")?.octets()?;
            return self.bags.read_safe_contents(&octets, &mut self.opener);
        }
        if kind == ENCRYPTED_DATA {
            return self.read_encrypted(content.expect(tag::SEQUENCE, "an EncryptedData")?);
        }
        let what = if kind == ENVELOPED_DATA { "safe encrypted to a public key" } else { "safe" };
        self.bags.loose.others.push(Entry {
            alias: None,
            content: Content::Opaque { what: format!("{what} ({kind})"), octets: safe.raw.len() },
        });
        Ok(())
    }

    /// ```text
    /// EncryptedData ::= SEQUENCE {
    ///     version INTEGER,
    ///     encryptedContentInfo SEQUENCE {
    ///         contentType OBJECT IDENTIFIER,
    ///         contentEncryptionAlgorithm AlgorithmIdentifier,
    ///         encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL } }
    /// ```
    fn read_encrypted(&mut self, data: Element<'_>) -> Result<()> {
        let mut fields = data.children()?;
        fields.expect(tag::INTEGER, "a version")?;
        let mut info = fields.sequence("an EncryptedContentInfo")?;
        info.oid("a content type")?;
        let scheme = Scheme::read(info.expect(tag::SEQUENCE, "an encryption algorithm")?)?;
        let ciphertext = match info.next()? {
            Some(element) if element.tag == tag::context(0) || element.tag == tag::context_primitive(0) => {
                element.octets()?
            }
            _ => return Err(Error::damaged(STRUCTURE, "an EncryptedData without its content")),
        };
        self.store.protections.push(Protected { part: "certificates", by: scheme.protection() });
        let opened = self.opener.open(|spelling, budget| {
            let plain = scheme.decrypt(spelling, &ciphertext, budget)?;
            // Garbage that happened to have good padding is no SEQUENCE that fills its space.
            let mut reader = Reader::new(plain.expose(), STRUCTURE);
            reader.expect(tag::SEQUENCE, "SafeContents")?;
            if reader.is_empty() { Ok(plain) } else { Err(Error::WrongPassword { certain: false }) }
        })?;
        match opened {
            Opened::Plain(plain) => self.bags.read_safe_contents(plain.expose(), &mut self.opener),
            Opened::Locked => {
                self.store.locked_parts += 1;
                Ok(())
            }
        }
    }
}
