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
    let told: BTreeSet<usize> =
        rows.iter().filter_map(|row| usize::try_from(row["line"].as_u64()?).ok()).collect();
    assert_eq!(told, lines);
    assert!(rows.iter().all(|row| row["kind"].is_string() && row["code"].is_u64()), "{rows:?}");
    assert_eq!(snapshot(folder.path()).keys().collect::<Vec<_>>(), ["list", "there.cer"]);
}

/// Two spellings of one folder that is not there yet are one.
#[test]
fn two_rows_never_make_one_file() {
    let folder = folder();
    for (one, other) in [(".", "./x/.."), ("new", "./new/"), ("new/deep", "new/./deep"), ("", "y/../z/..")] {
        let list = format!("name,out_dir\na,{one}\na,{other}\n");
        let output = batch(folder.path(), &list, &[&QUICK[..], &["--force"]].concat());
        assert_eq!(output.status.code(), Some(3), "{one} {other}: {}", text(&output.stderr));
        assert_eq!(snapshot(folder.path()).len(), 1);
    }
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
    assert_eq!(thumbprint(&first, "a"), thumbprint(&again, "a"));
}

/// What happens to a file.
type Harm<'a> = &'a dyn Fn(&Path);

fn mix_up(path: &Path, other: &str) {
    fs::copy(path.with_file_name(other), path).expect("it is mixed up");
}

fn append(path: &Path, more: &str) {
    let mut octets = fs::read(path).expect("it is read");
    octets.extend_from_slice(more.as_bytes());
    fs::write(path, octets).expect("it is longer");
}

/// The SHA-256 thumbprint that a row has.
fn thumbprint(output: &Output, name: &str) -> Value {
    results(output)[name]["certificate"]["thumbprints"]["sha256"].clone()
}

/// Whatever is missing or damaged is made again: from the same key as long as another file holds it, for
/// its certificate may be in use. Not one octet of what was there is lost.
#[test]
fn what_is_incomplete_is_completed_and_nothing_is_lost() {
    let cut: Harm<'_> = &|path| {
        let mut octets = fs::read(path).expect("it is read");
        octets.truncate(octets.len() / 2);
        fs::write(path, octets).expect("it is cut");
    };
    let empty: Harm<'_> = &|path| fs::write(path, b"").expect("it is emptied");
    let remove: Harm<'_> = &|path| fs::remove_file(path).expect("it goes");
    let damage: [(&str, Harm<'_>, bool); 12] = [
        ("out/a.json", remove, true),
        ("out/a.cer", empty, true),
        ("out/a.pfx", cut, true),
        ("a.pw", empty, true),
        ("a.pw", &|path| mix_up(path, "b.pw"), true),
        ("out/a.json", &|path| fs::write(path, "{\"private_key\":\"\"}").expect("it is emptied"), true),
        ("out/a.json", &|path| append(path, "\n"), true),
        ("out/a.cer", &|path| append(path, "\n"), true),
        ("out/a.pfx", &|path| append(path, "behind"), true),
        // Which of two keys is the right one nobody knows.
        ("out/a.json", &|path| mix_up(path, "b.json"), false),
        ("out/a.cer", &|path| mix_up(path, "b.cer"), false),
        ("out/a.pfx", &|path| mix_up(path, "b.pfx"), true),
    ];
    for (file, harm, same) in damage {
        let folder = folder();
        let first = resumed(folder.path(), "a\nb\n", &[]);
        assert!(first.status.success());
        harm(&folder.path().join(file));
        let before = snapshot(folder.path());
        let output = resumed(folder.path(), "a\nb\n", &[]);
        assert!(output.status.success(), "{file}: {}", text(&output.stderr));
        let found = statuses(&output);
        assert_eq!((found["a"].as_str(), found["b"].as_str()), ("made", "skipped"), "{file}");
        assert_eq!(thumbprint(&first, "a") == thumbprint(&output, "a"), same, "{file}");
        let after = snapshot(folder.path());
        for (name, octets) in before.iter().filter(|(name, _)| *name != "list") {
            let kept = [name.clone(), format!("{name}.bak")];
            assert!(kept.iter().any(|name| after.get(name) == Some(octets)), "{file}: {name} was lost");
        }
        assert_pair(&folder.path().join("out"), "a");
        let pfx = fs::read(folder.path().join("out/a.pfx")).expect("the PFX");
        let password = fs::read_to_string(folder.path().join("a.pw")).expect("its password");
        let store = store::read(&pfx, &Unlock::with(Password::new(password.trim_end().into())));
        let sha256 = store.expect("it opens").key_entry(None).expect("a key").2[0].fingerprints().sha256;
        assert_eq!(thumbprint(&output, "a"), sha256, "{file}");
        assert_eq!(statuses(&resumed(folder.path(), "a\nb\n", &[]))["a"], "skipped", "{file}");
    }
}

