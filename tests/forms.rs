//! The forms of `export-json`: what is in them, that every readable store takes every one of them,
//! and that their proofs can fail. What the real clients make of them is for `interop/forms.rs`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // Tests touch the world.

mod common;

use std::{fs, path::Path};

use base64ct::{Base64, Encoding};
use certkit::{
    cert::Certificate,
    error::{Class, Error},
    ops::export_json::{Exported, Form, Options, Source, export_json},
    secret::Password,
    store::{self, Unlock, pkcs12::Compat},
    time::Instant,
};
use common::{fixture, folder, ok, text};
use getrandom::{SysRng, rand_core::UnwrapErr};
use serde_json::Value;

const PASSWORD: &str = "test-1234";

fn options(form: Form) -> Options {
    Options {
        form,
        password: form.needs_password().then(|| Password::new("new password".into())),
        ..Options::default()
    }
}

fn make(source: &Source, options: &Options) -> Result<Exported, Error> {
    let now = Instant::from_unix(1_800_000_000).expect("a date in range");
    export_json(source, options, now, &mut UnwrapErr(SysRng))
}

fn source(path: &Path, password: Option<&str>) -> Result<Source, Error> {
    let unlock = Unlock { password: password.map(|text| Password::new(text.into())), ..Unlock::default() };
    let octets = fs::read(path).expect("a file");
    Ok(Source::Store(store::read(&octets, &unlock)?, path.display().to_string()))
}

