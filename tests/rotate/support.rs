//! Credentials to be succeeded, and what is in a folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use certkit::{
    cert::Certificate,
    key::PrivateKey,
    secret::Password,
    store::{self, Content, Key, Store, Unlock},
};
use serde_json::Value;

use crate::common::{certkit, folder, ok, run, text};

/// The password in `pw.txt`.
pub const PASSWORD: &str = "an old password";

/// Every form that `gen` makes.
pub const ALL: &str = "pfx,cer,json,key,cert,jks";

/// A folder with `pw.txt` and a credential by `gen`.
pub fn made(arguments: &[&str]) -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("pw.txt"), PASSWORD).expect("a password");
    generate(folder.path(), arguments);
    folder
}

/// A credential by `gen`, over what is there; quick ones, unless something else is asked for.
pub fn generate(folder: &Path, arguments: &[&str]) {
    let key: &[&str] = if arguments.contains(&"--key") { &[] } else { &["--key", "p256"] };
    let common = ["gen", "--force", "--password", "file:pw.txt"];
    ok(folder, [&common[..], key, arguments].concat());
}

/// `rotate` with the password.
pub fn rotate(folder: &Path, arguments: &[&str]) -> Output {
    run(folder, [&["rotate", "--password", "file:pw.txt"][..], arguments].concat())
}

/// The same, required to succeed, as its JSON document.
pub fn rotated(folder: &Path, arguments: &[&str]) -> Value {
    let output = rotate(folder, &[arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// The paths of the new files in a document.
pub fn new_files(document: &Value) -> BTreeSet<String> {
    let files = document["files"].as_array().expect("files");
    files.iter().map(|file| file["path"].as_str().expect("a path").to_owned()).collect()
}

/// Opens a file by the password, or by `other`.
pub fn open(path: &Path) -> Store {
    let octets = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let unlock = Unlock::with(Password::new(PASSWORD.into()));
    store::read(&octets, &unlock).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The first certificate in a file, if there is one.
pub fn certificate(path: &Path) -> Option<Certificate> {
    open(path).entries.iter().find_map(|entry| entry.certificates().first()).cloned()
}

/// The first key in a file, if there is one.
pub fn key(path: &Path) -> Option<PrivateKey> {
    open(path).entries.into_iter().find_map(|entry| match entry.content {
        Content::Key { key: Key::Open(key), .. } => Some(key),
        _ => None,
    })
}

/// The thumbprints of all certificates in a folder's files, each with the files that hold it; what
/// cannot be read fails the test. Passwords, records and staged files are passed over.
pub fn holders(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut holders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in names(folder) {
        if name.ends_with(".txt") || name.ends_with(".toml") || name.starts_with('.') {
            continue;
        }
        if let Some(certificate) = certificate(&folder.join(&name)) {
            holders.entry(certificate.fingerprints().sha1).or_default().insert(name);
        }
    }
    holders
}

/// The plain files in a folder, by name.
pub fn names(folder: &Path) -> BTreeSet<String> {
    snapshot(folder).into_keys().collect()
}

/// The plain files in a folder with what they hold.
pub fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let file = |path: PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read(&path).expect("a file"))
    };
    entries.filter(|path| path.is_file()).map(file).collect()
}

/// Today, as the names of successors have it.
pub fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let seconds = i64::try_from(seconds.as_secs()).expect("before 9999");
    certkit::time::Instant::from_unix(seconds).expect("before 9999").to_string()[..10].to_owned()
}

/// `rotate` under strace, which does something at one system call.
pub fn injected(folder: &Path, fault: &str, arguments: &[&str]) -> Output {
    std::process::Command::new("strace")
        .args(["-f", "-o", "/dev/null", "-e", &format!("inject={fault}")])
        .arg(env!("CARGO_BIN_EXE_certkit"))
        .args(["rotate", "--password", "file:pw.txt"])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .stdin(std::process::Stdio::null())
        .output()
        .expect("strace starts")
}

/// The program with an argument list, to be started.
pub fn command(folder: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = certkit(folder);
    command.args(["rotate", "--password", "file:pw.txt"]).args(arguments);
    command
}
