//! `connector init`: everything that one installation of a connector needs, in one folder.

use std::path::PathBuf;

use rand_core::CryptoRng;

use super::config;
use crate::{
    cert::{
        name::DistinguishedName,
        params::{End, Params, Validity},
    },
    connector::{
        Profile,
        config::{Form, SecretValue, Values},
        kit::{self, CertificateRecord, FileName, FileRecord, Moment, Record, Schema, SecretRecord},
        line::Line,
        manifest,
        procedure::{self, Answers, Files},
        profile::{Credential, OutputForm},
    },
    error::{Error, Result},
    key::NewKey,
    ops::generate::{self, Emit},
    output::plan::{Plan, PlannedFile, Purpose},
    report::{self, CertificateSummary},
    secret::{Password, SecretBytes},
    store::pkcs12::Compat,
    time::Instant,
};

/// What `connector init` is asked for.
pub struct Options<'a> {
    /// The connector.
    pub profile: &'a Profile,
    /// The kit's folder; it is made where it is missing.
    pub out_dir: PathBuf,
    /// What is known of the installation; the names of its files are filled in.
    pub answers: Answers,
    /// What the vendor is given; ids and file names are filled in.
    pub values: Values,
    /// When the client secret expires.
    pub secret_expires: Option<Instant>,
    /// Whether a certificate is made; where the vendor wants none it is of no use.
    pub certificate: bool,
    /// Days of the certificate's validity.
    pub days: i64,
    /// A password, where a PFX is wanted.
    pub password: Option<Password>,
    /// Whether a PFX is made; it needs the password.
    pub pfx: bool,
}

/// What `connector init` made.
pub struct Made {
    /// The files to write, and the folder.
    pub plan: Plan,
    /// The certificate, for the summary.
    pub certificate: Option<CertificateSummary>,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

impl Options<'_> {
    /// The files that will be made, in order.
    #[must_use]
    pub fn targets(&self) -> Vec<PathBuf> {
        let files = self.files();
        let mut targets: Vec<PathBuf> = files.all().map(|(_, name)| self.at(name.as_str())).collect();
        targets.push(self.at(kit::RECORD));
        targets
    }

    /// The kit's files by name.
    fn files(&self) -> FileRecord {
        let named = |wanted: bool, suffix: &'static str| {
            wanted.then(|| FileName::of_profile(&self.profile.id, suffix))
        };
        let fixed = |wanted: bool, name: &'static str| wanted.then(|| FileName::fixed(name));
        let yaml = self.profile.output.form == OutputForm::Yaml;
        FileRecord {
            certificate: named(self.certificate, "cer"),
            key: named(self.certificate, "key.pem"),
            connector_json: named(self.certificate, "json"),
            pfx: named(self.certificate && self.pfx, "pfx"),
            manifest: fixed(true, "manifest.json"),
            consent_url: fixed(self.answers.consent_address(self.profile).is_some(), "consent-url.txt"),
            config: fixed(true, if yaml { "config.yaml" } else { "config.txt" }),
            steps: fixed(true, "NEXT-STEPS.md"),
            page: fixed(true, "NEXT-STEPS.html"),
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.out_dir.join(name)
    }
}

/// Makes the kit.
///
/// # Errors
/// As [`generate::generate`].
pub fn init(options: &Options<'_>, now: Instant, rng: &mut dyn CryptoRng) -> Result<Made> {
    let mut made = match options.certificate {
        true => credential(options, now, rng)?,
        false => Made { plan: Plan::default(), certificate: None, warnings: Vec::new(), notes: Vec::new() },
    };
    let files = options.files();
    let name = |file: &Option<FileName>| file.as_ref().map(|file| file.as_str().to_owned());
    let mut answers = options.answers.clone();
    answers.files = Files {
        certificate: name(&files.certificate),
        thumbprint: made.certificate.as_ref().map(|summary| summary.fingerprints.sha1.clone()),
        connector_json: name(&files.connector_json)
            .filter(|_| options.profile.takes(Credential::ConnectorJson)),
        config: name(&files.config),
        manifest: name(&files.manifest),
    };
    let maker = Maker { options, answers, files, certificate: made.certificate.clone(), now };
    maker.add_files(&mut made)?;
    made.plan.folder = Some(options.out_dir.clone());
    made.warnings.extend(maker.warnings());
    Ok(made)
}

