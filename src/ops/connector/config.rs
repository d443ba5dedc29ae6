//! `connector config`: what the vendor is given, as one file.

use std::path::Path;

use crate::{
    cert::verify,
    connector::{
        Profile,
        config::{self, Form, SecretValue, Values},
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
    mut values: Values,
    json: Option<&Input>,
    form: Form,
    output: &Path,
) -> Result<Config> {
    let wants_json =
        profile.output.settings.iter().any(|setting| setting.value == SettingValue::ConnectorJson);
    if let Some(input) = json {
        if !wants_json {
            let reason = format!("{} takes no JSON; leave the option out", profile.name);
            return Err(Error::argument("--connector-json", &*input.name, reason));
        }
        check_json(input).map_err(|error| error.in_file(&*input.name))?;
        values.connector_json = Some(input.name.clone());
    }
    let warnings = match &values.secret {
        Some(SecretValue::Given(secret)) => secret.warning().map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    };
    let mut notes = Vec::new();
    if values.secret.is_none() {
        notes.push("the client secret is left to be filled in".to_owned());
    }
    if wants_json && values.connector_json.is_none() {
        notes.push("the connector JSON goes with it: certkit gen --emit cer,json makes one".to_owned());
    }
    Ok(Config { file: planned(profile, &values, form, output), warnings, notes })
}

/// The file of these values.
pub(super) fn planned(profile: &Profile, values: &Values, form: Form, output: &Path) -> PlannedFile {
    let secret = config::holds_secret(profile, values);
    PlannedFile {
        path: output.to_owned(),
        contents: config::write(profile, values, form),
        purpose: if secret { Purpose::GiveToVendor } else { Purpose::Settings },
        // The octets themselves are compared by the writer.
        proof: Box::new(|_| Ok(())),
    }
}

/// Whether a configuration that somebody may have completed by hand holds the client secret: nothing
/// in it says any more that the secret is to be filled in.
pub(super) fn holds_secret(profile: &Profile, config: &Input) -> bool {
    let text = String::from_utf8_lossy(config.octets.expose());
    profile.takes(Credential::Secret) && !config::says_secret_is_missing(&text)
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
