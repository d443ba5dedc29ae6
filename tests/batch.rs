//! `batch`: every form of a list, faults, resuming, parts, interrupts, and rows that fail.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // Tests touch the world.

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::Path,
    process::{Output, Stdio},
};

use certkit::{
    secret::Password,
    store::{self, Unlock},
};
use common::{certkit, folder, text};
use serde_json::Value;

/// Elliptic curves: a key takes no time, and the batch does not know.
const QUICK: [&str; 4] = ["--key", "p256", "--emit", "cer,json"];

fn batch(folder: &Path, list: &str, arguments: &[&str]) -> Output {
    fs::write(folder.join("list"), list).expect("the list is written");
    certkit(folder).args(["batch", "list"]).args(arguments).output().expect("the program starts")
}

/// The lines of standard output, by name.
fn results(output: &Output) -> BTreeMap<String, Value> {
    text(&output.stdout)
        .lines()
        .map(|line| {
            let result: Value = serde_json::from_str(line).expect("each line is an object");
            assert_eq!(result["schema"], "certkit.batch/1");
            (result["name"].as_str().expect("each has a name").to_owned(), result)
        })
        .collect()
}

fn statuses(output: &Output) -> BTreeMap<String, String> {
    let status = |result: &Value| result["status"].as_str().expect("each has a status").to_owned();
    results(output).iter().map(|(name, result)| (name.clone(), status(result))).collect()
}

/// Every file below a folder with what it holds.
fn snapshot(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("it lies there").display().to_string();
                found.insert(name, fs::read(&path).expect("it is readable"));
            }
        }
    }
    found
}

