//! Nothing secret is said: neither a password nor a private key appears in what the program
//! writes to its two streams, and the process's memory is out of reach of core dumps and of
//! other processes of the same user.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.

mod common;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use base64ct::{Base64, Encoding};
use certkit::{
    secret::Password,
    store::{self, Content, Key, Unlock},
};
use common::{certkit, fixture, folder, text};

/// Words that occur nowhere else: in no help text, no file name, no certificate.
const PASSWORD: &str = "Xyzzy-4711-right";
const WRONG: &str = "Plugh-0815-wrong";

/// `gen` says nothing of its key, nor of its password, wherever that came from.
#[test]
fn what_gen_says() {
    for key in ["rsa-2048", "p256"] {
        for format in ["text", "json"] {
            for source in ["env:SECRET", "file:pw.txt", "generate:new.txt"] {
                let folder = folder();
                fs::write(folder.path().join("pw.txt"), PASSWORD).expect("a file");
                let arguments =
                    ["gen", "--emit", "pfx,cer,json,key,cert,jks", "--key", key, "--password", source];
                let output = saying(folder.path(), format, &arguments, &[("SECRET", PASSWORD)]);
                assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
                let mut secrets = Secrets::default();
                secrets.add_keys(&fs::read(folder.path().join("keystore.json")).expect("JSON"), None);
                secrets.passwords.push(PASSWORD.into());
                if let Ok(made) = fs::read_to_string(folder.path().join("new.txt")) {
                    secrets.passwords.push(made.trim_end().to_owned());
                }
                secrets.assert_unsaid(&output, &arguments);
            }
        }
    }
}

/// Every command that reads, with the right password, a wrong one and none, on success and on
/// failure: no password and no key but where the key is the result.
#[test]
fn what_readers_say() {
    let folder = folder();
    let everything = "pfx,cer,json,key,cert,jks";
    let made = saying(
        folder.path(),
        "text",
        &["gen", "--emit", everything, "--password", "env:P"],
        &[("P", PASSWORD)],
    );
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let mut secrets = Secrets { passwords: vec![PASSWORD.into(), WRONG.into()], ..Secrets::default() };
    secrets.add_keys(&fs::read(folder.path().join("keystore.key.pem")).expect("a key"), None);
    for file in ["keystore.pfx", "keystore.jks", "keystore.json", "keystore.key.pem", "keystore.cer"] {
        cut(&folder.path().join(file), &folder.path().join("cut"));
        for password in [Some(PASSWORD), Some(WRONG), Some(""), None] {
            for arguments in [
                ["inspect", file].as_slice(),
                &["inspect", file, "cut", "missing"],
                &["export-cer", file, "--pem"],
                &["export-json", file, "-o", "out.json"],
                &["export-json", file, "-o", "keystore.cer"],
                &["export-json", file, "-o", file, "--force"],
                &["export-json", file, "--alias", "nobody"],
                &["export-json", file, "--for", "msal", "-o", "out.json"],
                &["export-json", file, "--for", "graph"],
                &["export-json", file, "--for", "env", "--env-name", "A", "-o", "out.json"],
                &["export-json", file, "--for", "base64-pfx", "-o", "out.json"],
                &[
                    "export-json",
                    file,
                    "--for",
                    "base64-pfx",
                    "--out-password",
                    "env:CERTKIT_PASSWORD",
                    "-o",
                    "out.json",
                ],
                &["export-json", "--key", file, "--cert", file, "-o", "missing/out.json"],
                &["export-json", "cut"],
                &["export-cer", "cut"],
            ] {
                for format in ["text", "json"] {
                    let variables = password.map(|password| ("CERTKIT_PASSWORD", password));
                    let output = saying(folder.path(), format, arguments, variables.as_slice());
                    secrets.assert_unsaid(&output, arguments);
                    // Made by the row that succeeds; the next one needs the name.
                    let _ = fs::remove_file(folder.path().join("out.json"));
                }
            }
        }
    }
    // The same search does find a key that is said, so that its silence means something.
    let said = saying(folder.path(), "text", &["export-json", "keystore.json"], &[]);
    assert!(secrets.found_in(&said).is_some(), "the search finds the key in the connector JSON");
}

