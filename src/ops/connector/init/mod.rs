//! `connector init`: everything that one installation of a connector needs, in one folder.

mod papers;

use std::path::PathBuf;

use rand_core::CryptoRng;

use crate::{
    cert::{
        name::DistinguishedName,
        params::{End, Params, Validity},
    },
    connector::{
        Answers, Profile,
        config::SecretValue,
        kit::{self, CertificateRecord, FileName, FileRecord, Moment, Record},
        profile::OutputForm,
    },
    error::Result,
    key::NewKey,
    ops::generate::{self, Emit},
    output::plan::Plan,
    report::CertificateSummary,
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
    /// The client secret, or where the vendor's program finds it.
    pub secret: Option<SecretValue>,
    /// When the client secret expires.
    pub secret_expires: Option<Instant>,
    /// Where the key and the certificate come from.
    pub credential: Origin,
}

/// Where a kit's key and certificate come from.
pub enum Origin {
    /// The vendor takes none.
    None,
    /// They are made.
    New {
        /// Days of the certificate's validity.
        days: i64,
        /// Whom the PFX is for.
        compat: Compat,
        /// Whether a PFX is made beside the PEM key.
        pfx: bool,
        /// The PFX's password.
        password: Option<Password>,
    },
    /// They stay as they are: the rest of the kit is brought up to what is known now.
    Kept(Box<Kept>),
}

/// A kit that stands already.
pub struct Kept {
    /// Its record.
    pub record: Record,
    /// The files that may be written anew, as they stand: the record, and what it names that is no
    /// credential.
    pub standing: Vec<Standing>,
}

/// A file of a kit as it stands.
pub struct Standing {
    /// What it is; none is the record.
    pub part: Option<kit::Part>,
    /// Where.
    pub path: PathBuf,
    /// What it holds.
    pub octets: SecretBytes,
}

/// What `connector init` made.
pub struct Made {
    /// The files to write, and the folder.
    pub plan: Plan,
    /// The certificate, where it is new.
    pub certificate: Option<CertificateSummary>,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

impl Kept {
    /// When the client secret expires, as far as the record knows.
    #[must_use]
    pub fn secret_expires(&self) -> Option<Instant> {
        self.record.secret.as_ref()?.expires_on.map(Moment::end)
    }

    /// Where the vendor's program finds the client secret, if the record has a path.
    #[must_use]
    pub fn secret_path(&self) -> Option<SecretValue> {
        self.record.secret.as_ref()?.path.clone().map(SecretValue::Path)
    }
}

impl Options<'_> {
    /// The files that will be written, in order.
    #[must_use]
    pub fn targets(&self) -> Vec<PathBuf> {
        let files = self.files();
        let kept = matches!(self.credential, Origin::Kept(_));
        let written = |part: kit::Part| !kept || !part.is_credential();
        let mut targets: Vec<PathBuf> =
            files.all().filter(|(part, _)| written(*part)).map(|(_, name)| self.at(name.as_str())).collect();
        targets.push(self.at(kit::RECORD));
        targets
    }

    /// The files that stay as they are, and are not to be written over.
    #[must_use]
    pub fn kept(&self) -> Vec<PathBuf> {
        let Origin::Kept(kept) = &self.credential else { return Vec::new() };
        let files = kept.record.files.all().filter(|(part, _)| part.is_credential());
        files.map(|(_, name)| self.at(name.as_str())).collect()
    }

    /// The kit's files by name: as the record has them, where there is one.
    fn files(&self) -> FileRecord {
        let yaml = self.profile.output.form == OutputForm::Yaml;
        let has_address = self.answers.consent_address(self.profile).is_some();
        let mut files = self.credential_files();
        let default = |name: &mut Option<FileName>, fixed| {
            name.get_or_insert_with(|| FileName::fixed(fixed));
        };
        default(&mut files.manifest, "manifest.json");
        if has_address {
            default(&mut files.consent_url, "consent-url.txt");
        }
        default(&mut files.config, if yaml { "config.yaml" } else { "config.txt" });
        default(&mut files.steps, "NEXT-STEPS.md");
        default(&mut files.page, "NEXT-STEPS.html");
        files
    }

