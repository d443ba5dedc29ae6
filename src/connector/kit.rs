//! A kit: the folder with everything that one installation of a connector needs, and the record in
//! it of what has to be watched.

use serde::{Deserialize, Serialize};

use super::{Cloud, Guid, RedirectUri, line::Line, profile::ProfileId};
use crate::{
    error::{Result, TomlFile},
    time::Instant,
};

/// The record's file name.
pub const RECORD: &str = "certkit.toml";

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
    fn key(self) -> &'static str {
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

/// The record of a kit. It holds nothing secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Which form of record this is.
    pub schema: Schema,
    /// The connector.
    pub profile: ProfileId,
    /// When the kit was made.
    pub made: Moment,
    /// The app's name.
    pub app: Line,
    /// The cloud.
    pub cloud: Cloud,
    /// The Directory (tenant) ID.
    pub tenant_id: Option<Guid>,
    /// The Application (client) ID.
    pub client_id: Option<Guid>,
    /// The redirect URI.
    pub redirect_uri: Option<RedirectUri>,
    /// The certificate, where there is one.
    pub certificate: Option<CertificateRecord>,
    /// The client secret, where there is one.
    pub secret: Option<SecretRecord>,
    /// The kit's files.
    pub files: FileRecord,
}

/// The one form of record there is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub enum Schema {
    /// `certkit.kit/1`
    #[serde(rename = "certkit.kit/1")]
    V1,
}

/// What has to be watched of the certificate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRecord {
    /// Its SHA-1 thumbprint, as the portal shows it: upper-case hexadecimal.
    pub thumbprint: Line,
    /// Its last second.
    pub not_after: Moment,
    /// When it was uploaded to the app registration.
    pub uploaded_on: Option<Moment>,
}

/// What has to be watched of the client secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRecord {
    /// Its last day or second, as the portal showed it.
    pub expires_on: Option<Moment>,
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

/// A date or time of TOML; a date is its midnight, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::value::Datetime")]
pub struct Moment(pub Instant);

impl TryFrom<toml::value::Datetime> for Moment {
    type Error = &'static str;

    fn try_from(value: toml::value::Datetime) -> std::result::Result<Self, Self::Error> {
        let text = value.to_string();
        let rooted = value.date.is_some() && (value.time.is_none() || value.offset.is_some());
        // Neither spelling is a span, so the present does not matter.
        let read = Instant::from_unix(0).and_then(|epoch| Instant::parse("date", &text, epoch).ok());
        read.filter(|_| rooted)
            .map(Self)
            .ok_or("expected a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z")
    }
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// [`Error::BadToml`] with the line and column.
    pub fn read(octets: &[u8]) -> Result<Self> {
        super::toml_text::read(octets, TomlFile::Record)
    }

    /// Writes it, with what is still to be filled in as comments.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = String::from(HEAD);
        let mut lines = Lines(&mut text);
        lines.string("schema", Some("certkit.kit/1"), "");
        lines.string("profile", Some(self.profile.as_str()), "");
        lines.moment("made", Some(self.made), "");
        lines.string("app", Some(&self.app), "");
        lines.string("cloud", Some(self.cloud.word()), "");
        let guid = |guid: &Option<Guid>| guid.map(|guid| guid.to_string());
        lines.string("tenant_id", guid(&self.tenant_id).as_deref(), "the Directory (tenant) ID");
        lines.string("client_id", guid(&self.client_id).as_deref(), "the Application (client) ID");
        lines.string("redirect_uri", self.redirect_uri.as_ref().map(RedirectUri::as_str), "");
        if let Some(certificate) = &self.certificate {
            lines.table("certificate");
            lines.string("thumbprint", Some(&certificate.thumbprint), "");
            lines.moment("not_after", Some(certificate.not_after), "");
            lines.moment("uploaded_on", certificate.uploaded_on, "the day of the upload");
        }
        if let Some(secret) = &self.secret {
            lines.table("secret");
            lines.moment("expires_on", secret.expires_on, "the day on which the portal says that it expires");
        }
        lines.table("files");
        for (part, name) in self.files.all() {
            lines.string(part.key(), Some(name.as_str()), "");
        }
        text
    }
}

const HEAD: &str = "\
# What this kit is for and what has to be watched. Nothing here is secret.
# `certkit connector check` reads it; fill in what stands in comments.
";

/// TOML, line by line.
struct Lines<'a>(&'a mut String);

impl Lines<'_> {
    fn table(&mut self, name: &str) {
        self.0.push_str(&format!("\n[{name}]\n"));
    }

    /// A string, or where there is none, a comment that says what it would be; nothing to say leaves
    /// the line out.
    fn string(&mut self, key: &str, value: Option<&str>, missing: &str) {
        let value = value.map(|value| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")));
        self.line(key, value, "\"\"", missing);
    }

    fn moment(&mut self, key: &str, value: Option<Moment>, missing: &str) {
        self.line(key, value.map(|Moment(instant)| instant.to_string()), "", missing);
    }

    fn line(&mut self, key: &str, value: Option<String>, empty: &str, missing: &str) {
        match value {
            Some(value) => self.0.push_str(&format!("{key} = {value}\n")),
            None if missing.is_empty() => {}
            None => self.0.push_str(&format!("# {key} = {empty}  # {missing}\n")),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn sample() -> Record {
        let line = |text: &str| Line::try_from(text.to_owned()).unwrap();
        let moment = |seconds| Moment(Instant::from_unix(seconds).unwrap());
        Record {
            schema: Schema::V1,
            profile: ProfileId::try_from("zscaler-sharepoint".to_owned()).unwrap(),
            made: moment(1_800_000_000),
            app: line("it's \"a\" \\ b"),
            cloud: Cloud::China,
            tenant_id: None,
            client_id: Guid::parse("00000003-0000-0000-c000-000000000000").ok(),
            redirect_uri: RedirectUri::parse("http://localhost").ok(),
            certificate: Some(CertificateRecord {
                thumbprint: line("AB12"),
                not_after: moment(1_900_000_000),
                uploaded_on: None,
            }),
            secret: Some(SecretRecord { expires_on: Some(moment(1_850_000_000)) }),
            files: FileRecord { key: FileName::try_from(line("a.key.pem")).ok(), ..FileRecord::default() },
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = sample().write();
        let read = Record::read(text.as_bytes()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{:?}", sample()));
        assert_eq!(read.write(), text);
        assert!(text.contains("# tenant_id = \"\"  # the Directory"), "{text}");
    }

    #[test]
    fn dates_come_as_days_too_and_no_file_leads_out() {
        let text =
            sample().write().replace("# uploaded_on =   # the day of the upload", "uploaded_on = 2026-01-31");
        let read = Record::read(text.as_bytes()).unwrap();
        let uploaded = read.certificate.unwrap().uploaded_on.unwrap().0;
        assert_eq!(uploaded.to_string(), "2026-01-31T00:00:00Z");
        for bad in ["../a", "/etc/passwd", "C:a", ".."] {
            let text = sample().write().replace("a.key.pem", bad);
            assert!(matches!(Record::read(text.as_bytes()), Err(Error::BadToml { .. })), "{bad}");
        }
        let local = sample().write().replace("made = 2027-01-15T08:00:00Z", "made = 2027-01-15T08:00:00");
        assert!(Record::read(local.as_bytes()).is_err());
    }
}