/// `inspect` of every fixture with its password: neither the password nor any of its keys.
#[test]
fn what_inspect_says_of_fixtures() {
    let manifest = fs::read_to_string(fixture("manifest.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let (mut with_keys, here) = (0, folder());
    for entry in manifest["fixture"].as_array().expect("a list of fixtures") {
        let word = |field: &str| entry.get(field).and_then(toml::Value::as_str);
        let path = fixture(word("path").expect("a path"));
        let mut secrets = Secrets::default();
        secrets.add_keys(&fs::read(&path).expect("a fixture"), word("password"));
        with_keys += usize::from(!secrets.keys.is_empty());
        secrets.passwords.extend(word("password").filter(|text| text.len() > 6).map(str::to_owned));
        let path = path.display().to_string();
        let variables = word("password").map(|password| ("CERTKIT_PASSWORD", password));
        for format in ["text", "json"] {
            let arguments = ["inspect", &path];
            secrets.assert_unsaid(&saying(here.path(), format, &arguments, variables.as_slice()), &arguments);
        }
    }
    assert!(with_keys > 80, "only {with_keys} fixtures with keys were searched for");
}

/// A password that is typed where an option or a source is expected is not repeated.
#[test]
fn a_password_in_the_wrong_place() {
    let folder = folder();
    let secrets = Secrets { passwords: vec![PASSWORD.into()], ..Secrets::default() };
    for arguments in [
        ["gen", "--password", PASSWORD],
        ["gen", "--password", &format!("pass:{PASSWORD}")],
        ["gen", "--password", &format!("fd:{PASSWORD}")],
        ["gen", "--password", &format!("PASS:{PASSWORD}")],
    ] {
        for format in ["text", "json"] {
            let output = saying(folder.path(), format, &arguments, &[]);
            assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
            secrets.assert_unsaid(&output, &arguments);
        }
    }
}

/// While it waits for a password the process may not dump core, whatever its caller allowed.
#[cfg(target_os = "linux")]
#[test]
fn no_core_dump() {
    use std::process::Stdio;
    let mut shell = Command::new("sh");
    let script = "ulimit -c 1000 && exec \"$0\" inspect - --password env:NONE";
    let plain = Command::new("sh").args(["-c", "ulimit -c 1000"]).stderr(Stdio::null()).status();
    if !plain.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: core dumps off: they are off already, and this user cannot turn them on");
        return;
    }
    shell.args(["-c", script]).arg(certkit(Path::new(".")).get_program());
    let waiting = Waiting::start(shell.env("NONE", ""));
    waiting.until("its core dump limit to be 0", |process| {
        let limits = fs::read_to_string(format!("/proc/{process}/limits")).ok()?;
        let line = limits.lines().find(|line| line.starts_with("Max core file size"))?;
        let fields: Vec<&str> = line.split_whitespace().collect();
        (fields[4..6] == ["0", "0"]).then_some(())
    });
}

/// The process is not dumpable: its `/proc` entries belong to root, so that no other process of
/// the same user can read its memory. Root looks at a process of another user.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_out_of_reach() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;

    let place = folder();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
    let program = place.path().join("certkit");
    if fs::hard_link(env!("CARGO_BIN_EXE_certkit"), &program).is_err() {
        fs::copy(env!("CARGO_BIN_EXE_certkit"), &program).expect("a copy of the program");
    }
    let me = fs::metadata(place.path()).expect("metadata").uid();
    let user = if me == 0 { NOBODY } else { me };
    let start = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.current_dir("/").env_clear().args(arguments);
        if me == 0 {
            command.uid(NOBODY).gid(NOBODY);
        }
        Waiting::start(&mut command)
    };
    let owner = |process: u32| Some(fs::metadata(format!("/proc/{process}/environ")).ok()?.uid());

    let cat = start(Path::new("cat"), &[]);
    cat.until("an ordinary process to belong to its user", |process| (owner(process)? == user).then_some(()));
    let certkit = start(&program, &["inspect", "-"]);
    certkit.until("certkit to belong to root", |process| (owner(process)? == 0).then_some(()));
}

