//! What a profile's values have to be to each other.

use std::collections::BTreeMap;

use super::{ConsentWay, Credential, OutputForm, Profile, SettingValue};
use crate::{
    connector::toml_text::{
        Step::{self, Index, Key},
        fault_at,
    },
    error::{Error, Result, TomlFile},
};

/// Where a contradiction stands, and what it is.
type Contradiction = (Vec<Step>, String);

/// Refuses a profile that cannot be right although every value by itself is.
///
/// # Errors
/// [`Error::BadToml`] at the first contradiction.
pub(super) fn check(octets: &[u8], profile: &Profile) -> Result<()> {
    const RULES: [fn(&Profile) -> Option<Contradiction>; 6] =
        [apis, permissions, redirect, credentials, settings, keys];
    match RULES.iter().find_map(|rule| rule(profile)) {
        None => Ok(()),
        Some((way, reason)) => Err(fault_at(octets, TomlFile::Profile, &way, reason)),
    }
}

/// A fault of the profile's id, which only whoever has other profiles can find.
pub(in crate::connector) fn fault_of_id(octets: &[u8], reason: String) -> Error {
    fault_at(octets, TomlFile::Profile, &[Key("id")], reason)
}

/// Every API stands once and is needed for something.
fn apis(profile: &Profile) -> Option<Contradiction> {
    profile.apis.iter().enumerate().find_map(|(index, api)| {
        if api.permissions.is_empty() {
            return Some((vec![Key("api"), Index(index)], "this API has no [[api.permission]]".into()));
        }
        let twice = profile.apis[..index].iter().any(|other| other.id == api.id);
        let reason = || format!("the API {} stands twice; put its permissions together", api.id);
        twice.then(|| (vec![Key("api"), Index(index), Key("id")], reason()))
    })
}

/// An id names one permission of an API.
fn permissions(profile: &Profile) -> Option<Contradiction> {
    let mut seen = BTreeMap::new();
    for (index, api) in profile.apis.iter().enumerate() {
        for (position, permission) in api.permissions.iter().enumerate() {
            if let Some(value) = seen.insert((api.id, permission.id), &permission.value) {
                let way = vec![Key("api"), Index(index), Key("permission"), Index(position), Key("id")];
                let reason = format!("the id {} stands twice in this API, first as {value}", permission.id);
                return Some((way, reason));
            }
        }
    }
    None
}

/// A consent by address leads back somewhere, and a redirect URI is either everybody's or shown by
/// an example.
fn redirect(profile: &Profile) -> Option<Contradiction> {
    let Some(redirect) = &profile.registration.redirect else {
        let reason = r#"consent by "address" needs [registration.redirect]: the browser has to return somewhere; else expected "portal""#;
        let by_address = profile.consent.by == ConsentWay::Address;
        return by_address.then(|| (vec![Key("consent"), Key("by")], reason.into()));
    };
    let reason = match (&redirect.uri, &redirect.example) {
        (Some(_), Some(_)) => {
            "uri and example exclude each other: expected uri where it is the same for everybody, else example"
        }
        (None, None) => "expected uri where it is the same for everybody, else example",
        _ => return None,
    };
    Some((vec![Key("registration"), Key("redirect")], reason.into()))
}

/// The values that are a credential.
const HANDED_OVER: [(Credential, &str, SettingValue, &str); 2] = [
    (Credential::Secret, "secret", SettingValue::ClientSecret, "client-secret"),
    (Credential::ConnectorJson, "connector-json", SettingValue::ConnectorJson, "connector-json"),
];

/// The connector takes something, and what it takes it is given.
fn credentials(profile: &Profile) -> Option<Contradiction> {
    let way = vec![Key("credential"), Key("takes")];
    if profile.credential.takes.is_empty() {
        let reason = r#"expected at least one of "secret", "certificate", "connector-json""#;
        return Some((way, reason.into()));
    }
    let asks = |value| profile.output.settings.iter().any(|setting| setting.value == value);
    let (_, takes, _, value) =
        HANDED_OVER.iter().find(|(takes, _, value, _)| profile.takes(*takes) && !asks(*value))?;
    let reason = format!(
        r#""{takes}" is taken but not asked for: expected an [[output.setting]] with value = "{value}""#
    );
    Some((way, reason))
}

