//! `connector init`, `check` and `config`: a kit is made whole or not at all, is brought up to what
//! is known without losing its key or a secret, and what is wrong with one is found.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // Tests touch the world.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use certkit::connector::Registry;
use common::{folder, ok, run, text};
use proptest::prelude::*;
use serde_json::Value;

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const CLIENT: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const REDIRECT: &str = "https://admin.example.net/";
const SECRET: &str = "abc8Q~TEST-secret-of-forty-characters-xyz";

/// The name of every connector.
fn profiles() -> Vec<String> {
    let registry = Registry::built_in();
    registry.iter().map(|profile| profile.id.to_string()).collect()
}

/// Every file below a folder, by its name in there.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it lies there").to_owned();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// `connector init` with everything that can be known; the secret stands in `secret.txt`.
fn init(folder: &Path, profile: &str, kit: &str, more: &[&str]) -> Output {
    fs::write(folder.join("secret.txt"), format!("{SECRET}\n")).expect("the secret is written");
    let known = ["--tenant-id", TENANT, "--client-id", CLIENT, "--redirect-uri", REDIRECT];
    let secret = ["--client-secret", "file:secret.txt", "--secret-expires", "300d"];
    let start = ["connector", "init", profile, "--out-dir", kit];
    run(folder, start.iter().chain(&known).chain(&secret).chain(more))
}

fn kit(profile: &str, more: &[&str]) -> tempfile::TempDir {
    let folder = folder();
    let made = init(folder.path(), profile, "kit", more);
    assert!(made.status.success(), "{}", text(&made.stderr));
    folder
}

/// The findings of a kit by id, and the exit code.
fn findings(folder: &Path, more: &[&str]) -> (Vec<String>, i32) {
    let output = run(folder, ["connector", "check", "kit", "--format", "json"].iter().chain(more).copied());
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr)));
    assert_eq!(document["schema"], "certkit.connector-check/1");
    let ids = document["findings"].as_array().expect("a list").iter();
    let ids = ids.map(|finding| finding["id"].as_str().expect("a word").to_owned()).collect();
    (ids, output.status.code().expect("it ends by itself"))
}

/// The notes that a kit has from the start: nothing tells certkit that the certificate was uploaded.
const FRESH: [&str; 1] = ["upload-unrecorded"];

#[test]
fn a_kit_has_everything_and_checks_out() {
    let folder = kit("zscaler-sharepoint", &["--password", "generate:kit/pw.txt"]);
    let files = contents(&folder.path().join("kit"));
    let names: Vec<String> = files.keys().map(|name| name.display().to_string()).collect();
    let expected = [
        "NEXT-STEPS.html",
        "NEXT-STEPS.md",
        "certkit.toml",
        "config.txt",
        "consent-url.txt",
        "manifest.json",
        "pw.txt",
        "zscaler-sharepoint.cer",
        "zscaler-sharepoint.json",
        "zscaler-sharepoint.key.pem",
        "zscaler-sharepoint.pfx",
    ];
    assert_eq!(names, expected);
    let (found, code) = findings(folder.path(), &["--password", "file:kit/pw.txt"]);
    assert_eq!((found, code), (FRESH.map(str::to_owned).to_vec(), 0));
    let (found, code) = findings(folder.path(), &["--fail-on", "warning"]);
    assert_eq!((found, code), (vec!["not-opened".into(), "upload-unrecorded".into()], 0));
    for (name, octets) in &files {
        let holds = text(octets).contains(SECRET);
        assert_eq!(holds, name == Path::new("config.txt"), "{}", name.display());
    }
    let url = text(&files[Path::new("consent-url.txt")]);
    let expected = format!(
        "https://login.microsoftonline.com/common/adminconsent?client_id={CLIENT}&state=administration%2Fadd-casb-tenants&redirect_uri=https%3A%2F%2Fadmin.example.net%2F\n"
    );
    assert_eq!(url, expected);
}

