//! `connector manifest`: of the form that Microsoft Graph takes, and an honest comparison.
#![allow(clippy::disallowed_methods)] // Tests read and write files.

mod common;

use std::{collections::BTreeSet, fs, io::Write, path::Path, process::Stdio};

use certkit::connector::{
    Guid, Profile, Registry,
    manifest::{self, Access, Names, Resource},
    profile::Kind,
};
use common::{certkit, folder, ok, run, text};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
const SHAREPOINT: &str = "00000003-0000-0ff1-ce00-000000000000";
const BACK: &str = "https://admin.zscalertwo.net/";

/// microsoft.graph.application, written by hand from Microsoft's page on the resource: a property
/// that is not there is refused, as Graph refuses it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Application {
    display_name: String,
    sign_in_audience: String,
    web: Option<Web>,
    required_resource_access: Vec<RequiredResourceAccess>,
    key_credentials: Option<Vec<KeyCredential>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Web {
    redirect_uris: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RequiredResourceAccess {
    resource_app_id: String,
    resource_access: Vec<ResourceAccess>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceAccess {
    id: String,
    r#type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeyCredential {
    r#type: String,
    usage: String,
    key: String,
    display_name: String,
    start_date_time: String,
    end_date_time: String,
}

fn registry() -> Registry {
    Registry::built_in()
}

fn ids() -> Vec<String> {
    registry().iter().map(|profile| profile.id.to_string()).collect()
}

/// GUIDs in lower case, kinds in Graph's words, nothing twice, nothing empty, limits kept.
fn check_access(list: &[RequiredResourceAccess]) {
    let is_guid = |text: &str| Guid::parse(text).is_ok_and(|guid| guid.as_str() == text);
    let mut apis = BTreeSet::new();
    let mut count = 0;
    for api in list {
        assert!(
            is_guid(&api.resource_app_id) && apis.insert(&api.resource_app_id),
            "{}",
            api.resource_app_id
        );
        let mut seen = BTreeSet::new();
        for access in &api.resource_access {
            assert!(
                is_guid(&access.id) && matches!(access.r#type.as_str(), "Role" | "Scope"),
                "{}",
                access.id
            );
            assert!(seen.insert((&access.id, &access.r#type)), "{} stands twice", access.id);
        }
        assert!(!seen.is_empty(), "{}", api.resource_app_id);
        count += seen.len();
    }
    assert!((1..=50).contains(&list.len()) && (1..=400).contains(&count));
}

/// Every connector's list, and its whole app registration, are of the form that Graph takes.
#[test]
fn every_manifest_is_of_graphs_form() {
    let folder = folder();
    for id in ids() {
        let list = ok(folder.path(), ["connector", "manifest", &id]);
        assert!(
            text(&list).starts_with("[\n  {\n    \"resourceAppId\": \"") && list.ends_with(b"]\n"),
            "{id}"
        );
        let list: Vec<RequiredResourceAccess> = serde_json::from_slice(&list).expect("the list");
        check_access(&list);

        let output = run(folder.path(), ["connector", "manifest", &id, "--full"]);
        assert_eq!(output.status.code(), Some(0), "{id}: {}", text(&output.stderr));
        let whole: Application = serde_json::from_slice(&output.stdout).expect("the application");
        check_access(&whole.required_resource_access);
        assert!((1..=256).contains(&whole.display_name.chars().count()));
        let fixed = id.starts_with("snow-");
        assert_eq!(whole.sign_in_audience == "AzureADMyOrg", fixed || id == "zeron-office365", "{id}");
        assert!(matches!(whole.sign_in_audience.as_str(), "AzureADMyOrg" | "AzureADMultipleOrgs"));
        assert_eq!(
            whole.web.map(|web| web.redirect_uris),
            fixed.then(|| vec!["http://localhost".to_owned()])
        );
        assert!(whole.key_credentials.is_none(), "{id}");
        let needs = id.starts_with("zscaler-");
        assert_eq!(text(&output.stderr).contains("without --redirect-uri"), needs, "{id}");
    }
}

/// What the options add is in the body, the certificate among it.
#[test]
fn options_go_into_the_application() {
    let folder = folder();
    ok(folder.path(), ["gen", "--name", "app", "--cn", "TEST connector", "--emit", "cer,json"]);
    let arguments = [
        "connector",
        "manifest",
        "zscaler-sharepoint",
        "--full",
        "--app-name",
        "Contoso's \"DLP\"",
        "--redirect-uri",
        BACK,
        "--cert",
        "app.cer",
        "-o",
        "app.body.json",
        "--format",
        "json",
    ];
    let output = run(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one document");
    assert_eq!(document["schema"], "certkit.connector-manifest/1");
    assert_eq!(document["files"][0]["secret"], false);
    let body = fs::read(folder.path().join("app.body.json")).expect("the body");
    let body: Application = serde_json::from_slice(&body).expect("the application");
    assert_eq!(body.display_name, "Contoso's \"DLP\"");
    assert_eq!(body.web.expect("web").redirect_uris, [BACK]);
    let [key] = &body.key_credentials.expect("the certificate")[..] else { panic!("one certificate") };
    assert_eq!((key.r#type.as_str(), key.usage.as_str()), ("AsymmetricX509Cert", "Verify"));
    assert_eq!(key.display_name, "CN=TEST connector");
    let graph: Value =
        serde_json::from_slice(&ok(folder.path(), ["export-json", "app.cer", "--for", "graph"]))
            .expect("JSON");
    assert_eq!(graph["key"], key.key.as_str());
    assert_eq!(graph["startDateTime"], key.start_date_time.as_str());
    assert_eq!(graph["endDateTime"], key.end_date_time.as_str());

    let again = run(folder.path(), arguments);
    assert_eq!(again.status.code(), Some(5), "the file is there");
}

/// Several connectors share one list, without repeats, the first's first; what cannot be shared is
/// refused.
#[test]
fn several_connectors_become_one() {
    let folder = folder();
    let zscaler = ["zscaler-mip", "zscaler-exchange", "zscaler-teams", "zscaler-exchange"];
    let all = ok(folder.path(), ["connector", "manifest"].iter().chain(&zscaler));
    let merged: Vec<RequiredResourceAccess> = serde_json::from_slice(&all).expect("the list");
    check_access(&merged);
    let pairs = |list: &[RequiredResourceAccess]| -> BTreeSet<(String, String, String)> {
        let each = list.iter().flat_map(|api| {
            api.resource_access
                .iter()
                .map(|access| (api.resource_app_id.clone(), access.id.clone(), access.r#type.clone()))
        });
        each.collect()
    };
    let mut expected = BTreeSet::new();
    for id in zscaler {
        let one = ok(folder.path(), ["connector", "manifest", id]);
        expected.extend(pairs(&serde_json::from_slice::<Vec<_>>(&one).expect("the list")));
    }
    assert_eq!(pairs(&merged), expected);
    assert_eq!(merged[0].resource_access[0].id, "19da66cb-0fb0-4390-b071-ebc76a349482", "the first's first");

    let cases: [(&[&str], &str); 6] = [
        (
            &["zscaler-mip", "snow-atlas-m365-older", "--full", "--app-name", "x"],
            "cannot share one app registration",
        ),
        (&["zscaler-mip", "zscaler-teams", "--full"], "--app-name"),
        (&["zscaler-mip", "--full", "--app-name", "\u{1b}[2J"], "U+001B"),
        (&["zscaler-mip", "--full", "--app-name", &"x".repeat(300)], "256 characters"),
        (&["zscaler-mip", "--full", "--redirect-uri", "<redirect_uri>"], "placeholder"),
        (&["zscaler-mip", "--app-name", "x"], "--full"),
    ];
    for (arguments, said) in cases {
        let output = run(folder.path(), ["connector", "manifest"].iter().chain(arguments));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
}

/// A profile of the user's own may ask for no more than an app registration takes.
#[test]
fn limits_are_checked() {
    let folder = folder();
    let base = text(&ok(folder.path(), ["connector", "show", "zeron-office365", "--as", "profile"]));
    let (head, rest) = base.split_once("[[api]]").expect("an API");
    let (_, tail) = rest.split_once("[output]").expect("the output");
    let head = head.replace("id = \"zeron-office365\"", "id = \"contoso-large\"");
    let profile = |apis: usize, permissions: usize| {
        let mut text = head.clone();
        for api in 0..apis {
            text.push_str(&format!(
                "[[api]]\nname = \"A\"\ntile = \"A\"\nid = \"00000000-0000-0000-0000-{api:012}\"\n"
            ));
            for permission in 0..permissions {
                text.push_str(&format!(
                    "[[api.permission]]\nvalue = \"P\"\nkind = \"Role\"\nid = \"11111111-0000-0000-0000-{permission:012}\"\n"
                ));
            }
        }
        fs::write(folder.path().join("large.toml"), format!("{text}[output]{tail}")).expect("it is written");
        run(folder.path(), ["connector", "manifest", "contoso-large", "--profile-file", "large.toml"])
    };
    assert_eq!(profile(50, 8).status.code(), Some(0));
    for (apis, permissions) in [(51, 1), (1, 401)] {
        let output = profile(apis, permissions);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains("an app registration takes 50 and 400"),
            "{}",
            text(&output.stderr)
        );
    }
}

fn feed(folder: &Path, arguments: &[&str], octets: &[u8]) -> (Option<i32>, String, String) {
    let mut child = certkit(folder)
        .args(["connector", "manifest"])
        .args(arguments)
        .args(["--diff", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("its input").write_all(octets).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn listed(folder: &Path, id: &str) -> Value {
    serde_json::from_slice(&ok(folder, ["connector", "manifest", id])).expect("the list")
}

/// Every spelling in which an app registration comes is read: bare, as an object, with a byte order
/// mark, in UTF-16 of either order, in upper case.
#[test]
fn every_form_of_an_app_registration_is_read() {
    let folder = folder();
    for id in ids() {
        let list = listed(folder.path(), &id);
        let object = json!({"id": "x", "appId": GRAPH, "requiredResourceAccess": list, "web": {}});
        let utf16 = |mark: &[u8], order: fn(u16) -> [u8; 2]| {
            [mark.to_vec(), object.to_string().encode_utf16().flat_map(order).collect()].concat()
        };
        let upper = list.to_string().to_uppercase();
        let upper = upper
            .replace("RESOURCEAPPID", "resourceAppId")
            .replace("RESOURCEACCESS", "resourceAccess")
            .replace("\"ID\"", "\"id\"")
            .replace("\"TYPE\"", "\"type\"")
            .replace("ROLE", "Role")
            .replace("SCOPE", "Scope");
        for octets in [
            list.to_string().into_bytes(),
            object.to_string().into_bytes(),
            format!("\u{feff}{object}\r\n").into_bytes(),
            utf16(b"\xff\xfe", u16::to_le_bytes),
            utf16(b"\xfe\xff", u16::to_be_bytes),
            upper.into_bytes(),
        ] {
            let (code, said, error) = feed(folder.path(), &[&id, "--fail-on", "warning"], &octets);
            assert_eq!(code, Some(0), "{id}: {said}{error}");
            assert_eq!(said.lines().count(), 1, "{id}: {said}");
        }
        for empty in [r#"{"requiredResourceAccess":[]}"#, r#"{"requiredResourceAccess":null}"#, "[]"] {
            let (code, said, _) = feed(folder.path(), &[&id], empty.as_bytes());
            assert_eq!(code, Some(10), "{id}");
            assert!(said.starts_with("0 of "), "{said}");
        }
    }
}

/// What is no app registration is told from one.
#[test]
fn other_json_is_refused() {
    let folder = folder();
    let cases: [(&[u8], &str); 12] = [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"[", "line 1, column 1: the JSON ends before it is complete"),
        (b"{\"requiredResourceAccess\":[}", "line 1, column 28: it is no JSON there"),
        (b"{}", "without requiredResourceAccess"),
        (b"\"x\"", "neither an object nor a list"),
        (b"{\"value\":[{\"requiredResourceAccess\":[]}]}", "a list of objects"),
        (b"[{\"requiredResourceAccess\":[]}]", "a list of app registrations"),
        (b"{\"requiredResourceAccess\":{}}", "is no list"),
        (b"[{\"resourceAppId\":\"Graph\",\"resourceAccess\":[]}]", "entry 1 of requiredResourceAccess: it is no GUID"),
        (b"[{\"resourceAppId\":\"00000003-0000-0000-c000-000000000000\"}]", "entry 1 of requiredResourceAccess is no object with a list of objects in resourceAccess"),
        (b"[{\"resourceAppId\":\"00000003-0000-0000-c000-000000000000\",\"resourceAccess\":[{\"id\":\"00000003-0000-0000-c000-000000000000\",\"type\":\"Both\"}]}]", "unknown variant `Both`"),
    ];
    for (octets, said) in cases {
        let (code, out, error) = feed(folder.path(), &["zscaler-mip"], octets);
        assert_eq!((code, out.as_str()), (Some(3), ""), "{}", text(octets));
        assert!(error.contains("standard input") && error.contains(said), "{}: {error}", text(octets));
    }
    let deep = "[".repeat(1 << 20);
    assert_eq!(feed(folder.path(), &["zscaler-mip"], deep.as_bytes()).0, Some(3));
    let output = run(folder.path(), ["connector", "manifest", "zscaler-mip", "--diff", "no-such.json"]);
    assert_eq!(output.status.code(), Some(1));
}

fn document(folder: &Path, id: &str, current: &Value) -> (Option<i32>, Value) {
    let (code, said, error) = feed(folder, &[id, "--format", "json"], current.to_string().as_bytes());
    (code, serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}{error}")))
}

/// The wrong kind, the wrong API and the delegated namesake are recognised.
#[test]
fn mistakes_are_recognised() {
    let folder = folder();
    let mut list = listed(folder.path(), "zscaler-mip");
    list[0]["resourceAccess"][0]["type"] = "Scope".into();
    let moved = list[2]["resourceAccess"].as_array_mut().expect("a list").remove(0);
    list[0]["resourceAccess"].as_array_mut().expect("a list").push(moved.clone());
    let (code, document) = document(folder.path(), "zscaler-mip", &list);
    assert_eq!(code, Some(10));
    assert_eq!(document["held"], 4);
    assert_eq!(document["complete"], false);
    assert_eq!(document["missing"][0]["value"], "InformationProtectionPolicy.Read.All");
    assert_eq!(document["missing"][0]["note"], "its id is there as Scope: the type has to be Role");
    assert_eq!(document["missing"][1]["id"], moved["id"]);
    let note = document["missing"][1]["note"].as_str().expect("a note");
    assert!(note.starts_with("its id is there under Microsoft Graph, "), "{note}");
    assert_eq!(document["extra"][0]["note"], "it is needed as Role");
    assert_eq!(document["extra"][1]["note"], "it is needed under Microsoft Rights Management Services");
    assert_eq!(document["extra"][1]["value"], "Content.DelegatedWriter", "the name is known by the id");
}

/// The delegated permission of the same name is told from the one that is needed.
#[test]
fn a_namesake_is_recognised() {
    let folder = folder();
    let profile = text(&ok(folder.path(), ["connector", "show", "zeron-office365", "--as", "profile"]));
    let delegated = "024d486e-b451-40bb-833d-3e66d98c5c73";
    let own = profile
        .replace("id = \"zeron-office365\"", "id = \"contoso-mail\"")
        .replace("[output]", &format!("[[api]]\nname = \"Microsoft Graph\"\ntile = \"Microsoft Graph\"\nid = \"{GRAPH}\"\n[[api.permission]]\nvalue = \"Mail.ReadWrite\"\nkind = \"Scope\"\nid = \"{delegated}\"\n\n[output]"));
    fs::write(folder.path().join("own.toml"), own).expect("it is written");
    let current = json!([{"resourceAppId": GRAPH, "resourceAccess": [{"id": delegated, "type": "Scope"}]}]);
    let arguments = ["zscaler-exchange", "--profile-file", "own.toml"];
    let (code, said, error) = feed(folder.path(), &arguments, current.to_string().as_bytes());
    assert_eq!(code, Some(10), "{error}");
    let row = said.lines().find(|line| line.contains("Mail.ReadWrite ")).expect("the row");
    assert!(row.ends_with("; only its namesake is there, a delegated permission"), "{said}");
}

/// What nobody needs is a warning: an exit code of 10 only where that is asked for.
#[test]
fn what_is_not_needed_is_a_warning() {
    let folder = folder();
    let mut list = listed(folder.path(), "zscaler-mip");
    let user_read = json!({"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"});
    list[0]["resourceAccess"].as_array_mut().expect("a list").push(user_read);
    let mail = "e2a3a72e-5f79-4c64-b1b1-878b674786c9";
    list.as_array_mut().expect("a list").extend([
        json!({"resourceAppId": SHAREPOINT, "resourceAccess": [{"id": mail, "type": "Role"}]}),
        json!({"resourceAppId": mail, "resourceAccess": [{"id": GRAPH, "type": "Role"}]}),
    ]);
    let octets = list.to_string().into_bytes();
    for (level, code) in [("error", 0), ("warning", 10), ("never", 0)] {
        let found = feed(folder.path(), &["zscaler-mip", "--fail-on", level], &octets);
        assert_eq!(found.0, Some(code), "{level}: {}", found.1);
    }
    let (code, document) = document(folder.path(), "zscaler-mip", &list);
    assert_eq!(code, Some(0));
    assert_eq!(document["complete"], true);
    let extra = document["extra"].as_array().expect("a list");
    assert_eq!(extra.len(), 3);
    assert_eq!(extra[0]["value"], "User.Read");
    assert_eq!(extra[0]["note"], "the portal adds it to every new app");
    assert_eq!(extra[1]["note"], "this id is a permission of Microsoft Graph");
    assert_eq!(extra[1]["value"], "Mail.ReadWrite");
    assert!(extra[2]["value"].is_null() && extra[2]["api_name"].is_null() && extra[2]["note"].is_null());
    let never = feed(folder.path(), &["zscaler-mip", "--fail-on", "never"], b"[]");
    assert_eq!(never.0, Some(0), "never is never");
}

fn flat(resources: &[Resource]) -> BTreeSet<(Guid, Access)> {
    let each = resources.iter().flat_map(|api| api.resource_access.iter().map(|a| (api.resource_app_id, *a)));
    each.collect()
}

proptest! {
    /// Whatever is there, in whatever order and however often: missing is what is needed without it,
    /// extra is it without what is needed, each once.
    #[test]
    fn the_difference_is_that_of_sets(
        chosen in prop::collection::vec((0usize..5, 0usize..5, any::<bool>()), 0..40),
        which in prop::collection::vec(0usize..9, 1..4),
    ) {
        let registry = registry();
        let all: Vec<&Profile> = registry.iter().collect();
        let profiles: Vec<&Profile> = which.iter().map(|index| all[*index]).collect();
        let required = manifest::required(&profiles).expect("within the limits");
        let pool = manifest::required(&all).expect("within the limits");
        let current: Vec<Resource> = chosen
            .iter()
            .map(|(api, access, role)| {
                let api = &pool[api % pool.len()];
                let id = api.resource_access[access % api.resource_access.len()].id;
                let kind = if *role { Kind::Role } else { Kind::Scope };
                Resource { resource_app_id: api.resource_app_id, resource_access: vec![Access { id, kind }] }
            })
            .collect();
        let diff = manifest::diff(&required, &current, &Names::of(&registry));
        let (needed, there) = (flat(&required), flat(&current));
        let rows = |rows: &[manifest::Row]| rows.iter().map(|row| (row.api, row.access)).collect::<Vec<_>>();
        let (missing, extra) = (rows(&diff.missing), rows(&diff.extra));
        prop_assert_eq!(missing.iter().copied().collect::<BTreeSet<_>>(), &needed - &there);
        prop_assert_eq!(extra.iter().copied().collect::<BTreeSet<_>>(), &there - &needed);
        prop_assert_eq!(missing.len(), (&needed - &there).len());
        prop_assert_eq!(extra.len(), (&there - &needed).len());
        prop_assert_eq!(diff.held, (&needed & &there).len());
        let read = manifest::read(serde_json::to_string(&current).expect("JSON").as_bytes()).expect("a list");
        prop_assert_eq!(read, current);
    }

    /// No octets make the reader panic.
    #[test]
    fn any_octets_are_read_or_refused(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = manifest::read(&octets);
    }
}
