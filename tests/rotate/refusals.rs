//! What is refused, with its exit code and a way on; everything is as it was afterwards.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown, symlink},
        process::CommandExt,
    },
    path::Path,
};

use super::support::{made, names, new_files, rotate, rotated, snapshot, today};
use crate::{
    common::{fixture, run, text},
    disk::Mounted,
};

/// A credential, and beside it everything that cannot be succeeded.
fn world() -> tempfile::TempDir {
    let folder = made(&["--emit", "pfx,cer,json,key"]);
    for (from, to) in [
        ("stores/keytool-17-chain.pfx", "chain.pfx"),
        ("stores/keytool-17-two-keys.pfx", "two.pfx"),
        ("stores/connector-mismatched.json", "mismatched.json"),
        ("stores/json-msal.json", "msal.json"),
        ("stores/json-key-vault.json", "vault.json"),
        ("certs/openssl-3-rsa2048.cer", "cert.cer"),
        ("certs/openssl-3-pkcs8.key.pem", "lone.key.pem"),
        ("hostile/random.bin", "random.bin"),
    ] {
        fs::copy(fixture(from), folder.path().join(to)).expect(from);
    }
    fs::copy(folder.path().join("keystore.json"), folder.path().join("alone.json")).expect("a copy");
    for (name, text) in [("wrong.txt", "wrong"), ("fixture.txt", "test-1234"), ("empty.txt", "")] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

#[test]
fn each_refusal_has_its_code_and_a_way_on() {
    let folder = world();
    let before = snapshot(folder.path());
    for (code, arguments, said) in [
        (4, "keystore.pfx --password file:wrong.txt", "check which store"),
        (4, "keystore.pfx", "--password file:PATH"),
        (4, "keystore.pfx --password file:pw.txt --new-password file:empty.txt", "--new-password file:PATH"),
        (4, "keystore.pfx --password prompt", "no terminal"),
        (1, "keystore.pfx --password file:missing.txt", "missing.txt"),
        (1, "missing.pfx", "missing.pfx"),
        (2, "-", "name the store"),
        (2, "keystore.pfx --password generate:new.txt", "file:PATH"),
        (2, "alone.json --compat java8", "--compat"),
        (2, "keystore.pfx --password file:pw.txt --compat windows-95", "windows-2016"),
        (2, "keystore.json --if-expires-in tomorrow", "30d"),
        (2, "keystore.json --if-expires-in -3d", "30d"),
        (2, "keystore.json --if-expires-in 1461d", "shorter span"),
        (2, "keystore.json --days 0", "expected 1 to"),
        (2, "keystore.json --archive .", "another folder"),
        (3, "lone.key.pem --new-password env:X", "neither in it nor beside it"),
        (3, "chain.pfx --password file:fixture.txt", "self-signed"),
        (3, "two.pfx --password file:fixture.txt", "--alias"),
        (3, "two.pfx --password file:fixture.txt --alias nobody", "nobody"),
        (3, "cert.cer", "no private key"),
        (3, "msal.json", "export-json"),
        (3, "vault.json", "certkit"),
        (3, "random.bin", "random.bin"),
        (5, "mismatched.json", "does not fit"),
        (5, "keystore.pfx --password file:pw.txt --new-password generate:pw.txt", "pw.txt"),
        (5, "keystore.pfx --password file:pw.txt --new-password generate:keystore.pfx", "keystore.pfx"),
    ] {
        let output = run(folder.path(), ["rotate"].into_iter().chain(arguments.split(' ')));
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        assert!(text(&output.stderr).contains(said), "{arguments}: {}", text(&output.stderr));
        // What is wrong with an option, or is no key at all, has no other way on than its own words.
        let speaks_for_itself = code < 3 || arguments == "random.bin";
        assert!(
            text(&output.stderr).contains("hint: ") || speaks_for_itself,
            "{arguments}: {}",
            text(&output.stderr)
        );
        assert_eq!(snapshot(folder.path()), before, "{arguments}");
    }
}

/// Certificates that certkit does not make: names and kinds of key, by OpenSSL.
#[test]
fn what_cannot_be_made_again_is_said() {
    if !crate::common::has_peer("openssl", "certificates of other kinds") {
        return;
    }
    let folder = made(&["--emit", "json"]);
    for (name, arguments, said) in [
        ("small", &["-newkey", "rsa:1024"][..], "RSA 1024"),
        ("curve", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"], "P-521"),
        (
            "named",
            &["-newkey", "rsa:2048", "-addext", "subjectAltName=otherName:1.2.3.4;UTF8:x"],
            "other:1.2.3.4",
        ),
        ("nobody", &["-newkey", "rsa:2048", "-subj", "/"], "subject \"\""),
        ("ages", &["-newkey", "rsa:2048", "-days", "40000"], "--days"),
    ] {
        let (key, cert) = (format!("{name}.key.pem"), format!("{name}.cert.pem"));
        let mut openssl = std::process::Command::new("openssl");
        openssl.args(["req", "-x509", "-nodes", "-sha256", "-keyout", &key, "-out", &cert]).args(arguments);
        if name != "nobody" {
            openssl.args(["-subj", "/CN=TEST"]);
        }
        let made = openssl.current_dir(folder.path()).output().expect("openssl starts");
        assert!(made.status.success(), "{}", text(&made.stderr));
        let before = names(folder.path());
        let output = run(folder.path(), ["rotate", &key]);
        let code = if name == "ages" { 2 } else { 3 };
        assert_eq!(output.status.code(), Some(code), "{name}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{name}: {}", text(&output.stderr));
        assert_eq!(names(folder.path()), before, "{name}");
    }
    // What the old certificate said besides is told.
    let shorter = run(folder.path(), ["rotate", "ages.key.pem", "--days", "365"]);
    assert!(shorter.status.success());
    let said = "the old certificate's basic constraints (CA:TRUE) is not the new one's";
    assert!(text(&shorter.stderr).contains(said), "{}", text(&shorter.stderr));
}

/// A link to a store: its successor stands beside the link. In its place nothing is put.
#[test]
fn a_symbolic_link_is_read_and_not_replaced() {
    let folder = made(&["--emit", "json", "--name", "real"]);
    let links = folder.path().join("links");
    fs::create_dir(&links).expect("a folder");
    symlink("../real.json", links.join("keystore.json")).expect("a link");
    let document = rotated(folder.path(), &["links/keystore.json"]);
    assert_eq!(new_files(&document), [format!("links/keystore-{}.json", today())].into());
    let refused = rotate(folder.path(), &["links/keystore.json", "--archive", "old", "--again"]);
    assert_eq!(refused.status.code(), Some(5), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("symbolic link"), "{}", text(&refused.stderr));
    assert!(fs::symlink_metadata(links.join("keystore.json")).expect("the link").is_symlink());
}

/// A full disk, one that is read-only, and a folder that takes nothing.
#[test]
fn places_that_take_nothing() {
    let folder = made(&["--emit", "pfx,cer,json"]);
    for options in ["size=32k", "size=1m"] {
        let Some(disk) = Mounted::tmpfs(folder.path(), options) else { return };
        for name in names(folder.path()) {
            fs::copy(folder.path().join(&name), disk.path().join(&name)).expect("a copy");
        }
        match options {
            "size=1m" => disk.make_read_only(),
            _ => fs::write(disk.path().join("fill.txt"), vec![0; 12 << 10]).expect("room for it"),
        }
        let before = snapshot(disk.path());
        for arguments in [&["keystore.pfx"][..], &["keystore.pfx", "--archive", "old"]] {
            let output = rotate(disk.path(), arguments);
            assert_eq!(output.status.code(), Some(1), "{options}: {}", text(&output.stderr));
            assert_eq!(snapshot(disk.path()), before, "{options}: {arguments:?}");
            assert!(!disk.path().join("old").exists());
        }
    }
}

/// A folder that this user may not write to. Root may do everything, so root tries as another user.
#[test]
fn a_folder_that_may_not_be_written_to() {
    const NOBODY: u32 = 65_534;
    let folder = made(&["--emit", "json"]);
    let program = folder.path().join("certkit");
    fs::copy(env!("CARGO_BIN_EXE_certkit"), &program).expect("a copy of the program");
    let root = fs::metadata(&program).expect("the program").uid() == 0;
    if root {
        chown(folder.path().join("keystore.json"), Some(NOBODY), Some(NOBODY)).expect("another owner");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).expect("permissions");
    let before = snapshot(folder.path());
    for arguments in [&["rotate", "keystore.json"][..], &["rotate", "keystore.json", "--archive", "old"]] {
        let mut command = std::process::Command::new(&program);
        command.args(arguments).current_dir(folder.path()).env_clear().stdin(std::process::Stdio::null());
        if root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let refused = command.output().expect("the program starts");
        assert_eq!(refused.status.code(), Some(1), "{}", text(&refused.stderr));
        assert!(text(&refused.stderr).contains("permission denied"), "{}", text(&refused.stderr));
        assert_eq!(snapshot(folder.path()), before);
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
}

/// What is made has the modes of what `gen` makes.
#[test]
fn modes_are_those_of_gen() {
    let folder = made(&["--emit", super::support::ALL]);
    let document = rotated(folder.path(), &["keystore.pfx"]);
    for file in document["files"].as_array().expect("files") {
        let path = folder.path().join(file["path"].as_str().expect("a path"));
        let expected = if file["secret"] == true { 0o600 } else { 0o644 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}
