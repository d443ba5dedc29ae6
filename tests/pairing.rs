//! Which certificate is a key's, and which issuers are a certificate's, where names alone mislead.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests start programs and say what they skip.

mod common;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use certkit::{
    ops::convert::{Converted, Options, Target, convert},
    secret::Password,
    store::{self, Content, Store, Unlock},
    time::Instant,
};
use common::{folder, has_peer, run, text};
use getrandom::{SysRng, rand_core::UnwrapErr};

const PASSWORD: &str = "test-1234";

fn openssl(folder: &Path, arguments: &str) {
    let status = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("openssl starts");
    assert!(status.success(), "openssl {arguments}");
}

/// Two authorities of one name without key identifiers, and a leaf of each.
fn two_authorities(folder: &Path) {
    let extensions = "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=CA:TRUE\n\
                      subjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n[leaf]\n\
                      basicConstraints=CA:FALSE\nsubjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n";
    fs::write(folder.join("cnf"), extensions).expect("a file");
    for n in ["1", "2"] {
        openssl(
            folder,
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout ca{n}.key -out ca{n}.crt -subj /CN=TEST-same -days 999 -config cnf -extensions ca"
            ),
        );
        openssl(
            folder,
            &format!(
                "req -newkey rsa:2048 -nodes -keyout leaf{n}.key -out leaf{n}.csr -subj /CN=TEST-leaf{n} -config cnf"
            ),
        );
        openssl(
            folder,
            &format!(
                "x509 -req -in leaf{n}.csr -CA ca{n}.crt -CAkey ca{n}.key -set_serial {n} -days 99 -out leaf{n}.crt -extfile cnf -extensions leaf"
            ),
        );
    }
}

fn read(folder: &Path, names: &[&str]) -> Store {
    let octets: Vec<u8> =
        names.iter().flat_map(|name| fs::read(folder.join(name)).expect("it was made")).collect();
    store::read(&octets, &Unlock::default()).expect("PEM")
}

fn converted(stores: Vec<Store>, target: Target) -> (Converted, Store) {
    let options = Options {
        password: target.is_store().then(|| Password::new(PASSWORD.into())),
        iterations: Some(1000),
        ..Options::new(target, "file".into())
    };
    let inputs = stores.into_iter().map(|store| (store, "input".to_owned())).collect();
    let now = Instant::from_unix(1_800_000_000).expect("a date in range");
    let made = convert(inputs, &options, now, &mut UnwrapErr(SysRng)).expect("it is made");
    (made.file.proof)(made.file.contents.expose()).expect("it proves itself");
    let back = store::read(made.file.contents.expose(), &Unlock::with(Password::new(PASSWORD.into())));
    (made, back.unwrap_or_else(|error| panic!("{error}")))
}

fn chains(store: &Store) -> Vec<Vec<Vec<u8>>> {
    let chain = |entry: &certkit::store::Entry| match &entry.content {
        Content::Key { chain, .. } => Some(chain.iter().map(|one| one.der().to_vec()).collect()),
        _ => None,
    };
    store.entries.iter().filter_map(chain).collect()
}

fn der(folder: &Path, name: &str) -> Vec<u8> {
    read(folder, &[name]).certificate_entry(None).expect("one certificate").1.der().to_vec()
}

/// Of two authorities of one name, the one that signed stands in the chain, whatever the order.
#[test]
fn the_signature_tells_authorities_of_one_name_apart() {
    if !has_peer("openssl", "authorities of one name") {
        return;
    }
    let folder = folder();
    let at = folder.path();
    two_authorities(at);
    let expected =
        [vec![der(at, "leaf1.crt"), der(at, "ca1.crt")], vec![der(at, "leaf2.crt"), der(at, "ca2.crt")]];
    for order in [["ca1.crt", "ca2.crt"], ["ca2.crt", "ca1.crt"]] {
        let all = ["leaf1.key", "leaf1.crt", "leaf2.key", "leaf2.crt", order[0], order[1]];
        assert_eq!(chains(&read(at, &all)), expected, "{order:?}");
        for target in [Target::Pfx, Target::Jks, Target::Pem] {
            let (_, back) = converted(vec![read(at, &all)], target);
            assert_eq!(chains(&back), expected, "{order:?} to {target:?}");
            let apart = vec![
                read(at, &["leaf1.key", "leaf1.crt", "ca1.crt"]),
                read(at, &["leaf2.key", "leaf2.crt", "ca2.crt"]),
            ];
            assert_eq!(chains(&converted(apart, target).1), expected, "two files to {target:?}");
        }
    }
    let added = run(at, ["convert", "leaf1.key", "leaf1.crt", "--add", "ca2.crt", "--to", "pem"]);
    assert_eq!(added.status.code(), Some(2), "{}", text(&added.stderr));
    let added = run(at, ["convert", "leaf1.key", "leaf1.crt", "--add", "ca1.crt", "--to", "pem"]);
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
}

