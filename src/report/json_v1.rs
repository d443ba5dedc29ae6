//! The JSON documents, version 1: a frozen copy of what the commands say. Fields are added, never
//! renamed or given another meaning; that would be version 2.

use serde::{Serialize, Serializer};

use super::{
    CertificateSummary, Written,
    inspection::{CertificateFacts, EntryFacts, EntryKind, FileFacts, KeyState},
    text,
};
use crate::{
    cert::{Fingerprints, verify::Currency},
    error::Error,
    output::plan::Purpose,
    store::{Format, Integrity},
};

/// `certkit.error/1`: one line.
#[must_use]
pub fn failure(cause: &Cause) -> String {
    render(&ErrorDocument { schema: "certkit.error/1", cause, rows: &[] }, false)
}

/// What is wrong with a row of a list.
#[derive(Clone, Debug, Serialize)]
pub struct BadRow {
    /// Its line, from 1.
    pub line: usize,
    /// Why.
    #[serde(flatten)]
    pub cause: Cause,
}

/// `certkit.error/1` of a list: one line.
#[must_use]
pub fn bad_rows(cause: &Cause, rows: &[BadRow]) -> String {
    render(&ErrorDocument { schema: "certkit.error/1", cause, rows }, false)
}

/// `certkit.inspect/1`: one object for each file, in order; a file that could not be read has
/// `error` in place of facts.
#[must_use]
pub fn inspections(files: &[(String, Result<FileFacts, Error>)]) -> String {
    let files = files
        .iter()
        .map(|(name, outcome)| match outcome {
            Ok(facts) => InspectedFile::Read(Box::new(file(facts))),
            Err(error) => InspectedFile::Failed { file: name, error: Cause::of(error) },
        })
        .collect();
    render(&InspectDocument { schema: "certkit.inspect/1", files }, true)
}

/// `certkit.COMMAND/1` of a command that made files.
#[must_use]
pub fn written(command: &str, written: &Written) -> String {
    let document = WrittenDocument { schema: format!("certkit.{command}/1"), made: Made::of(written) };
    render(&document, true)
}

/// A document as text, one final newline after it.
pub(super) fn render(document: &impl Serialize, pretty: bool) -> String {
    let text = if pretty { serde_json::to_string_pretty(document) } else { serde_json::to_string(document) };
    // These documents hold strings, numbers and lists: none of them can fail to serialise.
    let mut text = text.unwrap_or_else(|error| {
        format!("{{\"schema\":\"certkit.error/1\",\"code\":1,\"kind\":\"internal\",\"message\":\"{error}\"}}")
    });
    text.push('\n');
    visible(&text)
}

/// A JSON text with escapes for what could move the cursor or reorder what is read: such characters
/// stand in its strings alone.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && text::is_hidden(c) {
            let mut units = [0; 2];
            shown.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            shown.push(c);
        }
    }
    shown
}

#[derive(Serialize)]
struct ErrorDocument<'a> {
    schema: &'static str,
    #[serde(flatten)]
    cause: &'a Cause,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rows: &'a [BadRow],
}

#[derive(Serialize)]
struct InspectDocument<'a> {
    schema: &'static str,
    files: Vec<InspectedFile<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum InspectedFile<'a> {
    Read(Box<File<'a>>),
    Failed { file: &'a str, error: Cause },
}

/// A failure of one of several.
#[derive(Clone, Debug, Serialize)]
pub struct Cause {
    /// The exit code that stands for it.
    pub code: u8,
    /// The cause in a stable word.
    pub kind: String,
    /// The cause in a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The file that it is about.
    pub file: Option<String>,
}

impl Cause {
    /// An error's.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        Self {
            code: error.class().exit_code(),
            kind: error.kind().to_owned(),
            message: error.to_string(),
            hint: error.hint(),
            file: error.file().map(str::to_owned),
        }
    }
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    format: &'static str,
    octets: usize,
    integrity: &'static str,
    locked: bool,
    protections: Vec<ProtectionV1<'a>>,
    entries: Entries<'a>,
    notes: &'a [String],
}

