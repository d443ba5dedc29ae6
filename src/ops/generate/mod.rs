//! `gen`: a new key and its self-signed certificate, in every form that is asked for.

mod record;
mod request;

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use rand_core::CryptoRng;

pub use self::{
    record::{Recorded, record, record_target},
    request::{Field, PLACEHOLDER, Request},
};
use super::{check_iterations, password_warnings, prove_certificates, prove_store};
use crate::{
    cert::{self, Certificate, params::Params, verify},
    error::{Error, Result},
    key::{NewKey, PrivateKey, rsa},
    output::plan::{Plan, PlannedFile, Purpose},
    report::CertificateSummary,
    secret::{Password, SecretBytes},
    store::{
        Content, Entry, Format, Key, Store, Unlock, connector_json, java, pem,
        pkcs12::{self, Compat},
    },
    time::Instant,
};

/// The base of the file names where none is given.
pub const DEFAULT_NAME: &str = "keystore";

/// The entry's name in the stores where none is given: what the vendors' pages use.
pub const DEFAULT_ALIAS: &str = "selfsigned";

/// Days of validity where neither they nor an end are given: four years, one of them a leap year.
pub const DEFAULT_DAYS: i64 = 1461;

/// A file that `gen` can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// `NAME.pfx`
    Pfx,
    /// `NAME.cer`, DER
    Cer,
    /// `NAME.json`
    Json,
    /// `NAME.key.pem`
    Key,
    /// `NAME.cert.pem`
    Cert,
    /// `NAME.jks`
    Jks,
}

impl Emit {
    /// Every form, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 6] = [
        ("pfx", Self::Pfx),
        ("cer", Self::Cer),
        ("json", Self::Json),
        ("key", Self::Key),
        ("cert", Self::Cert),
        ("jks", Self::Jks),
    ];

    /// Whether it is a store, which needs a password.
    #[must_use]
    pub fn needs_password(self) -> bool {
        matches!(self, Self::Pfx | Self::Jks)
    }

    /// What the file is for.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Pfx | Self::Key | Self::Jks => Purpose::KeepSecret,
            Self::Cer => Purpose::UploadToAzure,
            Self::Cert => Purpose::Public,
            Self::Json => Purpose::GiveToConnector,
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Pfx => "pfx",
            Self::Cer => "cer",
            Self::Json => "json",
            Self::Key => "key.pem",
            Self::Cert => "cert.pem",
            Self::Jks => "jks",
        }
    }
}

impl FromStr for Emit {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--emit", word, &Self::ALL)
    }
}

/// What `gen` is asked for.
#[derive(Clone)]
pub struct Options {
    /// Base of the file names.
    pub name: String,
    /// The folder they go to; it must exist.
    pub out_dir: PathBuf,
    /// Which files; repetitions are made once.
    pub emit: Vec<Emit>,
    /// The entry's name in stores.
    pub alias: String,
    /// The certificate's subject, names and validity.
    pub params: Params,
    /// The kind of key.
    pub key: NewKey,
    /// Whom the PFX is for.
    pub compat: Compat,
    /// Rounds of the PFX's key derivation; [`pkcs12::DEFAULT_ITERATIONS`] without.
    pub iterations: Option<u32>,
    /// The stores' password; needed where a store is made.
    pub password: Option<Password>,
}

impl Options {
    /// What can be judged before anything is made.
    ///
    /// # Errors
    /// [`Error::BadArgument`].
    pub fn check(&self) -> Result<()> {
        check_name(&self.name)?;
        check_alias(&self.alias)?;
        check_iterations(self.iterations)?;
        if self.emit.is_empty() {
            return Err(Error::argument("--emit", "", "expected a list of pfx, cer, json, key, cert, jks"));
        }
        Ok(())
    }

    /// Whether the password will do.
    ///
    /// # Errors
    /// [`Error::PasswordMissing`], [`Error::PasswordUnusable`].
    pub fn check_password(&self) -> Result<()> {
        self.warnings().map(drop)
    }

