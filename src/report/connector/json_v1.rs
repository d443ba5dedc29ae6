//! As versioned JSON documents: copies of the types, so that a change there does not change them
//! unnoticed.

use serde::Serialize;

use crate::{
    connector::{Profile, Registry, procedure::Procedure},
    report::json_v1::render,
};

#[derive(Serialize)]
struct ListDocument<'a> {
    schema: &'static str,
    connectors: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    vendor: &'a str,
    summary: &'a str,
}

impl<'a> Listed<'a> {
    fn of(profile: &'a Profile) -> Self {
        let Profile { id, name, vendor, summary, .. } = profile;
        Self { id: id.as_str(), name, vendor, summary }
    }
}

/// `certkit.connector-list/1`
#[must_use]
pub fn list(registry: &Registry) -> String {
    let connectors = registry.iter().map(Listed::of).collect();
    render(&ListDocument { schema: "certkit.connector-list/1", connectors }, true)
}

/// `certkit.connector-show/1`
#[must_use]
pub fn procedure(procedure: &Procedure<'_>) -> String {
    super::text(procedure)
}
