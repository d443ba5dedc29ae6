//! The record of a kit: what it is for and what has to be watched, as TOML.

use std::fmt;

use serde::Deserialize;

use super::FileRecord;
use crate::{
    cert::Fingerprints,
    connector::{
        Answers, Cloud, Guid, Profile, RedirectUri, config::Domain, line::Line, profile::ProfileId, toml_text,
    },
    error::{Result, TomlFile},
    time::Instant,
};

/// The record's file name.
pub const RECORD: &str = "certkit.toml";

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
    /// Domains that the connector is limited to; none stands for all of them.
    #[serde(default)]
    pub domains: Vec<Domain>,
    /// The connection's name in the vendor's portal.
    pub connection_name: Option<Line>,
    /// The certificate, where there is one.
    pub certificate: Option<CertificateRecord>,
    /// The client secret, where there is one.
    pub secret: Option<SecretRecord>,
    /// The kit's files.
    pub files: FileRecord,
}

/// The one form of record there is.
#[derive(Clone, Copy, Debug, Deserialize)]
pub enum Schema {
    /// `certkit.kit/1`
    #[serde(rename = "certkit.kit/1")]
    V1,
}

/// What has to be watched of the certificate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRecord {
    /// Its SHA-1 thumbprint.
    pub thumbprint: Thumbprint,
    /// Its last second.
    pub not_after: Moment,
    /// When it was uploaded to the app registration.
    pub uploaded_on: Option<Moment>,
}

impl CertificateRecord {
    /// Of a certificate that nobody has uploaded yet.
    #[must_use]
    pub fn of(fingerprints: &Fingerprints, not_after: Instant) -> Self {
        let thumbprint = Thumbprint(fingerprints.sha1.clone());
        Self { thumbprint, not_after: Moment::second(not_after), uploaded_on: None }
    }
}

/// What has to be watched of the client secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRecord {
    /// Its last second; a day, as the portal shows it, counts to its end.
    pub expires_on: Option<Moment>,
    /// Where the vendor's program finds it, if that is not in the configuration.
    pub path: Option<Line>,
}

/// A SHA-1 thumbprint as the portal shows it: 40 upper-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Thumbprint(String);

impl Thumbprint {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Thumbprint {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        if digits.len() == 40 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
            Ok(Self(digits.to_ascii_uppercase()))
        } else {
            Err("expected a SHA-1 thumbprint of 40 hexadecimal digits")
        }
    }
}

/// A day or a time, as it was written: a day stays one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant; the first second of a day, UTC.
    pub at: Instant,
    /// Whether only the day is known.
    pub is_day: bool,
}

impl Moment {
    /// A moment that is known to the second.
    #[must_use]
    pub fn second(at: Instant) -> Self {
        Self { at, is_day: false }
    }

    /// Its last second.
    #[must_use]
    pub fn end(self) -> Instant {
        if self.is_day { end_of_day(self.at) } else { self.at }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.at.to_string();
        f.write_str(if self.is_day { text.split('T').next().unwrap_or_default() } else { &text })
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        const EXPECTED: &str = "expected a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z";
        let value = toml::value::Datetime::deserialize(deserializer)?;
        // A time without a zone is taken as UTC: a day more or less decides nothing here.
        let zone = if value.time.is_some() && value.offset.is_none() { "Z" } else { "" };
        // Neither spelling is a span, so the present does not matter.
        let read = Instant::from_unix(0)
            .and_then(|epoch| Instant::parse("date", &format!("{value}{zone}"), epoch).ok())
            .filter(|_| value.date.is_some());
        let at = read.ok_or_else(|| serde::de::Error::custom(EXPECTED))?;
        Ok(Self { at, is_day: value.time.is_none() })
    }
}

/// Reads when something ends: as [`Instant::parse`], but a day counts to its last second.
///
/// # Errors
/// As [`Instant::parse`].
pub fn last_second(option: &'static str, text: &str, now: Instant) -> Result<Instant> {
    let instant = Instant::parse(option, text, now)?;
    let is_day = text.len() == 10 && text.matches('-').count() == 2;
    Ok(if is_day { end_of_day(instant) } else { instant })
}

