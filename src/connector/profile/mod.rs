//! What a vendor's page asks for, as data: one profile per connector.

mod id;
mod output;
mod rules;
mod source;

use serde::{Deserialize, Serialize};

use super::{guid::Guid, line::Line, redirect::RedirectUri, toml_text};
use crate::error::{Result, TomlFile};

pub use id::ProfileId;
pub use output::{FixedList, Output, OutputForm, Setting, SettingValue};
pub use source::{Day, Source};

pub(super) use rules::fault_of_id;

/// A connector: its app registration, what it may do, and what its vendor is given.
///
/// [`Profile::read`] is the way in: it alone checks the whole. `Deserialize` takes each value by
/// itself, so that what it makes may contradict itself.
#[derive(Clone, Debug, Deserialize)]
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
    /// What goes wrong with this connector, and how not to let it, one sentence or two each;
    /// [`procedure::traps`](super::procedure::traps) has those of every connector too.
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
    /// Reads a profile from TOML, and checks what the grammar alone cannot.
    ///
    /// # Errors
    /// [`Error::BadToml`](crate::error::Error::BadToml) with the line and column,
    /// [`Error::TooLarge`](crate::error::Error::TooLarge).
    pub fn read(octets: &[u8]) -> Result<Self> {
        let profile = toml_text::read(octets, TomlFile::Profile)?;
        rules::check(octets, &profile)?;
        Ok(profile)
    }

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
        self.permissions().any(|(api, one)| api.id == Guid::MICROSOFT_GRAPH && one.kind == Kind::Role)
    }

    /// Whether a certificate has to be uploaded to the app registration.
    #[must_use]
    pub fn needs_certificate(&self) -> bool {
        self.takes(Credential::Certificate) || self.takes(Credential::ConnectorJson)
    }
}

/// The one form of profile there is.
#[derive(Clone, Copy, Debug, Deserialize)]
pub enum Schema {
    /// `certkit.profile/1`
    #[serde(rename = "certkit.profile/1")]
    V1,
}

/// The app registration.
#[derive(Clone, Debug, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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
#[derive(Clone, Debug, Deserialize)]
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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialNeeds {
    /// Everything that the vendor wants; all of it is needed.
    pub takes: Vec<Credential>,
}

/// A kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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
#[derive(Clone, Debug, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentWay {
    /// An address that an administrator opens, from which the browser returns to the vendor.
    Address,
    /// The button in the portal.
    Portal,
}

/// An API (a resource application) and what the connector may do there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Microsoft's name of it.
    pub name: Line,
    /// Its application id.
    pub id: Guid,
    /// The name on its tile in the portal.
    pub tile: Line,
    /// The name that the vendor's page uses, where it is another than that on the tile.
    pub page_name: Option<Line>,
    /// The tab of the portal's "Request API permissions".
    #[serde(default)]
    pub tab: Tab,
    /// What to know of it, a sentence.
    pub note: Option<Line>,
    /// What is needed of it.
    #[serde(rename = "permission")]
    pub permissions: Vec<Permission>,
}

/// A tab of the portal's "Request API permissions".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
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
#[derive(Clone, Debug, Deserialize)]
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
    /// What to know of it; it is shown in brackets, so it has no final stop.
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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    pub name: Line,
    /// The id of its definition.
    pub id: Guid,
    /// What the vendor needs it for.
    pub why: Line,
    /// What to know of it; it is shown in brackets, so it has no final stop.
    pub note: Option<Line>,
}
