//! What the vendor wants to be given, filled in: as text to type from, as the vendor's own file, or
//! as JSON.

mod domain;
pub(crate) mod found;
mod json;
mod secret;
mod text;
mod yaml;

use std::str::FromStr;

pub use domain::Domain;
pub use secret::ClientSecret;

use super::{
    Answers, Guid, Profile,
    line::Line,
    profile::{OutputForm, Setting, SettingValue},
};
use crate::{
    error::{Error, Result},
    secret::SecretBytes,
};

/// The client secret, or where the vendor's program finds it.
#[derive(Clone)]
pub enum SecretValue {
    /// The secret itself.
    Given(ClientSecret),
    /// A path on the vendor's side.
    Path(Line),
}

/// How the values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The vendor's own: YAML where it takes a file, else text.
    #[default]
    Vendor,
    /// Text, to type from.
    Text,
    /// JSON, for scripts.
    Json,
}

impl Form {
    /// Every form, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 3] =
        [("vendor", Self::Vendor), ("text", Self::Text), ("json", Self::Json)];
}

impl FromStr for Form {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--as", word, &Self::ALL)
    }
}

/// A profile's settings, written in one form, with what is known; what is not is marked as to be
/// filled in. The buffer never grows, so that no copy of the secret stays behind.
#[must_use]
pub fn write(profile: &Profile, answers: &Answers, secret: Option<&SecretValue>, form: Form) -> SecretBytes {
    let filled: Vec<Filled<'_>> =
        profile.output.settings.iter().map(|setting| Filled::of(setting, answers, secret)).collect();
    match (form, profile.output.form) {
        (Form::Json, _) => json::write(profile, &filled),
        (Form::Vendor, OutputForm::Yaml) => yaml::write(profile, &filled),
        (Form::Vendor | Form::Text, _) => text::write(profile, &filled),
    }
}

/// Where the two ids are found.
pub(super) const CLIENT_ID: &str = "the Application (client) ID on the app's Overview page";
pub(super) const TENANT_ID: &str = "the Directory (tenant) ID on the app's Overview page";

/// What stands before everything that is still to be filled in.
const TO_FILL_IN: &str = "to fill in: ";

/// A setting with its value.
pub(super) struct Filled<'a> {
    setting: &'a Setting,
    /// The key or label; the vendor has another one for a secret that stands in a file.
    name: String,
    pub(super) held: Held<'a>,
    /// Whether the value is a secret.
    secret: bool,
}

/// What a setting holds.
pub(super) enum Held<'a> {
    One(&'a str),
    /// Several, one per line.
    Many(Vec<&'a str>),
    /// Nothing yet: what has to be filled in, in words.
    Missing(&'static str),
    /// Whatever the user likes.
    Free(&'static str),
}

impl<'a> Filled<'a> {
    pub(super) fn of(setting: &'a Setting, answers: &'a Answers, given: Option<&'a SecretValue>) -> Self {
        let mut name = setting.name.to_string();
        let guid = |guid: &'a Option<Guid>, missing| match guid {
            Some(guid) => Held::One(guid.as_str()),
            None => Held::Missing(missing),
        };
        let mut secret = false;
        let held = match setting.value {
            SettingValue::ClientId => guid(&answers.client_id, CLIENT_ID),
            SettingValue::TenantId => guid(&answers.tenant_id, TENANT_ID),
            SettingValue::ClientSecret => match given {
                Some(SecretValue::Given(given)) => {
                    secret = true;
                    Held::One(given.expose())
                }
                Some(SecretValue::Path(path)) => {
                    name = setting.path_name();
                    Held::One(path)
                }
                None => Held::Missing("the client secret's Value"),
            },
            SettingValue::ConnectorJson => match &answers.files.connector_json {
                Some(file) => Held::One(file),
                None => Held::Missing("the connector JSON"),
            },
            SettingValue::Domains if answers.domains.is_empty() => Held::One("*"),
            SettingValue::Domains => Held::Many(answers.domains.iter().map(Domain::as_str).collect()),
            SettingValue::Name => match &answers.connection_name {
                Some(name) => Held::One(name),
                None => Held::Free("a name of your choice"),
            },
        };
        Self { setting, name, held, secret }
    }

    /// How many octets the values have.
    fn length(&self) -> usize {
        match &self.held {
            Held::One(value) => value.len(),
            Held::Many(values) => values.iter().map(|value| value.len()).sum(),
            Held::Missing(what) | Held::Free(what) => what.len(),
        }
    }
}

/// An upper bound of the octets that a rendering takes: no escape is longer than ten for one.
fn room(profile: &Profile, filled: &[Filled<'_>]) -> usize {
    const FIXED: usize = 1024;
    let output = &profile.output;
    let settings = filled.iter().map(|filled| {
        filled.name.len() + filled.setting.note.as_ref().map_or(0, |note| note.len()) + filled.length() + 64
    });
    let lists = output
        .lists
        .iter()
        .map(|list| list.name.len() + list.values.iter().map(|value| value.len() + 16).sum::<usize>() + 64);
    FIXED + 10 * (profile.name.len() + output.place.len() + settings.sum::<usize>() + lists.sum::<usize>())
}
