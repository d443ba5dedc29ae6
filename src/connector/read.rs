//! Profiles and records from TOML: every fault is said of its line.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::profile::{OutputForm, Profile};
use crate::error::{Error, Result};

/// The largest profile that is read, in octets.
const LARGEST: usize = 1 << 20;

/// Reads a profile, and checks what the grammar alone cannot.
///
/// # Errors
/// [`Error::BadToml`] with the line and column, [`Error::TooLarge`].
pub fn profile(octets: &[u8]) -> Result<Profile> {
    let profile = toml(octets, PROFILE)?;
    match contradiction(&profile) {
        None => Ok(profile),
        Some((place, reason)) => Err(fault_at(octets, &place, reason)),
    }
}

/// Reads TOML into a type that takes nothing it does not know.
///
/// # Errors
/// As [`profile`].
pub(super) fn toml<T: DeserializeOwned>(octets: &[u8], what: &'static str) -> Result<T> {
    if octets.len() > LARGEST {
        return Err(Error::TooLarge { size: octets.len() as u64, limit: LARGEST as u64 });
    }
    let text = std::str::from_utf8(octets).map_err(|error| {
        let text = String::from_utf8_lossy(octets);
        fault(what, &text, error.valid_up_to(), "it is not UTF-8".into())
    })?;
    let text = text.strip_prefix(MARK).unwrap_or(text);
    toml::from_str(text).map_err(|error| {
        fault(what, text, error.span().map_or(0, |span| span.start), error.message().to_owned())
    })
}

/// What errors call it.
const PROFILE: &str = "connector profile";

/// The byte order mark, which some editors put before a text.
const MARK: char = '\u{feff}';

/// A step on the way to a value.
enum Step {
    Key(&'static str),
    Index(usize),
}

/// What cannot be right although every value by itself is, and where.
fn contradiction(profile: &Profile) -> Option<(Vec<Step>, String)> {
    use Step::{Index, Key};
    let apis = || profile.apis.iter().enumerate();
    if let Some((index, _)) = apis().find(|(_, api)| api.permissions.is_empty()) {
        return Some((vec![Key("api"), Index(index)], "this API has no [[api.permission]]".into()));
    }
    if let Some((index, api)) =
        apis().find(|(index, api)| profile.apis[..*index].iter().any(|other| other.id == api.id))
    {
        let reason = format!("the API {} stands twice; put its permissions together", api.id);
        return Some((vec![Key("api"), Index(index), Key("id")], reason));
    }
    let mut seen = BTreeMap::new();
    for (index, api) in apis() {
        for (position, permission) in api.permissions.iter().enumerate() {
            let place = || vec![Key("api"), Index(index), Key("permission"), Index(position), Key("id")];
            if let Some(value) = seen.insert((api.id, permission.id), &permission.value) {
                let reason = format!("the id {} stands twice in this API, first as {value}", permission.id);
                return Some((place(), reason));
            }
        }
    }
    if profile.credential.takes.is_empty() {
        let reason = r#"expected at least one of "secret", "certificate", "connector-json""#.into();
        return Some((vec![Key("credential"), Key("takes")], reason));
    }
    unwritable_key(profile)
}

/// A key that the vendor's file cannot have.
fn unwritable_key(profile: &Profile) -> Option<(Vec<Step>, String)> {
    use Step::{Index, Key};
    if profile.output.form != OutputForm::Yaml {
        return None;
    }
    let settings = profile.output.settings.iter().map(|setting| &setting.name).enumerate();
    let lists = profile.output.lists.iter().map(|list| &list.name).enumerate();
    let names = settings.map(|name| ("setting", name)).chain(lists.map(|name| ("list", name)));
    let mut seen = Vec::new();
    for (table, (index, name)) in names {
        let place = vec![Key("output"), Key(table), Index(index), Key("name")];
        if !is_plain_key(name) {
            let reason = "expected a key of letters, digits and underscores that is no YAML word: the vendor's file is YAML";
            return Some((place, reason.into()));
        }
        if seen.contains(&name) {
            return Some((place, format!("the key {name} stands twice")));
        }
        seen.push(name);
    }
    None
}

/// Whether every YAML parser takes it for a key without quotation marks, those of 1.1 included.
fn is_plain_key(name: &str) -> bool {
    const WORDS: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&name.to_ascii_lowercase().as_str())
}