/// The key, its certificate and every form of them.
fn credential(options: &Options<'_>, now: Instant, rng: &mut dyn CryptoRng) -> Result<Made> {
    let mut emit = vec![Emit::Cer, Emit::Key, Emit::Json];
    emit.extend(options.pfx.then_some(Emit::Pfx));
    let subject = DistinguishedName::from_parts([("--app-name", "CN", common_name(options))])?;
    let validity = Validity::new(now, End::Days(options.days))?;
    let made = generate::generate(
        &generate::Options {
            name: options.profile.id.to_string(),
            out_dir: options.out_dir.clone(),
            emit,
            alias: options.profile.id.to_string(),
            params: Params::new(subject, Vec::new(), validity)?,
            key: NewKey::Rsa2048,
            compat: Compat::default(),
            iterations: None,
            password: options.password.clone(),
        },
        now,
        rng,
    )?;
    Ok(Made {
        plan: made.plan,
        certificate: Some(made.certificate),
        warnings: made.warnings,
        notes: made.notes,
    })
}

/// The app's name as far as a common name may be long (RFC 5280 appendix A.1), else the profile's.
fn common_name<'a>(options: &'a Options<'_>) -> &'a str {
    const LONGEST: usize = 64;
    let app = options.answers.app.as_deref().unwrap_or(&options.profile.registration.app);
    if app.chars().count() <= LONGEST { app } else { options.profile.id.as_str() }
}

/// What the files around the credential are made of.
struct Maker<'a> {
    options: &'a Options<'a>,
    answers: Answers,
    files: FileRecord,
    certificate: Option<CertificateSummary>,
    now: Instant,
}

impl Maker<'_> {
    fn add_files(&self, made: &mut Made) -> Result<()> {
        let profile = self.options.profile;
        let files = &mut made.plan.files;
        if let Some(name) = &self.files.manifest {
            files.push(self.text(name.as_str(), manifest::required(profile), Purpose::Manifest));
        }
        if let Some((name, address)) =
            self.files.consent_url.as_ref().zip(self.answers.consent_address(profile))
        {
            files.push(self.text(name.as_str(), format!("{}\n", address.url), Purpose::ConsentAddress));
        }
        if let Some(name) = &self.files.config {
            files.push(config::planned(
                profile,
                &self.values(),
                Form::Vendor,
                &self.options.at(name.as_str()),
            ));
        }
        files.push(self.record()?);
        let steps = procedure::procedure(profile, &self.answers);
        if let Some(name) = &self.files.steps {
            files.push(self.text(name.as_str(), report::connector::markdown(&steps), Purpose::Steps));
        }
        if let Some(name) = &self.files.page {
            files.push(self.text(name.as_str(), report::connector::html(&steps), Purpose::Steps));
        }
        Ok(())
    }

    fn text(&self, name: &str, text: String, purpose: Purpose) -> PlannedFile {
        let contents = SecretBytes::new(text.into_bytes());
        // The octets themselves are compared by the writer.
        PlannedFile { path: self.options.at(name), contents, purpose, proof: Box::new(|_| Ok(())) }
    }

    fn values(&self) -> Values {
        Values {
            client_id: self.answers.client_id,
            tenant_id: self.answers.tenant_id,
            connector_json: self.answers.files.connector_json.clone(),
            ..self.options.values.clone()
        }
    }

    fn record(&self) -> Result<PlannedFile> {
        let profile = self.options.profile;
        let app = self.answers.app.as_ref().unwrap_or(&profile.registration.app).clone();
        let line = |text: &str| Line::try_from(text.to_owned()).map_err(Error::Internal);
        let certificate = match &self.certificate {
            None => None,
            Some(summary) => Some(CertificateRecord {
                thumbprint: line(&summary.fingerprints.sha1)?,
                not_after: Moment(summary.not_after),
                uploaded_on: None,
            }),
        };
        let expires_on = self.options.secret_expires.map(Moment);
        let record = Record {
            schema: Schema::V1,
            profile: profile.id.clone(),
            made: Moment(self.now),
            app,
            cloud: self.answers.cloud,
            tenant_id: self.answers.tenant_id,
            client_id: self.answers.client_id,
            redirect_uri: self.answers.redirect(profile).cloned(),
            certificate,
            secret: profile.takes(Credential::Secret).then_some(SecretRecord { expires_on }),
            files: self.files.clone(),
        };
        let mut file = self.text(kit::RECORD, record.write(), Purpose::Record);
        file.proof = Box::new(|octets| Record::read(octets).map(drop));
        Ok(file)
    }

    fn warnings(&self) -> Vec<String> {
        let profile = self.options.profile;
        let mut warnings = Vec::new();
        if let Some(SecretValue::Given(secret)) = &self.options.values.secret {
            warnings.extend(secret.warning().map(str::to_owned));
        }
        if self.options.certificate && !profile.needs_certificate() {
            warnings.push(format!(
                "{} takes no certificate: the key and what goes with it are of no use to it",
                profile.name
            ));
        }
        if self.options.secret_expires.is_some_and(|end| end <= self.now) {
            warnings.push("the client secret has expired already".into());
        }
        warnings
    }
}