/// One form more in the list: it is made from the credential that is there.
#[test]
fn a_form_that_is_added_holds_the_same_credential() {
    let folder = folder();
    let kinds = ["--key", "p256", "--resume", "--emit"];
    let first = batch(folder.path(), "a\n", &[&kinds[..], &["cer,key"]].concat());
    let before = snapshot(folder.path());
    let output = batch(folder.path(), "a\n", &[&kinds[..], &["cer,key,json"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(thumbprint(&first, "a"), thumbprint(&output, "a"));
    assert_eq!(snapshot(folder.path()).len(), before.len() + 1);
    assert_pair(folder.path(), "a");
    // The key alone is gone: nothing holds it, and the old certificate is kept.
    fs::remove_file(folder.path().join("a.json")).expect("it goes");
    fs::remove_file(folder.path().join("a.key.pem")).expect("it goes");
    let output = batch(folder.path(), "a\n", &[&kinds[..], &["cer,key,json"]].concat());
    assert_ne!(thumbprint(&first, "a"), thumbprint(&output, "a"));
    assert_eq!(snapshot(folder.path())["a.cer.bak"], before["a.cer"]);
}

/// A second loss does not cost the first one's backup.
#[test]
fn backups_do_not_replace_each_other() {
    let folder = folder();
    let arguments = [&QUICK[..], &["--resume"]].concat();
    assert!(batch(folder.path(), "a\n", &arguments).status.success());
    for broken in ["first", "second"] {
        fs::write(folder.path().join("a.json"), broken).expect("it is written");
        assert!(batch(folder.path(), "a\n", &arguments).status.success());
    }
    let found = snapshot(folder.path());
    assert_eq!((&*found["a.json.bak"], &*found["a.json.bak1"]), (&b"first"[..], &b"second"[..]));
}

/// Killed between two names, a run leaves some new files among old ones: whatever mixture it is, the
/// next run makes one credential of it.
#[test]
fn every_mixture_of_two_runs_is_mended() {
    let folder = folder();
    let files = ["a.pw", "out/a.pfx", "out/a.cer", "out/a.json"];
    let mut runs = Vec::new();
    for _ in 0..2 {
        let made = batch(folder.path(), "a\n", &[&STORES[..], &["--force"]].concat());
        assert!(made.status.success(), "{}", text(&made.stderr));
        runs.push(snapshot(folder.path()));
    }
    for mixture in 1..(1 << files.len()) - 1 {
        for (index, file) in files.iter().enumerate() {
            fs::write(folder.path().join(file), &runs[mixture >> index & 1][*file]).expect("it is written");
        }
        let output = resumed(folder.path(), "a\n", &[]);
        assert!(output.status.success(), "{mixture:04b}: {}", text(&output.stderr));
        assert_eq!(statuses(&resumed(folder.path(), "a\n", &[]))["a"], "skipped", "{mixture:04b}");
        assert_pair(&folder.path().join("out"), "a");
    }
}

/// A dry run of what is to be resumed looks and changes nothing.
#[test]
fn a_dry_run_can_look_at_what_is_there() {
    let folder = folder();
    assert!(resumed(folder.path(), "a\n", &[]).status.success());
    fs::remove_file(folder.path().join("out/a.cer")).expect("it goes");
    let before = snapshot(folder.path());
    let output = resumed(folder.path(), "a\nb\n", &["--dry-run"]);
    assert_eq!(
        statuses(&output),
        [("a", "planned"), ("b", "planned")].map(|(a, b)| (a.into(), b.into())).into()
    );
    let after = snapshot(folder.path());
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

/// What has expired is no less complete: it is skipped, and said.
#[test]
fn what_has_expired_is_skipped_with_a_warning() {
    let folder = folder();
    let past = ["--not-before", "2020-01-01", "--not-after", "2021-01-01", "--resume"];
    let arguments = [&QUICK[..], &past].concat();
    assert_eq!(statuses(&batch(folder.path(), "a\n", &arguments))["a"], "made");
    let output = batch(folder.path(), "a\n", &arguments);
    assert_eq!(statuses(&output)["a"], "skipped");
    assert!(
        text(&output.stderr).contains("a.cer: the certificate expired on 2021-01-01"),
        "{}",
        text(&output.stderr)
    );
}

/// A good credential that is not what the list asks for is somebody's: its row fails, nothing changes,
/// whether all of its files are there or one.
#[test]
fn what_is_another_credential_is_left_alone() {
    for lost in [None, Some("out/a.json"), Some("out/a.pfx")] {
        another_credential(lost);
    }
}

/// A password that was moved away, as one should: the store that it opens is in use, and stays.
#[test]
fn a_store_whose_password_is_elsewhere_is_left_alone() {
    let folder = folder();
    assert!(resumed(folder.path(), "a\nb\n", &[]).status.success());
    fs::rename(folder.path().join("a.pw"), folder.path().join("safe")).expect("it is moved");
    let before = snapshot(folder.path());
    let output = resumed(folder.path(), "a\nb\n", &[]);
    assert_eq!(output.status.code(), Some(10), "{}", text(&output.stderr));
    assert_eq!(results(&output)["a"]["error"]["kind"], "output-differs");
    assert_eq!(statuses(&output)["b"], "skipped");
    assert_eq!(snapshot(folder.path()), before);
}

/// Stores that hold more than the list asks for, or that nobody here can open, are somebody's.
#[test]
fn a_store_of_somebody_elses_is_left_alone() {
    let fixtures = common::root().join("fixtures/stores");
    for (file, password) in [("keytool-17-chain.pfx", "test-1234"), ("keytool-17-chain.pfx", "wrong")] {
        let folder = folder();
        fs::copy(fixtures.join(file), folder.path().join("a.pfx")).expect("it is copied");
        fs::write(folder.path().join("pw"), password).expect("it is written");
        let before = snapshot(folder.path());
        let arguments = ["--emit", "pfx,cer", "--resume", "--password", "file:pw"];
        let output = batch(folder.path(), "a\n", &arguments);
        assert_eq!(output.status.code(), Some(10), "{file}: {}", text(&output.stderr));
        let after = snapshot(folder.path());
        assert!(before.iter().all(|(name, octets)| after[name] == *octets), "{file}");
        assert_eq!(after.len(), before.len() + 1, "the list alone is new");
    }
}

/// Two runs of one list at once: each row is made once, and both end well.
#[test]
fn two_runs_at_once_make_one_credential_each() {
    let folder = folder();
    let names: Vec<String> = (0..40).map(|index| format!("t{index:02}")).collect();
    fs::write(folder.path().join("list"), names.join("\n")).expect("the list is written");
    let start = || {
        certkit(folder.path())
            .args([&["batch", "list", "--resume"][..], &STORES].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    };
    let runs = [start(), start(), start()].map(|run| run.wait_with_output().expect("it ends"));
    for run in &runs {
        assert!(run.status.success(), "{}", text(&run.stderr));
    }
    let again = resumed(folder.path(), &names.join("\n"), &[]);
    assert!(statuses(&again).values().all(|status| status == "skipped"), "{}", text(&again.stdout));
    for name in &names {
        let told: BTreeSet<String> = runs.iter().map(|run| thumbprint(run, name).to_string()).collect();
        assert_eq!(told, BTreeSet::from([thumbprint(&again, name).to_string()]), "{name}");
    }
    assert!(snapshot(folder.path()).keys().all(|name| !name.contains(".bak") && !name.contains(".certkit-")));
}

fn another_credential(lost: Option<&str>) {
    let folder = folder();
    assert!(resumed(folder.path(), "a\n", &[]).status.success());
    if let Some(file) = lost {
        fs::remove_file(folder.path().join(file)).expect("it goes");
    }
    fs::write(folder.path().join("other.txt"), "another password\n").expect("it is written");
    for (list, arguments) in [
        ("a\n", &["--org", "Other"][..]),
        ("a\n", &["--key", "p384"]),
        ("a\n", &["--san", "dns:a.example"]),
        // These two only the store can tell.
        ("a\n", if lost == Some("out/a.pfx") { &["--cn", "other"] } else { &["--alias", "other"] }),
        (
            "a\n",
            if lost == Some("out/a.pfx") { &["--country", "FR"] } else { &["--password", "file:other.txt"] },
        ),
        ("name,cn\na,Other\n", &[]),
    ] {
        let before: BTreeMap<_, _> =
            snapshot(folder.path()).into_iter().filter(|(name, _)| name != "list").collect();
        // What is given here stands in place of the default.
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
        .args(["batch", "list", "--jobs", "3"])
        .args(QUICK)
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    let made = (snapshot(folder.path()).len() - 1) / 2;
    assert!((1..50).contains(&made), "{made}");
    assert!(said.contains(&format!("note: {made} made, {} left\n", 200 - made)), "{said}");
    assert!(said.contains("standard output: cannot write to"), "{said}");
}

/// What `nohup` protects goes on; so does a background job of a script, for which the shell has
/// interrupts ignored.
#[cfg(unix)]
#[test]
fn ignored_signals_stay_ignored() {
    use std::{thread, time::Duration};
    for (trap, name) in [("HUP", "HUP"), ("INT", "INT")] {
        let folder = folder();
        let names: String = (0..40).map(|index| format!("t{index}\n")).collect();
        fs::write(folder.path().join("list"), names).expect("the list is written");
        let child = std::process::Command::new("sh")
            .args(["-c", &format!("trap '' {trap}; exec \"$0\" batch list --emit cer,json --jobs 1")])
            .arg(env!("CARGO_BIN_EXE_certkit"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the shell starts");
        while !folder.path().join("t1.cer").exists() {
            thread::sleep(Duration::from_millis(5));
        }
        let killed = std::process::Command::new("kill").args(["-s", name, &child.id().to_string()]).status();
        assert!(killed.expect("kill is there").success());
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        assert!(folder.path().join("t39.cer").exists());
    }
}

/// An interrupt: what is in hand is finished, the count of what is left is right, the signal ends the
/// program, and what follows resumes.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_whole_rows_and_the_rest_can_be_resumed() {
    use std::{os::unix::process::ExitStatusExt, thread, time::Duration};
    for (signal, name) in [(2, "INT"), (15, "TERM"), (1, "HUP")] {
        if common::is_ignored(signal) {
            continue;
        }
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
        assert_eq!(output.status.signal(), i32::try_from(signal).ok(), "{}", text(&output.stderr));
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
