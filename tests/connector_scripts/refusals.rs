//! What the scripts do not do: go on after a refusal, guess, or give a secret to somebody else.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common,
    world::{FORMS, REDIRECT, SUBSCRIPTION, World},
};

/// Whatever is refused ends the script, with the reason, and before anything else is done.
#[test]
fn a_refusal_ends_the_script() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        world.change(|state| state["refusals"] = json!([[403, []]]));
        let output = world.run("zeron-office365", &[], &[]);
        assert_eq!(output.status.code(), Some(1), "{form}");
        assert!(common::text(&output.stderr).contains("Insufficient privileges"), "{form}");
        assert_eq!(world.state()["applications"], json!([]));
        assert!(output.stdout.is_empty());
    }
}

/// Where it is not clear which app or organization is meant, nothing is done.
#[test]
fn what_is_ambiguous_is_left_alone() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        let refused = |options: &[&str], words: &str| {
            world.changes();
            let output = world.run("zeron-office365", options, &[]);
            let said = common::text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{form} {options:?}: {said}");
            assert!(said.contains(words), "{form}: {said}");
            assert_eq!(world.changes(), Vec::<Value>::new());
        };
        refused(&["--tenant-id", SUBSCRIPTION], "this script is for");
        refused(&["--client-id", SUBSCRIPTION], "there is no app");
        world.ok("zeron-office365", &[]);
        world.change(|state| {
            let mut twin = state["applications"][0].clone();
            twin["id"] = json!("twin");
            state["applications"].as_array_mut().expect("apps").push(twin);
        });
        refused(&[], "several apps have the name");
        let no_address = world.run("zscaler-mip", &[], &[]);
        assert!(common::text(&no_address.stderr).contains("REDIRECT_URI is empty"), "{form}");
    }
    let Some(world) = World::new("az") else { return };
    let elsewhere = world.run("zeron-office365", &["--cloud", "usgov"], &[]);
    assert!(common::text(&elsewhere.stderr).contains("az cloud set --name AzureUSGovernment"));
}

/// A key never goes up, and no certificate is lost for one that is not shown.
#[test]
fn certificates_are_handled_with_care() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        world.certificate("new");
        let refused = |file: &str, words: &str| {
            let output = world.run("zscaler-sharepoint", &["--redirect-uri", REDIRECT, "--cert", file], &[]);
            let said = common::text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{form} {file}: {said}");
            assert!(said.contains(words), "{form} {file}: {said}");
        };
        refused("new.key.pem", "holds a private key");
        refused("missing.cer", "there is no file");
        // PEM is the same certificate as DER.
        let pem = common::ok(&world.path("."), ["export-cer", "new.cer", "--pem"]);
        fs::write(world.path("new.pem"), pem).expect("a file");
        world.ok("zscaler-sharepoint", &["--redirect-uri", REDIRECT, "--cert", "new.cer"]);
        world.changes();
        world.ok("zscaler-sharepoint", &["--redirect-uri", REDIRECT, "--cert", "new.pem"]);
        assert_eq!(world.changes(), Vec::<Value>::new(), "{form}");
        if form == "graph" {
            world.certificate("newer");
            world.change(|state| state["applications"][0]["keyCredentials"][0]["key"] = Value::Null);
            refused("newer.cer", "does not show all of the app's certificates");
        }
    }
}

/// Microsoft Graph's script waits where it is told to, and reads every page.
#[test]
fn throttling_and_pages_are_followed() {
    let Some(world) = World::new("graph") else { return };
    world.change(|state| {
        state["page"] = json!(1);
        state["refusals"] = json!([[429, [["Retry-After", "0"]]], [429, [["Retry-After", "1"]]]]);
    });
    let options = ["--redirect-uri", REDIRECT, "--subscription", SUBSCRIPTION];
    let (_, said) = world.ok("zscaler-blob-storage", &options);
    assert!(said.contains("HTTP 429: again in 1 seconds."), "{said}");
    world.ok("zscaler-mip", &["--redirect-uri", REDIRECT]);
    world.changes();
    world.ok("zscaler-blob-storage", &options);
    world.ok("zscaler-mip", &["--redirect-uri", REDIRECT]);
    assert_eq!(world.changes(), Vec::<Value>::new());
}

/// A token goes by https, or to this machine.
#[test]
fn tokens_go_nowhere_else() {
    let Some(world) = World::new("graph") else { return };
    for host in [
        "http://graph.example.com",
        "http://127.0.0.1:80@graph.example.com",
        "https://a/b",
        "ftp://localhost",
    ] {
        let output = world.run("zeron-office365", &[], &[("GRAPH_URL", host)]);
        assert_eq!(output.status.code(), Some(1));
        assert!(common::text(&output.stderr).contains("expected https://HOST"), "{host}");
    }
    let output =
        world.run("zeron-office365", &[], &[("GRAPH_TOKEN", "x\"\nurl = \"http://graph.example.com")]);
    assert!(common::text(&output.stderr).contains("GRAPH_TOKEN holds no token"));
}

/// No empty file is left where a secret was to be: the next run would take it for one.
#[test]
fn a_secret_that_was_not_made_leaves_no_file() {
    for form in FORMS {
        let Some(world) = World::new(form) else { return };
        world.ok("zeron-office365", &[]);
        world.change(|state| state["refusals"] = json!([[403, []]]));
        let output = world.run("zeron-office365", &["--secret-file", "secret.txt"], &[]);
        assert_eq!(output.status.code(), Some(1), "{form}: {}", common::text(&output.stderr));
        assert!(!world.path("secret.txt").exists(), "{form}");
    }
}