/// What a JSON and a certificate hold: one key, and the certificate that fits it.
fn assert_pair(folder: &Path, name: &str) {
    let open = |name: String| {
        let octets = fs::read(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        store::read(&octets, &Unlock::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let json = open(format!("{name}.json"));
    let (_, key, chain) = json.key_entry(None).expect("a key");
    certkit::cert::verify::require_fit(key, &chain[0]).expect("a pair");
    let cer = open(format!("{name}.cer"));
    assert_eq!(cer.certificate_entry(None).expect("a certificate").1, &chain[0]);
}

#[test]
fn each_row_is_a_gen_of_its_own() {
    let folder = folder();
    let list = "name;cn;days;key;emit;password;san\n\
        contoso;\"Contoso; Ltd\";30;;pfx,cer;env:CONTOSO;dns:a.example\n\
        fabrikam;;;p384;;;\"dns:b.example;dns:c.example\"\n";
    fs::write(folder.path().join("list"), list).expect("the list is written");
    let output = certkit(folder.path())
        .args(["batch", "list", "--org", "Example", "--out-dir", "deep/{name}", "--days", "90"])
        .args(["--key", "p256", "--password", "generate:deep/{name}/pw"])
        .env("CONTOSO", "its own password")
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let results = results(&output);
    assert_eq!(results["contoso"]["certificate"]["subject"], "CN=Contoso\\; Ltd,O=Example");
    assert_eq!(results["contoso"]["certificate"]["public_key"], "EC P-256");
    assert_eq!(results["contoso"]["line"], 2);
    assert_eq!(results["fabrikam"]["certificate"]["subject"], "CN=fabrikam,O=Example");
    assert_eq!(results["fabrikam"]["certificate"]["public_key"], "EC P-384");
    let generated = fs::read_to_string(folder.path().join("deep/fabrikam/pw")).expect("a password was made");
    for (name, password) in [("contoso", "its own password"), ("fabrikam", generated.trim_end())] {
        let pfx = fs::read(folder.path().join(format!("deep/{name}/{name}.pfx"))).expect("the PFX is there");
        let store = store::read(&pfx, &Unlock::with(Password::new(password.into()))).expect("it opens");
        let sha1 = store.key_entry(Some("selfsigned")).expect("its key").2[0].fingerprints().sha1;
        assert_eq!(results[name]["certificate"]["thumbprints"]["sha1"], sha1);
    }
    assert!(!folder.path().join("deep/contoso/pw").exists());
    #[cfg(unix)]
    for (path, mode) in [("deep", 0o700), ("deep/contoso", 0o700), ("deep/contoso/contoso.pfx", 0o600)] {
        use std::os::unix::fs::PermissionsExt;
        let found = fs::metadata(folder.path().join(path)).expect("it is there").permissions().mode();
        assert_eq!(found & 0o777, mode, "{path}");
    }
}

#[test]
fn names_and_objects_come_from_standard_input() {
    for list in ["a\nb\n", "{\"name\":\"a\"}\n{\"name\":\"b\"}\n", "\u{feff}NAME\r\na\r\nb\r\n"] {
        let folder = folder();
        let mut child = certkit(folder.path())
            .args(["batch", "-"])
            .args(QUICK)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("a pipe").write_all(list.as_bytes()).expect("it is read");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_pair(folder.path(), "a");
        assert_pair(folder.path(), "b");
        assert_eq!(snapshot(folder.path()).len(), 4);
    }
}

#[test]
fn every_fault_is_said_with_its_line_and_nothing_is_made() {
    let folder = folder();
    fs::write(folder.path().join("there.cer"), "x").expect("it is written");
    let list = "name,days,key,password,out_dir\n\
        a,many,,,\n\
        there,,,,\n\
        ../up,,,,\n\
        b,,rsa-1024,,\n\
        c,,,hunter2,\n\
        d,,,prompt,\n\
        e,,,env:NOT_SET,\n\
        f,,,file:missing.txt,\n\
        g,,,,list\n\
        h,,,,\n\
        h,,,,\n\
        i,,,,.\n\
        i,,,,./x/..\n\
        good,,,,\n";
    let arguments = ["--emit", "pfx,cer", "--password", "generate:{name}.pw"];
    let output = batch(folder.path(), list, &arguments);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    let said = text(&output.stderr);
    let lines: BTreeSet<usize> = said
        .lines()
        .filter_map(|line| line.split_once("list, line ")?.1.split(':').next()?.parse().ok())
        .collect();
    assert_eq!(lines, BTreeSet::from([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14]), "{said}");
    assert!(said.contains("line 11 makes the same file"), "{said}");
    assert!(!said.contains("hunter2"), "a password typed in the wrong place is shown: {said}");

    let output = batch(folder.path(), list, &[&arguments[..], &["--format", "json"]].concat());
    let error: Value = serde_json::from_slice(&output.stderr).expect("one object");
    assert_eq!(
        (&error["code"], &error["kind"], &error["file"]),
        (&3.into(), &"bad-list".into(), &"list".into())
    );
    let rows = error["rows"].as_array().expect("the rows");
    assert_eq!(rows.len(), lines.len());
    assert_eq!(snapshot(folder.path()).keys().collect::<Vec<_>>(), ["list", "there.cer"]);
}

/// Where all faults have one cause, the exit code is that cause's.
#[test]
fn the_exit_code_is_the_common_cause() {
    let folder = folder();
    let made = batch(folder.path(), "a\nb\n", &QUICK);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let before = snapshot(folder.path());
    assert_eq!(batch(folder.path(), "a\nb\n", &QUICK).status.code(), Some(5));
    assert_eq!(snapshot(folder.path()), before);
    let missing = "name,password\nx,env:NOT_SET\n";
    assert_eq!(batch(folder.path(), missing, &["--emit", "pfx"]).status.code(), Some(4));
    assert_eq!(batch(folder.path(), "x\n", &["--emit", "pfx"]).status.code(), Some(4));
    assert_eq!(batch(folder.path(), "x\n", &["--days", "0"]).status.code(), Some(2));
    assert_eq!(batch(folder.path(), "x\n", &["--shard", "2/2"]).status.code(), Some(2));
    assert_eq!(batch(folder.path(), "x\n", &["--jobs", "0"]).status.code(), Some(2));
    assert_eq!(batch(folder.path(), "x\n", &["--password", "generate:one.txt"]).status.code(), Some(2));
    assert_eq!(batch(folder.path(), "", &QUICK).status.code(), Some(3));
    let forced = batch(folder.path(), "a\nb\n", &[&QUICK[..], &["--force"]].concat());
    assert!(forced.status.success(), "{}", text(&forced.stderr));
    assert_ne!(snapshot(folder.path())["a.cer"], before["a.cer"]);
}

/// The list and a row's password file are inputs: no row is written over them, forced or not.
#[test]
fn no_row_writes_over_an_input() {
    let folder = folder();
    fs::write(folder.path().join("x.cer"), "a password\n").expect("it is written");
    let list = "name,password,emit\nx,file:x.cer,\"pfx,cer\"\n";
    let output = batch(folder.path(), list, &["--force", "--key", "p256"]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    let crossed = "name,password,emit\nx,,cer\ny,file:x.cer,pfx\n";
    let output = batch(folder.path(), crossed, &["--force", "--key", "p256"]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert_eq!(fs::read(folder.path().join("x.cer")).expect("it is there"), b"a password\n");
}

#[test]
fn a_dry_run_says_what_would_be_made_and_makes_nothing() {
    let folder = folder();
    let arguments = ["--dry-run", "--out-dir", "new/{name}", "--password", "generate:new/{name}.pw"];
    let output = batch(folder.path(), "a\nb\n", &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let results = results(&output);
    assert_eq!(results["a"]["status"], "planned");
    let files: Vec<_> =
        results["b"]["files"].as_array().expect("files").iter().map(|file| &file["path"]).collect();
    assert_eq!(files, ["new/b/b.pfx", "new/b/b.cer", "new/b.pw"]);
    assert_eq!(snapshot(folder.path()).len(), 1);
    assert!(!folder.path().join("new").exists());
}

// ---------------------------------------------------------------- resuming

const STORES: [&str; 8] =
    ["--key", "p256", "--emit", "pfx,cer,json", "--password", "generate:{name}.pw", "--out-dir", "out"];

fn resumed(folder: &Path, list: &str, arguments: &[&str]) -> Output {
    batch(folder, list, &[&STORES[..], &["--resume"], arguments].concat())
}

#[test]
fn what_is_complete_is_skipped_and_the_rest_is_made() {
    let folder = folder();
    let first = resumed(folder.path(), "a\nb\n", &[]);
    assert!(first.status.success(), "{}", text(&first.stderr));
    let before = snapshot(folder.path());
    let again = resumed(folder.path(), "a\nb\nc\n", &[]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    let expected = [("a", "skipped"), ("b", "skipped"), ("c", "made")];
    assert_eq!(statuses(&again), expected.map(|(name, status)| (name.into(), status.into())).into());
    let after = snapshot(folder.path());
    for (name, octets) in before.iter().filter(|(name, _)| *name != "list") {
        assert_eq!(&after[name], octets, "{name} was changed");
    }
    let thumbprint = |output: &Output| results(output)["a"]["certificate"]["thumbprints"]["sha256"].clone();
    assert_eq!(thumbprint(&first), thumbprint(&again));
}

/// What happens to a file.
type Harm<'a> = &'a dyn Fn(&Path);

fn mix_up(path: &Path, other: &str) {
    fs::copy(path.with_file_name(other), path).expect("it is mixed up");
}

/// Whatever is missing or damaged, the row is made anew, and not one octet of what was there is lost.
#[test]
fn what_is_incomplete_is_made_anew_and_kept() {
    let damage: [(&str, Harm); 7] = [
        ("out/a.json", &|path| fs::remove_file(path).expect("it goes")),
        ("out/a.cer", &|path| fs::write(path, b"").expect("it is emptied")),
        ("out/a.pfx", &|path| {
            let mut octets = fs::read(path).expect("it is read");
            octets.truncate(octets.len() / 2);
            fs::write(path, octets).expect("it is cut");
        }),
        ("a.pw", &|path| fs::remove_file(path).expect("it goes")),
        ("out/a.json", &|path| mix_up(path, "b.json")),
        ("out/a.cer", &|path| mix_up(path, "b.cer")),
        ("out/a.json", &|path| fs::write(path, "{\"private_key\":\"\"}").expect("it is emptied")),
    ];
    for (file, harm) in damage {
        let folder = folder();
        assert!(resumed(folder.path(), "a\nb\n", &[]).status.success());
        harm(&folder.path().join(file));
        let before = snapshot(folder.path());
        let output = resumed(folder.path(), "a\nb\n", &[]);
        assert!(output.status.success(), "{file}: {}", text(&output.stderr));
        let found = statuses(&output);
        assert_eq!((found["a"].as_str(), found["b"].as_str()), ("made", "skipped"), "{file}");
        let after = snapshot(folder.path());
        for (name, octets) in
            before.iter().filter(|(name, _)| name.starts_with("a.") || name.starts_with("out/a."))
        {
            assert_eq!(&after[&format!("{name}.bak")], octets, "{file}: {name} was lost");
            assert_ne!(&after[name], octets, "{file}: {name} is old");
        }
        assert_pair(&folder.path().join("out"), "a");
        assert_eq!(statuses(&resumed(folder.path(), "a\nb\n", &[]))["a"], "skipped", "{file}");
    }
}

/// A good credential that is not what the list asks for is somebody's: its row fails, nothing changes.
#[test]
fn what_is_another_credential_is_left_alone() {
    let folder = folder();
    assert!(resumed(folder.path(), "a\n", &[]).status.success());
    fs::write(folder.path().join("other.txt"), "another password\n").expect("it is written");
    for (list, arguments) in [
        ("a\n", &["--org", "Other"][..]),
        ("a\n", &["--key", "p384"]),
        ("a\n", &["--san", "dns:a.example"]),
        ("a\n", &["--alias", "other"]),
        ("a\n", &["--password", "file:other.txt"]),
        ("name,cn\na,Other\n", &[]),
    ] {
        let before: BTreeMap<_, _> =
            snapshot(folder.path()).into_iter().filter(|(name, _)| name != "list").collect();
        // The last of two options counts; clap refuses them, so the defaults are left out.
        let kept: Vec<&str> = STORES
            .chunks(2)
            .filter(|pair| !arguments.contains(&pair[0]))
            .flatten()
            .copied()
            .chain(["--resume"])
            .chain(arguments.iter().copied())
            .collect();
        let output = batch(folder.path(), list, &kept);
        assert_eq!(output.status.code(), Some(10), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(results(&output)["a"]["error"]["kind"], "output-differs", "{arguments:?}");
        let after: BTreeMap<_, _> =
            snapshot(folder.path()).into_iter().filter(|(name, _)| name != "list").collect();
        assert_eq!(before, after, "{arguments:?}");
    }
    assert!(resumed(folder.path(), "a\n", &["--days", "3"]).status.success(), "days are not compared");
}

// ---------------------------------------------------------------- parts, failures, ends

#[test]
fn the_parts_of_a_list_are_the_list() {
    let names: Vec<String> = (0..23).map(|index| format!("t{index:02}")).collect();
    let list = names.join("\n");
    let whole = folder();
    let mut seen = BTreeMap::new();
    for part in 0..5 {
        let output = batch(whole.path(), &list, &[&QUICK[..], &["--shard", &format!("{part}/5")]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        for (name, _) in results(&output) {
            assert_eq!(seen.insert(name.clone(), part), None, "{name} was made twice");
        }
    }
    assert_eq!(seen.keys().cloned().collect::<Vec<_>>(), names);
    assert!((0..5).all(|part| seen.values().filter(|taker| **taker == part).count() >= 4));
    let beyond = batch(whole.path(), "a\n", &[&QUICK[..], &["--shard", "3/4"]].concat());
    assert!(beyond.status.success() && beyond.stdout.is_empty(), "a part without rows is done");
}

/// Folders that nobody can make are found out when a row is made: the others are made all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_row_that_fails_stops_no_other() {
    for jobs in ["1", "4"] {
        let folder = folder();
        let list = "name,out_dir\na,\nb,/proc/certkit-cannot-be-made\nc,\nd,/sys/certkit-neither/x\ne,\n";
        let output = batch(folder.path(), list, &[&QUICK[..], &["--jobs", jobs]].concat());
        assert_eq!(output.status.code(), Some(10), "{}", text(&output.stderr));
        let expected = [("a", "made"), ("b", "failed"), ("c", "made"), ("d", "failed"), ("e", "made")];
        assert_eq!(statuses(&output), expected.map(|(name, status)| (name.into(), status.into())).into());
        let said = text(&output.stderr);
        assert!(said.contains("line 3, b: ") && said.contains("3 made, 2 failed"), "{said}");
        for name in ["a", "c", "e"] {
            assert_pair(folder.path(), name);
        }
        let output = batch(folder.path(), list, &[&QUICK[..], &["--resume", "--format", "json"]].concat());
        let error: Value = serde_json::from_slice(&output.stderr).expect("one object and nothing else");
        assert_eq!((&error["code"], &error["kind"]), (&10.into(), &"rows-failed".into()));
        assert_eq!(statuses(&output)["a"], "skipped");
    }
}

/// Whoever stops reading the results has not asked for fewer credentials.
#[test]
fn a_reader_that_goes_stops_nothing() {
    let folder = folder();
    fs::write(folder.path().join("list"), "a\nb\nc\nd\ne\n").expect("the list is written");
    let mut child = certkit(folder.path())
        .args(["batch", "list"])
        .args(QUICK)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(snapshot(folder.path()).len(), 11);
}

/// Results that cannot be written are what the caller goes by: no more is made.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_for_the_results_ends_it() {
    let folder = folder();
    let names: String = (0..200).map(|index| format!("t{index}\n")).collect();
    fs::write(folder.path().join("list"), names).expect("the list is written");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = certkit(folder.path())
        .args(["batch", "list", "--jobs", "1"])
        .args(QUICK)
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("standard output"), "{}", text(&output.stderr));
    assert!(snapshot(folder.path()).len() < 100);
}

/// An interrupt: what is in hand is finished, the count of what is left is right, the signal ends the
/// program, and what follows resumes.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_whole_rows_and_the_rest_can_be_resumed() {
    use std::{os::unix::process::ExitStatusExt, thread, time::Duration};
    for (signal, name) in [(2, "INT"), (15, "TERM"), (1, "HUP")] {
        let folder = folder();
        let names: Vec<String> = (0..600).map(|index| format!("t{index:03}")).collect();
        fs::write(folder.path().join("list"), names.join("\n")).expect("the list is written");
        let arguments = ["batch", "list", "--out-dir", "out", "--emit", "cer,json", "--jobs", "2"];
        let child = certkit(folder.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        while !folder.path().join("out/t003.cer").exists() {
            thread::sleep(Duration::from_millis(5));
        }
        let killed = std::process::Command::new("kill").args(["-s", name, &child.id().to_string()]).status();
        assert!(killed.expect("kill is there").success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.signal(), Some(signal), "{}", text(&output.stderr));
        let made = results(&output).len();
        assert!((3..600).contains(&made), "{made}");
        let said = format!("interrupted: {made} made, {} left", 600 - made);
        assert!(text(&output.stderr).contains(&said), "{}", text(&output.stderr));
        let found = snapshot(&folder.path().join("out"));
        assert_eq!(found.len(), 2 * made, "{:?}", found.keys());
        for name in results(&output).keys() {
            assert_pair(&folder.path().join("out"), name);
        }
        // Only as many more as to see that it goes on.
        fs::write(folder.path().join("list"), names[..made + 3].join("\n")).expect("the list is written");
        let rest =
            certkit(folder.path()).args(arguments).arg("--resume").output().expect("the program starts");
        assert!(rest.status.success(), "{}", text(&rest.stderr));
        let done = statuses(&rest);
        assert_eq!(done.len(), made + 3);
        assert_eq!(done.values().filter(|status| *status == "skipped").count(), made);
    }
}

/// Killed without a chance at any moment, every row that is there is there as a whole or is made anew.
#[cfg(unix)]
#[test]
fn after_a_kill_the_rest_is_resumed() {
    use std::{thread, time::Duration};
    let folder = folder();
    let names: Vec<String> = (0..60).map(|index| format!("t{index:02}")).collect();
    fs::write(folder.path().join("list"), names.join("\n")).expect("the list is written");
    let arguments = [&["batch", "list", "--resume"][..], &STORES].concat();
    for wait in [15, 40, 90] {
        let mut child = certkit(folder.path())
            .args(&arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        thread::sleep(Duration::from_millis(wait));
        child.kill().expect("it is killed");
        child.wait().expect("it has ended");
    }
    let output = certkit(folder.path()).args(&arguments).output().expect("the program starts");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(results(&output).keys().cloned().collect::<Vec<_>>(), names);
    for name in &names {
        assert_pair(&folder.path().join("out"), name);
    }
    let again = certkit(folder.path()).args(&arguments).output().expect("the program starts");
    assert!(statuses(&again).values().all(|status| status == "skipped"));
}