/// A fault of the profile's id.
pub(super) fn at_id(octets: &[u8], reason: String) -> Error {
    fault_at(octets, &[Step::Key("id")], reason)
}

/// A fault of the value at the end of this way.
fn fault_at(octets: &[u8], way: &[Step], reason: String) -> Error {
    let text = String::from_utf8_lossy(octets);
    let text = text.strip_prefix(MARK).unwrap_or(&text);
    fault(PROFILE, text, offset_of(text, way), reason)
}

/// Where in the text the value at the end of this way stands; 0 where it is not found.
fn offset_of(text: &str, way: &[Step]) -> usize {
    let Ok(root) = DeTable::parse(text) else { return 0 };
    let mut offset = 0;
    let mut at = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
    for step in way {
        let next = match (step, at.into_inner()) {
            (Step::Key(key), DeValue::Table(mut table)) => table.remove(*key),
            (Step::Index(index), DeValue::Array(array)) => array.into_iter().nth(*index),
            _ => None,
        };
        let Some(value) = next else { break };
        offset = value.span().start;
        at = value;
    }
    offset
}

/// A fault at an octet of the text, as line and column, both from 1.
fn fault(what: &'static str, text: &str, offset: usize, reason: String) -> Error {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    // The parser's sentences may go over several lines.
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    Error::BadToml { what, line, column, reason }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("profiles/zscaler-sharepoint.toml");

    fn said(from: &str, to: &str) -> (usize, String) {
        assert_eq!(GOOD.matches(from).count(), 1, "{from}");
        let text = GOOD.replace(from, to);
        let line = text.lines().position(|line| line.contains(to)).map_or(0, |index| index + 1);
        match profile(text.as_bytes()) {
            Err(Error::BadToml { line: found, column, reason, .. }) => {
                assert!(column > 0);
                assert_eq!(found, line, "{reason}");
                (found, reason)
            }
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{to} was taken"),
        }
    }

    #[test]
    fn faults_are_said_of_their_line() {
        assert!(said("audience = \"multitenant\"", "audience = \"everybody\"").1.contains("everybody"));
        assert!(said("d13f72ca-a275-4b96-b789-48ebcc4da984", "d13f72ca-a275").1.contains("GUID"));
        assert!(said("id = \"zscaler-sharepoint\"", "id = \"../x\"").1.contains("expected an id"));
        assert!(said("read = 2026-11-22", "read = 2026-11-22T01:02:03Z").1.contains("expected a date"));
        assert!(said("vendor = \"Zscaler\"", "vendor = \"Zs\\u001bcaler\"").1.contains("U+001B"));
        assert!(said("[credential]", "[credentials]").1.contains("credentials"));
        assert!(said("takes = [\"secret\", \"connector-json\"]", "takes = []").1.contains("at least one"));
    }

    #[test]
    fn what_stands_twice_is_found() {
        let (_, reason) =
            said("c5393580-f805-4401-95e8-94b7a6ef2fc2", "00000003-0000-0ff1-ce00-000000000000 ");
        assert!(reason.contains("GUID"), "{reason}");
        let text =
            GOOD.replace("c5393580-f805-4401-95e8-94b7a6ef2fc2", "00000003-0000-0ff1-ce00-000000000000");
        let Err(Error::BadToml { line, reason, .. }) = profile(text.as_bytes()) else { panic!() };
        assert!(reason.contains("stands twice"), "{reason}");
        assert!(text.lines().nth(line - 1).unwrap().contains("00000003-0000-0ff1"), "{line}");
    }
}
