//! `connector manifest`: an app registration's permissions, or the whole of it, for Microsoft Graph
//! and `az`.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::{
    cert::Certificate,
    connector::{
        Profile, RedirectUri,
        line::Line,
        manifest::{self, Resource},
        profile::Audience,
    },
    error::{Error, Result},
    ops::{credential_warnings, export_cer::certificate_of, export_json::graph::KeyCredential},
    output::plan::{PlannedFile, Purpose},
    report::CertificateSummary,
    secret::SecretBytes,
    store::Store,
    time::Instant,
};

/// The longest `displayName` that Microsoft Graph takes, in characters (page "application resource
/// type" as of 17 April 2026, read on 22 November 2026).
const LONGEST_NAME: usize = 256;

/// What of the app registration is written.
pub enum Content<'a> {
    /// The bare list `requiredResourceAccess`.
    Permissions,
    /// The body of `POST /applications`.
    Application(Application<'a>),
}

/// What goes into the app registration besides what the profiles have.
#[derive(Default)]
pub struct Application<'a> {
    /// Its name; needed where there are several profiles.
    pub name: Option<Line>,
    /// Its redirect URI; the one that the profile fixes without.
    pub redirect_uri: Option<RedirectUri>,
    /// A store with the certificate that the app authenticates with, and the store's name.
    pub certificate: Option<(&'a Store, &'a str)>,
}

/// What `connector manifest` made.
pub struct Made {
    /// The file to write.
    pub file: PlannedFile,
    /// The certificate, for the summary.
    pub certificate: Option<CertificateSummary>,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

/// microsoft.graph.application, as far as a new one is given.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    display_name: &'a str,
    sign_in_audience: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    web: Option<Web<'a>>,
    required_resource_access: Vec<Resource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    key_credentials: Vec<KeyCredential>,
}

/// microsoft.graph.webApplication, as far as a new one is given.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Web<'a> {
    redirect_uris: Vec<&'a str>,
}

/// Writes what the profiles need of one app registration.
///
/// # Errors
/// [`Error::BadArgument`] where they cannot share one, or the name will not do; as
/// [`Store::certificate_entry`], naming the store.
pub fn manifest(profiles: &[&Profile], content: &Content<'_>, output: PathBuf, now: Instant) -> Result<Made> {
    let permissions = manifest::required(profiles)?;
    let Content::Application(application) = content else {
        let file = file(output, &permissions)?;
        return Ok(Made { file, certificate: None, warnings: Vec::new(), notes: Vec::new() });
    };
    // No name makes up for audiences that differ.
    let audience = audience(profiles)?;
    let certificate = match application.certificate {
        Some((store, name)) => Some(certificate_of(store, name, None)?),
        None => None,
    };
    let (redirect_uris, notes) = redirect_uris(profiles, application.redirect_uri.as_ref());
    let body = Body {
        display_name: name(profiles, application.name.as_ref())?,
        sign_in_audience: audience.sign_in_audience(),
        web: (!redirect_uris.is_empty()).then_some(Web { redirect_uris }),
        required_resource_access: permissions,
        key_credentials: certificate.map(KeyCredential::of).into_iter().collect(),
    };
    Ok(Made {
        file: file(output, &body)?,
        certificate: certificate.map(CertificateSummary::of),
        warnings: certificate.map(|leaf| credential_warnings(leaf, now)).unwrap_or_default(),
        notes: notes.into_iter().chain(credential_notes(profiles, certificate)).collect(),
    })
}

fn file(path: PathBuf, content: &impl Serialize) -> Result<PlannedFile> {
    let internal = |error| Error::Internal(format!("encoding JSON failed: {error}"));
    let expected = serde_json::to_value(content).map_err(internal)?;
    let mut text = serde_json::to_vec_pretty(content).map_err(internal)?;
    text.push(b'\n');
    Ok(PlannedFile {
        path,
        contents: SecretBytes::new(text),
        purpose: Purpose::Registration,
        proof: Box::new(move |octets| match serde_json::from_slice::<Value>(octets) {
            Ok(found) if found == expected => Ok(()),
            _ => Err(Error::Internal("it holds another app registration".into())),
        }),
    })
}

/// The app's name: the user's, else that of the only profile.
fn name<'a>(profiles: &[&'a Profile], given: Option<&'a Line>) -> Result<&'a str> {
    let name: &str = match (given, profiles) {
        (Some(name), _) => name,
        (None, [profile]) => &profile.registration.app,
        (None, _) => {
            let reason = "an app for several connectors needs a name of its own: give --app-name";
            return Err(Error::argument("ID", ids(profiles), reason));
        }
    };
    if name.chars().count() > LONGEST_NAME {
        let reason =
            format!("it has more than {LONGEST_NAME} characters, which Microsoft Graph does not take");
        return Err(Error::argument("--app-name", name, reason));
    }
    Ok(name)
}

/// Whose accounts the app serves, which all profiles have to agree on.
fn audience(profiles: &[&Profile]) -> Result<Audience> {
    let mut audiences = profiles.iter().map(|profile| profile.registration.audience);
    let first = audiences.next().unwrap_or(Audience::SingleTenant);
    if audiences.all(|audience| audience == first) {
        return Ok(first);
    }
    let said = |profile: &&Profile| {
        format!("{} wants {}", profile.id, profile.registration.audience.sign_in_audience())
    };
    let wants = profiles.iter().map(said).collect::<Vec<_>>().join(", ");
    let reason = format!("they cannot share one app registration: {wants}; make one for each audience");
    Err(Error::argument("ID", ids(profiles), reason))
}

/// The redirect URIs that are known, and what is to be said of those that are not.
fn redirect_uris<'a>(
    profiles: &[&'a Profile],
    given: Option<&'a RedirectUri>,
) -> (Vec<&'a str>, Vec<String>) {
    if let Some(given) = given {
        return (vec![given.as_str()], Vec::new());
    }
    let (mut known, mut notes) = (Vec::new(), Vec::new());
    for profile in profiles {
        let Some(redirect) = &profile.registration.redirect else { continue };
        match &redirect.uri {
            Some(uri) if known.contains(&uri.as_str()) => {}
            Some(uri) => known.push(uri.as_str()),
            None => notes.push(format!(
                "{} needs a redirect URI, {}: it is left out without --redirect-uri",
                profile.id, redirect.what
            )),
        }
    }
    (known, notes)
}

/// What the app registration still lacks when it is made.
fn credential_notes(profiles: &[&Profile], certificate: Option<&Certificate>) -> Vec<String> {
    let wanting = profiles.iter().filter(|profile| profile.needs_certificate());
    wanting
        .filter(|_| certificate.is_none())
        .map(|profile| format!("{} needs a certificate: it is left out without --cert", profile.id))
        .collect()
}

fn ids(profiles: &[&Profile]) -> String {
    profiles.iter().map(|profile| profile.id.as_str()).collect::<Vec<_>>().join(" ")
}