#[cfg(unix)]
#[test]
fn secrets_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = kit("zscaler-sharepoint", &["--password", "generate:kit/pw.txt"]);
    let mode = |name: &str| {
        let path = folder.path().join("kit").join(name);
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    };
    assert_eq!(mode("."), 0o700);
    for secret in [
        "config.txt",
        "pw.txt",
        "zscaler-sharepoint.json",
        "zscaler-sharepoint.key.pem",
        "zscaler-sharepoint.pfx",
    ] {
        assert_eq!(mode(secret), 0o600, "{secret}");
    }
    for public in ["certkit.toml", "manifest.json", "zscaler-sharepoint.cer", "NEXT-STEPS.html"] {
        assert_eq!(mode(public), 0o644, "{public}");
    }
}

/// What nobody knows yet is left out or marked, and nothing looks as if it could be used.
#[test]
fn without_ids_nothing_looks_real() {
    for profile in &profiles() {
        let folder = folder();
        ok(folder.path(), ["connector", "init", profile, "--out-dir", "kit"]);
        let files = contents(&folder.path().join("kit"));
        assert!(!files.contains_key(Path::new("consent-url.txt")), "{profile}");
        for (name, octets) in &files {
            let said = text(octets);
            assert!(!said.contains("adminconsent?"), "{profile}: {} holds an address", name.display());
        }
        let config =
            files.iter().find(|(name, _)| name.starts_with("config.txt") || name.starts_with("config.yaml"));
        let (_, config) = config.expect("a configuration");
        assert!(text(config).contains("to fill in: the Application (client) ID"), "{profile}");
        let (found, code) = findings(folder.path(), &[]);
        assert_eq!(code, 0, "{profile}: {found:?}");
        assert_eq!(found.iter().filter(|id| *id == "id-missing").count(), 2, "{profile}");
        assert!(found.contains(&"config-open".into()), "{profile}: {found:?}");
        assert_eq!(findings(folder.path(), &["--fail-on", "warning"]).1, 10, "{profile}");
        assert_eq!(findings(folder.path(), &["--fail-on", "never"]).1, 0, "{profile}");
    }
}

/// Every connector's kit is complete and in order; a key is made only for a vendor that takes one.
#[test]
fn every_connector_has_its_kit() {
    for profile in &profiles() {
        let folder = kit(profile, &[]);
        let files = contents(&folder.path().join("kit"));
        let certificate = files.keys().any(|name| name.extension().is_some_and(|suffix| suffix == "cer"));
        assert_eq!(certificate, profile == "zscaler-sharepoint", "{profile}");
        let (found, code) = findings(folder.path(), &[]);
        let expected: &[&str] = if certificate { &FRESH } else { &[] };
        assert_eq!(
            (found.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), code),
            (expected, 0),
            "{profile}"
        );
        let manifest: Value = serde_json::from_slice(&files[Path::new("manifest.json")]).expect("JSON");
        let printed = ok(folder.path(), ["connector", "manifest", profile]);
        assert_eq!(manifest, serde_json::from_slice::<Value>(&printed).expect("JSON"), "{profile}");
    }
}

