//! What an app registration lacks for a connector, and what it has too much.

use std::collections::{BTreeMap, BTreeSet};

use super::{Access, Resource};
use crate::connector::{Guid, Registry, profile::Kind};

/// Microsoft Graph's delegated `User.Read`, which the portal adds to every new app: no connector needs
/// it, so no profile need have its name.
const USER_READ: Guid = Guid::constant(b"e1fe6dd8-ba31-4d61-89e7-88639da4683d");

/// The difference between what is needed and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Needed and not there, in the order of the profiles.
    pub missing: Vec<Row>,
    /// There and not needed, in the order of the app registration.
    pub extra: Vec<Row>,
    /// How many are needed and there.
    pub held: usize,
}

/// One permission of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The API's application id.
    pub api: Guid,
    /// Its name, where a profile has it.
    pub api_name: Option<String>,
    /// The permission's id and kind.
    pub access: Access,
    /// Its name, where a profile has it.
    pub value: Option<String>,
    /// What was probably meant, one sentence.
    pub note: Option<String>,
}

/// The names that profiles give to ids.
#[derive(Clone, Debug, Default)]
pub struct Names {
    apis: BTreeMap<Guid, String>,
    permissions: BTreeMap<(Guid, Guid), String>,
}

impl Names {
    /// The names in these profiles, and the one that every app has from the portal.
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        let mut names = Self::default();
        for (api, permission) in registry.iter().flat_map(|profile| profile.permissions()) {
            names.apis.entry(api.id).or_insert_with(|| api.name.to_string());
            let place = names.permissions.entry((api.id, permission.id));
            place.or_insert_with(|| permission.value.to_string());
        }
        names.permissions.insert((Guid::MICROSOFT_GRAPH, USER_READ), "User.Read".into());
        names
    }

    fn api(&self, id: Guid) -> String {
        self.apis.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    fn value(&self, api: Guid, id: Guid) -> Option<&String> {
        self.permissions.get(&(api, id))
    }

    /// The API whose permission this is, if it is not one of `api`.
    fn home(&self, api: Guid, id: Guid) -> Option<Guid> {
        if self.value(api, id).is_some() {
            return None;
        }
        self.permissions.keys().find(|(_, permission)| *permission == id).map(|(home, _)| *home)
    }

    fn row(&self, (api, access): Entry, note: Option<String>) -> Row {
        let home = self.home(api, access.id).unwrap_or(api);
        Row {
            api,
            api_name: self.apis.get(&api).cloned(),
            access,
            value: self.value(home, access.id).cloned(),
            note,
        }
    }
}

/// A permission with its API.
type Entry = (Guid, Access);

/// Compares what is needed to what is there.
#[must_use]
pub fn diff(required: &[Resource], current: &[Resource], names: &Names) -> Diff {
    let (needed, there) = (entries(required), entries(current));
    let (needed_set, there_set) = (set(&needed), set(&there));
    let missing: Vec<Entry> = without(&needed, &there_set);
    let extra: Vec<Entry> = without(&there, &needed_set);
    Diff {
        held: needed.len() - missing.len(),
        missing: missing.iter().map(|entry| names.row(*entry, of_missing(entry, &extra, names))).collect(),
        extra: extra.iter().map(|entry| names.row(*entry, of_extra(entry, &missing, names))).collect(),
    }
}

/// Every permission once, in order.
fn entries(resources: &[Resource]) -> Vec<Entry> {
    let mut seen = BTreeSet::new();
    let all = resources.iter().flat_map(|resource| {
        resource.resource_access.iter().map(move |access| (resource.resource_app_id, *access))
    });
    all.filter(|entry| seen.insert(*entry)).collect()
}

fn set(entries: &[Entry]) -> BTreeSet<Entry> {
    entries.iter().copied().collect()
}

fn without(entries: &[Entry], others: &BTreeSet<Entry>) -> Vec<Entry> {
    entries.iter().filter(|entry| !others.contains(entry)).copied().collect()
}

/// What stands in place of a missing permission.
fn of_missing((api, access): &Entry, extra: &[Entry], names: &Names) -> Option<String> {
    let with_id = || extra.iter().filter(|(_, other)| other.id == access.id);
    if let Some((_, other)) = with_id().find(|(other, _)| other == api) {
        return Some(format!(
            "its id is there as {}: the type has to be {}",
            other.kind.word(),
            access.kind.word()
        ));
    }
    if let Some((other, _)) = with_id().next() {
        return Some(format!(
            "its id is there under {}, to which it means nothing: it belongs to {}",
            names.api(*other),
            names.api(*api)
        ));
    }
    let value = names.value(*api, access.id)?;
    let namesake = |(other_api, other): &&Entry| {
        other_api == api && other.kind != access.kind && names.value(*api, other.id) == Some(value)
    };
    let (_, other) = extra.iter().find(namesake)?;
    Some(format!("only its namesake is there, {}", kind(other.kind)))
}

/// What a permission that is not needed was probably meant to be.
fn of_extra((api, access): &Entry, missing: &[Entry], names: &Names) -> Option<String> {
    let with_id = || missing.iter().filter(|(_, other)| other.id == access.id);
    if let Some((_, other)) = with_id().find(|(other, _)| other == api) {
        return Some(format!("it is needed as {}", other.kind.word()));
    }
    if let Some((home, _)) = with_id().next() {
        return Some(format!("it is needed under {}", names.api(*home)));
    }
    match names.home(*api, access.id) {
        Some(home) => Some(format!("this id is a permission of {}", names.api(home))),
        None if access.id == USER_READ => Some("the portal adds it to every new app".into()),
        None => None,
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "an application permission",
        Kind::Scope => "a delegated permission",
    }
}
