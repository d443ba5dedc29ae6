//! The files that an operation wants: name, octets, purpose, and how to prove them.

use std::path::PathBuf;

use crate::{error::Result, secret::SecretBytes};

/// What a file is for; decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The public certificate for the app registration.
    UploadToAzure,
    /// The connector JSON.
    GiveToConnector,
    /// What a vendor is given, a secret in it.
    GiveToVendor,
    /// A credential for a client of Microsoft's own libraries.
    GiveToClient,
    /// A key store or a private key.
    KeepSecret,
    /// A public keyCredential.
    SendToGraph,
    /// What an app registration is made of; public.
    Registration,
    /// A new password.
    StorePassword,
    /// The address of the consent.
    ConsentAddress,
    /// What has to be watched.
    Record,
    /// What the vendor is given, the secret left out.
    Settings,
    /// What the vendor is given, once the secret is filled in.
    SettingsToComplete,
    /// The steps for a person.
    Steps,
    /// A public certificate for any other use.
    Public,
    /// What a scan found.
    Report,
}

impl Purpose {
    /// Whether the file holds a key or a password, or is made to: readable by its owner alone.
    #[must_use]
    pub fn is_secret(self) -> bool {
        match self {
            Self::GiveToConnector
            | Self::GiveToClient
            | Self::GiveToVendor
            | Self::KeepSecret
            | Self::SettingsToComplete
            | Self::StorePassword => true,
            Self::UploadToAzure
            | Self::ConsentAddress
            | Self::Registration
            | Self::Record
            | Self::Report
            | Self::SendToGraph
            | Self::Settings
            | Self::Steps
            | Self::Public => false,
        }
    }

    /// What to do with it, in words.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::UploadToAzure => "upload this to Azure",
            Self::GiveToConnector => "give to the connector; keep secret",
            Self::GiveToClient => "give to the client; keep secret",
            Self::GiveToVendor => "give to the vendor; keep secret",
            Self::KeepSecret => "keep secret",
            Self::SendToGraph => "add this to the app's keyCredentials",
            Self::Registration => "for the app registration",
            Self::StorePassword => "the password; keep secret, apart from the store",
            Self::ConsentAddress => "open this as administrator, to consent",
            Self::Record => "what has to be watched; nothing secret",
            Self::Settings => "what the vendor is given; the secret is left out",
            Self::SettingsToComplete => "what the vendor is given; the secret goes in here",
            Self::Steps => "follow this",
            Self::Public => "public certificate",
            Self::Report => "what was found",
        }
    }
}

/// Checks octets that were read back: they must hold what was meant.
pub type Proof = Box<dyn Fn(&[u8]) -> Result<()> + Send>;

/// One file that an operation wants.
pub struct PlannedFile {
    /// Where, as the user would name it.
    pub path: PathBuf,
    /// The octets.
    pub contents: SecretBytes,
    /// What for.
    pub purpose: Purpose,
    /// Run on the octets as they were read back from the disk, before the file gets its name.
    pub proof: Proof,
}

/// All files of one operation: all of them appear, or none.
#[derive(Default)]
pub struct Plan {
    /// The files, in the order of the summary.
    pub files: Vec<PlannedFile>,
    /// A folder that is made for them where it is missing, for its owner alone.
    pub folder: Option<PathBuf>,
}
