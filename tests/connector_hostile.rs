//! Kits in hands that edit: what a person put into a file is not lost by `init --update`, and a kit
//! that would not work is not found in order by `check`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // Tests touch the world.

mod common;

use std::{fs, path::Path};

use common::{certkit, folder, ok, run, text};

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const CLIENT: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const SECRET: &str = "abc8Q~TEST-secret-of-forty-characters-xyz";
const SHAREPOINT: &str = "zscaler-sharepoint";

/// A kit in `kit`, with both ids; `more` is given besides.
fn kit(profile: &str, more: &[&str]) -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("secret.txt"), format!("{SECRET}\n")).expect("the secret is written");
    let start = ["connector", "init", profile, "--out-dir", "kit", "--tenant-id", TENANT];
    ok(folder.path(), start.iter().chain(&["--client-id", CLIENT]).chain(more));
    folder
}

fn sharepoint() -> tempfile::TempDir {
    let redirect = ["--redirect-uri", "https://admin.example.net/"];
    let secret = ["--client-secret", "file:secret.txt", "--secret-expires", "300d"];
    kit(SHAREPOINT, &[redirect.as_slice(), &secret].concat())
}

fn update(folder: &Path, profile: &str) {
    ok(folder, ["connector", "init", profile, "--out-dir", "kit", "--update"]);
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("kit").join(name)).expect("a file of the kit")
}

fn edit(folder: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let changed = change(read(folder, name));
    fs::write(folder.join("kit").join(name), changed).expect("the file is written");
}

/// The text without the lines that hold a mark.
fn without(text: &str, mark: &str) -> String {
    text.lines().filter(|line| !line.contains(mark)).map(|line| format!("{line}\n")).collect()
}

