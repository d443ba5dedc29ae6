//! What the vendor wants to be given, and where.

use serde::Deserialize;

use crate::connector::line::Line;

/// What is handed over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// How it is written.
    pub form: OutputForm,
    /// Where it goes.
    pub place: Line,
    /// What to do there, in order.
    #[serde(default)]
    pub steps: Vec<Line>,
    /// The values, in order.
    #[serde(rename = "setting")]
    pub settings: Vec<Setting>,
    /// Fixed lists beside them.
    #[serde(default, rename = "list")]
    pub lists: Vec<FixedList>,
}

/// How the vendor takes its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputForm {
    /// Typed into a form, one by one.
    Settings,
    /// A YAML file.
    Yaml,
}

/// One value that the vendor wants.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The vendor's word for it: a form's label, or a key of the file.
    pub name: Line,
    /// What stands there.
    pub value: SettingValue,
    /// What to know of it; it is shown in brackets, so it has no final stop.
    pub note: Option<Line>,
}

impl Setting {
    /// The vendor's word for a client secret that stands in a file: the value is then its path.
    pub(in crate::connector) fn path_name(&self) -> String {
        format!("{}_path", self.name)
    }
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingValue {
    /// The Application (client) ID.
    ClientId,
    /// The client secret's value.
    ClientSecret,
    /// The connector JSON.
    ConnectorJson,
    /// Domains, `*` for all.
    Domains,
    /// A name of the user's choice.
    Name,
    /// The Directory (tenant) ID.
    TenantId,
}

/// A list that is the same for everybody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedList {
    /// Its key.
    pub name: Line,
    /// Its values, in order.
    pub values: Vec<Line>,
}
