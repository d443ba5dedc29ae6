//! `gen --record`: the record beside the files, which `connector check` watches.
#![allow(clippy::disallowed_methods)] // Tests touch the world.

mod common;

use std::fs;

use certkit::connector::kit::{Part, Record};
use common::{folder, ok, run, text};
use serde_json::Value;

const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

#[test]
fn the_record_names_the_files_and_is_in_order() {
    let folder = folder();
    fs::write(folder.path().join("pw.txt"), "a password").expect("a password");
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let gen_with = ["gen", "--name", "contoso", "--out-dir", "out", "--emit", "pfx,cer,json,key,jks"];
    let record = ["--record", "zscaler-sharepoint", "--tenant-id", ID, "--client-id", ID];
    let rest = ["--secret-expires", "2099-01-31", "--password", "file:pw.txt", "--format", "json"];
    let made = ok(folder.path(), gen_with.iter().chain(&record).chain(&rest));
    let made: Value = serde_json::from_slice(&made).expect("one JSON document");
    assert_eq!(made["files"][5]["path"], "out/certkit.toml", "{made}");

    let octets = fs::read(folder.path().join("out/certkit.toml")).expect("the record");
    let record = Record::read(&octets).expect("a record");
    let certificate = record.certificate.expect("a certificate");
    assert_eq!(certificate.thumbprint.as_str(), made["certificate"]["thumbprints"]["sha1"]);
    assert_eq!(certificate.not_after.at.to_string(), made["certificate"]["not_after"]);
    assert_eq!(
        record.secret.and_then(|secret| secret.expires_on).expect("an end").end().to_string(),
        "2099-01-31T23:59:59Z"
    );
    let files: Vec<(Part, String)> =
        record.files.all().map(|(part, name)| (part, name.as_str().to_owned())).collect();
    let expected = [
        (Part::Certificate, "contoso.cer"),
        (Part::Key, "contoso.key.pem"),
        (Part::ConnectorJson, "contoso.json"),
        (Part::Pfx, "contoso.pfx"),
    ];
    assert_eq!(files, expected.map(|(part, name)| (part, name.to_owned())));
    let checked = run(
        folder.path(),
        ["connector", "check", "out", "--fail-on", "warning", "--password", "file:pw.txt"],
    );
    assert!(checked.status.success(), "{}", text(&checked.stdout));
}

/// All or nothing: what stands is not replaced, and what could not be recorded is not made.
#[test]
fn what_cannot_be_recorded_is_not_made() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("certkit.toml"), "mine").expect("a record");
    for (arguments, code, said) in [
        (&["--record", "zscaler-sharepoint"][..], 5, "certkit.toml: it already exists"),
        (&["--record", "zscaler-sharepiont"], 2, "zscaler-sharepoint"),
        (&["--record", "zscaler-sharepoint", "--tenant-id", "x"], 2, "--tenant-id"),
        (&["--client-id", ID], 2, "--record"),
        (&["--record", "zscaler-sharepoint", "--secret-expires", "soon"], 2, "--secret-expires"),
        #[cfg(unix)]
        (&["--record", "zscaler-sharepoint", "--name", "a:b", "--force"], 2, "--name"),
    ] {
        let output =
            run(folder.path(), ["gen", "--emit", "cer,json", "--key", "p256"].iter().chain(arguments));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "{arguments:?}");
    }
    ok(folder.path(), ["gen", "--emit", "cert", "--record", "zeron-office365", "--force"]);
    let record = Record::read(&fs::read(at("certkit.toml")).expect("the record")).expect("a record");
    assert_eq!(record.files.certificate.expect("a certificate").as_str(), "keystore.cert.pem");
}
