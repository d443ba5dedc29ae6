//! `rotate`: a credential, its successor, and the order of the change-over.

use serde::Serialize;

use super::{
    CertificateSummary,
    json_v1::{self, SummaryV1, WrittenFile},
    text::{clean, field, line},
};
use crate::{cert::Certificate, output::plan::Purpose};

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The successor is in place.
    Made,
    /// It would be made.
    Planned,
    /// There was one.
    Exists,
    /// There is time.
    NotDue,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Planned => "planned",
            Self::Exists => "exists",
            Self::NotDue => "not-due",
        }
    }
}

/// The record that watches the old certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordState {
    /// It stands as it was, at this place.
    ToEdit(String),
    /// It names the new certificate.
    Updated(String),
}

/// A credential and its successor.
#[derive(Clone, Debug)]
pub struct Succession {
    /// The old certificate.
    pub old: CertificateSummary,
    /// Days until it ends, rounded down; negative once it has.
    pub days_left: i64,
    /// Where the old files stand.
    pub old_files: Vec<String>,
    /// The new certificate, once there is one.
    pub new: Option<CertificateSummary>,
    /// The new files with what they are for.
    pub files: Vec<(String, Purpose)>,
    /// Whether the new files have the names that the old ones had.
    pub names_stay: bool,
    /// The record, where it names the old certificate.
    pub record: Option<RecordState>,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

impl Succession {
    /// Of a certificate that has no successor yet.
    #[must_use]
    pub fn of(old: &Certificate, days_left: i64) -> Self {
        Self {
            old: CertificateSummary::of(old),
            days_left,
            old_files: Vec::new(),
            new: None,
            files: Vec::new(),
            names_stay: false,
            record: None,
            warnings: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What is left to be done, one sentence each, in order; nothing before there is a successor.
    #[must_use]
    pub fn steps(&self) -> Vec<String> {
        let Some(new) = &self.new else { return Vec::new() };
        let (new, old) = (&new.fingerprints.sha1, &self.old.fingerprints.sha1);
        let mut steps = vec![
            format!(
                "in the Azure portal, under App registrations, the app, Certificates & secrets, Certificates: {}; it shows {new} then, beside the old one, which stays there",
                self.upload()
            ),
            self.switch(),
        ];
        match &self.record {
            Some(RecordState::ToEdit(record)) => steps.push(format!(
                "bring {record} up to date: the new files' names, thumbprint = \"{new}\", not_after and uploaded_on"
            )),
            Some(RecordState::Updated(record)) => {
                steps.push(format!("put the day of the upload into {record}: uploaded_on"));
            }
            None => {}
        }
        steps.push(format!(
            "once the connector has signed in with the new one, remove the old one there: {old}"
        ));
        steps.push(format!("then delete the old files: {}", self.old_files.join(", ")));
        steps
    }

    /// What to upload.
    fn upload(&self) -> String {
        let of = |wanted| self.files.iter().find(|(_, purpose)| *purpose == wanted).map(|(path, _)| path);
        match (of(Purpose::UploadToAzure).or(of(Purpose::Public)), self.files.first()) {
            (Some(path), _) => format!("upload {path}"),
            (None, Some((path, _))) => {
                let path = crate::quote::word(path);
                format!("upload NEW.cer, which this makes: certkit export-cer {path} -o NEW.cer")
            }
            (None, None) => "upload it".into(),
        }
    }

    /// What the connector is to be told.
    fn switch(&self) -> String {
        let of = |wanted: fn(Purpose) -> bool| -> Vec<&str> {
            self.files.iter().filter(|(_, purpose)| wanted(*purpose)).map(|(path, _)| path.as_str()).collect()
        };
        let credentials = of(|purpose| purpose.is_secret() && purpose != Purpose::StorePassword).join(" or ");
        let password = match of(|purpose| purpose == Purpose::StorePassword).first() {
            Some(path) => format!(", with the password in {path}"),
            None => String::new(),
        };
        match self.names_stay {
            true => format!(
                "switch: the new files have the old names; let the connector read them again, or give it {credentials} again{password}"
            ),
            false => format!("switch: give the connector {credentials}{password}"),
        }
    }
}

/// For a person: what was done, the files, both certificates, and the steps.
#[must_use]
pub fn text(succession: &Succession, outcome: Outcome) -> String {
    let mut text = String::new();
    let left = match succession.days_left {
        days if days < 0 => "it has expired".into(),
        1 => "1 day is left".into(),
        days => format!("{days} days are left"),
    };
    let until = succession.old.not_after;
    match outcome {
        Outcome::NotDue => {
            line(
                &mut text,
                0,
                &format!("not due: {}, valid to {until}, {left}", clean(&succession.old_files.join(", "))),
            );
            return text;
        }
        Outcome::Exists => line(&mut text, 0, "the successor is there already; nothing was made"),
        Outcome::Planned => line(&mut text, 0, "nothing was made; this would be"),
        Outcome::Made => {}
    }
    let widest = succession.files.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
    for (path, purpose) in &succession.files {
        line(&mut text, 0, &format!("{:widest$}  {}", clean(path), purpose.describe()));
    }
    field(&mut text, 0, "subject", &clean(&succession.old.subject));
    field(&mut text, 0, "key", &clean(&succession.old.key));
    field(&mut text, 0, "old: valid to", &format!("{until} ({left})"));
    thumbprints(&mut text, "old", &succession.old);
    if let Some(new) = &succession.new {
        field(&mut text, 0, "new: valid to", &new.not_after.to_string());
        thumbprints(&mut text, "new", new);
    }
    for (index, step) in succession.steps().iter().enumerate() {
        line(&mut text, 0, &format!("{}. {}", index + 1, clean(step)));
    }
    text
}

fn thumbprints(text: &mut String, which: &str, certificate: &CertificateSummary) {
    let sha1 = &certificate.fingerprints.sha1;
    field(text, 0, &format!("{which}: SHA-1"), &format!("{sha1} (thumbprint in the Azure portal)"));
    field(text, 0, &format!("{which}: SHA-256"), &certificate.fingerprints.sha256);
}

/// `certkit.rotate/1`
#[must_use]
pub fn json(succession: &Succession, outcome: Outcome) -> String {
    let document = Document {
        schema: "certkit.rotate/1",
        outcome: outcome.word(),
        old: json_v1::summary(&succession.old),
        days_left: succession.days_left,
        old_files: &succession.old_files,
        new: succession.new.as_ref().map(json_v1::summary),
        files: json_v1::written_files(&succession.files),
        steps: succession.steps(),
        warnings: &succession.warnings,
        notes: &succession.notes,
    };
    json_v1::render(&document, true)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    outcome: &'static str,
    old: SummaryV1<'a>,
    days_left: i64,
    old_files: &'a [String],
    new: Option<SummaryV1<'a>>,
    files: Vec<WrittenFile<'a>>,
    steps: Vec<String>,
    warnings: &'a [String],
    notes: &'a [String],
}