/// A run that fails leaves nothing, its folder included; what stands is left alone.
#[test]
fn all_or_nothing() {
    let folder = folder();
    fs::write(folder.path().join("empty.txt"), "\n").expect("a file");
    let base = ["connector", "init", "zscaler-sharepoint", "--out-dir"];
    for (arguments, code) in [
        (vec!["kit", "--password", "file:empty.txt"], 4),
        (vec!["kit", "--client-secret", "file:empty.txt"], 4),
        (vec!["kit", "--client-secret", "file:none.txt"], 1),
        (vec!["kit", "--client-secret", "pass:x"], 2),
        (vec!["kit", "--client-secret", "generate:x"], 2),
        (vec!["kit", "--client-id", "<client_id>"], 2),
        (vec!["kit", "--redirect-uri", "http://admin.example.net/"], 2),
        (vec!["kit", "--domain", "contoso.com"], 2),
        (vec!["kit", "--days", "0"], 2),
        (vec!["kit", "--secret-expires", "soon"], 2),
        (vec!["kit", "--app-name", "a\u{202e}b"], 2),
        (vec!["none/kit"], 1),
        (vec!["empty.txt"], 5),
        (vec!["kit", "--update"], 1),
    ] {
        let output = run(folder.path(), base.iter().chain(&arguments).copied());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "{arguments:?}");
    }
    fs::create_dir(folder.path().join("kit")).expect("a folder");
    fs::write(folder.path().join("kit/manifest.json"), "mine").expect("a file");
    let output = run(folder.path(), base.iter().chain(&["kit"]).copied());
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert_eq!(contents(&folder.path().join("kit")).len(), 1);
}

