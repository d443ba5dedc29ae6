//! What a vendor's page asks for, as data: one profile per connector.

use serde::{Deserialize, Serialize};

use super::{consent::GRAPH, guid::Guid, line::Line, redirect::RedirectUri};

/// A connector: its app registration, what it may do, and what its vendor is given.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Which form of profile this is.
    pub schema: Schema,
    /// Its name on the command line.
    pub id: ProfileId,
    /// Its name for a person.
    pub name: Line,
    /// Who makes the connector.
    pub vendor: Line,
    /// What the connector does, one sentence.
    pub summary: Line,
    /// What goes wrong, and how not to let it, one sentence or two each.
    #[serde(default)]
    pub traps: Vec<Line>,
    /// Where certkit departs from the vendor's page, and why.
    #[serde(default)]
    pub departures: Vec<Line>,
    /// The vendor's page.
    pub source: Source,
    /// The app registration in Entra.
    pub registration: Registration,
    /// What the connector authenticates with.
    pub credential: CredentialNeeds,
    /// How the administrator consents.
    pub consent: Consent,
    /// The APIs with their permissions, in the page's order.
    #[serde(rename = "api")]
    pub apis: Vec<Api>,
    /// Azure role assignments, besides the permissions.
    #[serde(default, rename = "role")]
    pub roles: Vec<Role>,
    /// What the vendor wants to be given.
    pub output: Output,
}

impl Profile {
    /// Every permission, with its API.
    pub fn permissions(&self) -> impl Iterator<Item = (&Api, &Permission)> {
        self.apis.iter().flat_map(|api| api.permissions.iter().map(move |permission| (api, permission)))
    }

    /// Whether the vendor takes this kind of credential.
    #[must_use]
    pub fn takes(&self, credential: Credential) -> bool {
        self.credential.takes.contains(&credential)
    }

    /// Whether application permissions of Microsoft Graph are among them: they take a higher directory
    /// role to consent to than all others.
    #[must_use]
    pub fn asks_graph_roles(&self) -> bool {
        self.permissions().any(|(api, one)| api.id.as_str() == GRAPH && one.kind == Kind::Role)
    }

    /// Whether a certificate has to be uploaded to the app registration.
    #[must_use]
    pub fn needs_certificate(&self) -> bool {
        self.takes(Credential::Certificate) || self.takes(Credential::ConnectorJson)
    }
}

/// The one form of profile there is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub enum Schema {
    /// `certkit.profile/1`
    #[serde(rename = "certkit.profile/1")]
    V1,
}

/// A profile's name: 1 to 64 lower-case letters, digits and single hyphens between them. Files are
/// named after it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProfileId(String);

impl ProfileId {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ProfileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ProfileId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if text.len() <= 64 && text.split('-').all(word) {
            Ok(Self(text))
        } else {
            Err("expected an id such as contoso-archive: lower-case letters, digits and single hyphens between them, at most 64".into())
        }
    }
}

impl From<ProfileId> for String {
    fn from(id: ProfileId) -> Self {
        id.0
    }
}

/// Where a profile's facts come from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The page's title.
    pub page: Line,
    /// Its address, where it is known.
    pub url: Option<Line>,
    /// The day it was read.
    pub read: Day,
}

/// A day, written as TOML writes dates: `2026-01-31`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "toml::value::Datetime", into = "String")]
pub struct Day(String);

impl TryFrom<toml::value::Datetime> for Day {
    type Error = &'static str;

    fn try_from(value: toml::value::Datetime) -> Result<Self, Self::Error> {
        match value {
            toml::value::Datetime { date: Some(date), time: None, offset: None } => {
                Ok(Self(date.to_string()))
            }
            _ => Err("expected a date such as 2026-01-31"),
        }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The app registration.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The name that the app gets where the user gives none.
    pub app: Line,
    /// Who may sign in to it.
    pub audience: Audience,
    /// Where the browser returns to after the consent, if the page asks for it.
    pub redirect: Option<Redirect>,
}

/// Whose accounts an app serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Accounts of any organization.
    Multitenant,
    /// Accounts of the app's own organization.
    SingleTenant,
}