/// A key whose public half is not computed is never given a certificate of another kind, and that
/// the pair cannot be judged is said.
#[test]
fn a_key_of_another_kind_is_no_certificates() {
    if !has_peer("openssl", "Ed25519 keys") {
        return;
    }
    let folder = folder();
    let at = folder.path();
    openssl(at, "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=TEST-ca -days 9");
    for n in ["1", "2"] {
        openssl(at, &format!("genpkey -algorithm ED25519 -out ed{n}.key"));
        openssl(at, &format!("req -x509 -new -key ed{n}.key -subj /CN=TEST-ed{n} -days 9 -out ed{n}.crt"));
    }
    let (made, back) = converted(vec![read(at, &["ca.crt", "ed1.crt", "ed1.key"])], Target::Pfx);
    assert_eq!(chains(&back), [[der(at, "ed1.crt")]]);
    assert!(made.warnings.iter().any(|line| line.contains("cannot be told")), "{:?}", made.warnings);
    // With a certificate of another kind alone it stays by itself, and that is said.
    let (made, back) = converted(vec![read(at, &["ed1.key", "ca.crt"])], Target::Pfx);
    assert_eq!(chains(&back), [[[0u8; 0]; 0]]);
    assert!(
        made.warnings.iter().any(|line| line.contains("none of the certificates")),
        "{:?}",
        made.warnings
    );
    // Each of two keys keeps the certificate right behind it.
    let expected = [[der(at, "ed1.crt")], [der(at, "ed2.crt")]];
    let both = ["ed1.key", "ed1.crt", "ed2.key", "ed2.crt"];
    for target in [Target::Pem, Target::Pfx, Target::Jks] {
        assert_eq!(chains(&converted(vec![read(at, &both)], target).1), expected, "{target:?}");
    }
}

/// A renewed certificate beside the old one over the same key: the one that the file ties to the
/// key stays its own through every form.
#[test]
fn a_renewed_certificate_does_not_take_the_place_of_the_old_one() {
    if !has_peer("openssl", "renewed certificates") {
        return;
    }
    let folder = folder();
    let at = folder.path();
    openssl(at, "req -x509 -newkey rsa:2048 -nodes -keyout k.key -out old.crt -subj /CN=TEST-old -days 9");
    openssl(at, "req -x509 -new -key k.key -out new.crt -subj /CN=TEST-new -days 99");
    let store = read(at, &["k.key", "old.crt", "new.crt"]);
    let expected = [[der(at, "old.crt")]];
    for target in [Target::Pem, Target::Pfx, Target::Jks] {
        let (_, back) = converted(vec![store.clone()], target);
        assert_eq!(chains(&back), expected, "{target:?}");
        assert_eq!(back.entries.len(), 2, "{target:?}: the renewed one is there too");
    }
}

/// An anchor that is also a key's certificate stays an anchor.
#[test]
fn a_trusted_certificate_stays_an_entry() {
    if !has_peer("openssl", "trusted certificates") {
        return;
    }
    let folder = folder();
    let at = folder.path();
    openssl(at, "req -x509 -newkey rsa:2048 -nodes -keyout k.key -out k.crt -subj /CN=TEST-k -days 9");
    let (_, mut anchors) = converted(vec![read(at, &["k.crt"])], Target::Jks);
    anchors.entries[0].alias = Some("anchor".into());
    let (_, back) = converted(vec![read(at, &["k.key", "k.crt"]), anchors], Target::Jks);
    let aliases: Vec<_> = back.entries.iter().filter_map(|entry| entry.alias.as_deref()).collect();
    assert!(back.entries.len() == 2 && aliases.contains(&"anchor"), "{aliases:?}");
    assert!(matches!(back.entries[0].content, Content::Key { .. }));
}

/// What one file brings serves the others: a chain is completed from every file, and a key that one
/// file has with its certificate is no second key in another.
#[test]
fn files_complete_each_other() {
    if !has_peer("openssl", "files that complete each other") {
        return;
    }
    let folder = folder();
    let at = folder.path();
    two_authorities(at);
    openssl(
        at,
        "req -newkey rsa:2048 -nodes -keyout leaf3.key -out leaf3.csr -subj /CN=TEST-leaf3 -config cnf",
    );
    openssl(
        at,
        "x509 -req -in leaf3.csr -CA ca1.crt -CAkey ca1.key -set_serial 3 -days 99 -out leaf3.crt -extfile cnf -extensions leaf",
    );
    let whole = || read(at, &["leaf1.key", "leaf1.crt", "ca1.crt"]);
    let expected =
        [vec![der(at, "leaf1.crt"), der(at, "ca1.crt")], vec![der(at, "leaf3.crt"), der(at, "ca1.crt")]];
    for target in [Target::Jks, Target::Pfx, Target::Pem] {
        for third in [&["leaf3.key", "leaf3.crt"][..], &["leaf3.key", "leaf3.crt", "ca1.crt"]] {
            let stores = vec![whole(), read(at, third), read(at, &["ca1.crt"])];
            let (made, back) = converted(stores, target);
            assert_eq!(chains(&back), expected, "{third:?} to {target:?}");
            assert_eq!(back.entries.len(), 2, "{third:?} to {target:?}");
            assert!(made.warnings.is_empty(), "{:?}", made.warnings);
        }
        let (made, back) = converted(vec![whole(), read(at, &["leaf1.key"]), whole()], target);
        assert_eq!(chains(&back), expected[..1], "{target:?}");
        assert!(made.warnings.is_empty(), "{:?}", made.warnings);
    }
}
