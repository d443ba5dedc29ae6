//! `export-cer`: the certificate of any store, for upload.

use std::path::PathBuf;

use super::{Encoding, Origin, prove_certificates};
use crate::{
    cert::{Certificate, verify},
    error::{Error, Result},
    output::plan::{PlannedFile, Purpose},
    report::CertificateSummary,
    secret::SecretBytes,
    store::{Content, Key, Store, pem},
    time::Instant,
};

/// What `export-cer` is asked for.
pub struct Options {
    /// Which entry, where there are several.
    pub alias: Option<String>,
    /// DER or PEM.
    pub encoding: Encoding,
    /// Where it goes.
    pub output: PathBuf,
}

/// What `export-cer` made.
pub struct Exported {
    /// The file to write.
    pub file: PlannedFile,
    /// The certificate, for the summary.
    pub certificate: CertificateSummary,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

/// Makes the certificate file.
///
/// # Errors
/// [`Error::KeyMismatch`], [`Error::NoCertificate`], [`Error::AliasAmbiguous`],
/// [`Error::AliasUnknown`], [`Error::PasswordMissing`], each naming `name`.
pub fn export_cer(store: &Store, name: &str, options: &Options, now: Instant) -> Result<Exported> {
    let certificate = certificate_of(store, name, options.alias.as_deref())?;
    let octets = match options.encoding {
        Encoding::Der => certificate.der().to_vec(),
        Encoding::Pem => pem::certificates([certificate])?.into_bytes(),
    };
    let expected = [certificate.clone()];
    let mut warnings = super::credential_warnings(certificate, now);
    let mut origin = Origin::default();
    origin.add(store, name);
    warnings.extend(origin.warnings);
    Ok(Exported {
        certificate: CertificateSummary::of(certificate),
        warnings,
        notes: origin.notes,
        file: PlannedFile {
            path: options.output.clone(),
            contents: SecretBytes::new(octets),
            purpose: Purpose::UploadToAzure,
            proof: Box::new(move |octets| prove_certificates(octets, &expected)),
        },
    })
}

/// The certificate that is meant. No key is needed, but one that is there must fit.
///
/// # Errors
/// As [`export_cer`].
pub(super) fn certificate_of<'a>(
    store: &'a Store,
    name: &str,
    alias: Option<&str>,
) -> Result<&'a Certificate> {
    let entry = store.certificate_entry(alias);
    let (index, certificate, _) = entry.map_err(|error| error.in_file(name))?;
    if let Content::Key { key: Key::Open(key), .. } = &store.entries[index].content {
        match verify::require_fit(key, certificate) {
            // A kind of key that cannot be compared says nothing against the certificate.
            Ok(()) | Err(Error::UnsupportedAlgorithm { .. }) => {}
            Err(misfit) => return Err(misfit.in_file(name)),
        }
    }
    Ok(certificate)
}