impl Audience {
    /// The value of Microsoft Graph's `signInAudience`.
    #[must_use]
    pub fn sign_in_audience(self) -> &'static str {
        match self {
            Self::Multitenant => "AzureADMultipleOrgs",
            Self::SingleTenant => "AzureADMyOrg",
        }
    }

    /// The choice as the portal words it.
    #[must_use]
    pub fn in_portal(self) -> &'static str {
        match self {
            Self::Multitenant => {
                "Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant)"
            }
            Self::SingleTenant => "Accounts in this organizational directory only (Single tenant)",
        }
    }
}

/// The redirect URI, of the platform Web.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// What it is.
    pub what: Line,
    /// The URI, where the page fixes it.
    pub uri: Option<RedirectUri>,
    /// One that the page shows, where everybody has another.
    pub example: Option<RedirectUri>,
}

/// What the connector authenticates with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialNeeds {
    /// Everything that the vendor wants; all of it is needed.
    pub takes: Vec<Credential>,
}

/// A kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// A client secret.
    Secret,
    /// A certificate that is uploaded; the key stays with the administrator's program.
    Certificate,
    /// A certificate that is uploaded, and the connector JSON with its key.
    ConnectorJson,
}

/// How the administrator consents.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The way that the page takes.
    pub by: ConsentWay,
    /// The `state` that the page puts into its address.
    pub state: Option<Line>,
    /// The directory role that the page demands.
    pub role: Option<Line>,
}

/// A way to consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentWay {
    /// An address that an administrator opens, from which the browser returns to the vendor.
    Address,
    /// The button in the portal.
    Portal,
}

/// An API (a resource application) and what the connector may do there.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Microsoft's name of it.
    pub name: Line,
    /// Its application id.
    pub id: Guid,
    /// The name on its tile in the portal.
    pub tile: Line,
    /// The name that the vendor's page uses, where it is another.
    pub page_name: Option<Line>,
    /// The tab of the portal's "Request API permissions".
    #[serde(default)]
    pub tab: Tab,
    /// What to know of it.
    pub note: Option<Line>,
    /// What is needed of it.
    #[serde(rename = "permission")]
    pub permissions: Vec<Permission>,
}

/// A tab of the portal's "Request API permissions".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tab {
    /// "Microsoft APIs"
    #[default]
    Microsoft,
    /// "APIs my organization uses": its service principal must exist.
    Organization,
}

impl Tab {
    /// The tab's words in the portal.
    #[must_use]
    pub fn in_portal(self) -> &'static str {
        match self {
            Self::Microsoft => "Microsoft APIs",
            Self::Organization => "APIs my organization uses",
        }
    }
}

/// A permission of an API.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Its name, such as `Mail.Read`.
    pub value: Line,
    /// Its id in that API.
    pub id: Guid,
    /// Application or delegated.
    pub kind: Kind,
    /// What the vendor needs it for.
    #[serde(default)]
    pub why: Vec<Line>,
    /// What to know of it.
    pub note: Option<Line>,
}

/// The two kinds of permission, by the words of `resourceAccess.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Kind {
    /// An application permission: the app acts by itself.
    Role,
    /// A delegated permission: the app acts for a signed-in user.
    Scope,
}

impl Kind {
    /// The word of `resourceAccess.type`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::Scope => "Scope",
        }
    }

    /// The portal's words.
    #[must_use]
    pub fn in_portal(self) -> &'static str {
        match self {
            Self::Role => "Application permissions",
            Self::Scope => "Delegated permissions",
        }
    }
}

/// An Azure role (Azure RBAC) that the app's service principal gets.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    pub name: Line,
    /// The id of its definition.
    pub id: Guid,
    /// What the vendor needs it for.
    pub why: Line,
    /// What to know of it.
    pub note: Option<Line>,
}

/// What the vendor wants to be given, and where.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputForm {
    /// Typed into a form, one by one.
    Settings,
    /// A YAML file.
    Yaml,
}

/// One value that the vendor wants.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The vendor's word for it: a form's label, or a key of the file.
    pub name: Line,
    /// What stands there.
    pub value: SettingValue,
    /// What to know of it.
    pub note: Option<Line>,
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FixedList {
    /// Its key.
    pub name: Line,
    /// Its values, in order.
    pub values: Vec<Line>,
}
