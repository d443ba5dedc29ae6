//! A connector's procedure: what is known of one installation, and the model of its steps.

mod steps;
pub(in crate::connector) mod who;

use super::{
    Cloud, Guid, Profile, RedirectUri, consent,
    line::Line,
    profile::{Api, Audience, ConsentWay, Kind, Permission, Role},
};
use crate::error::{Error, Result};

pub use steps::procedure;

/// What is known of one installation of a connector.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The app's name; the profile's without.
    pub app: Option<Line>,
    /// The Application (client) ID.
    pub client_id: Option<Guid>,
    /// The Directory (tenant) ID.
    pub tenant_id: Option<Guid>,
    /// The redirect URI; the profile's own without, where the page fixes it.
    pub redirect_uri: Option<RedirectUri>,
    /// The cloud.
    pub cloud: Cloud,
    /// The files that were made for it.
    pub files: Files,
}

/// Files of a kit, by name; none where no kit was made.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The certificate to upload.
    pub certificate: Option<String>,
    /// Its SHA-1 thumbprint, as the portal shows it.
    pub thumbprint: Option<String>,
    /// The connector JSON.
    pub connector_json: Option<String>,
    /// The vendor's configuration.
    pub config: Option<String>,
    /// The permissions.
    pub manifest: Option<String>,
}

impl Answers {
    /// The app's name: the user's, else the profile's.
    #[must_use]
    pub fn app<'a>(&'a self, profile: &'a Profile) -> &'a Line {
        self.app.as_ref().unwrap_or(&profile.registration.app)
    }

    /// The redirect URI that is known: the user's, else the one that the page fixes.
    #[must_use]
    pub fn redirect<'a>(&'a self, profile: &'a Profile) -> Option<&'a RedirectUri> {
        let fixed = || profile.registration.redirect.as_ref()?.uri.as_ref();
        self.redirect_uri.as_ref().or_else(fixed)
    }

    /// Refuses what this connector has no use for.
    ///
    /// # Errors
    /// [`Error::BadArgument`] for a redirect URI where the vendor's page wants none and its way to consent
    /// needs none.
    pub fn check(&self, profile: &Profile) -> Result<()> {
        let useless = profile.registration.redirect.is_none() && profile.consent.by == ConsentWay::Portal;
        match &self.redirect_uri {
            Some(uri) if useless => Err(Error::argument(
                "--redirect-uri",
                uri.as_str(),
                format!("the connector {} takes no redirect URI; leave the option out", profile.id),
            )),
            _ => Ok(()),
        }
    }

    /// The consent address, where enough is known to write one.
    #[must_use]
    pub fn consent_address(&self, profile: &Profile) -> Option<consent::Address> {
        let single = profile.registration.audience == Audience::SingleTenant;
        if single && self.tenant_id.is_none() {
            return None;
        }
        let request = consent::Request {
            client_id: self.client_id?,
            redirect_uri: self.redirect(profile)?,
            // The vendor's page leaves it to the administrator which organization it is; an app of
            // one organization has no choice.
            tenant_id: self.tenant_id.filter(|_| single),
            state: None,
            cloud: self.cloud,
            v2: false,
        };
        Some(consent::address(profile, &request))
    }
}

/// A whole procedure.
#[derive(Clone, Debug)]
pub struct Procedure<'a> {
    /// Whose.
    pub profile: &'a Profile,
    /// The app's Application (client) ID, where it is known: two apps for one connector are two
    /// procedures.
    pub client_id: Option<Guid>,
    /// What to do, in order.
    pub steps: Vec<Step<'a>>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// Its stable name, such as `permissions`.
    pub id: &'static str,
    /// What is done.
    pub title: String,
    /// Who may do it, where not everybody may.
    pub who: Option<String>,
    /// How.
    pub parts: Vec<Part<'a>>,
}

/// A part of a step.
#[derive(Clone, Debug)]
pub enum Part<'a> {
    /// A certkit command that does or shows it.
    Command(String),
    /// What to do, in order.
    Do(Vec<String>),
    /// Permissions of one API and one kind.
    Permissions {
        /// The API.
        api: &'a Api,
        /// Their kind.
        kind: Kind,
        /// The permissions.
        rows: Vec<&'a Permission>,
    },
    /// Azure roles to assign.
    Roles(&'a [Role]),
    /// Something to know, one sentence or two.
    Say(String),
    /// A value that is typed or copied.
    Value {
        /// The field's words.
        name: String,
        /// What stands there.
        value: Value,
        /// What to know of it.
        note: Option<String>,
    },
    /// Something that goes wrong if it is not known.
    Warning(String),
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It is known: to be copied.
    Known(String),
    /// It is not known here: where it is found, in words.
    Missing(String),
}

impl Value {
    fn of(known: Option<impl ToString>, missing: &str) -> Self {
        match known {
            Some(value) => Self::Known(value.to_string()),
            None => Self::Missing(missing.to_owned()),
        }
    }
}
