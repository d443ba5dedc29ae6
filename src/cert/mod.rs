//! Certificates: a read-only view of one (RFC 5280), its fingerprints, and making new ones.

mod build;
pub mod chain;
mod extension;
mod fingerprint;
pub mod name;
pub mod params;
pub mod san;
mod signature;
pub mod verify;

use std::{fmt, sync::Arc};

use x509_parser::{
    error::X509Error,
    oid_registry::OID_X509_EXT_SUBJECT_ALT_NAME,
    prelude::{FromDer, X509Certificate},
};

pub use build::self_signed;
pub use extension::Extension;
pub use fingerprint::Fingerprints;
pub(crate) use fingerprint::hex;

use crate::{
    error::{Error, Result},
    key::{PublicKey, encoding},
    limits,
    time::Instant,
};
use name::DistinguishedName;
use san::SubjectAltName;

const STRUCTURE: &str = "X.509 certificate";

/// A certificate, read leniently: what real tools wrote is accepted, whatever a strict reader
/// would say of it.
#[derive(Clone)]
pub struct Certificate(Arc<Fields>);

/// What was read of it. Shared, because one certificate may stand in many chains.
struct Fields {
    der: Vec<u8>,
    version: u32,
    serial: Vec<u8>,
    subject: DistinguishedName,
    subject_der: Vec<u8>,
    issuer: DistinguishedName,
    issuer_der: Vec<u8>,
    not_before: Instant,
    not_after: Instant,
    signature_algorithm: String,
    public: PublicKey,
    key_identifier: Option<Vec<u8>>,
    authority_key_identifier: Option<Vec<u8>>,
    is_authority: bool,
}

