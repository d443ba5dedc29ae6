//! What the successor keeps: every form, names, alias, kind of key, lifetime, encryption, password.

use std::{fs, path::Path};

use certkit::{cert::Certificate, key::Algorithm, store::Format};

use super::support::{
    ALL, certificate, generate, holders, key, made, new_files, open, rotate, rotated, snapshot, today,
};
use crate::common::{fixture, folder, ok, text};

/// What has to be the same of both, in words.
fn essence(certificate: &Certificate) -> String {
    let extensions = certificate.extensions().into_iter().filter(|one| one.name != "subject key identifier");
    format!(
        "{} {} {} {:?}",
        certificate.subject(),
        certificate.public_key().algorithm(),
        certificate.not_after().unix() - certificate.not_before().unix(),
        extensions.collect::<Vec<_>>()
    )
}

fn assert_succeeds(folder: &Path, old: &str, new: &str) {
    let (old_store, new_store) = (open(&folder.join(old)), open(&folder.join(new)));
    assert_eq!(old_store.format, new_store.format, "{new}");
    let aliases = |store: &certkit::store::Store| -> Vec<Option<String>> {
        store.entries.iter().map(|entry| entry.alias.clone()).collect()
    };
    assert_eq!(aliases(&old_store), aliases(&new_store), "{new}");
    let algorithms = |store: &certkit::store::Store| -> Vec<(String, u64)> {
        store.protections.iter().map(|one| (one.by.algorithm.clone(), one.by.iterations)).collect()
    };
    assert_eq!(algorithms(&old_store), algorithms(&new_store), "{new}");
    let (old, new) = (folder.join(old), folder.join(new));
    let certificates = [certificate(&old), certificate(&new)];
    if let [Some(before), Some(after)] = &certificates {
        assert_ne!(before, after);
        assert_eq!(essence(before), essence(after), "{}", new.display());
        assert!(before.not_before() <= after.not_before());
    }
    assert_eq!(certificates[0].is_some(), certificates[1].is_some(), "{}", new.display());
    match [key(&old), key(&new)] {
        [Some(before), Some(after)] => assert!(!before.pkcs8_der().same_as(after.pkcs8_der()), "a new key"),
        [before, after] => assert_eq!(before.is_some(), after.is_some(), "{}", new.display()),
    }
}

/// Every form of `gen`, whichever of them is named.
#[test]
fn every_form_of_gen_gets_its_successor() {
    let credential = [
        "--subject",
        "CN=Contoso DLP,OU=Security,OU=Cloud,O=Contoso\\, Ltd.,C=GB",
        "--san",
        "dns:a.example",
        "--san",
        "ip:2001:db8::1",
        "--san",
        "email:a@example.com",
        "--san",
        "uri:https://example.com/",
        "--days",
        "400",
        "--alias",
        "Grüße",
        "--emit",
        ALL,
    ];
    for (store, more) in [
        ("keystore.pfx", &["--key", "rsa-3072"][..]),
        ("keystore.jks", &["--compat", "windows-2016"]),
        ("keystore.json", &["--key", "p384"]),
        ("keystore.key.pem", &["--iterations", "20000"]),
    ] {
        let folder = made(&[&credential[..], more].concat());
        let old = snapshot(folder.path());
        let document = rotated(folder.path(), &[store]);
        assert_eq!(document["outcome"], "made", "{document}");
        let suffixes = ["pfx", "cer", "json", "key.pem", "cert.pem", "jks"];
        let expected = suffixes.map(|suffix| format!("keystore-{}.{suffix}", today()));
        assert_eq!(new_files(&document), expected.clone().into(), "{store}");
        for (suffix, new) in suffixes.iter().zip(&expected) {
            assert_succeeds(folder.path(), &format!("keystore.{suffix}"), new);
        }
        let after = snapshot(folder.path());
        assert!(old.iter().all(|(name, octets)| after[name] == *octets), "the old files stay as they were");
        let holders = holders(folder.path());
        let new = document["new"]["thumbprints"]["sha1"].as_str().expect("a thumbprint");
        assert_eq!(
            (holders.len(), holders[new].len()),
            (2, 5),
            "one successor in every file with a certificate"
        );
        let pair = folder.path().join(&expected[3]);
        let cer = certificate(&folder.path().join(&expected[1])).expect("a certificate");
        certkit::cert::verify::require_fit(&key(&pair).expect("a key"), &cer).expect("they fit");
    }
}

/// Forms that `gen` does not make, under endings of their own.
#[test]
fn every_other_form_gets_its_successor() {
    for (target, name) in [
        (&["pfx"][..], "store.p12"),
        (&["pfx"], "store.with.dots.pkcs12"),
        (&["pfx"], "store"),
        (&["jceks"], "store.jceks"),
        (&["pem"], "store.pem"),
        (&["pem", "--out-password", "file:pw.txt"], "locked.pem"),
    ] {
        let folder = made(&["--emit", "jks", "--alias", "one"]);
        let convert = ["convert", "keystore.jks", "--password", "file:pw.txt", "-o", name, "--to"];
        ok(folder.path(), [&convert[..], target].concat());
        let document = rotated(folder.path(), &[name]);
        let (base, suffix) = name
            .rsplit_once('.')
            .map_or((name, String::new()), |(base, suffix)| (base, format!(".{suffix}")));
        let new = format!("{base}-{}{suffix}", today());
        assert_eq!(new_files(&document), [new.clone()].into(), "{name}");
        assert_succeeds(folder.path(), name, &new);
    }
}

