//! `export-json`: a credential from any store, in the form that its client takes.
//!
//! Each form is a file here, with its proof.

mod base64_pfx;
mod connector;
mod env;
pub(super) mod graph;
mod line;
mod msal;
mod source;

use std::{path::PathBuf, str::FromStr};

use rand_core::CryptoRng;

pub use source::Source;

use crate::{
    cert::Certificate,
    error::{Error, Result},
    output::plan::{PlannedFile, Proof, Purpose},
    report::CertificateSummary,
    secret::{Password, SecretBytes},
    store::pkcs12::Compat,
    time::Instant,
};

/// Whom the credential is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The connector JSON.
    #[default]
    Connector,
    /// One object that MSAL for Python and MSAL for Node both take.
    Msal,
    /// A keyCredential of Microsoft Graph; public.
    Graph,
    /// The connector JSON in one line of base64.
    Env,
    /// A PFX in one line of base64.
    Base64Pfx,
}

impl Form {
    /// Every form, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 5] = [
        ("connector", Self::Connector),
        ("msal", Self::Msal),
        ("graph", Self::Graph),
        ("env", Self::Env),
        ("base64-pfx", Self::Base64Pfx),
    ];

    /// Whether it holds the private key; if not, a certificate alone will do.
    #[must_use]
    pub fn needs_key(self) -> bool {
        self != Self::Graph
    }

    /// Whether it is a store, which needs a password.
    #[must_use]
    pub fn needs_password(self) -> bool {
        self == Self::Base64Pfx
    }

    fn purpose(self) -> Purpose {
        match self {
            Self::Connector => Purpose::GiveToConnector,
            Self::Msal => Purpose::GiveToClient,
            Self::Graph => Purpose::SendToGraph,
            Self::Env | Self::Base64Pfx => Purpose::KeepSecret,
        }
    }
}

impl FromStr for Form {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--for", word, &Self::ALL)
    }
}

/// What `export-json` is asked for.
#[derive(Default)]
pub struct Options {
    /// For whom.
    pub form: Form,
    /// Which entry, where there are several.
    pub alias: Option<String>,
    /// Whether the whole chain is written, not the leaf alone.
    pub chain: bool,
    /// [`Form::Env`]: the variable's name, to make the line `NAME=VALUE`.
    pub variable: Option<String>,
    /// [`Form::Base64Pfx`]: whom the PFX is for.
    pub compat: Compat,
    /// [`Form::Base64Pfx`]: the PFX's password, which it needs.
    pub password: Option<Password>,
    /// Where the result goes.
    pub output: PathBuf,
}

impl Options {
    /// What can be judged before anything is read.
    ///
    /// # Errors
    /// [`Error::BadArgument`].
    pub fn check(&self) -> Result<()> {
        self.variable.as_deref().map_or(Ok(()), env::check_name)
    }
}

/// What `export-json` made.
pub struct Exported {
    /// The file to write.
    pub file: PlannedFile,
    /// The leaf, for the summary.
    pub certificate: CertificateSummary,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

/// Makes the credential's form.
///
/// # Errors
/// [`Error::NoKey`], [`Error::NoCertificate`], [`Error::AliasAmbiguous`],
/// [`Error::AliasUnknown`], [`Error::KeyMismatch`], [`Error::PasswordMissing`],
/// [`Error::PasswordUnusable`], [`Error::BadArgument`].
pub fn export_json(
    source: &Source,
    options: &Options,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<Exported> {
    options.check()?;
    let alias = options.alias.as_deref();
    let credential = || source.credential(alias, options.chain);
    let made = match options.form {
        Form::Connector => connector::make(&credential()?),
        Form::Msal => msal::make(&credential()?),
        Form::Graph => graph::make(source.certificate(alias)?),
        Form::Env => env::make(&credential()?, options.variable.clone()),
        Form::Base64Pfx => base64_pfx::make(&credential()?, options, rng),
    }?;
    let mut warnings = super::credential_warnings(&made.leaf, now);
    warnings.extend(made.warnings);
    let origin = source.origin();
    warnings.extend(origin.warnings);
    Ok(Exported {
        file: PlannedFile {
            path: options.output.clone(),
            contents: made.contents,
            purpose: options.form.purpose(),
            proof: made.proof,
        },
        certificate: CertificateSummary::of(&made.leaf),
        warnings,
        notes: origin.notes,
    })
}

/// A form with its proof, and what is to be said of it.
struct Made {
    /// The certificate that it is about.
    leaf: Certificate,
    contents: SecretBytes,
    proof: Proof,
    warnings: Vec<String>,
}
