//! `connector config`: what the vendor is given, as one file.

use std::path::Path;

use crate::{
    cert::verify,
    connector::{
        Answers, Profile,
        config::{self, Form, SecretValue},
        profile::{Credential, SettingValue},
    },
    error::{Error, Result},
    ops::Input,
    output::plan::{PlannedFile, Purpose},
    store::Unlock,
};

/// What `connector config` made.
pub struct Config {
    /// The file.
    pub file: PlannedFile,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

/// Fills in a profile's settings. `json` is the connector JSON, which has to be one that works.
///
/// # Errors
/// [`Error::BadArgument`] where the vendor takes no JSON, and what reading it fails with.
pub fn config(
    profile: &Profile,
    answers: &Answers,
    secret: Option<&SecretValue>,
    json: Option<&Input>,
    form: Form,
    output: &Path,
) -> Result<Config> {
    let mut answers = answers.clone();
    let wants_json =
        profile.output.settings.iter().any(|setting| setting.value == SettingValue::ConnectorJson);
    if let Some(input) = json {
        if !wants_json {
            let reason = format!("{} takes no JSON; leave the option out", profile.name);
            return Err(Error::argument("--connector-json", &*input.name, reason));
        }
        check_json(input).map_err(|error| error.in_file(&*input.name))?;
        answers.files.connector_json = Some(input.name.clone());
    }
    let warnings = match secret {
        Some(SecretValue::Given(secret)) => secret.warning().map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    };
    let mut notes = Vec::new();
    if secret.is_none() {
        notes.push("the client secret is left to be filled in".to_owned());
    }
    if wants_json && answers.files.connector_json.is_none() {
        notes.push("the connector JSON goes with it: certkit gen --emit cer,json makes one".to_owned());
    }
    Ok(Config { file: planned(profile, &answers, secret, form, output), warnings, notes })
}

/// The file of these values.
fn planned(
    profile: &Profile,
    answers: &Answers,
    secret: Option<&SecretValue>,
    form: Form,
    output: &Path,
) -> PlannedFile {
    let holds_secret = matches!(secret, Some(SecretValue::Given(_)));
    PlannedFile {
        path: output.to_owned(),
        contents: config::write(profile, answers, secret, form),
        purpose: if holds_secret { Purpose::GiveToVendor } else { Purpose::Settings },
        // The octets themselves are compared by the writer.
        proof: Box::new(|_| Ok(())),
    }
}

/// The same in a kit, where a secret that is not known yet will be typed into it.
pub(super) fn in_kit(
    profile: &Profile,
    answers: &Answers,
    secret: Option<&SecretValue>,
    output: &Path,
) -> PlannedFile {
    let mut file = planned(profile, answers, secret, Form::Vendor, output);
    if secret.is_none() && profile.takes(Credential::Secret) {
        file.purpose = Purpose::SettingsToComplete;
    }
    file
}

/// A connector JSON: a key with the certificate that it fits.
fn check_json(input: &Input) -> Result<()> {
    let store = input.open(&Unlock::default())?;
    let (_, key, chain) = store.key_entry(None)?;
    match chain.first() {
        Some(leaf) => verify::require_fit(key, leaf),
        None => Err(Error::NoCertificate { found: "a private key".into() }),
    }
}
