//! The built-in profiles: whole, at one with each other, and equal to the facts that they were written
//! from, where those are at hand: `CERTKIT_FACTS` names their folder.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests read files and say what they skip.

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use certkit::connector::{
    Profile, Registry,
    profile::{Kind, Permission, SettingValue},
};
use common::{folder, ok, root, text};
use serde::Deserialize;
use serde_json::Value;

fn registry() -> Registry {
    Registry::built_in()
}

/// The profiles are those of the folder, each in the file of its name.
#[test]
fn the_list_is_whole() {
    let registry = registry();
    let folder = root().join("src/connector/profiles");
    let files: BTreeSet<String> = fs::read_dir(&folder)
        .expect("the profiles")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, registry.iter().map(|profile| format!("{}.toml", profile.id)).collect());
    for profile in registry.iter() {
        let file = fs::read_to_string(folder.join(format!("{}.toml", profile.id))).expect("its file");
        assert_eq!(file, registry.text(profile), "{}", profile.id);
    }
}

/// Every id has one meaning in its API, and every permission one id, in all profiles.
#[test]
fn ids_and_permissions_match_one_to_one() {
    let registry = registry();
    let (mut meanings, mut ids, mut apis) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for profile in registry.iter() {
        for (api, permission) in profile.permissions() {
            let Permission { value, id, kind, .. } = permission;
            let value = value.to_string();
            let meaning = meanings.entry((api.id, *id)).or_insert((value.clone(), *kind));
            assert_eq!(*meaning, (value.clone(), *kind), "{}: {id}", profile.id);
            let known = ids.entry((api.id, value.clone(), *kind)).or_insert(*id);
            assert_eq!(known, id, "{}: {value}", profile.id);
            let names = apis.entry(api.id).or_insert((api.name.to_string(), api.tile.to_string()));
            assert_eq!(*names, (api.name.to_string(), api.tile.to_string()), "{}", profile.id);
        }
    }
    assert!(ids.len() > 40, "only {} permissions were looked at", ids.len());
    let homes = meanings.keys().map(|(_, id)| id).collect::<BTreeSet<_>>();
    assert_eq!(homes.len(), meanings.len(), "no id stands in two APIs");
}

/// Every vendor is given both ids, and what is shown in brackets has no final stop.
#[test]
fn profiles_are_of_one_style() {
    for profile in registry().iter() {
        let id = &profile.id;
        let asks = |value: SettingValue| profile.output.settings.iter().any(|setting| setting.value == value);
        assert!(asks(SettingValue::ClientId) && asks(SettingValue::TenantId), "{id}");
        let notes = profile.permissions().filter_map(|(_, permission)| permission.note.as_ref());
        let notes = notes.chain(profile.roles.iter().filter_map(|role| role.note.as_ref()));
        let notes = notes.chain(profile.output.settings.iter().filter_map(|setting| setting.note.as_ref()));
        notes.for_each(|note| assert!(!note.ends_with('.'), "{id}: {note}"));
        for api in &profile.apis {
            assert!(api.note.as_ref().is_none_or(|note| note.ends_with('.')), "{id}: {}", api.name);
            assert_ne!(api.page_name.as_ref(), Some(&api.tile), "{id}: another name is another one");
        }
    }
}

/// Where application permissions do not exist the profile asks for delegated ones, and nowhere else.
#[test]
fn delegated_permissions_are_where_they_belong() {
    let registry = registry();
    let delegated: Vec<(&str, &str)> = registry
        .iter()
        .flat_map(|profile| {
            profile.permissions().map(move |(_, permission)| (profile.id.as_str(), permission))
        })
        .filter(|(_, permission)| permission.kind == Kind::Scope)
        .map(|(id, permission)| (id, &*permission.value))
        .collect();
    let expected = [
        ("zscaler-blob-storage", "user_impersonation"),
        ("zscaler-blob-storage", "user_impersonation"),
        ("snow-atlas-m365-current", "offline_access"),
        ("snow-atlas-m365-older", "offline_access"),
    ];
    assert_eq!(delegated, expected);
}

fn facts() -> Option<PathBuf> {
    let facts = std::env::var_os("CERTKIT_FACTS").map(PathBuf::from);
    if facts.is_none() {
        eprintln!("SKIPPED: no facts to compare the profiles with: set CERTKIT_FACTS to their folder");
    }
    facts
}

