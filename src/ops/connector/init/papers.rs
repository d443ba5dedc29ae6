//! The files of a kit that are no credential: written from what is known, and written again when
//! more is.

use super::{Options, Origin};
use crate::{
    connector::{
        Answers,
        answers::Files,
        config::{self as vendor, Form, SecretValue},
        kit::{self, CertificateRecord, FileName, FileRecord, Moment, Part, Record, SecretRecord},
        procedure,
        profile::Credential,
    },
    error::Result,
    ops::connector::{
        config,
        manifest::{Content, manifest},
    },
    output::plan::{PlannedFile, Purpose},
    report,
    secret::SecretBytes,
    time::Instant,
};

/// What the files are made of.
pub(super) struct Maker<'a> {
    options: &'a Options<'a>,
    answers: Answers,
    files: FileRecord,
    certificate: Option<CertificateRecord>,
    now: Instant,
}

impl<'a> Maker<'a> {
    pub(super) fn new(
        options: &'a Options<'a>,
        certificate: Option<CertificateRecord>,
        now: Instant,
    ) -> Self {
        let files = options.files();
        let name = |file: &Option<FileName>| file.as_ref().map(|file| file.as_str().to_owned());
        let takes_json = options.profile.takes(Credential::ConnectorJson);
        let mut answers = options.answers.clone();
        answers.files = Files {
            certificate: name(&files.certificate),
            thumbprint: certificate.as_ref().map(|certificate| certificate.thumbprint.to_string()),
            connector_json: name(&files.connector_json).filter(|_| takes_json),
            config: name(&files.config),
        };
        Self { options, answers, files, certificate, now }
    }

    /// Adds the files, in the order in which they are needed.
    pub(super) fn add(&self, files: &mut Vec<PlannedFile>, notes: &mut Vec<String>) -> Result<()> {
        let profile = self.options.profile;
        let FileRecord { manifest: permissions, consent_url, config, steps, page, .. } = &self.files;
        if let Some(name) = permissions {
            let path = self.options.at(name.as_str());
            files.push(manifest(&[profile], &Content::Permissions, path, self.now)?.file);
        }
        if let Some((name, address)) = consent_url.as_ref().zip(self.answers.consent_address(profile)) {
            files.push(self.text(name.as_str(), format!("{}\n", address.url), Purpose::ConsentAddress));
        }
        match config {
            Some(name) if self.config_was_edited() => notes.push(format!(
                "{} holds a client secret or was edited, and was left as it is; with --client-secret it is written anew",
                name.as_str()
            )),
            Some(name) => {
                let path = self.options.at(name.as_str());
                files.push(config::in_kit(profile, &self.answers, self.options.secret.as_ref(), &path));
            }
            None => {}
        }
        files.push(self.record());
        let procedure = procedure::procedure(profile, &self.answers);
        if let Some(name) = steps {
            files.push(self.text(name.as_str(), report::connector::markdown(&procedure), Purpose::Steps));
        }
        if let Some(name) = page {
            files.push(self.text(name.as_str(), report::connector::html(&procedure), Purpose::Steps));
        }
        Ok(())
    }

    /// A secret is shown once: what stands is written over only if it is octet for octet what certkit
    /// wrote into it from the record, or if the secret is given anew.
    fn config_was_edited(&self) -> bool {
        let Origin::Kept(kept) = &self.options.credential else { return false };
        let Some(standing) = kept.standing.iter().find(|file| file.part == Some(Part::Config)) else {
            return false;
        };
        let mut recorded = kept.record.answers(None);
        recorded.files.connector_json.clone_from(&self.answers.files.connector_json);
        let path = kept.secret_path();
        let written = vendor::write(self.options.profile, &recorded, path.as_ref(), Form::Vendor);
        let given_anew = matches!(self.options.secret, Some(SecretValue::Given(_)));
        !given_anew && !standing.octets.same_as(&written)
    }

    fn text(&self, name: &str, text: String, purpose: Purpose) -> PlannedFile {
        let contents = SecretBytes::new(text.into_bytes());
        // The octets themselves are compared by the writer.
        PlannedFile { path: self.options.at(name), contents, purpose, proof: Box::new(|_| Ok(())) }
    }

    fn record(&self) -> PlannedFile {
        let profile = self.options.profile;
        let made = match &self.options.credential {
            Origin::Kept(kept) => kept.record.made,
            _ => Moment::second(self.now),
        };
        let path = match &self.options.secret {
            Some(SecretValue::Path(path)) => Some(path.clone()),
            _ => None,
        };
        let secret = SecretRecord { expires_on: self.options.secret_expires.map(Moment::second), path };
        let record = Record {
            certificate: self.certificate.clone(),
            secret: profile.takes(Credential::Secret).then_some(secret),
            files: self.files.clone(),
            ..Record::of(profile, &self.answers, made)
        };
        let mut file = self.text(kit::RECORD, record.write(), Purpose::Record);
        file.proof = Box::new(|octets| Record::read(octets).map(drop));
        file
    }
}
