//! PKCS#7 certificate bundles (`.p7b`, RFC 2315 and RFC 5652): a SignedData without content or
//! signatures, as Windows and OpenSSL write them.

use der::{Any, Encode, Tag, TagNumber};

use super::loose::Loose;
use crate::{
    ber::{Reader, tag},
    cert::Certificate,
    error::{Error, Result},
};

const STRUCTURE: &str = "PKCS#7 bundle";
const DATA: const_oid::ObjectIdentifier = const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// Adds the certificates of a bundle, in order, and its revocation lists. Its signatures, where it
/// has any, are not looked at.
///
/// ```text
/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT SignedData }
/// SignedData ::= SEQUENCE {
///     version INTEGER, digestAlgorithms SET, contentInfo SEQUENCE,
///     certificates [0] IMPLICIT SET OF Certificate OPTIONAL,
///     crls [1] IMPLICIT SET OPTIONAL, signerInfos SET }
/// ```
///
/// # Errors
/// [`Error::Damaged`]; [`Error::WrongKind`] where it is no SignedData; [`Error::NoCertificate`]
/// where nothing is in it.
pub(super) fn read_into(loose: &mut Loose, octets: &[u8]) -> Result<()> {
    let mut outer = Reader::new(octets, STRUCTURE).sequence("a ContentInfo")?;
    let content_type = outer.oid("a content type")?;
    if content_type != SIGNED_DATA {
        return Err(Error::WrongKind {
            found: format!("PKCS#7 {}", content_name(content_type)),
            expected: "a certificate bundle (PKCS#7 signed-data)",
            remedy: None,
        });
    }
    let mut fields = outer.expect(tag::context(0), "the content")?.children()?.sequence("SignedData")?;
    fields.expect(tag::INTEGER, "a version")?;
    fields.expect(tag::SET, "digest algorithms")?;
    fields.expect(tag::SEQUENCE, "the signed content")?;
    let mut is_empty = true;
    if let Some(set) = fields.optional(tag::context(0))? {
        let mut members = set.children()?;
        while let Some(member) = members.next()? {
            // Other members of the CHOICE (attribute certificates) carry context tags.
            match member.tag {
                tag::SEQUENCE => loose.add_certificate(Certificate::from_der(member.raw)?),
                _ => loose.add_opaque("attribute certificate".into(), member.raw.len()),
            }
            is_empty = false;
        }
    }
    if let Some(set) = fields.optional(tag::context(1))? {
        let mut members = set.children()?;
        while let Some(member) = members.next()? {
            loose.add_opaque("certificate revocation list".into(), member.raw.len());
            is_empty = false;
        }
    }
    if is_empty {
        return Err(Error::NoCertificate { found: "a PKCS#7 structure without certificates".into() });
    }
    Ok(())
}

/// A content type as RFC 2315 names it.
fn content_name(content_type: const_oid::ObjectIdentifier) -> String {
    match content_type.to_string().as_str() {
        "1.2.840.113549.1.7.1" => "data".into(),
        "1.2.840.113549.1.7.3" => "enveloped-data".into(),
        "1.2.840.113549.1.7.4" => "signed-and-enveloped-data".into(),
        "1.2.840.113549.1.7.5" => "digested-data".into(),
        "1.2.840.113549.1.7.6" => "encrypted-data".into(),
        other => format!("content of type {other}"),
    }
}

/// Writes certificates as a bundle in DER, in the order given, as OpenSSL does: a SET has none,
/// and every reader keeps it.
///
/// # Errors
/// [`Error::Internal`] only.
pub fn write<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Result<Vec<u8>> {
    let certificates: Vec<u8> = certificates.into_iter().flat_map(|one| one.der()).copied().collect();
    let data = encode(Tag::Sequence, DATA.to_der().map_err(internal)?)?;
    let signed_data = [
        1u8.to_der().map_err(internal)?,
        encode(Tag::Set, Vec::new())?,
        data,
        encode(context(0), certificates)?,
        encode(Tag::Set, Vec::new())?,
    ];
    let content = encode(context(0), encode(Tag::Sequence, signed_data.concat())?)?;
    encode(Tag::Sequence, [SIGNED_DATA.to_der().map_err(internal)?, content].concat())
}

fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

fn encode(tag: Tag, content: Vec<u8>) -> Result<Vec<u8>> {
    Any::new(tag, content).and_then(|any| any.to_der()).map_err(internal)
}

fn internal(error: der::Error) -> Error {
    Error::Internal(format!("encoding a PKCS#7 bundle failed: {error}"))
}