fn read<T: for<'a> Deserialize<'a>>(folder: &Path, name: &str) -> T {
    let text = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A connector's name as its profile's id: `Zscaler Blob Storage`, `Snow Atlas M365 (older)`.
fn id_of(connector: &str) -> String {
    let words = connector.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

#[derive(Deserialize)]
struct PermissionFact {
    connector: String,
    resource_name: String,
    resource_app_id: String,
    permission: String,
    kind: String,
    id: String,
    portal_tile: String,
    seed_resource_name: String,
}

#[derive(Deserialize)]
struct RoleFact {
    kind: String,
    name: String,
    id: String,
    used_by: String,
}

/// What `connector manifest` prints is the manifest of the facts.
#[test]
fn manifests_are_those_of_the_facts() {
    let Some(facts) = facts() else { return };
    let folder = folder();
    let registry = registry();
    for profile in registry.iter() {
        let id = profile.id.as_str();
        let expected: Value = read(&facts, &format!("manifests/{id}.json"));
        let printed = text(&ok(folder.path(), ["connector", "manifest", id]));
        let found: Value = serde_json::from_str(&printed).expect("JSON");
        assert_eq!(found, expected, "{id}");
        // Arrays are compared in order; the layout is the same as well.
        let layout = fs::read_to_string(facts.join(format!("manifests/{id}.json"))).expect("it was read");
        assert_eq!(printed.trim_end(), layout.trim_end(), "{id}");
    }
    let files = fs::read_dir(facts.join("manifests")).expect("the manifests").count();
    assert_eq!(files, registry.iter().count(), "a manifest for each profile and no other");
}

/// Every row of the facts is a permission of its profile, and every permission is a row, in order.
#[test]
fn permissions_are_those_of_the_facts() {
    let Some(facts) = facts() else { return };
    let rows: Vec<PermissionFact> = read(&facts, "permissions.json");
    let registry = registry();
    let mut compared = 0;
    for profile in registry.iter() {
        let expected: Vec<[String; 7]> = rows
            .iter()
            .filter(|row| id_of(&row.connector) == profile.id.as_str())
            .map(|row| {
                let PermissionFact { permission, kind, id, resource_app_id, .. } = row;
                [
                    permission,
                    kind,
                    id,
                    resource_app_id,
                    &row.resource_name,
                    &row.portal_tile,
                    &row.seed_resource_name,
                ]
                .map(String::clone)
            })
            .collect();
        let found: Vec<[String; 7]> = profile
            .permissions()
            .map(|(api, permission)| {
                let page_name = api.page_name.as_ref().unwrap_or(&api.tile);
                let Permission { value, kind, id, .. } = permission;
                [&**value, kind.word(), id.as_str(), api.id.as_str(), &api.name, &api.tile, page_name]
                    .map(str::to_owned)
            })
            .collect();
        assert_eq!(found, expected, "{}", profile.id);
        compared += found.len();
    }
    assert_eq!(compared, rows.len(), "every row belongs to a profile");
}

/// The Azure roles are those of the facts, and a directory role that a page demands is a real one.
#[test]
fn roles_are_those_of_the_facts() {
    let Some(facts) = facts() else { return };
    let rows: Vec<RoleFact> = read(&facts, "roles.json");
    let registry = registry();
    let azure = |profile: &Profile| -> Vec<(String, String)> {
        let of =
            rows.iter().filter(|row| row.kind == "azure_rbac" && id_of(&row.used_by) == profile.id.as_str());
        of.map(|row| (row.name.clone(), row.id.clone())).collect()
    };
    let mut compared = 0;
    for profile in registry.iter() {
        let found: Vec<(String, String)> =
            profile.roles.iter().map(|role| (role.name.to_string(), role.id.to_string())).collect();
        assert_eq!(found, azure(profile), "{}", profile.id);
        compared += found.len();
        if let Some(role) = &profile.consent.role {
            let known = rows.iter().any(|row| row.kind == "directory_role" && row.name == **role);
            assert!(known, "{}: {role}", profile.id);
        }
    }
    assert_eq!(compared, rows.iter().filter(|row| row.kind == "azure_rbac").count());
}
