//! PKCS#7 certificate bundles (`.p7b`, RFC 2315 and RFC 5652): a SignedData without content or
//! signatures, as Windows and OpenSSL write them.

use super::Certificate;
use crate::{
    ber::{Reader, tag},
    error::{Error, Result},
};

/// The certificates of a bundle, in order. Its signatures, where it has any, are not looked at.
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
/// [`Error::Damaged`], [`Error::NoCertificate`].
pub(crate) fn certificates(octets: &[u8]) -> Result<Vec<Certificate>> {
    let mut outer = Reader::new(octets, "PKCS#7 bundle").sequence("a ContentInfo")?;
    outer.oid("a content type")?;
    let mut fields = outer.expect(tag::context(0), "the content")?.children()?.sequence("SignedData")?;
    fields.expect(tag::INTEGER, "a version")?;
    fields.expect(tag::SET, "digest algorithms")?;
    fields.expect(tag::SEQUENCE, "the signed content")?;
    let mut found = Vec::new();
    if let Some(set) = fields.optional(tag::context(0))? {
        let mut members = set.children()?;
        while let Some(member) = members.next()? {
            // Other members of the CHOICE (attribute certificates) carry context tags.
            if member.tag == tag::SEQUENCE {
                found.push(Certificate::from_der(member.raw)?);
            }
        }
    }
    if found.is_empty() {
        return Err(Error::NoCertificate { found: "a PKCS#7 structure without certificates".into() });
    }
    Ok(found)
}