// ---------------------------------------------------------------- tools

/// What must not be said.
#[derive(Default)]
struct Secrets {
    passwords: Vec<String>,
    /// Private keys, as PKCS#8 DER.
    keys: Vec<Vec<u8>>,
}

impl Secrets {
    /// Adds the private keys of a file, if it opens.
    fn add_keys(&mut self, octets: &[u8], password: Option<&str>) {
        let unlock =
            Unlock { password: password.map(|text| Password::new(text.into())), ..Unlock::default() };
        let Ok(store) = store::read(octets, &unlock) else { return };
        self.keys.extend(store.entries.iter().filter_map(|entry| match &entry.content {
            Content::Key { key: Key::Open(key), .. } => Some(key.pkcs8_der().expose().to_vec()),
            _ => None,
        }));
    }

    fn assert_unsaid(&self, output: &Output, arguments: &[&str]) {
        assert_eq!(self.found_in(output), None, "certkit {arguments:?}");
    }

    /// A secret that one of the streams holds: a password as it is, or 12 octets of a private
    /// key's secret part in hexadecimal or base64, whatever stands between the digits.
    fn found_in(&self, output: &Output) -> Option<String> {
        let said = text(&output.stdout) + &text(&output.stderr);
        let bare: String = said.replace("\\n", "").chars().filter(|c| !":- \r\n".contains(*c)).collect();
        let lower = bare.to_lowercase();
        if let Some(password) = self.passwords.iter().find(|password| said.contains(*password)) {
            return Some(password.clone());
        }
        self.keys.iter().flat_map(|key| secret_part(key).windows(12).step_by(5)).find_map(|window| {
            let hexadecimal: String = window.iter().map(|octet| format!("{octet:02x}")).collect();
            let base64 = Base64::encode_string(window);
            let found = lower.contains(&hexadecimal) || bare.contains(&base64);
            found.then_some(hexadecimal)
        })
    }
}

/// Octets of a PKCS#8 key that are no part of its public key: RSA's end with d, p, q and so on;
/// a curve's scalar lies before its public point.
fn secret_part(pkcs8: &[u8]) -> &[u8] {
    let length = pkcs8.len();
    if length > 400 { &pkcs8[length * 3 / 5..] } else { &pkcs8[36.min(length)..68.min(length)] }
}

fn saying(folder: &Path, format: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    certkit(folder)
        .args(["--format", format])
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .expect("the program starts")
}

/// The first two thirds of a file.
fn cut(from: &Path, to: &Path) {
    let octets = fs::read(from).expect("a file");
    fs::write(to, &octets[..octets.len() * 2 / 3]).expect("a file");
}

/// A process that waits for its standard input; ended with the value.
#[cfg(target_os = "linux")]
struct Waiting(std::process::Child);

#[cfg(target_os = "linux")]
impl Waiting {
    fn start(command: &mut Command) -> Self {
        use std::process::Stdio;
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("the process starts"))
    }

    /// Looks at the process until `look` sees what it waits for.
    fn until(&self, what: &str, look: impl Fn(u32) -> Option<()>) {
        let started = std::time::Instant::now();
        while look(self.0.id()).is_none() {
            assert!(started.elapsed().as_secs() < 10, "waited for {what}");
            std::thread::yield_now();
        }
    }
}

#[cfg(target_os = "linux")]
impl Drop for Waiting {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