/// What is asked for is taken.
fn settings(profile: &Profile) -> Option<Contradiction> {
    profile.output.settings.iter().enumerate().find_map(|(index, setting)| {
        let (_, takes, _, _) = HANDED_OVER
            .iter()
            .find(|(takes, _, value, _)| setting.value == *value && !profile.takes(*takes))?;
        let reason = format!(r#"it is asked for but not taken: expected "{takes}" in [credential] takes"#);
        Some((vec![Key("output"), Key("setting"), Index(index), Key("value")], reason))
    })
}

/// A vendor's YAML file can have these keys, each once.
fn keys(profile: &Profile) -> Option<Contradiction> {
    if profile.output.form != OutputForm::Yaml {
        return None;
    }
    let settings = profile.output.settings.iter().map(|setting| &*setting.name).enumerate();
    let lists = profile.output.lists.iter().map(|list| &*list.name).enumerate();
    let names = settings.map(|name| ("setting", name)).chain(lists.map(|name| ("list", name)));
    let secret = profile.output.settings.iter().find(|setting| setting.value == SettingValue::ClientSecret);
    let mut seen = Vec::new();
    for (table, (index, name)) in names {
        let reason = if !is_plain_key(name) {
            "expected a key of letters, digits and underscores that is no YAML word: the vendor's file is YAML".into()
        } else if seen.contains(&name) {
            format!("the key {name} stands twice")
        } else if secret.is_some_and(|secret| secret.path_name() == name) {
            format!("the key {name} is the client secret's own where it stands in a file; expected another")
        } else {
            seen.push(name);
            continue;
        };
        return Some((vec![Key("output"), Key(table), Index(index), Key("name")], reason));
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SHAREPOINT: &str = include_str!("../profiles/zscaler-sharepoint.toml");
    const ZERON: &str = include_str!("../profiles/zeron-office365.toml");

    /// The reason why a profile is refused in which `from` became `to`, and the line's text.
    fn refused(profile: &str, from: &str, to: &str) -> (String, String) {
        assert_eq!(profile.matches(from).count(), 1, "{from}");
        let text = profile.replace(from, to);
        match Profile::read(text.as_bytes()) {
            Err(Error::BadToml { line, reason, .. }) => {
                (text.lines().nth(line - 1).unwrap().to_owned(), reason)
            }
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{to} was taken"),
        }
    }

    #[track_caller]
    fn assert_refused(profile: &str, (from, to): (&str, &str), line: &str, reason: &str) {
        let found = refused(profile, from, to);
        assert!(found.0.contains(line) && found.1.contains(reason), "{found:?}");
    }

    #[test]
    fn faults_of_one_value_are_said_of_their_line() {
        for (from, to, reason) in [
            ("audience = \"multitenant\"", "audience = \"everybody\"", "everybody"),
            ("d13f72ca-a275-4b96-b789-48ebcc4da984", "d13f72ca-a275", "GUID"),
            ("c5393580-f805-4401-95e8-94b7a6ef2fc2", "c5393580-f805-4401-95e8-94b7a6ef2fc2 ", "GUID"),
            ("id = \"zscaler-sharepoint\"", "id = \"../x\"", "expected an id"),
            ("read = 2026-11-22", "read = 2026-11-22T01:02:03Z", "expected a date"),
            ("read = 2026-11-22", "read = \"2026-11-22\"", ""),
            ("url = \"https://help", "url = \"javascript:help", "https"),
            ("vendor = \"Zscaler\"", "vendor = \"Zs\\u001bcaler\"", "U+001B"),
            ("[credential]", "[credentials]", "credentials"),
        ] {
            assert_refused(SHAREPOINT, (from, to), to, reason);
        }
    }

    #[test]
    fn what_stands_twice_is_found() {
        let api = "00000003-0000-0ff1-ce00-000000000000";
        assert_refused(SHAREPOINT, ("c5393580-f805-4401-95e8-94b7a6ef2fc2", api), api, "API");
        let id = "b528084d-ad10-4598-8b93-929746b4d7d6";
        assert_refused(SHAREPOINT, ("0c0bf378-bf22-4481-8f81-9e89a9b4960a", id), id, "in this API");
        assert_refused(ZERON, ("\"tenant_id\"", "\"client_id\""), "client_id", "stands twice");
    }

    #[test]
    fn a_redirect_uri_is_there_and_is_one() {
        let example = "example = \"https://admin.zscalertwo.net/\"";
        let both = format!("{example}\nuri = \"https://admin.example.com/\"");
        assert_refused(SHAREPOINT, (example, &both), "[registration.redirect]", "exclude each other");
        assert_refused(SHAREPOINT, (example, ""), "[registration.redirect]", "expected uri");
        assert_refused(ZERON, ("by = \"portal\"", "by = \"address\""), "by = ", "[registration.redirect]");
    }

    #[test]
    fn what_is_taken_is_asked_for() {
        let takes = "takes = [\"secret\", \"connector-json\"]";
        assert_refused(SHAREPOINT, (takes, "takes = []"), "takes = []", "at least one");
        let (json, secret) = ("takes = [\"connector-json\"]", "takes = [\"secret\"]");
        assert_refused(SHAREPOINT, (takes, json), "value = \"client-secret\"", "asked for but not taken");
        assert_refused(SHAREPOINT, (takes, secret), "value = \"connector-json\"", "not taken");
        for value in ["client-secret", "connector-json"] {
            let value = format!("value = \"{value}\"");
            assert_refused(SHAREPOINT, (&value, "value = \"domains\""), takes, "taken but not asked for");
        }
    }

    #[test]
    fn keys_can_be_written() {
        for (key, reason) in
            [("tenant id", "underscores"), ("Yes", "YAML word"), ("client_secret_path", "own")]
        {
            let key = format!("\"{key}\"");
            assert_refused(ZERON, ("\"tenant_id\"", &key), &key, reason);
        }
    }
}
