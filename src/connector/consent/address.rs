//! The address that an administrator opens.
//!
//! Two endpoints: the first asks for everything that the app registration lists (Microsoft's page
//! "Grant tenant-wide admin consent to an application" as of 29 November 2024), the second for one API
//! at a time ("Admin consent on the Microsoft identity platform" as of 8 November 2023); both pages
//! were read on 22 November 2026.

use url::form_urlencoded::byte_serialize;

use crate::connector::{
    Cloud, Guid, Profile, RedirectUri,
    line::Line,
    profile::{Api, Audience},
};

/// What goes into the address.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The app.
    pub client_id: Guid,
    /// Where the browser returns to; one of the app's registered ones.
    pub redirect_uri: &'a RedirectUri,
    /// The organization that consents; without it the one that the administrator signs in to.
    pub tenant_id: Option<Guid>,
    /// What comes back unchanged; without it the state of the vendor's page.
    pub state: Option<&'a Line>,
    /// Whose hosts.
    pub cloud: Cloud,
    /// Whether the second endpoint is asked.
    pub v2: bool,
}

/// The address, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address, every value percent-encoded (RFC 3986 section 2.1).
    pub url: String,
    /// What it is made of.
    pub parts: Parts,
    /// One sentence each.
    pub warnings: Vec<String>,
}

/// The parts of an address, not encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The host where the administrator signs in.
    pub host: &'static str,
    /// Who consents: a tenant's GUID, `common` or `organizations`.
    pub tenant: String,
    /// The app.
    pub client_id: Guid,
    /// What is asked for; only the second endpoint is told.
    pub scope: Option<String>,
    /// What comes back unchanged.
    pub state: Option<String>,
    /// Where the browser returns to.
    pub redirect_uri: String,
}

impl Parts {
    fn url(&self) -> String {
        let version = if self.scope.is_some() { "/v2.0" } else { "" };
        let mut url = format!(
            "https://{}/{}{version}/adminconsent?client_id={}",
            self.host, self.tenant, self.client_id
        );
        let redirect_uri = Some(&self.redirect_uri);
        let rest =
            [("scope", self.scope.as_ref()), ("state", self.state.as_ref()), ("redirect_uri", redirect_uri)];
        for (name, value) in rest {
            url.extend(value.map(|value| format!("&{name}={}", encoded(value))));
        }
        url
    }
}

/// The address at which an administrator consents to a connector.
#[must_use]
pub fn address(profile: &Profile, request: &Request<'_>) -> Address {
    // The second endpoint does not take `common`.
    let anyone = if request.v2 { "organizations" } else { "common" };
    let parts = Parts {
        host: request.cloud.authority(),
        tenant: request.tenant_id.map_or_else(|| anyone.to_owned(), |tenant| tenant.to_string()),
        client_id: request.client_id,
        scope: request.v2.then(|| scope(profile, request.cloud)),
        state: request.state.or(profile.consent.state.as_ref()).map(ToString::to_string),
        redirect_uri: request.redirect_uri.to_string(),
    };
    Address { url: parts.url(), parts, warnings: warnings(profile, request) }
}

fn warnings(profile: &Profile, request: &Request<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    if request.tenant_id.is_none() && profile.registration.audience == Audience::SingleTenant {
        warnings.push(
            "the app serves one organization only: give --tenant-id, or Entra may answer AADSTS50194"
                .to_owned(),
        );
    }
    let redirect = profile.registration.redirect.as_ref();
    if let Some(fixed) = redirect.and_then(|redirect| redirect.uri.as_ref())
        && fixed != request.redirect_uri
    {
        warnings.push(format!(
            "the vendor's page fixes the redirect URI {fixed}: with another one that is not registered Entra answers AADSTS50011"
        ));
    }
    if request.redirect_uri.is_local() {
        warnings.push(format!(
            "where nothing listens at {} the browser says that it cannot connect: the address that it shows then is the answer all the same",
            request.redirect_uri
        ));
    }
    if profile.apis.len() > 1
        && request.v2
        && let Some(asked) = asked_first(profile)
    {
        warnings.push(format!(
            "this endpoint asks for the permissions of one API, here {}; leave --v2 out to ask for all {}",
            asked.tile,
            profile.apis.len()
        ));
    }
    warnings
}

/// The API that the second endpoint is asked for: Microsoft Graph where it is among them.
fn asked_first(profile: &Profile) -> Option<&Api> {
    profile.apis.iter().find(|api| api.id == Guid::MICROSOFT_GRAPH).or(profile.apis.first())
}

/// The static permissions of one API: application permissions can be asked for in no other way.
fn scope(profile: &Profile, cloud: Cloud) -> String {
    match asked_first(profile) {
        Some(api) if api.id != Guid::MICROSOFT_GRAPH => format!("{}/.default", api.id),
        _ => format!("https://{}/.default", cloud.graph()),
    }
}

/// Percent-encoded for a query, blanks as `%20`: a `+` is one to some readers only.
fn encoded(value: &str) -> String {
    byte_serialize(value.as_bytes()).map(|part| if part == "+" { "%20" } else { part }).collect()
}