    /// What the user should know of it, one sentence each.
    ///
    /// # Errors
    /// [`Error::PasswordMissing`], [`Error::PasswordUnusable`].
    pub fn warnings(&self) -> Result<Vec<String>> {
        let mut warnings = Vec::new();
        if !self.key.is_rsa() {
            warnings.push(
                "Microsoft Entra ID takes RSA keys only; this certificate cannot be used for an app registration"
                    .into(),
            );
        }
        if self.needs_password() {
            let missing = Error::PasswordMissing { purpose: "to make the store" };
            warnings.extend(password_warnings(self.password.as_ref().ok_or(missing)?, true)?);
        }
        Ok(warnings)
    }

    /// The files that will be made, each once, in order.
    #[must_use]
    pub fn targets(&self) -> Vec<PathBuf> {
        self.forms().map(|emit| self.target(emit)).collect()
    }

    /// Whether a store is made, which needs a password.
    #[must_use]
    pub fn needs_password(&self) -> bool {
        self.emit.iter().any(|emit| emit.needs_password())
    }

    /// The files with what they are for, in order.
    pub fn purposes(&self) -> impl Iterator<Item = (PathBuf, Purpose)> + '_ {
        self.forms().map(|emit| (self.target(emit), emit.purpose()))
    }

    pub(super) fn forms(&self) -> impl Iterator<Item = Emit> + '_ {
        let first = |position: usize| !self.emit[..position].contains(&self.emit[position]);
        (0..self.emit.len()).filter(move |position| first(*position)).map(|position| self.emit[position])
    }

    /// `DIR/NAME.SUFFIX`
    pub(super) fn target(&self, emit: Emit) -> PathBuf {
        self.place(&self.file_name(emit))
    }

    /// `NAME.SUFFIX`
    fn file_name(&self, emit: Emit) -> String {
        format!("{}.{}", self.name, emit.suffix())
    }

    /// `DIR/FILE`
    fn place(&self, file: &str) -> PathBuf {
        if self.out_dir == Path::new(".") { PathBuf::from(file) } else { self.out_dir.join(file) }
    }
}

/// What `gen` made.
pub struct Generated {
    /// The files to write.
    pub plan: Plan,
    /// The certificate, for the summary.
    pub certificate: CertificateSummary,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

/// Makes a key, its certificate and the files.
///
/// # Errors
/// [`Error::BadArgument`], [`Error::PasswordMissing`], [`Error::PasswordUnusable`],
/// [`Error::Internal`].
pub fn generate(options: &Options, now: Instant, rng: &mut dyn CryptoRng) -> Result<Generated> {
    generate_with(options, rsa::Options::default(), now, rng)
}

/// Makes them like [`generate`]; how RSA primes are searched for is up to the caller.
///
/// # Errors
/// As [`generate`].
pub fn generate_with(
    options: &Options,
    search: rsa::Options,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<Generated> {
    options.check()?;
    // Told before the work.
    options.check_password()?;
    let key = options.key.generate_with(search, rng)?;
    let certificate = cert::self_signed(&options.params, &key, rng)?;
    files_of(options, Pair { key, certificate }, now, rng)
}

/// A private key and its certificate.
pub struct Pair {
    /// The private key.
    pub key: PrivateKey,
    /// The certificate over its public half.
    pub certificate: Certificate,
}

/// The files of a credential that exists.
///
/// # Errors
/// As [`generate`]; [`Error::KeyMismatch`] where the two are no pair.
pub fn files_of(options: &Options, pair: Pair, now: Instant, rng: &mut dyn CryptoRng) -> Result<Generated> {
    let Pair { key, certificate } = pair;
    verify::require_fit(&key, &certificate)?;
    let warnings = options.warnings()?;
    let summary = CertificateSummary::of(&certificate);
    let maker = Maker { options, store: store_of(&options.alias, &key, &certificate), key, certificate, now };
    let mut plan = Plan::default();
    for emit in options.forms() {
        plan.files.push(maker.file(emit, rng)?);
    }
    let pfx = options.emit.contains(&Emit::Pfx);
    let notes = options.compat.unread_by().filter(|_| pfx).map(str::to_owned).into_iter().collect();
    Ok(Generated { plan, certificate: summary, warnings, notes })
}

/// What holds the new credential in every form.
struct Maker<'a> {
    options: &'a Options,
    store: Store,
    key: PrivateKey,
    certificate: Certificate,
    now: Instant,
}

impl Maker<'_> {
    fn file(&self, emit: Emit, rng: &mut dyn CryptoRng) -> Result<PlannedFile> {
        let path = self.options.target(emit);
        let chain = std::slice::from_ref(&self.certificate);
        let contents = match emit {
            Emit::Pfx => {
                let options = pkcs12::WriteOptions {
                    compat: self.options.compat,
                    iterations: self.options.iterations.unwrap_or(pkcs12::DEFAULT_ITERATIONS),
                };
                pkcs12::write(&self.store, self.password()?, &options, rng)?
            }
            Emit::Jks => java::write(&self.store, java::Kind::Jks, self.password()?, self.now, rng)?,
            Emit::Cer => SecretBytes::new(self.certificate.der().to_vec()),
            Emit::Cert => SecretBytes::new(pem::certificates(chain)?.into_bytes()),
            Emit::Key => pem::private_key(&self.key)?,
            Emit::Json => connector_json::write(&self.key, chain)?,
        };
        Ok(PlannedFile { path, contents, purpose: emit.purpose(), proof: self.proof(emit) })
    }