fn end_of_day(midnight: Instant) -> Instant {
    const LAST: i64 = 86_399;
    Instant::from_unix(midnight.unix() + LAST).unwrap_or(midnight)
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// [`Error::BadToml`](crate::error::Error::BadToml) with the line and column.
    pub fn read(octets: &[u8]) -> Result<Self> {
        toml_text::read(octets, TomlFile::Record)
    }

    /// What it knows of the installation; `profile_file` is where a profile of the user's own is read
    /// from.
    #[must_use]
    pub fn answers(&self, profile_file: Option<String>) -> Answers {
        Answers {
            app: Some(self.app.clone()),
            client_id: self.client_id,
            tenant_id: self.tenant_id,
            redirect_uri: self.redirect_uri.clone(),
            cloud: self.cloud,
            domains: self.domains.clone(),
            connection_name: self.connection_name.clone(),
            profile_file,
            ..Answers::default()
        }
    }

    /// The record of an installation of `profile`.
    #[must_use]
    pub fn of(profile: &Profile, answers: &Answers, made: Moment) -> Self {
        Self {
            schema: Schema::V1,
            profile: profile.id.clone(),
            made,
            app: answers.app(profile).clone(),
            cloud: answers.cloud,
            tenant_id: answers.tenant_id,
            client_id: answers.client_id,
            redirect_uri: answers.redirect(profile).cloned(),
            domains: answers.domains.clone(),
            connection_name: answers.connection_name.clone(),
            certificate: None,
            secret: None,
            files: FileRecord::default(),
        }
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
        lines.list("domains", self.domains.iter().map(Domain::as_str));
        lines.string("connection_name", self.connection_name.as_deref(), "");
        if let Some(certificate) = &self.certificate {
            lines.table("certificate");
            lines.string("thumbprint", Some(certificate.thumbprint.as_str()), "");
            lines.moment("not_after", Some(certificate.not_after), "");
            lines.moment("uploaded_on", certificate.uploaded_on, "the day of the upload");
        }
        if let Some(secret) = &self.secret {
            lines.table("secret");
            lines.moment("expires_on", secret.expires_on, "the day on which the portal says that it expires");
            lines.string("path", secret.path.as_deref(), "");
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

    /// A list of strings; an empty one is left out.
    fn list<'a>(&mut self, key: &str, values: impl Iterator<Item = &'a str>) {
        let quoted: Vec<String> = values.map(|value| format!("\"{value}\"")).collect();
        if !quoted.is_empty() {
            self.line(key, Some(format!("[{}]", quoted.join(", "))), "", "");
        }
    }

    fn moment(&mut self, key: &str, value: Option<Moment>, missing: &str) {
        self.line(key, value.map(|moment| moment.to_string()), "", missing);
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
    use crate::{connector::kit::FileName, error::Error};

    fn sample() -> Record {
        let line = |text: &str| Line::try_from(text.to_owned()).unwrap();
        let moment = |seconds| Moment::second(Instant::from_unix(seconds).unwrap());
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
                thumbprint: Thumbprint::try_from("ab:12".repeat(10)).unwrap(),
                not_after: moment(1_900_000_000),
                uploaded_on: None,
            }),
            domains: vec![Domain::parse("contoso.com").unwrap(), Domain::parse("contoso.de").unwrap()],
            connection_name: Some(line("Contoso")),
            secret: Some(SecretRecord { expires_on: Some(moment(1_850_000_000)), path: None }),
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
        assert!(read.write().contains("uploaded_on = 2026-01-31\n"), "{}", read.write());
        let local = text.replace("uploaded_on = 2026-01-31", "uploaded_on = 2026-01-31T10:00:00");
        assert!(Record::read(local.as_bytes()).is_ok());
        for bad in ["../a", "/etc/passwd", "C:a", ".."] {
            let text = sample().write().replace("a.key.pem", bad);
            assert!(matches!(Record::read(text.as_bytes()), Err(Error::BadToml { .. })), "{bad}");
        }
        let expires =
            sample().write().replace("expires_on = 2028-08-16T00:53:20Z", "expires_on = 2028-08-16");
        let expires = Record::read(expires.as_bytes()).unwrap().secret.unwrap().expires_on.unwrap().end();
        assert_eq!(expires.to_string(), "2028-08-16T23:59:59Z");
    }
}
