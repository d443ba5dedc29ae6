//! What a command says once its files are in place.

use crate::{
    cert::{Certificate, Fingerprints, hex},
    output::plan::Purpose,
    time::Instant,
};

/// What a command that makes files has to say when they are in place.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Each file with what it is for.
    pub files: Vec<(String, Purpose)>,
    /// The entry's name in the stores.
    pub alias: Option<String>,
    /// The certificate that they are about.
    pub certificate: Option<CertificateSummary>,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

/// What a summary says of a certificate.
#[derive(Clone, Debug)]
pub struct CertificateSummary {
    /// RFC 4514.
    pub subject: String,
    /// Serial number in upper-case hexadecimal.
    pub serial: String,
    /// First second of validity.
    pub not_before: Instant,
    /// Last second of validity.
    pub not_after: Instant,
    /// Kind and size of its key.
    pub key: String,
    /// Every thumbprint form.
    pub fingerprints: Fingerprints,
}

impl CertificateSummary {
    /// Of a certificate.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            serial: hex(certificate.serial()),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            key: certificate.public_key().algorithm().to_string(),
            fingerprints: certificate.fingerprints(),
        }
    }
}