    fn password(&self) -> Result<&Password> {
        self.options.password.as_ref().ok_or(Error::PasswordMissing { purpose: "to make the store" })
    }

    fn proof(&self, emit: Emit) -> crate::output::plan::Proof {
        let chain = vec![self.certificate.clone()];
        let key = self.key.pkcs8_der().clone();
        let alias = self.options.alias.clone();
        let unlock = Unlock { password: self.options.password.clone(), ..Unlock::default() };
        match emit {
            Emit::Pfx => Box::new(move |octets| prove_store(octets, &unlock, Some(&alias), &key, &chain)),
            Emit::Jks => {
                let alias = alias.to_lowercase();
                Box::new(move |octets| prove_store(octets, &unlock, Some(&alias), &key, &chain))
            }
            Emit::Json => Box::new(move |octets| prove_store(octets, &Unlock::default(), None, &key, &chain)),
            Emit::Key => Box::new(move |octets| prove_store(octets, &Unlock::default(), None, &key, &[])),
            Emit::Cer | Emit::Cert => Box::new(move |octets| prove_certificates(octets, &chain)),
        }
    }
}

fn store_of(alias: &str, key: &PrivateKey, certificate: &Certificate) -> Store {
    let mut store = Store::new(Format::Pkcs12);
    store.entries.push(Entry {
        alias: Some(alias.to_owned()),
        content: Content::Key { key: Key::Open(key.clone()), chain: vec![certificate.clone()] },
    });
    store
}

/// The longest base of file names, in octets.
const LONGEST_NAME: usize = 240;

/// Whether a name can be the base of file names, on this system.
///
/// # Errors
/// [`Error::BadArgument`].
pub fn check_name(name: &str) -> Result<()> {
    let refuse = |reason: &str| Err(Error::argument("--name", name, reason));
    if name.is_empty() || name == "." || name == ".." {
        return refuse("expected the base of the file names, such as keystore");
    }
    if name.contains(['/', '\\']) {
        return refuse("expected a name without folders; choose the folder with --out-dir");
    }
    if name.chars().any(char::is_control) {
        return refuse("it holds a control character");
    }
    // File systems allow 255; the longest ending is that of a backup of NAME.cert.pem.
    if name.len() > LONGEST_NAME {
        return refuse("file systems have no room for a name of so many octets; at most 240 are taken");
    }
    // A colon names a stream beside the file, and some names are devices.
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT"));
    if cfg!(windows) && (device || name.contains(['<', '>', ':', '"', '|', '?', '*'])) {
        return refuse("Windows has no file of this name");
    }
    Ok(())
}

fn check_alias(alias: &str) -> Result<()> {
    let refuse = |reason: &str| Err(Error::argument("--alias", alias, reason));
    if alias.is_empty() {
        return refuse("expected a name for the entry, such as selfsigned");
    }
    if alias.chars().any(char::is_control) {
        return refuse("it holds a control character");
    }
    if alias.len() > 255 {
        return refuse("expected at most 255 octets");
    }
    Ok(())
}
