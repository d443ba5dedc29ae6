//! Admin consent: the address that an administrator opens.
//!
//! Two endpoints (Microsoft's pages "Grant tenant-wide admin consent" and "Admin consent on the
//! Microsoft identity platform"): the first asks for everything that the app registration lists, the
//! second for one API at a time.

use url::form_urlencoded::byte_serialize;

use super::{Cloud, Guid, Profile, RedirectUri, line::Line, profile::Audience};

/// Microsoft Graph's application id.
pub const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

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
    /// One sentence each.
    pub warnings: Vec<String>,
}

/// The address at which an administrator consents to a connector.
#[must_use]
pub fn address(profile: &Profile, request: &Request<'_>) -> Address {
    let host = request.cloud.authority();
    let tenant = request.tenant_id.map(|tenant| tenant.to_string());
    // The second endpoint does not take `common`.
    let anyone = if request.v2 { "organizations" } else { "common" };
    let tenant_path = tenant.as_deref().unwrap_or(anyone);
    let version = if request.v2 { "/v2.0" } else { "" };
    let mut url =
        format!("https://{host}/{tenant_path}{version}/adminconsent?client_id={}", request.client_id);
    let mut add = |name: &str, value: &str| {
        url.push_str(&format!("&{name}={}", encoded(value)));
    };
    if request.v2 {
        add("scope", &scope(profile, request.cloud));
    }
    if let Some(state) = request.state.or(profile.consent.state.as_ref()) {
        add("state", state);
    }
    add("redirect_uri", request.redirect_uri.as_str());
    Address { url, warnings: warnings(profile, request) }
}

fn warnings(profile: &Profile, request: &Request<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    if request.tenant_id.is_none() && profile.registration.audience == Audience::SingleTenant {
        warnings.push(
            "the app serves one organization only: give --tenant-id, or Entra may answer AADSTS50194"
                .to_owned(),
        );
    }
    if let [first, _, ..] = profile.apis.as_slice()
        && request.v2
    {
        let asked = graph_or_first(profile).map_or(&first.tile, |api| &api.tile);
        warnings.push(format!(
            "this endpoint asks for the permissions of one API, here {asked}; leave --v2 out to ask for all {}",
            profile.apis.len()
        ));
    }
    warnings
}

fn graph_or_first(profile: &Profile) -> Option<&super::profile::Api> {
    profile.apis.iter().find(|api| api.id.as_str() == GRAPH).or(profile.apis.first())
}

/// The static permissions of one API: application permissions can be asked for in no other way.
fn scope(profile: &Profile, cloud: Cloud) -> String {
    match graph_or_first(profile) {
        Some(api) if api.id.as_str() != GRAPH => format!("{}/.default", api.id),
        _ => format!("https://{}/.default", cloud.graph()),
    }
}

/// Percent-encoded for a query, blanks as `%20`.
fn encoded(value: &str) -> String {
    byte_serialize(value.as_bytes()).map(|part| if part == "+" { "%20" } else { part }).collect()
}