/// The ids come later: the key and certificate stay, what stands in the record is kept.
#[test]
fn an_update_keeps_the_key() {
    let folder = folder();
    let path = folder.path();
    ok(
        path,
        ["connector", "init", "zscaler-sharepoint", "--out-dir", "kit", "--app-name", "it's \"ours\" $(id)"],
    );
    let before = contents(&path.join("kit"));
    let uploaded = text(&before[Path::new("certkit.toml")])
        .replace("# uploaded_on =   # the day of the upload", "uploaded_on = 2026-01-31");
    fs::write(path.join("kit/certkit.toml"), uploaded).expect("the record is written");
    let made = init(path, "zscaler-sharepoint", "kit", &["--update"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let after = contents(&path.join("kit"));
    for name in ["zscaler-sharepoint.cer", "zscaler-sharepoint.json", "zscaler-sharepoint.key.pem"] {
        assert_eq!(before[Path::new(name)], after[Path::new(name)], "{name}");
    }
    assert_eq!(findings(path, &["--fail-on", "warning"]), (vec![], 0));

    // Once more, with nothing: all of it is known from the record, and the secret is not lost.
    let output = run(path, ["connector", "init", "zscaler-sharepoint", "--out-dir", "kit", "--update"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("config.txt holds a client secret"), "{}", text(&output.stderr));
    assert_eq!(contents(&path.join("kit")), after);

    let other = run(path, ["connector", "init", "zscaler-teams", "--out-dir", "kit", "--update"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(text(&other.stderr).contains("zscaler-sharepoint"));
    assert_eq!(contents(&path.join("kit")), after);
}

/// Domains, the connection's name and a secret's path are in the record: an update keeps them, the
/// steps show them, and what is given anew takes their place.
#[test]
fn an_update_keeps_what_the_vendor_is_given() {
    let folder = folder();
    let path = folder.path();
    let start = ["connector", "init", "snow-atlas-m365-current", "--out-dir", "kit"];
    let given = ["--domain", "contoso.com", "--domain", "contoso.de", "--connection-name", "Contoso 365"];
    ok(path, start.iter().chain(&given).copied());
    let read = |name: &str| fs::read_to_string(path.join("kit").join(name)).expect("it was made");
    let config = read("config.txt");
    assert!(
        config.contains("  contoso.com\n  contoso.de\n") && config.contains("  Contoso 365\n"),
        "{config}"
    );
    for steps in [read("NEXT-STEPS.md"), read("NEXT-STEPS.html")] {
        assert!(
            steps.contains("contoso.com") && steps.contains("contoso.de") && steps.contains("Contoso 365")
        );
    }
    let update = [&start[..], &["--update"]].concat();
    ok(path, &update);
    assert_eq!(read("config.txt"), config);
    ok(path, update.iter().chain(&["--domain", "*"]).copied());
    assert!(read("config.txt").ends_with(":\n  *\n"));

    let start = ["connector", "init", "zeron-office365", "--out-dir", "zeron"];
    ok(path, start.iter().chain(&["--client-secret-path", "/run/secrets/office365"]).copied());
    ok(path, start.iter().chain(&["--update", "--client-id", CLIENT]).copied());
    let config = fs::read_to_string(path.join("zeron/config.yaml")).expect("it was made");
    assert!(config.contains("client_secret_path: \"/run/secrets/office365\""), "{config}");
    let checked = text(&ok(path, ["connector", "check", "zeron"]));
    assert!(!checked.contains("others than its owner"), "{checked}");
}

/// A day counts to its last second.
#[test]
fn a_secret_lasts_to_the_end_of_its_day() {
    let folder = folder();
    let start = ["connector", "init", "zeron-office365", "--out-dir", "kit"];
    ok(folder.path(), start.iter().chain(&["--secret-expires", "2999-01-31"]).copied());
    let record = fs::read_to_string(folder.path().join("kit/certkit.toml")).expect("the record");
    assert!(record.contains("expires_on = 2999-01-31T23:59:59Z"), "{record}");
}

/// Every way a kit can go wrong has its finding and its exit code.
#[test]
fn what_is_wrong_is_found() {
    let folder = kit("zscaler-sharepoint", &["--password", "generate:kit/pw.txt"]);
    let path = folder.path();
    let whole = contents(&path.join("kit"));
    ok(path, ["gen", "--name", "other", "--emit", "cer,json,key,pfx", "--password", "file:kit/pw.txt"]);
    let other = |name: &str| fs::read(path.join(name)).expect("it was made");
    let edited = |name: &str, from: &str, to: &str| {
        let old = text(&whole[Path::new(name)]);
        assert!(old.contains(from), "{name} has no {from}");
        old.replace(from, to).into_bytes()
    };
    let record = |from: &str, to: &str| edited("certkit.toml", from, to);
    let expires = {
        let record = text(&whole[Path::new("certkit.toml")]);
        let line = record.lines().find(|line| line.starts_with("expires_on")).expect("it is recorded");
        line.to_owned()
    };
    let cases: Vec<(&str, &str, Option<Vec<u8>>, i32)> = vec![
        ("zscaler-sharepoint.cer", "file-missing", None, 10),
        ("manifest.json", "file-missing", None, 10),
        ("NEXT-STEPS.html", "file-missing", None, 0),
        ("zscaler-sharepoint.cer", "thumbprint-differs", Some(other("other.cer")), 10),
        ("zscaler-sharepoint.cer", "wrong-kind", Some(b"<html>".to_vec()), 10),
        ("zscaler-sharepoint.cer", "empty", Some(Vec::new()), 10),
        ("zscaler-sharepoint.json", "key-differs", Some(other("other.json")), 10),
        ("zscaler-sharepoint.key.pem", "key-differs", Some(other("other.key.pem")), 10),
        ("zscaler-sharepoint.pfx", "key-differs", Some(other("other.pfx")), 10),
        ("manifest.json", "permissions-missing", Some(b"[]".to_vec()), 10),
        ("manifest.json", "damaged", Some(b"[".to_vec()), 10),
        (
            "manifest.json",
            "permissions-extra",
            Some(ok(path, ["connector", "manifest", "zscaler-sharepoint", "zeron-office365"])),
            0,
        ),
        ("consent-url.txt", "consent-address-differs", Some(edited("consent-url.txt", CLIENT, TENANT)), 10),
        ("config.txt", "config-differs", Some(edited("config.txt", CLIENT, "x")), 10),
        (
            "config.txt",
            "config-open",
            Some(edited("config.txt", SECRET, "(to fill in: the client secret's Value)")),
            0,
        ),
        ("certkit.toml", "id-missing", Some(record(&format!("tenant_id = \"{TENANT}\""), "")), 0),
        ("certkit.toml", "secret-ends", Some(record(&expires, "expires_on = 2026-01-31")), 10),
        ("certkit.toml", "secret-end-unknown", Some(record(&expires, "")), 0),
        (
            "certkit.toml",
            "certificate-missing",
            Some(record("certificate = \"zscaler-sharepoint.cer\"", "")),
            10,
        ),
        (
            "certkit.toml",
            "connector-json-missing",
            Some(record("connector_json = \"zscaler-sharepoint.json\"", "")),
            10,
        ),
    ];
    for (name, id, octets, code) in cases {
        let target = path.join("kit").join(name);
        match octets {
            Some(octets) => fs::write(&target, octets).expect("the file is written"),
            None => fs::remove_file(&target).expect("the file goes"),
        }
        let (found, exit) = findings(path, &["--password", "file:kit/pw.txt"]);
        assert!(found.contains(&id.to_owned()), "{name}: {id} is not among {found:?}");
        assert_eq!(exit, code, "{name}: {id}: {found:?}");
        fs::write(&target, &whole[Path::new(name)]).expect("the file is put back");
    }
    // In time: the certificate itself tells its end, and so does the record.
    let (found, exit) = findings(path, &["--warn-days", "2000"]);
    assert!(found.contains(&"certificate-ends".into()) && found.contains(&"secret-ends".into()), "{found:?}");
    assert_eq!(exit, 0);
    assert_eq!(findings(path, &["--warn-days", "2000", "--fail-on", "warning"]).1, 10);
}

#[cfg(unix)]
#[test]
fn secrets_that_others_may_read_are_found() {
    use std::os::unix::fs::PermissionsExt;
    let folder = kit("zscaler-sharepoint", &[]);
    for name in ["zscaler-sharepoint.key.pem", "zscaler-sharepoint.json", "config.txt"] {
        let path = folder.path().join("kit").join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("the mode is set");
        let (found, _) = findings(folder.path(), &[]);
        assert_eq!(found.iter().filter(|id| *id == "secret-readable").count(), 1, "{name}: {found:?}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("the mode is set");
    }
}

/// What is no kit is told by its cause; a record leads nowhere else.
#[test]
fn what_is_no_kit_is_told() {
    let folder = kit("zeron-office365", &[]);
    let path = folder.path();
    let whole = fs::read_to_string(path.join("kit/certkit.toml")).expect("the record");
    let check = || run(path, ["connector", "check", "kit"]);
    for (record, code, words) in [
        (whole.replace("manifest.json", "../secret.txt"), 3, "line "),
        (whole.replace("zeron-office365", "contoso-archive"), 3, "contoso-archive"),
        (whole.replace(TENANT, "{tenant}"), 3, "placeholder"),
        (whole.replace("schema = \"certkit.kit/1\"", "schema = \"certkit.kit/2\""), 3, "certkit.kit/1"),
        ("\u{0}\u{1}".into(), 3, "line 1"),
        (String::new(), 3, "line 1"),
    ] {
        fs::write(path.join("kit/certkit.toml"), record).expect("the record is written");
        let output = check();
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("kit/certkit.toml"), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(words), "{words}: {}", text(&output.stderr));
    }
    fs::remove_file(path.join("kit/certkit.toml")).expect("the record goes");
    assert_eq!(check().status.code(), Some(1));
}

/// A profile of the user's own makes a kit like any other.
#[test]
fn a_profile_of_ones_own() {
    let folder = folder();
    let path = folder.path();
    let own = text(&ok(path, ["connector", "show", "zscaler-sharepoint", "--as", "profile"]))
        .replace("id = \"zscaler-sharepoint\"", "id = \"contoso-archive\"")
        .replace("takes = [\"secret\", \"connector-json\"]", "takes = [\"certificate\"]")
        .replace("value = \"client-secret\"", "value = \"name\"")
        .replace("value = \"connector-json\"", "value = \"name\"");
    fs::write(path.join("own.toml"), own).expect("the profile is written");
    let own = ["--profile-file", "own.toml"];
    let start = ["connector", "init", "contoso-archive", "--out-dir", "kit"];
    ok(path, start.iter().chain(&own).copied());
    assert!(path.join("kit/contoso-archive.cer").is_file());
    assert_eq!(run(path, ["connector", "check", "kit"]).status.code(), Some(3), "the profile is not known");
    let checked = run(path, ["connector", "check", "kit", "--fail-on", "never"].iter().chain(&own).copied());
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    let hinted = text(&run(path, ["connector", "check", "kit"]).stderr);
    assert!(hinted.contains("--profile-file"), "{hinted}");
    let said = text(&ok(path, ["connector", "check", "kit"].iter().chain(&own).copied()));
    assert!(said.contains("--update --profile-file own.toml"), "{said}");
    let steps = fs::read_to_string(path.join("kit/NEXT-STEPS.md")).expect("the steps");
    assert!(steps.contains("connector manifest contoso-archive --profile-file own.toml"), "{steps}");
    let listed = text(&ok(path, ["connector", "list"].iter().chain(&own).copied()));
    assert!(listed.lines().any(|line| line.starts_with("contoso-archive ")), "{listed}");
}

// ---------------------------------------------------------------- config

/// Zeron's file, as a YAML parser sees it.
#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Zeron {
    tenant_id: String,
    client_id: String,
    client_secret: Option<String>,
    client_secret_path: Option<String>,
    subscriptions: Vec<String>,
}

fn zeron(folder: &Path, more: &[&str]) -> Zeron {
    let start = ["connector", "config", "zeron-office365", "--tenant-id", TENANT, "--client-id", CLIENT];
    let made = ok(folder, start.iter().chain(more).copied());
    serde_saphyr::from_str(&text(&made)).unwrap_or_else(|error| panic!("{error}: {}", text(&made)))
}

#[test]
fn zeron_gets_exactly_one_of_the_two_secrets() {
    let folder = folder();
    fs::write(folder.path().join("secret.txt"), SECRET).expect("the secret is written");
    let given = zeron(folder.path(), &["--client-secret", "file:secret.txt"]);
    let expected = Zeron {
        tenant_id: TENANT.into(),
        client_id: CLIENT.into(),
        client_secret: Some(SECRET.into()),
        client_secret_path: None,
        subscriptions: ["Audit.AzureActiveDirectory", "Audit.SharePoint", "Audit.General", "DLP.All"]
            .map(str::to_owned)
            .to_vec(),
    };
    assert_eq!(given, expected);
    let path = zeron(folder.path(), &["--client-secret-path", "/run/secrets/office 365"]);
    assert_eq!(
        path,
        Zeron { client_secret: None, client_secret_path: Some("/run/secrets/office 365".into()), ..expected }
    );
    let start = ["connector", "config", "zeron-office365", "--tenant-id", TENANT, "--client-id", CLIENT];
    let both = ["--client-secret", "file:secret.txt", "--client-secret-path", "/x"];
    assert_eq!(run(folder.path(), start.iter().chain(&both).copied()).status.code(), Some(2));
    let neither = run(folder.path(), start);
    assert_eq!(neither.status.code(), Some(4), "{}", text(&neither.stderr));
    assert!(text(&neither.stderr).contains("--client-secret-path"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the secret, YAML and JSON give it back, and text has it alone on a line.
    #[test]
    fn any_secret_comes_back(
        secret in "[ -~]{1,40}|[-:#'\"&*!|>%@`{}\\[\\],?~ ]{1,12}x|\\PC{1,30}"
            .prop_filter("a secret", |secret| {
                let placeholder = secret.starts_with('<') && secret.ends_with('>');
                !secret.trim().is_empty() && !placeholder && !secret.starts_with('\u{feff}')
            }),
    ) {
        let folder = folder();
        let path = folder.path();
        fs::write(path.join("secret.txt"), &secret).expect("the secret is written");
        let source = ["--client-secret", "file:secret.txt"];
        prop_assert_eq!(zeron(path, &source).client_secret, Some(secret.clone()));
        let start = ["connector", "config", "snow-atlas-m365-current", "--tenant-id", TENANT, "--client-id", CLIENT];
        let made = ok(path, start.iter().chain(&source).chain(&["--as", "json"]).copied());
        let document: Value = serde_json::from_slice(&made).expect("JSON");
        prop_assert_eq!(document["settings"][3]["value"].as_str(), Some(secret.as_str()));
        let made = text(&ok(path, start.iter().chain(&source).copied()));
        let line = format!("  {secret}");
        prop_assert!(made.lines().any(|found| found == line), "{}", made);
    }
}

#[test]
fn domains_are_one_per_line_and_all_by_default() {
    let folder = folder();
    let start =
        ["connector", "config", "snow-atlas-m365-current", "--tenant-id", TENANT, "--client-id", CLIENT];
    let made = |more: &[&str]| text(&ok(folder.path(), start.iter().chain(more).copied()));
    assert!(made(&[]).ends_with(":\n  *\n"));
    assert!(made(&["--domain", "*"]).ends_with(":\n  *\n"));
    assert!(
        made(&["--domain", "Contoso.com", "--domain", "contoso.de"])
            .ends_with(":\n  contoso.com\n  contoso.de\n")
    );
    for bad in ["contoso", "user@contoso.com", "https://contoso.com", "a b.com", "*.contoso.com"] {
        let output = run(folder.path(), start.iter().chain(&["--domain", bad]).copied());
        assert_eq!(output.status.code(), Some(2), "{bad}");
    }
    let mixed =
        run(folder.path(), start.iter().chain(&["--domain", "*", "--domain", "contoso.com"]).copied());
    assert_eq!(mixed.status.code(), Some(2));
}

/// A secret that was copied wrongly is said to be odd; none of it is ever repeated.
#[test]
fn odd_secrets_are_said_and_never_repeated() {
    let folder = folder();
    let start =
        ["connector", "config", "snow-atlas-m365-older", "--tenant-id", TENANT, "--client-id", CLIENT];
    for (secret, code, words) in [
        (CLIENT, Some(0), "Secret ID"),
        ("short8Q~", Some(0), "16 to 64"),
        ("<Your client secret>", Some(4), "placeholder"),
        ("tab\u{9}separated8Q~xxxxxxxx", Some(4), "control character"),
    ] {
        fs::write(folder.path().join("secret.txt"), secret).expect("the secret is written");
        let more = ["--client-secret", "file:secret.txt", "-o", "out.txt", "--force"];
        let output = run(folder.path(), start.iter().chain(&more).copied());
        assert_eq!(output.status.code(), code, "{secret}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(words), "{words}: {}", text(&output.stderr));
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(!said.contains(secret), "{said}");
        assert!(code == Some(0) || said.contains("secret.txt: the client secret"), "{said}");
    }
}

/// The JSON that goes with the values is looked at.
#[test]
fn the_json_for_sharepoint_has_to_work() {
    let folder = folder();
    let path = folder.path();
    ok(path, ["gen", "--name", "a", "--emit", "cer,json"]);
    ok(path, ["gen", "--name", "b", "--emit", "cer,json"]);
    let start = ["connector", "config", "zscaler-sharepoint", "--tenant-id", TENANT, "--client-id", CLIENT];
    let config = |file: &str| run(path, start.iter().chain(&["--connector-json", file]).copied());
    assert!(text(&config("a.json").stdout).contains("  a.json\n"));
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(path.join(name)).expect("it was made")).expect("JSON")
    };
    let mut mixed = read("a.json");
    mixed["public_cert"] = read("b.json")["public_cert"].clone();
    fs::write(path.join("mixed.json"), mixed.to_string()).expect("the file is written");
    assert_eq!(config("mixed.json").status.code(), Some(5), "{}", text(&config("mixed.json").stderr));
    assert_eq!(config("a.cer").status.code(), Some(3));
    assert_eq!(config("none.json").status.code(), Some(1));
}
