//! `passwd` in place: what it leaves alone, and what it says of the old file.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.
#![cfg(unix)]

mod common;

use std::{
    fs,
    io::Write,
    os::unix::{
        fs::{PermissionsExt, symlink},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Output, Stdio},
};

use base64ct::{Base64, Encoding};
use certkit::{
    secret::Password,
    store::{self, Unlock},
};
use common::{certkit, fixture, folder, ok, run, text};

/// A folder with a store from the fixtures, its password and a new one.
fn place(from: &str, name: &str) -> tempfile::TempDir {
    let folder = folder();
    fs::copy(fixture(from), folder.path().join(name)).expect(from);
    fs::write(folder.path().join("pw.txt"), "test-1234\n").expect("a file");
    fs::write(folder.path().join("new.txt"), "the new one\n").expect("a file");
    folder
}

fn passwd(folder: &Path, name: &str) -> Output {
    run(folder, ["passwd", name, "--password", "file:pw.txt", "--new-password", "file:new.txt"])
}

const PFX: &str = "stores/openssl-3-pbes2-aes256.pfx";

/// What another program writes while the new password is waited for is not overwritten.
#[test]
fn a_change_meanwhile_is_kept() {
    let folder = place(PFX, "store.pfx");
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    let child = certkit(folder.path())
        .args(["passwd", "store.pfx", "--password", "file:pw.txt", "--new-password", "file:pipe"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Opening waits for the reader, and the store has been read by then.
    let mut writer = fs::File::options().write(true).open(&pipe).expect("the pipe");
    let renewed = fs::read(fixture("stores/keytool-17-two-keys.pfx")).expect("another store");
    fs::write(folder.path().join("store.pfx"), &renewed).expect("a change");
    writer.write_all(b"the new one\n").expect("a password");
    drop(writer);
    let output = child.wait_with_output().expect("the program ends");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(
        said.contains("store.pfx: it was changed by another program") && said.contains("again"),
        "{said}"
    );
    assert_eq!(fs::read(folder.path().join("store.pfx")).expect("the store"), renewed);
}

/// A mode that was wider and another name of the old file are said.
#[test]
fn what_the_old_file_was() {
    let folder = place(PFX, "store.pfx");
    let store = folder.path().join("store.pfx");
    fs::set_permissions(&store, fs::Permissions::from_mode(0o640)).expect("permissions");
    fs::hard_link(&store, folder.path().join("other.pfx")).expect("a link");
    let said = text(&passwd(folder.path(), "store.pfx").stderr);
    assert!(said.contains("note: its mode is 0600 now; it was 0640"), "{said}");
    assert!(said.contains("warning: the old file has another name"), "{said}");

    fs::write(folder.path().join("pw.txt"), "the new one").expect("a file");
    let said = text(&passwd(folder.path(), "store.pfx").stderr);
    assert!(!said.contains("its mode") && !said.contains("another name"), "{said}");
}

/// Only a file by its own name is changed in place.
#[test]
fn links_and_pipes() {
    let folder = place(PFX, "store.pfx");
    symlink("store.pfx", folder.path().join("link.pfx")).expect("a link");
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().expect("mkfifo").success());
    for (name, hint) in [("link.pfx", "name the plain file itself"), ("pipe", "name a plain file")] {
        let output = passwd(folder.path(), name);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{said}");
        assert!(said.contains(hint), "{said}");
    }
}

/// A store with something around it would come out as another kind of file: it is left alone.
#[test]
fn what_is_around_a_store_is_not_lost() {
    let pfx = fs::read(fixture(PFX)).expect("a store");
    let key = fs::read_to_string(fixture("certs/openssl-3-pkcs8.key.pem")).expect("a key");
    let base64 = Base64::encode_string(&pfx);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    let armored = format!("-----BEGIN PKCS12-----\n{}\n-----END PKCS12-----\n", lines.join("\n"));
    let utf16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (what, octets) in [
        ("base64", base64.into_bytes()),
        ("a text", armored.into_bytes()),
        ("UTF-16", [b"\xff\xfe".as_slice(), &utf16].concat()),
        ("octets behind", [pfx.as_slice(), b"more"].concat()),
        ("JSON", fs::read(fixture("stores/json-key-vault.json")).expect("JSON")),
    ] {
        let folder = place(PFX, "store.pfx");
        let store = folder.path().join("store.pfx");
        fs::write(&store, &octets).expect("a file");
        let output = passwd(folder.path(), "store.pfx");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{what}: {said}");
        assert!(said.contains(what) && said.contains("certkit convert store.pfx"), "{what}: {said}");
        assert_eq!(fs::read(&store).expect("the store"), octets, "{what}");
    }
}

/// A DSA key in OpenSSL's own form gets a password as any other key does.
#[test]
fn a_dsa_key() {
    let pem = fs::read_to_string(fixture("certs/openssl-3-dsa-traditional.key.pem")).expect("a key");
    let block = pem.split("-----BEGIN DSA PRIVATE KEY-----").nth(1).expect("a block");
    let base64: String = block.split("-----END").next().expect("its end").split_whitespace().collect();
    let folder = place(PFX, "store.pfx");
    fs::write(folder.path().join("key.der"), Base64::decode_vec(&base64).expect("base64")).expect("a file");
    let output = passwd(folder.path(), "key.der");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let key = fs::read(folder.path().join("key.der")).expect("the key");
    let store = store::read(&key, &Unlock::with(Password::new("the new one".into()))).expect("it opens");
    assert!(store.key_entry(None).is_ok());
}

/// In a folder where only owners may replace files, the refusal says what to do.
#[test]
fn a_sticky_folder() {
    const NOBODY: u32 = 65_534;
    let folder = place(PFX, "store.pfx");
    let program = folder.path().join("certkit");
    fs::copy(env!("CARGO_BIN_EXE_certkit"), &program).expect("a copy of the program");
    for name in ["store.pfx", "pw.txt", "new.txt"] {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o644))
            .expect("permissions");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o1777)).expect("permissions");
    let mut command = Command::new(&program);
    command.current_dir(folder.path()).env_clear().stdin(Stdio::null()).uid(NOBODY).gid(NOBODY);
    command.args(["passwd", "store.pfx", "--password", "file:pw.txt", "--new-password", "file:new.txt"]);
    let Ok(output) = command.output() else {
        eprintln!("SKIPPED: only root runs as another user");
        return;
    };
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("store.pfx: cannot name") && said.contains("hint: ") && said.contains("owner"),
        "{said}"
    );
    assert_eq!(fs::read(folder.path().join("store.pfx")).ok(), fs::read(fixture(PFX)).ok());
}