fn check(folder: &Path) -> (Option<i32>, String) {
    let output = run(folder, ["connector", "check", "kit"]);
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

#[track_caller]
fn is_bad(folder: &Path, why: &str) {
    let (code, said) = check(folder);
    assert_eq!(code, Some(10), "{why}: {said}");
}

/// A credential made elsewhere in place of the kit's, and its thumbprint in the record.
fn replace_credential(folder: &Path, more: &[&str]) {
    let start = ["gen", "--name", SHAREPOINT, "--cn", "x", "--emit", "cer,key,json", "--out-dir", "kit"];
    let made = ok(folder, start.iter().chain(&["--force", "--format", "json"]).chain(more));
    let made: serde_json::Value = serde_json::from_slice(&made).expect("JSON");
    let thumbprint = made["certificate"]["thumbprints"]["sha1"].as_str().expect("a thumbprint").to_owned();
    edit(folder, "certkit.toml", |record| {
        let new = format!("thumbprint = \"{thumbprint}\"");
        let line = |line: &str| if line.starts_with("thumbprint") { new.clone() } else { line.to_owned() };
        record.lines().map(line).collect::<Vec<_>>().join("\n")
    });
}

#[test]
fn a_secret_that_was_typed_below_its_mark_stays() {
    let folder = kit("zeron-office365", &[]);
    edit(folder.path(), "config.yaml", |text| format!("{text}client_secret: \"{SECRET}\"\n"));
    update(folder.path(), "zeron-office365");
    assert!(read(folder.path(), "config.yaml").contains(SECRET));

    let folder = kit("snow-atlas-m365-current", &[]);
    let mark = "  (to fill in: the client secret's Value)\n";
    edit(folder.path(), "config.txt", |text| text.replace(mark, &format!("{mark}  {SECRET}\n")));
    update(folder.path(), "snow-atlas-m365-current");
    assert!(read(folder.path(), "config.txt").contains(SECRET));
}

#[test]
fn a_configuration_that_the_record_does_not_name_is_not_written_over() {
    let folder = kit("zeron-office365", &["--client-secret", "file:secret.txt"]);
    edit(folder.path(), "certkit.toml", |record| without(&record, "config = "));
    run(folder.path(), ["connector", "init", "zeron-office365", "--out-dir", "kit", "--update"]);
    assert!(read(folder.path(), "config.yaml").contains(SECRET));
}

#[test]
fn domains_and_the_name_outlive_an_update() {
    let profile = "snow-atlas-m365-current";
    let folder = kit(profile, &["--domain", "contoso.com", "--connection-name", "Contoso, read"]);
    update(folder.path(), profile);
    let config = read(folder.path(), "config.txt");
    assert!(config.contains("contoso.com"), "all domains are opened: {config}");
    assert!(config.contains("Contoso, read"), "{config}");
}

#[test]
fn only_a_connector_json_is_one() {
    for name in ["zscaler-sharepoint.key.pem", "zscaler-sharepoint.json"] {
        let folder = sharepoint();
        let pem = read(folder.path(), "zscaler-sharepoint.key.pem");
        let contents = match name {
            "zscaler-sharepoint.json" => serde_json::json!({ "private_key": pem }).to_string(),
            _ => pem,
        };
        edit(folder.path(), "zscaler-sharepoint.json", |_| contents);
        is_bad(folder.path(), name);
    }
}

#[test]
fn what_is_to_be_uploaded_holds_no_key() {
    let folder = sharepoint();
    let json = read(folder.path(), "zscaler-sharepoint.json");
    fs::write(folder.path().join("kit/zscaler-sharepoint.cer"), json).expect("the file is written");
    is_bad(folder.path(), "the .cer holds the private key");
}

#[test]
fn a_certificate_that_entra_refuses_is_found_whatever_the_record_has() {
    for (why, more) in [
        ("not valid yet", ["--not-before", "2099-01-01", "--not-after", "2099-12-01"].as_slice()),
        ("Entra takes RSA only", &["--key", "p256"]),
    ] {
        let folder = sharepoint();
        replace_credential(folder.path(), more);
        is_bad(folder.path(), why);
    }
    let folder = sharepoint();
    replace_credential(folder.path(), &["--not-before", "2020-01-01", "--not-after", "2021-01-01"]);
    edit(folder.path(), "certkit.toml", |record| {
        ["[certificate]", "thumbprint = ", "not_after = ", "uploaded_on = "]
            .iter()
            .fold(record, |record, mark| without(&record, mark))
    });
    is_bad(folder.path(), "expired, and the record does not speak of it");
}

#[test]
fn a_value_that_is_gone_from_the_configuration_is_missed() {
    let folder = sharepoint();
    edit(folder.path(), "config.txt", |text| without(&text, SECRET));
    is_bad(folder.path(), "the secret's line is gone");

    let folder = sharepoint();
    edit(folder.path(), "config.txt", |text| text.replace(CLIENT, &format!("not {CLIENT} any more")));
    is_bad(folder.path(), "the client ID is not what stands there");
}

#[test]
fn what_a_windows_editor_saves_is_still_right() {
    let marked = |text: String| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let folder = sharepoint();
    for name in ["consent-url.txt", "config.txt", "certkit.toml", "manifest.json"] {
        edit(folder.path(), name, marked);
    }
    let (code, said) = check(folder.path());
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_manifest_has_objects_for_its_entries() {
    let folder = sharepoint();
    edit(folder.path(), "manifest.json", |text| {
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let access = |access: &serde_json::Value| serde_json::json!([access["id"], access["type"]]);
        let resource = |resource: &serde_json::Value| {
            let list: Vec<_> =
                resource["resourceAccess"].as_array().expect("a list").iter().map(access).collect();
            serde_json::json!([resource["resourceAppId"], list])
        };
        serde_json::Value::from(read.as_array().expect("a list").iter().map(resource).collect::<Vec<_>>())
            .to_string()
    });
    is_bad(folder.path(), "lists in place of objects, which neither Graph nor az takes");
}

/// The help's example, as it stands there.
#[test]
#[cfg(unix)]
fn the_example_of_a_profile_of_ones_own_runs() {
    let folder = folder();
    let help = text(&ok(folder.path(), ["connector", "--help"]));
    let example = help.split("under an id of its own:\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_certkit"));
    let path = format!(
        "{}:{}",
        program.parent().expect("a folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let ran = std::process::Command::new("sh")
        .current_dir(folder.path())
        .env("PATH", path)
        .args(["-euc", example.expect("an example")])
        .output()
        .expect("sh starts");
    assert!(ran.status.success(), "{}", text(&ran.stderr));
    assert!(text(&ran.stdout).contains("contoso"), "{}", text(&ran.stdout));
    let with = ["--profile-file", "contoso.toml"];
    ok(folder.path(), ["connector", "init", "contoso", "--out-dir", "kit"].iter().chain(&with));
    // Without its profile the record is what is wrong, not the command.
    let output = run(folder.path(), ["connector", "check", "kit"]);
    assert_eq!(output.status.code(), Some(3), "{}", text_of(&output));
    assert!(text_of(&output).contains("--profile-file"), "{}", text_of(&output));
}

fn text_of(output: &std::process::Output) -> String {
    text(&output.stderr)
}

#[test]
#[cfg(unix)]
fn a_pipe_in_a_kit_is_not_waited_for() {
    use std::{process::Command, thread, time::Duration};

    let folder = sharepoint();
    let pipe = folder.path().join("kit/manifest.json");
    fs::remove_file(&pipe).expect("it goes");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    let mut child = certkit(folder.path())
        .args(["connector", "check", "kit"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    for _ in 0..50 {
        thread::sleep(Duration::from_millis(100));
        if child.try_wait().expect("it is a child").is_some() {
            return;
        }
    }
    child.kill().expect("it ends");
    child.wait().expect("it ends");
    panic!("it waits for a writer of the pipe");
}
