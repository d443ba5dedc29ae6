//! The connectors that there are.

use serde::Serialize;

use super::{
    profile_json::{Source, audience, takes},
    wrapped::Page,
};
use crate::{
    connector::{Profile, Registry},
    report::json_v1::render,
};

/// For a terminal: a name and what it is.
#[must_use]
pub fn text(registry: &Registry, width: usize) -> String {
    let mut page = Page::new(width);
    let widest = registry.iter().map(|profile| profile.id.as_str().len()).max().unwrap_or(0);
    for profile in registry.iter() {
        let first = format!("{:widest$}  ", profile.id.as_str());
        page.wrapped(&first, widest + 2, &format!("{}: {}", profile.name, profile.summary));
    }
    page.text
}

/// `certkit.connector-list/1`
#[must_use]
pub fn json(registry: &Registry) -> String {
    let connectors = registry.iter().map(Listed::of).collect();
    render(&ListDocument { schema: "certkit.connector-list/1", connectors }, true)
}

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
    audience: &'static str,
    takes: Vec<&'static str>,
    source: Source<'a>,
}

impl<'a> Listed<'a> {
    fn of(profile: &'a Profile) -> Self {
        let Profile { id, name, vendor, summary, .. } = profile;
        Self {
            id: id.as_str(),
            name,
            vendor,
            summary,
            audience: audience(profile.registration.audience),
            takes: takes(profile),
            source: Source::of(profile),
        }
    }
}