/// A key and a certificate under two names: as OpenSSL's examples call them, and a key in DER beside
/// the `.cer`.
#[test]
fn a_key_finds_its_certificate_beside_it() {
    let folder = made(&["--emit", "key,cert,cer", "--name", "a"]);
    let at = |name: &str| folder.path().join(name);
    fs::copy(at("a.key.pem"), at("key.pem")).expect("a copy");
    fs::copy(at("a.cert.pem"), at("cert.pem")).expect("a copy");
    let document = rotated(folder.path(), &["key.pem"]);
    let expected = ["key", "cert"].map(|stem| format!("{stem}-{}.pem", today()));
    assert_eq!(new_files(&document), expected.into());
    assert_eq!(rotated(folder.path(), &["key.pem"])["outcome"], "exists");

    ok(
        folder.path(),
        ["convert", "a.key.pem", "--to", "pkcs8", "--key-only", "--encoding", "der", "-o", "a.key"],
    );
    let document = rotated(folder.path(), &["a.key"]);
    let expected = ["key", "cer", "cert.pem", "key.pem"].map(|suffix| format!("a-{}.{suffix}", today()));
    assert_eq!(new_files(&document), expected.clone().into());
    assert_eq!(open(&at(&expected[0])).format, Format::Pkcs8);
}

/// Stores of other makers: self-signed by keytool and OpenSSL, with 3DES, without an alias.
#[test]
fn stores_of_other_makers() {
    let mut seen = 0;
    for entry in fs::read_dir(fixture("stores")).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.ends_with(".pfx")
            || !["keytool", "openssl", "certtool"].iter().any(|tool| name.starts_with(tool))
        {
            continue;
        }
        let folder = folder();
        fs::write(folder.path().join("pw.txt"), "test-1234").expect("a password");
        fs::copy(&path, folder.path().join(&name)).expect("a copy");
        let output = rotate(folder.path(), &[&name, "--format", "json"]);
        if !output.status.success() {
            // Chains, several keys, other passwords: each is refused for what it is.
            assert_eq!(snapshot(folder.path()).len(), 2, "{name}");
            continue;
        }
        seen += 1;
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        let new = new_files(&document).into_iter().next().expect("a file");
        let unlock = certkit::store::Unlock::with(certkit::secret::Password::new("test-1234".into()));
        let read = |name: &str| {
            let octets = fs::read(folder.path().join(name)).expect("a store");
            certkit::store::read(&octets, &unlock).expect("it opens")
        };
        let (before, after) = (read(&name), read(&new));
        let old_aes = before.protections.iter().any(|one| one.by.algorithm.contains("AES"));
        let new_aes = after.protections.iter().any(|one| one.by.algorithm.contains("AES"));
        assert!(old_aes == new_aes || before.protections.len() < 2, "{name}: {:?}", after.protections);
        assert_eq!(before.entries[0].alias, after.entries[0].alias, "{name}");
        assert_eq!(essence_of(&before), essence_of(&after), "{name}");
    }
    assert!(seen > 5, "only {seen} stores were succeeded");
}

fn essence_of(store: &certkit::store::Store) -> (String, Algorithm, i64) {
    let leaf = &store.entries[0].certificates()[0];
    let lifetime = leaf.not_after().unix() - leaf.not_before().unix();
    (leaf.subject().to_string(), leaf.public_key().algorithm().clone(), lifetime)
}

/// What can be asked for instead.
#[test]
fn days_password_and_encryption_can_be_others() {
    let folder = made(&["--emit", "pfx,json", "--days", "100"]);
    let document = rotated(
        folder.path(),
        &["keystore.pfx", "--days", "7", "--new-password", "generate:new.txt", "--compat", "java8"],
    );
    assert!(new_files(&document).contains("new.txt"), "{document}");
    let new = format!("keystore-{}.pfx", today());
    assert!(
        !rotate(folder.path(), &[&new, "--dry-run"]).status.success(),
        "the old password opens it no more"
    );
    let inspected = ["inspect", &new, "--password", "file:new.txt", "--at", "1d"];
    let said = text(&ok(folder.path(), inspected));
    assert!(said.contains("pbeWithSHAAnd3-KeyTripleDES-CBC") || said.contains("3DES"), "{said}");
    assert!(said.contains("(6 days left)") || said.contains("(5 days left)"), "{said}");
    // The second run finds it by the password that the first one wrote.
    let again = ["keystore.pfx", "--new-password", "generate:new.txt"];
    assert_eq!(rotated(folder.path(), &again)["outcome"], "exists");
}

/// A store of several entries: the one that is named, and a word about the rest.
#[test]
fn one_of_several_keys() {
    let folder = made(&["--emit", "pfx", "--alias", "a"]);
    generate(folder.path(), &["--emit", "pfx", "--alias", "b", "--name", "b"]);
    let both =
        ["convert", "keystore.pfx", "b.pfx", "--password", "file:pw.txt", "--to", "pfx", "-o", "both.pfx"];
    ok(folder.path(), both);
    let ambiguous = rotate(folder.path(), &["both.pfx"]);
    assert_eq!(ambiguous.status.code(), Some(3), "{}", text(&ambiguous.stderr));
    let output = rotate(folder.path(), &["both.pfx", "--alias", "b"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("both.pfx holds 2 entries"), "{}", text(&output.stderr));
    let new = open(&folder.path().join(format!("both-{}.pfx", today())));
    assert_eq!(new.entries.len(), 1);
    assert_eq!(new.entries[0].alias.as_deref(), Some("b"));
    let archived = rotate(folder.path(), &["both.pfx", "--alias", "a", "--archive", "old"]);
    assert_eq!(archived.status.code(), Some(3), "{}", text(&archived.stderr));
    assert!(text(&archived.stderr).contains("leave --archive out"), "{}", text(&archived.stderr));
}
