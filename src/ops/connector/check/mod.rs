//! `connector check`: what of a kit is missing, expired or does not fit together.

mod credential;
pub(in crate::ops) mod dates;
mod papers;

use crate::{
    connector::{
        Profile,
        kit::{FileName, Part, Record},
        manifest::Names,
        profile::Credential,
    },
    error::Error,
    ops::Input,
    quote,
    report::{Finding, Severity},
    store::Unlock,
    time::Instant,
};

/// A file that the record names.
pub struct KitFile {
    /// What it is.
    pub part: Part,
    /// Its name as the user would give it.
    pub path: String,
    /// What came of reading it.
    pub found: Found,
}

/// What came of reading a file.
pub enum Found {
    /// Its octets, and whether others than its owner may read it.
    Read {
        /// The octets.
        input: Input,
        /// Whether others than its owner may read it.
        exposed: bool,
    },
    /// Why not.
    Failed(Error),
}

/// A kit as it lies on the disk.
pub struct Kit<'a> {
    /// The connector of the record.
    pub profile: &'a Profile,
    /// The record.
    pub record: &'a Record,
    /// Its folder, as the user would name it.
    pub folder: &'a str,
    /// The record's file, as the user would name it.
    pub record_path: &'a str,
    /// The file that the profile is read from, where it is the user's own.
    pub profile_file: Option<String>,
    /// Every file that the record names.
    pub files: &'a [KitFile],
}

/// By what a kit is judged.
pub struct Options {
    /// The present.
    pub now: Instant,
    /// How many days before its end something is warned of.
    pub warn_days: i64,
    /// What opens the PFX.
    pub unlock: Unlock,
    /// The names of permissions.
    pub names: Names,
}

/// Everything that is wrong or worth knowing, in the order of the kit.
#[must_use]
pub fn check(kit: &Kit<'_>, options: &Options) -> Vec<Finding> {
    let mut findings = unread(kit);
    findings.extend(exposed(kit));
    let (certificate, found) = credential::check(kit, options);
    findings.extend(found);
    findings.extend(papers::check(kit, &options.names));
    findings.extend(dates::check(kit, certificate.as_ref(), options));
    findings
}

impl Kit<'_> {
    /// A file, if it was read.
    fn file(&self, part: Part) -> Option<&Input> {
        self.files.iter().find(|file| file.part == part).and_then(|file| match &file.found {
            Found::Read { input, .. } => Some(input),
            Found::Failed(_) => None,
        })
    }

    /// A finding about the record.
    fn of_record(&self, severity: Severity, id: &'static str, text: impl Into<String>) -> Finding {
        Finding::new(severity, id, text).in_file(self.record_path)
    }

    /// The command that makes a new kit.
    fn init_command(&self) -> String {
        self.record
            .answers(self.profile_file.clone())
            .command(&format!("init {} --out-dir NEW-FOLDER", self.profile.id))
    }

    /// The command that writes anew what is no credential.
    fn update_command(&self) -> String {
        let folder = quote::word(self.folder);
        let words = format!("init {} --out-dir {folder} --update", self.profile.id);
        self.record.answers(self.profile_file.clone()).command(&words)
    }
}

/// What the record names and cannot be read, and what the vendor wants and the record does not name.
fn unread(kit: &Kit<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in kit.files {
        let Found::Failed(error) = &file.found else { continue };
        let missing = error.is_not_found();
        let (id, text) = match missing {
            true => ("file-missing", "it is missing".to_owned()),
            false => ("file-unreadable", error.to_string()),
        };
        let severity = match file.part {
            Part::Steps | Part::Page => Severity::Info,
            _ => Severity::Error,
        };
        let hint = match missing {
            true if file.part.is_credential() => {
                Some(format!("put it back from a copy, or make a new kit: {}", kit.init_command()))
            }
            true => Some(kit.update_command()),
            false => error.hint(),
        };
        findings.push(Finding { hint, ..Finding::new(severity, id, text).in_file(&*file.path) });
    }
    let named = |name: &Option<FileName>| name.is_some();
    let files = &kit.record.files;
    // Beside files by `gen` there never were any papers.
    let has_papers = files.all().any(|(part, _)| !part.is_credential());
    for (name, what) in [(&files.manifest, "manifest"), (&files.config, "config")] {
        if has_papers && !named(name) {
            let text = format!("[files] names no {what}");
            findings.push(kit.of_record(Severity::Warning, "file-unnamed", text).hint(kit.update_command()));
        }
    }
    if named(&files.certificate) && kit.record.certificate.is_none() {
        let text = "it has no [certificate], so nothing tells which certificate was uploaded";
        findings.push(kit.of_record(Severity::Error, "certificate-unrecorded", text).hint(
            "add [certificate] with thumbprint and not_after, as `certkit inspect` shows them for the .cer",
        ));
    }
    if kit.profile.needs_certificate() && !named(&files.certificate) {
        let text = format!("{} wants a certificate and the kit has none", kit.profile.name);
        findings.push(kit.of_record(Severity::Error, "certificate-missing", text).hint(kit.init_command()));
    }
    if kit.profile.takes(Credential::ConnectorJson) && !named(&files.connector_json) {
        let text = format!("{} wants the connector JSON and the kit has none", kit.profile.name);
        findings
            .push(kit.of_record(Severity::Error, "connector-json-missing", text).hint(kit.init_command()));
    }
    findings
}

/// Files with a secret, or made to take one, that others may read.
fn exposed(kit: &Kit<'_>) -> Vec<Finding> {
    let path = kit.record.secret.as_ref().is_some_and(|secret| secret.path.is_some());
    let secret = |part| match part {
        Part::Key | Part::ConnectorJson | Part::Pfx => true,
        Part::Config => kit.profile.takes(Credential::Secret) && !path,
        _ => false,
    };
    let is_exposed =
        |file: &&KitFile| matches!(file.found, Found::Read { exposed: true, .. }) && secret(file.part);
    let finding = |file: &KitFile| {
        Finding::new(Severity::Warning, "secret-readable", "others than its owner may read it")
            .in_file(&*file.path)
            .hint(format!("chmod 600 {}", quote::word(&file.path)))
    };
    kit.files.iter().filter(is_exposed).map(finding).collect()
}
