//! Making a successor: its key and certificate, its files, and the record that names it.

use std::path::PathBuf;

use rand_core::CryptoRng;

use super::{
    Credential, Recipe,
    job::{Job, Source},
};
use crate::{
    cert::{self, Certificate},
    connector::kit::{CertificateRecord, Record},
    error::{Error, Result},
    key::PrivateKey,
    ops::{credential_warnings, password_warnings},
    output::plan::{Plan, PlannedFile, Purpose},
    report::{CertificateSummary, rotate::Succession},
    secret::{Password, SecretBytes},
    time::Instant,
};

/// What was made.
pub struct Made {
    /// The files to write.
    pub plan: Plan,
    /// What is to be said of it.
    pub succession: Succession,
}

impl Job {
    /// What will be said of it, as far as it is known.
    #[must_use]
    pub fn outlook(&self) -> Succession {
        let mut succession = self.succession.clone();
        if let Source::Left(new) = &self.source {
            succession.new = Some(CertificateSummary::of(&new.certificate));
        }
        succession.files.extend(self.purposes());
        succession
    }

    /// Makes it.
    ///
    /// # Errors
    /// [`Error::PasswordMissing`], [`Error::PasswordUnusable`], [`Error::BadArgument`],
    /// [`Error::Internal`].
    pub fn make(self, password: Option<&Password>, now: Instant, rng: &mut dyn CryptoRng) -> Result<Made> {
        let mut succession = self.outlook();
        if self.needs_password() {
            let missing = Error::PasswordMissing { purpose: "for the new store" };
            succession.warnings.extend(password_warnings(password.ok_or(missing)?, true)?);
        }
        let new = match self.source {
            Source::Left(credential) => *credential,
            Source::Key(key, recipe) => certified(key, &recipe, now, rng)?,
            Source::New(recipe) => {
                let key = recipe.key.generate(rng)?;
                certified(key, &recipe, now, rng)?
            }
        };
        succession.new = Some(CertificateSummary::of(&new.certificate));
        succession.warnings.extend(credential_warnings(&new.certificate, now));
        succession.notes.extend(dropped(&self.old, &new.certificate));
        let mut plan = Plan::default();
        for target in self.targets {
            plan.files.push(target.form.file(&new, target.path, password, now, rng)?);
        }
        if let Some((path, record)) = self.record {
            plan.files.push(updated(path, record, &new.certificate));
        }
        Ok(Made { plan, succession })
    }

    fn purposes(&self) -> impl Iterator<Item = (String, Purpose)> + '_ {
        let targets =
            self.targets.iter().map(|target| (target.path.display().to_string(), target.form.purpose()));
        targets.chain(self.record.iter().map(|(path, _)| (path.display().to_string(), Purpose::Record)))
    }
}

/// A key with a certificate by the recipe.
fn certified(key: PrivateKey, recipe: &Recipe, now: Instant, rng: &mut dyn CryptoRng) -> Result<Credential> {
    let certificate = cert::self_signed(&recipe.params(now)?, &key, rng)?;
    Ok(Credential { key, certificate })
}

/// What the old certificate says and the new one does not, in words.
fn dropped(old: &Certificate, new: &Certificate) -> Vec<String> {
    let identifiers = ["subject key identifier", "authority key identifier"];
    let new = new.extensions();
    let kept = |name: &str, value: &str| new.iter().any(|one| one.name == name && one.value == value);
    old.extensions()
        .into_iter()
        .filter(|one| !identifiers.contains(&one.name.as_str()) && !kept(&one.name, &one.value))
        .map(|one| format!("the old certificate's {} ({}) is not the new one's", one.name, one.value))
        .collect()
}

/// The record with the new certificate, which nobody has uploaded yet.
fn updated(path: PathBuf, mut record: Record, new: &Certificate) -> PlannedFile {
    record.certificate = Some(CertificateRecord::of(&new.fingerprints(), new.not_after()));
    PlannedFile {
        path,
        contents: SecretBytes::new(record.write().into_bytes()),
        purpose: Purpose::Record,
        proof: Box::new(|octets| Record::read(octets).map(drop)),
    }
}