    fn credential_files(&self) -> FileRecord {
        let named = |suffix| Some(FileName::of_profile(&self.profile.id, suffix));
        match &self.credential {
            Origin::None => FileRecord::default(),
            Origin::New { pfx, .. } => FileRecord {
                certificate: named("cer"),
                key: named("key.pem"),
                connector_json: named("json"),
                pfx: if *pfx { named("pfx") } else { None },
                ..FileRecord::default()
            },
            Origin::Kept(kept) => kept.record.files.clone(),
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.out_dir.join(name)
    }
}

/// Makes the kit, or what of it is not kept.
///
/// # Errors
/// As [`generate::generate`].
pub fn init(options: &Options<'_>, now: Instant, rng: &mut dyn CryptoRng) -> Result<Made> {
    let mut plan = Plan { folder: Some(options.out_dir.clone()), ..Plan::default() };
    let (mut certificate, mut warnings, mut notes) = (None, Vec::new(), Vec::new());
    let record = match &options.credential {
        Origin::None => None,
        Origin::New { days, compat, pfx, password } => {
            let mut wanted = wanted(options, *days, now)?;
            wanted.compat = *compat;
            wanted.password.clone_from(password);
            wanted.emit.extend(pfx.then_some(Emit::Pfx));
            let made = generate::generate(&wanted, now, rng)?;
            plan.files.extend(made.plan.files);
            (warnings, notes) = (made.warnings, made.notes);
            let recorded = CertificateRecord::of(&made.certificate.fingerprints, made.certificate.not_after);
            certificate = Some(made.certificate);
            Some(recorded)
        }
        Origin::Kept(kept) => kept.record.certificate.clone(),
    };
    papers::Maker::new(options, record, now).add(&mut plan.files, &mut notes)?;
    warnings.extend(odd(options, now));
    Ok(Made { plan, certificate, warnings, notes })
}

/// The key, its certificate, and the forms that every kit with a credential has.
fn wanted(options: &Options<'_>, days: i64, now: Instant) -> Result<generate::Options> {
    let subject = DistinguishedName::from_parts([("--app-name", "CN", common_name(options))])?;
    let validity = Validity::new(now, End::Days(days))?;
    let name = options.profile.id.to_string();
    Ok(generate::Options {
        alias: name.clone(),
        name,
        out_dir: options.out_dir.clone(),
        emit: vec![Emit::Cer, Emit::Key, Emit::Json],
        params: Params::new(subject, Vec::new(), validity)?,
        key: NewKey::Rsa2048,
        compat: Compat::default(),
        iterations: None,
        password: None,
    })
}

/// The app's name as far as a common name may be long (RFC 5280 appendix A.1), else the profile's.
fn common_name<'a>(options: &'a Options<'_>) -> &'a str {
    const LONGEST: usize = 64;
    let app = options.answers.app(options.profile);
    if app.chars().count() <= LONGEST { app } else { options.profile.id.as_str() }
}

/// What is odd about what was asked for.
fn odd(options: &Options<'_>, now: Instant) -> Vec<String> {
    let profile = options.profile;
    let mut warnings = Vec::new();
    if let Some(SecretValue::Given(secret)) = &options.secret {
        warnings.extend(secret.warning().map(str::to_owned));
    }
    if matches!(options.credential, Origin::New { .. }) && !profile.needs_certificate() {
        let unused = "takes no certificate: the key and what goes with it are of no use to it";
        warnings.push(format!("{} {unused}", profile.name));
    }
    if options.secret_expires.is_some_and(|end| end <= now) {
        warnings.push("the client secret has expired already".into());
    }
    warnings
}
