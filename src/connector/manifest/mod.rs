//! An app registration's permissions as Microsoft writes them: `requiredResourceAccess`, the
//! property of an application in Microsoft Graph and in the portal's manifest.

mod current;
mod diff;

use serde::{Deserialize, Serialize};

pub use current::read;
pub use diff::{Diff, Names, Row, diff};

use super::{Guid, Profile, profile::Kind};
use crate::error::{Error, Result};

/// The most APIs that one app registration takes (Microsoft Graph, page "Update application", read on
/// 22 November 2026).
const APIS: usize = 50;

/// The most permissions that it takes, over all APIs (the same page).
const PERMISSIONS: usize = 400;

/// What is asked of one API: microsoft.graph.requiredResourceAccess.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// The API's application id.
    pub resource_app_id: Guid,
    /// The permissions.
    pub resource_access: Vec<Access>,
}

/// One permission: microsoft.graph.resourceAccess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Access {
    /// Its id in that API.
    pub id: Guid,
    /// Application or delegated.
    #[serde(rename = "type")]
    pub kind: Kind,
}

/// What connectors need together, in the order of their profiles, nothing twice.
///
/// # Errors
/// [`Error::BadArgument`] where an app registration cannot hold that much.
pub fn required(profiles: &[&Profile]) -> Result<Vec<Resource>> {
    let mut resources = Vec::new();
    for (api, permission) in profiles.iter().flat_map(|profile| profile.permissions()) {
        add(&mut resources, api.id, Access { id: permission.id, kind: permission.kind });
    }
    let apis = resources.len();
    let permissions = resources.iter().map(|resource| resource.resource_access.len()).sum::<usize>();
    if apis > APIS || permissions > PERMISSIONS {
        let ids = profiles.iter().map(|profile| profile.id.as_str()).collect::<Vec<_>>().join(" ");
        let reason = format!(
            "{apis} APIs and {permissions} permissions; an app registration takes {APIS} and {PERMISSIONS}: make two"
        );
        return Err(Error::argument("ID", ids, reason));
    }
    Ok(resources)
}

/// Adds a permission, unless it is there.
fn add(resources: &mut Vec<Resource>, api: Guid, access: Access) {
    match resources.iter_mut().find(|resource| resource.resource_app_id == api) {
        Some(resource) if resource.resource_access.contains(&access) => {}
        Some(resource) => resource.resource_access.push(access),
        None => resources.push(Resource { resource_app_id: api, resource_access: vec![access] }),
    }
}
