//! What is known of one installation of a connector: whoever writes something for it asks here.

use super::{Cloud, Guid, Profile, RedirectUri, config::Domain, consent, line::Line, profile::Audience};
use crate::quote;

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
    /// Domains that the connector is limited to; none stands for all of them.
    pub domains: Vec<Domain>,
    /// The connection's name in the vendor's portal.
    pub connection_name: Option<Line>,
    /// The file that the profile is read from, where it is the user's own.
    pub profile_file: Option<String>,
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

    /// A command about the connector, as it can be typed: `certkit connector WORDS`, and where the
    /// profile is the user's own, its file.
    #[must_use]
    pub fn command(&self, words: &str) -> String {
        let file = self.profile_file.as_deref();
        let file = file.map(|file| format!(" --profile-file {}", quote::word(file))).unwrap_or_default();
        format!("certkit connector {words}{file}")
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