impl Certificate {
    /// Reads a certificate from DER; octets behind it are an error.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn from_der(octets: &[u8]) -> Result<Self> {
        if octets.len() > limits::CERTIFICATE_OCTETS {
            return Err(Error::TooMany {
                what: "octets in one certificate",
                limit: limits::CERTIFICATE_OCTETS,
            });
        }
        let (rest, parsed) = X509Certificate::from_der(octets)
            .map_err(|error| Error::damaged(STRUCTURE, plain_reason(&error)))?;
        if !rest.is_empty() {
            return Err(Error::damaged(STRUCTURE, format!("{} octets follow its end", rest.len())));
        }
        if parsed.extensions().len() > limits::EXTENSIONS {
            return Err(Error::TooMany { what: "extensions in one certificate", limit: limits::EXTENSIONS });
        }
        let instant = |time: x509_parser::time::ASN1Time| {
            Instant::from_unix(time.timestamp())
                .ok_or_else(|| Error::damaged(STRUCTURE, "a date outside the years 0 to 9999"))
        };
        let (mut key_identifier, mut authority_key_identifier) = (None, None);
        let (mut marked, mut signs) = (false, false);
        for extension in parsed.extensions() {
            use x509_parser::extensions::ParsedExtension as Parsed;
            match extension.parsed_extension() {
                Parsed::SubjectKeyIdentifier(id) => key_identifier = Some(id.0.to_vec()),
                Parsed::AuthorityKeyIdentifier(id) => {
                    authority_key_identifier = id.key_identifier.as_ref().map(|id| id.0.to_vec());
                }
                Parsed::BasicConstraints(constraints) => marked = constraints.ca,
                Parsed::KeyUsage(usage) => signs = usage.key_cert_sign(),
                _ => {}
            }
        }
        Ok(Self(Arc::new(Fields {
            der: octets.to_vec(),
            version: parsed.version().0.saturating_add(1),
            serial: parsed.raw_serial().to_vec(),
            subject: DistinguishedName::from_der(parsed.subject().as_raw())?,
            subject_der: parsed.subject().as_raw().to_vec(),
            issuer: DistinguishedName::from_der(parsed.issuer().as_raw())?,
            issuer_der: parsed.issuer().as_raw().to_vec(),
            not_before: instant(parsed.validity().not_before)?,
            not_after: instant(parsed.validity().not_after)?,
            signature_algorithm: parsed.signature_algorithm.algorithm.to_id_string(),
            public: encoding::public_from_spki(parsed.public_key().raw)?,
            key_identifier,
            authority_key_identifier,
            is_authority: marked && signs,
        })))
    }

    /// The certificate in DER, as it was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The X.509 version as people say it: 3 for v3.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.0.version
    }

    /// The serial number's octets, big-endian, with the leading zero that DER may need.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// Whom it names.
    #[must_use]
    pub fn subject(&self) -> &DistinguishedName {
        &self.0.subject
    }

    /// Who signed it.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.0.issuer
    }

    /// Whether subject and issuer are one name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.0.subject_der == self.0.issuer_der
    }

    /// Whether it is an authority's: its basic constraints and its key usage both say so. OpenSSL
    /// marks what `req -x509` makes for anyone with the first alone.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.0.is_authority
    }

    /// Whether it names a key other than its own as its issuer's (RFC 5280 section 4.2.1.1).
    fn names_another_key(&self) -> bool {
        let Self(fields) = self;
        fields.authority_key_identifier.is_some() && fields.authority_key_identifier != fields.key_identifier
    }

    /// First second of validity.
    #[must_use]
    pub fn not_before(&self) -> Instant {
        self.0.not_before
    }

    /// Last second of validity.
    #[must_use]
    pub fn not_after(&self) -> Instant {
        self.0.not_after
    }

    /// The signature algorithm's name, such as `sha256WithRSAEncryption`, or its OID.
    #[must_use]
    pub fn signature_algorithm(&self) -> &str {
        signature_name(&self.0.signature_algorithm).unwrap_or(&self.0.signature_algorithm)
    }

    /// The key that it certifies.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    /// Its extensions, in order, in words. They are put into words when they are asked for, which
    /// takes many times the room of their octets.
    #[must_use]
    pub fn extensions(&self) -> Vec<Extension> {
        // It was read from these octets.
        X509Certificate::from_der(&self.0.der)
            .map(|(_, parsed)| parsed.extensions().iter().map(Extension::read).collect())
            .unwrap_or_default()
    }

    /// Its subject alternative names, in order; where there is one that is not made here, that one in
    /// words.
    pub(crate) fn alt_names(&self) -> std::result::Result<Vec<SubjectAltName>, String> {
        use x509_parser::extensions::ParsedExtension as Parsed;
        let Ok((_, parsed)) = X509Certificate::from_der(&self.0.der) else { return Ok(Vec::new()) };
        let mut names = Vec::new();
        for extension in parsed.extensions().iter().filter(|one| one.oid == OID_X509_EXT_SUBJECT_ALT_NAME) {
            let Parsed::SubjectAlternativeName(found) = extension.parsed_extension() else {
                return Err("(unreadable)".into());
            };
            for name in &found.general_names {
                names.push(SubjectAltName::of(name).ok_or_else(|| extension::general_name(name))?);
            }
        }
        Ok(names)
    }

    /// Every form of its thumbprint.
    #[must_use]
    pub fn fingerprints(&self) -> Fingerprints {
        Fingerprints::of(self)
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.0.subject)
    }
}

fn plain_reason(error: &x509_parser::nom::Err<X509Error>) -> String {
    match error {
        x509_parser::nom::Err::Error(inner) | x509_parser::nom::Err::Failure(inner) => {
            // The parser's own words are for its authors; which field it was is worth telling.
            let field = match inner {
                X509Error::InvalidVersion => "the version",
                X509Error::InvalidSerial => "the serial number",
                X509Error::InvalidX509Name => "a name",
                X509Error::InvalidDate => "a date",
                X509Error::InvalidSPKI => "the public key",
                X509Error::InvalidExtensions | X509Error::DuplicateExtensions => "the extensions",
                X509Error::InvalidSignatureValue => "the signature",
                _ => "the structure",
            };
            format!("{field} does not hold together")
        }
        x509_parser::nom::Err::Incomplete(_) => "cut off inside the certificate".into(),
    }
}

fn signature_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "1.2.840.113549.1.1.2" => "md2WithRSAEncryption",
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.14" => "sha224WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.1" => "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.2.840.10040.4.3" => "dsa-with-SHA1",
        "2.16.840.1.101.3.4.3.2" => "dsa-with-SHA256",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        _ => return None,
    })
}