/// Put into words one by one, as they are written: all of them at once would take many times the
/// room of the file.
struct Entries<'a>(&'a [EntryFacts]);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(entry))
    }
}

/// As [`Entries`].
struct Certificates<'a>(&'a [CertificateFacts]);

impl Serialize for Certificates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(certificate))
    }
}

#[derive(Serialize)]
struct ProtectionV1<'a> {
    part: &'a str,
    algorithm: &'a str,
    kdf: &'a str,
    iterations: u64,
}

#[derive(Serialize)]
struct EntryV1<'a> {
    alias: Option<&'a str>,
    label: &'a str,
    kind: &'static str,
    key: Option<KeyV1<'a>>,
    certificates: Certificates<'a>,
    chain_ordered: bool,
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct KeyV1<'a> {
    algorithm: Option<&'a str>,
    locked: bool,
    fits_certificate: Option<bool>,
    damage: Option<&'a str>,
    spki_sha256: Option<&'a str>,
}

#[derive(Serialize)]
struct CertificateV1<'a> {
    version: u32,
    serial: String,
    subject: String,
    issuer: String,
    self_issued: bool,
    not_before: String,
    not_after: String,
    days_left: i64,
    validity: &'static str,
    public_key: String,
    signature_algorithm: &'a str,
    extensions: Vec<ExtensionV1>,
    thumbprints: ThumbprintsV1,
}

#[derive(Serialize)]
struct ExtensionV1 {
    oid: String,
    name: String,
    critical: bool,
    value: String,
}

#[derive(Serialize)]
struct ThumbprintsV1 {
    sha1: String,
    sha256: String,
    x5t: String,
    #[serde(rename = "x5t#S256")]
    x5t_s256: String,
    spki_sha256: String,
}

#[derive(Serialize)]
struct WrittenDocument<'a> {
    schema: String,
    #[serde(flatten)]
    made: Made<'a>,
}

/// What was made.
#[derive(Serialize)]
pub(super) struct Made<'a> {
    files: Vec<WrittenFile<'a>>,
    alias: Option<&'a str>,
    certificate: Option<SummaryV1<'a>>,
    warnings: &'a [String],
    notes: &'a [String],
}

impl<'a> Made<'a> {
    pub(super) fn of(written: &'a Written) -> Self {
        Self {
            files: written_files(&written.files),
            alias: written.alias.as_deref(),
            certificate: written.certificate.as_ref().map(summary),
            warnings: &written.warnings,
            notes: &written.notes,
        }
    }
}

/// Files with what they are for.
pub(super) fn written_files(files: &[(String, Purpose)]) -> Vec<WrittenFile<'_>> {
    files
        .iter()
        .map(|(path, purpose)| WrittenFile { path, purpose: purpose.describe(), secret: purpose.is_secret() })
        .collect()
}

/// A file with what it is for.
#[derive(Serialize)]
pub(super) struct WrittenFile<'a> {
    path: &'a str,
    purpose: &'static str,
    secret: bool,
}

/// A certificate in short.
#[derive(Serialize)]
pub(super) struct SummaryV1<'a> {
    subject: &'a str,
    serial: &'a str,
    not_before: String,
    not_after: String,
    public_key: &'a str,
    thumbprints: ThumbprintsV1,
}

/// A format's word.
pub(super) fn format(format: Format) -> &'static str {
    match format {
        Format::Certificate => "certificate",
        Format::CertificateRequest => "certificate-request",
        Format::ConnectorJson => "connector-json",
        Format::Crl => "crl",
        Format::Dsa => "dsa",
        Format::EncryptedPkcs8 => "encrypted-pkcs8",
        Format::Jceks => "jceks",
        Format::Jks => "jks",
        Format::Json => "json",
        Format::Pem => "pem",
        Format::Pkcs1 => "pkcs1",
        Format::Pkcs12 => "pkcs12",
        Format::Pkcs7 => "pkcs7",
        Format::Pkcs8 => "pkcs8",
        Format::PublicKey => "public-key",
        Format::RsaPublicKey => "rsa-public-key",
        Format::Sec1 => "sec1",
    }
}