/// Every fixture whose connector JSON can be made takes every other form too, with and without the
/// chain, and every proof holds. Where it cannot be made, no form with a key can.
#[test]
fn every_store_takes_every_form() {
    let manifest = fs::read_to_string(fixture("manifest.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let (mut made, mut refused, mut public_only) = (0, 0, 0);
    for entry in manifest["fixture"].as_array().expect("a list of fixtures") {
        let word = |field: &str| entry.get(field).and_then(toml::Value::as_str);
        let path = word("path").expect("a path");
        // Those are about opening, which is no different here, and slow.
        if path.starts_with("hostile/") {
            continue;
        }
        let path = fixture(path);
        let Ok(source) = source(&path, word("password")) else { continue };
        let connector = make(&source, &options(Form::Connector));
        for (name, form) in Form::ALL {
            for chain in [false, true] {
                let what = format!("{} for {name}, chain {chain}", path.display());
                match (make(&source, &Options { chain, ..options(form) }), &connector) {
                    (Ok(exported), _) => {
                        let octets = exported.file.contents.expose();
                        (exported.file.proof)(octets).unwrap_or_else(|error| panic!("{what}: {error}"));
                        assert_eq!(octets.iter().filter(|octet| **octet == b'\n').count(), 1, "{what}");
                        assert_eq!(octets.last(), Some(&b'\n'), "{what}");
                        assert_eq!(exported.file.purpose.is_secret(), form != Form::Graph, "{what}");
                        made += 1;
                        public_only += usize::from(connector.is_err());
                        assert!(connector.is_ok() || form == Form::Graph, "{what}");
                    }
                    (Err(error), Err(same)) => {
                        assert!(form == Form::Graph || error.kind() == same.kind(), "{what}: {error}");
                        refused += 1;
                    }
                    (Err(error), Ok(_)) => panic!("{what}: {error}"),
                }
            }
        }
    }
    assert!(made > 600 && refused > 60 && public_only > 20, "{made} made, {refused} refused, {public_only}");
}

/// No form's proof holds for another credential's file, nor for a file with one character altered.
#[test]
fn proofs_can_fail() {
    let one = source(&fixture("stores/connector-good.json"), None).expect("a store");
    let other = source(&fixture("stores/keytool-17-pbes2-aes256.pfx"), Some(PASSWORD)).expect("a store");
    for (name, form) in Form::ALL {
        let (one, other) =
            (make(&one, &options(form)).expect(name), make(&other, &options(form)).expect(name));
        let good = one.file.contents.expose();
        assert!((one.file.proof)(good).is_ok(), "{name}");
        assert!((one.file.proof)(other.file.contents.expose()).is_err(), "{name}: another credential");
        assert!((one.file.proof)(&good[..good.len() / 2]).is_err(), "{name}: half of it");
        for part in 1..8 {
            // A digit for a digit, so that JSON and base64 stay what they are.
            let mut altered = good.to_vec();
            let at = altered.len() * part / 8;
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert!((one.file.proof)(&altered).is_err(), "{name}: altered at {at}");
        }
    }
}

/// Member by member: what MSAL and Graph are given is the connector JSON's key and certificate.
#[test]
fn members_and_modes() {
    let folder = folder();
    ok(folder.path(), ["gen", "--cn", "TEST forms", "--emit", "json,cer,cert", "--not-after", "2031-01-02"]);
    let connector = fs::read(folder.path().join("keystore.json")).expect("the JSON");
    let parsed: Value = serde_json::from_slice(&connector).expect("JSON");
    let der = fs::read(folder.path().join("keystore.cer")).expect("the certificate");
    let certificate = Certificate::from_der(&der).expect("a certificate");
    let export = |arguments: &[&str]| {
        ok(folder.path(), ["export-json", "keystore.json", "--for"].iter().chain(arguments))
    };

    assert_eq!(export(&["connector"]), connector);
    let msal: Value = serde_json::from_slice(&export(&["msal"])).expect("JSON");
    assert_eq!(
        msal,
        serde_json::json!({
            "private_key": parsed["private_key"], "privateKey": parsed["private_key"],
            "public_certificate": parsed["public_cert"], "x5c": parsed["public_cert"],
            "thumbprint": certificate.fingerprints().sha1,
            "thumbprintSha256": certificate.fingerprints().sha256,
        })
    );
    for store in ["keystore.json", "keystore.cer", "keystore.cert.pem"] {
        let graph = ok(folder.path(), ["export-json", store, "--for", "graph"]);
        let graph: Value = serde_json::from_slice(&graph).expect("JSON");
        assert_eq!(
            graph,
            serde_json::json!({
                "type": "AsymmetricX509Cert", "usage": "Verify", "key": Base64::encode_string(&der),
                "displayName": "CN=TEST forms",
                "startDateTime": certificate.not_before().to_string(),
                "endDateTime": "2031-01-02T00:00:00Z",
            }),
            "{store}"
        );
    }
    let value = text(&export(&["env"]));
    assert_eq!(Base64::decode_vec(value.trim_end()).expect("base64"), connector);
    assert_eq!(text(&export(&["env", "--env-name", "A_1"])), format!("A_1={value}"));

    #[cfg(unix)]
    for (form, mode) in [("msal", 0o600), ("graph", 0o644), ("env", 0o600), ("base64-pfx", 0o600)] {
        use std::os::unix::fs::PermissionsExt;
        fs::write(folder.path().join("pw.txt"), PASSWORD).expect("a file");
        export(&[form, "-o", form, "--password", "file:pw.txt"]);
        let metadata = fs::metadata(folder.path().join(form)).expect("it was written");
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{form}");
    }
}

/// The PFX's password: the one of `--out-password`, else the one that opened the store; a new one
/// is written beside it, also where the PFX itself goes to standard output. `--compat` counts.
#[test]
fn the_pfx_and_its_password() {
    let folder = folder();
    for (name, line) in [("old.txt", "the old password"), ("new.txt", "the new password")] {
        fs::write(folder.path().join(name), line).expect("a file");
    }
    ok(folder.path(), ["gen", "--emit", "pfx,json", "--password", "file:old.txt", "--alias", "one"]);
    let opens = |line: &[u8], password: &str| {
        let pfx = Base64::decode_vec(text(line).trim_end()).expect("base64");
        let store = store::read(&pfx, &Unlock::with(Password::new(password.into()))).expect("it opens");
        (store.entries[0].alias.clone(), store.protections[0].by.algorithm.clone())
    };
    let export = |arguments: &[&str]| {
        ok(folder.path(), ["export-json", "--for", "base64-pfx"].iter().chain(arguments))
    };
    let same = export(&["keystore.pfx", "--password", "file:old.txt"]);
    assert_eq!(opens(&same, "the old password").0.as_deref(), Some("one"));
    let new = export(&["keystore.pfx", "--password", "file:old.txt", "--out-password", "file:new.txt"]);
    let (_, modern) = opens(&new, "the new password");
    let from_json = export(&["keystore.json", "--out-password", "file:new.txt", "--compat", "java8"]);
    let (alias, old) = opens(&from_json, "the new password");
    assert_eq!(alias, None);
    assert_ne!(modern, old);
    let made = export(&["keystore.json", "--out-password", "generate:made.txt"]);
    let password = fs::read_to_string(folder.path().join("made.txt")).expect("the new password");
    opens(&made, password.trim_end());
    let summary = export(&["keystore.json", "--out-password", "generate:made2.txt", "-o", "pfx.txt"]);
    assert!(
        text(&summary).contains("pfx.txt    keep secret\nmade2.txt  the password;"),
        "{}",
        text(&summary)
    );
    let password = fs::read_to_string(folder.path().join("made2.txt")).expect("the new password");
    opens(&fs::read(folder.path().join("pfx.txt")).expect("the line"), password.trim_end());
}

/// The library says the same as the program where the password is missing or will not do.
#[test]
fn a_pfx_needs_a_password() {
    let source = source(&fixture("stores/connector-good.json"), None).expect("a store");
    for (password, kind) in [
        (None, "password-missing"),
        (Some(""), "password-unusable"),
        (Some("tab\there"), "password-unusable"),
    ] {
        let password = password.map(|text| Password::new(text.into()));
        let asked = Options { form: Form::Base64Pfx, password, compat: Compat::Modern, ..Options::default() };
        let Err(error) = make(&source, &asked) else { panic!("{kind} was expected") };
        assert_eq!((error.class(), error.kind()), (Class::Password, kind));
    }
    let umlaut = Options { password: Some(Password::new("ä".into())), ..options(Form::Base64Pfx) };
    assert_eq!(make(&source, &umlaut).expect("made").warnings.len(), 2, "not ASCII, and short");
}
