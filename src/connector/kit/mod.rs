//! A kit: the folder with everything that one installation of a connector needs, and the record in
//! it of what has to be watched.

mod record;

use serde::Deserialize;

use super::{line::Line, profile::ProfileId};

pub use record::{CertificateRecord, Moment, RECORD, Record, Schema, SecretRecord, Thumbprint, last_second};

/// A file of a kit, by what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The certificate, DER.
    Certificate,
    /// The private key, PEM.
    Key,
    /// The connector JSON.
    ConnectorJson,
    /// The PFX.
    Pfx,
    /// The permissions.
    Manifest,
    /// The consent address.
    ConsentUrl,
    /// What the vendor is given.
    Config,
    /// The steps, as Markdown.
    Steps,
    /// The steps, as a page for the browser.
    Page,
}

impl Part {
    /// Whether it is the key or the certificate in one form or another: what is never written again.
    #[must_use]
    pub fn is_credential(self) -> bool {
        matches!(self, Self::Certificate | Self::Key | Self::ConnectorJson | Self::Pfx)
    }

    /// The record's key for it.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Key => "key",
            Self::ConnectorJson => "connector_json",
            Self::Pfx => "pfx",
            Self::Manifest => "manifest",
            Self::ConsentUrl => "consent_url",
            Self::Config => "config",
            Self::Steps => "steps",
            Self::Page => "page",
        }
    }
}

/// The kit's files by what they are; each a name in the record's own folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// The certificate, DER.
    pub certificate: Option<FileName>,
    /// The private key, PEM.
    pub key: Option<FileName>,
    /// The connector JSON.
    pub connector_json: Option<FileName>,
    /// The PFX.
    pub pfx: Option<FileName>,
    /// The permissions.
    pub manifest: Option<FileName>,
    /// The consent address.
    pub consent_url: Option<FileName>,
    /// What the vendor is given.
    pub config: Option<FileName>,
    /// The steps, as Markdown.
    pub steps: Option<FileName>,
    /// The steps, as a page for the browser.
    pub page: Option<FileName>,
}

impl FileRecord {
    /// Every file that the record names.
    pub fn all(&self) -> impl Iterator<Item = (Part, &FileName)> {
        [
            (Part::Certificate, &self.certificate),
            (Part::Key, &self.key),
            (Part::ConnectorJson, &self.connector_json),
            (Part::Pfx, &self.pfx),
            (Part::Manifest, &self.manifest),
            (Part::ConsentUrl, &self.consent_url),
            (Part::Config, &self.config),
            (Part::Steps, &self.steps),
            (Part::Page, &self.page),
        ]
        .into_iter()
        .filter_map(|(part, name)| Some((part, name.as_ref()?)))
    }
}

/// The name of a file in the kit's own folder: no record leads out of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Line")]
pub struct FileName(Line);

impl FileName {
    /// A name after a profile, such as `zscaler-sharepoint.cer`.
    #[must_use]
    pub fn of_profile(id: &ProfileId, suffix: &'static str) -> Self {
        Self(Line::fixed(format!("{id}.{suffix}")))
    }

    /// A name that is always the same.
    #[must_use]
    pub fn fixed(name: &'static str) -> Self {
        Self(Line::fixed(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<Line> for FileName {
    type Error = &'static str;

    fn try_from(name: Line) -> std::result::Result<Self, Self::Error> {
        if name.contains(['/', '\\', ':']) || matches!(&*name, "." | "..") {
            return Err("expected the name of a file in the same folder");
        }
        Ok(Self(name))
    }
}