fn file(facts: &FileFacts) -> File<'_> {
    File {
        file: &facts.file,
        format: format(facts.format),
        octets: facts.octets,
        integrity: match facts.integrity {
            Integrity::None => "none",
            Integrity::Unchecked => "unchecked",
            Integrity::Verified => "verified",
        },
        locked: facts.locked,
        protections: facts
            .protections
            .iter()
            .map(|protected| ProtectionV1 {
                part: protected.part,
                algorithm: &protected.by.algorithm,
                kdf: &protected.by.kdf,
                iterations: protected.by.iterations,
            })
            .collect(),
        entries: Entries(&facts.entries),
        notes: &facts.notes,
    }
}

fn entry(facts: &EntryFacts) -> EntryV1<'_> {
    let (kind, key, description) = match &facts.kind {
        EntryKind::Certificate { trusted: false } => ("certificate", None, None),
        EntryKind::Certificate { trusted: true } => ("trusted-certificate", None, None),
        EntryKind::Key { algorithm, state, spki_sha256 } => {
            let key = KeyV1 {
                algorithm: algorithm.as_deref(),
                locked: *state == KeyState::Locked,
                fits_certificate: match state {
                    KeyState::Fits => Some(true),
                    KeyState::Differs => Some(false),
                    _ => None,
                },
                damage: match state {
                    KeyState::Damaged(detail) => Some(detail),
                    _ => None,
                },
                spki_sha256: spki_sha256.as_deref(),
            };
            ("key", Some(key), None)
        }
        EntryKind::PublicKey { algorithm, spki_sha256 } => {
            let key = KeyV1 {
                algorithm: Some(algorithm),
                locked: false,
                fits_certificate: None,
                damage: None,
                spki_sha256: Some(spki_sha256),
            };
            ("public-key", Some(key), None)
        }
        EntryKind::Other { what, .. } => ("other", None, Some(what.as_str())),
    };
    EntryV1 {
        alias: facts.alias.as_deref(),
        label: &facts.label,
        kind,
        key,
        certificates: Certificates(&facts.certificates),
        chain_ordered: facts.chain_ordered,
        description,
    }
}

fn certificate(facts: &CertificateFacts) -> CertificateV1<'_> {
    let certificate = &facts.certificate;
    CertificateV1 {
        version: certificate.version(),
        serial: crate::cert::hex(certificate.serial()),
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        self_issued: certificate.is_self_issued(),
        not_before: certificate.not_before().to_string(),
        not_after: certificate.not_after().to_string(),
        days_left: facts.days_left,
        validity: match facts.currency {
            Currency::NotYetValid => "not-yet-valid",
            Currency::Valid => "valid",
            Currency::Expired => "expired",
        },
        public_key: certificate.public_key().algorithm().to_string(),
        signature_algorithm: certificate.signature_algorithm(),
        extensions: certificate
            .extensions()
            .into_iter()
            .map(|extension| ExtensionV1 {
                oid: extension.oid,
                name: extension.name,
                critical: extension.critical,
                value: extension.value,
            })
            .collect(),
        thumbprints: thumbprints(certificate.fingerprints()),
    }
}

pub(super) fn summary(certificate: &CertificateSummary) -> SummaryV1<'_> {
    SummaryV1 {
        subject: &certificate.subject,
        serial: &certificate.serial,
        not_before: certificate.not_before.to_string(),
        not_after: certificate.not_after.to_string(),
        public_key: &certificate.key,
        thumbprints: thumbprints(certificate.fingerprints.clone()),
    }
}

fn thumbprints(all: Fingerprints) -> ThumbprintsV1 {
    ThumbprintsV1 {
        sha1: all.sha1,
        sha256: all.sha256,
        x5t: all.x5t,
        x5t_s256: all.x5t_s256,
        spki_sha256: all.spki_sha256,
    }
}