/// What reading a file brought to light is said by every command that takes something from it.
#[test]
fn notes_and_warnings_of_sources() {
    let folder = place("stores/handmade-trailing-bytes.pfx", "store.pfx");
    fs::copy(fixture("stores/keytool-17-key.jks"), folder.path().join("keys.jks")).expect("a store");
    for arguments in [
        "export-cer store.pfx --password file:pw.txt -o out.cer",
        "export-json store.pfx --password file:pw.txt -o out.json",
        "export-json store.pfx --password file:pw.txt -o - --format json",
        "convert store.pfx --to pem --password file:pw.txt",
    ] {
        let output = run(folder.path(), arguments.split(' '));
        let said = text(&output.stderr);
        assert!(output.status.success() && said.contains("note: store.pfx: "), "{arguments}: {said}");
        assert!(said.contains("octets follow its end"), "{arguments}: {said}");
    }
    let unlock = "convert keys.jks --to pem --key-only --password file:pw.txt -o key.pem";
    ok(folder.path(), unlock.split(' '));
    for arguments in [
        "export-cer keys.jks",
        "export-json keys.jks --for graph",
        "export-json --key key.pem --cert keys.jks",
    ] {
        let output = run(folder.path(), arguments.split(' '));
        let said = text(&output.stderr);
        assert!(output.status.success(), "{arguments}: {said}");
        assert!(said.contains("integrity of the store was not checked"), "{arguments}: {said}");
    }
}
