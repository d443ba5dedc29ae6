//! One successor: not before it is due, not twice, not by five runs at once, and from the key that
//! there is.

use std::{fs, process::Stdio, thread, time::Duration};

use serde_json::Value;

use super::support::{
    ALL, certificate, command, generate, holders, made, names, new_files, open, rotate, rotated, snapshot,
    today,
};
use crate::common::{ok, text};

#[test]
fn nothing_happens_while_there_is_time() {
    let folder = made(&["--emit", ALL, "--days", "60"]);
    let before = snapshot(folder.path());
    let output = rotate(folder.path(), &["keystore.pfx", "--if-expires-in", "30d"]);
    assert!(output.status.success() && text(&output.stdout).starts_with("not due: keystore.pfx"));
    assert!(
        text(&output.stdout).contains("59 days are left")
            || text(&output.stdout).contains("60 days are left")
    );
    assert_eq!(rotated(folder.path(), &["keystore.pfx", "--if-expires-in", "59d"])["outcome"], "not-due");
    assert_eq!(snapshot(folder.path()), before);
    let refused = rotate(folder.path(), &["keystore.pfx", "--if-expires-in", "60d"]);
    assert_eq!(refused.status.code(), Some(2), "every run would make one: {}", text(&refused.stdout));

    let longer = ["keystore.pfx", "--if-expires-in", "60d", "--days", "100"];
    assert_eq!(rotated(folder.path(), &longer)["outcome"], "made");
    assert_eq!(rotated(folder.path(), &longer)["outcome"], "exists");
}

#[test]
fn what_has_expired_is_due() {
    let folder = made(&["--emit", "cer,json", "--not-before", "2020-01-01", "--not-after", "2024-01-01"]);
    let document = rotated(folder.path(), &["keystore.json", "--if-expires-in", "30d"]);
    assert_eq!(document["outcome"], "made");
    assert!(document["days_left"].as_i64().expect("a number") < -365, "{document}");
    let new = certificate(&folder.path().join(format!("keystore-{}.cer", today()))).expect("a certificate");
    assert_eq!(new.not_after().unix() - new.not_before().unix(), 1461 * 86_400);
    assert_eq!(rotated(folder.path(), &["keystore.json", "--if-expires-in", "30d"])["outcome"], "exists");
}

#[test]
fn twice_makes_one_and_again_another() {
    let folder = made(&["--emit", ALL]);
    let first = rotated(folder.path(), &["keystore.pfx"]);
    let before = snapshot(folder.path());
    for store in ["keystore.pfx", "keystore.json", "keystore.key.pem"] {
        let second = rotated(folder.path(), &[store]);
        assert_eq!(second["outcome"], "exists", "{store}");
        assert_eq!(second["new"], first["new"]);
        assert_eq!(new_files(&second), new_files(&first), "{store}");
    }
    assert_eq!(snapshot(folder.path()), before);
    let other = rotated(folder.path(), &["keystore.pfx", "--again"]);
    assert!(new_files(&other).contains(&format!("keystore-{}-2.pfx", today())), "{other}");
    assert_eq!(rotated(folder.path(), &["keystore.pfx"])["new"], other["new"], "the newest one is it");
    assert_eq!(holders(folder.path()).len(), 3);
}

/// The line goes on from a successor; its name's date is not added to.
#[test]
fn a_successor_has_a_successor() {
    let folder = made(&["--emit", "json", "--name", "a-2020-01-01"]);
    let first = rotated(folder.path(), &["a-2020-01-01.json"]);
    let name = format!("a-{}.json", today());
    assert_eq!(new_files(&first), [name.clone()].into());
    let second = rotated(folder.path(), &[&name]);
    assert_eq!(second["outcome"], "made", "what came before it is no successor: {second}");
    assert_eq!(new_files(&second), [format!("a-{}-2.json", today())].into());
    assert_eq!(rotated(folder.path(), &["a-2020-01-01.json"])["new"], second["new"]);
}

/// A successor that ends soon is none, for whoever asks so long before.
#[test]
fn a_successor_that_ends_is_succeeded() {
    let folder = made(&["--emit", "json", "--days", "3"]);
    rotated(folder.path(), &["keystore.json"]);
    let asked = ["keystore.json", "--if-expires-in", "5d", "--days", "20"];
    let document = rotated(folder.path(), &asked);
    assert_eq!(document["outcome"], "made");
    assert_eq!(new_files(&document), [format!("keystore-{}-2.json", today())].into());
    assert_eq!(rotated(folder.path(), &asked)["outcome"], "exists");
}

#[test]
fn five_runs_at_once_make_one() {
    for (arguments, others) in [(&["keystore.pfx"][..], 2), (&["keystore.pfx", "--archive", "old"], 1)] {
        let folder = made(&["--emit", ALL, "--key", "rsa-2048"]);
        let start = |_| {
            command(folder.path(), &[arguments, &["--format", "json"]].concat())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts")
        };
        let runs: Vec<_> = (0..5).map(start).collect();
        let mut outcomes = Vec::new();
        for run in runs {
            let output = run.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}", text(&output.stderr));
            let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
            outcomes.push((document["outcome"].to_string(), document["new"]["serial"].to_string()));
        }
        outcomes.sort();
        assert_eq!(outcomes.iter().filter(|(outcome, _)| outcome == "\"made\"").count(), 1, "{outcomes:?}");
        assert!(outcomes.iter().all(|(_, serial)| *serial == outcomes[0].1), "{outcomes:?}");
        assert_eq!(holders(folder.path()).len(), others);
    }
}

/// A password that is made for the successor is the one that opens it, whichever run made it.
#[test]
fn five_runs_at_once_make_one_password() {
    let arguments = ["keystore.pfx", "--new-password", "generate:new.txt"];
    for more in [&[][..], &["--archive", "old"]] {
        let folder = made(&["--emit", "pfx", "--key", "rsa-2048"]);
        let start =
            |_| command(folder.path(), &[&arguments[..], more].concat()).stdout(Stdio::piped()).spawn();
        let runs: Vec<_> = (0..5).map(start).collect();
        for run in runs {
            let output = run.expect("the program starts").wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}", text(&output.stdout));
        }
        let new = if more.is_empty() { format!("keystore-{}.pfx", today()) } else { "keystore.pfx".into() };
        ok(folder.path(), ["export-cer", &new, "--password", "file:new.txt", "-o", "new.cer"]);
        let expected = if more.is_empty() { 5 } else { 4 };
        assert_eq!(names(folder.path()).len(), expected, "{:?}", names(folder.path()));
    }
}

/// A password file that a killed run left is used, not replaced; a store never gets another one.
#[test]
fn a_password_that_is_there_is_taken() {
    let folder = made(&["--emit", "pfx"]);
    fs::write(folder.path().join("new.txt"), "left by a run before").expect("a password");
    let document = rotated(folder.path(), &["keystore.pfx", "--new-password", "generate:new.txt"]);
    assert!(
        document["notes"][0].as_str().is_some_and(|note| note.contains("new.txt, which was there")),
        "{document}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("new.txt")).expect("it"), "left by a run before");
    let new = format!("keystore-{}.pfx", today());
    ok(folder.path(), ["export-cer", &new, "--password", "file:new.txt", "-o", "new.cer"]);
}

/// A successor that lacks files gets them from its own key.
#[test]
fn what_is_missing_is_made_from_the_same_key() {
    let folder = made(&["--emit", ALL]);
    let first = rotated(folder.path(), &["keystore.pfx"]);
    let files: Vec<String> = new_files(&first).into_iter().collect();
    for keeps in files.iter().filter(|name| !name.contains(".cer")) {
        for lost in files.iter().filter(|name| *name != keeps) {
            // A key alone does not say whose certificate there was.
            if !keeps.ends_with("key.pem") || lost.ends_with("pfx") {
                fs::remove_file(folder.path().join(lost)).expect("it goes");
            }
        }
        let completed = rotated(folder.path(), &["keystore.pfx"]);
        assert_eq!(completed["outcome"], "made", "{keeps}");
        assert_eq!(completed["new"], first["new"], "{keeps}");
        assert_eq!(new_files(&completed), new_files(&first), "{keeps}");
        assert!(
            completed["warnings"][0].as_str().is_some_and(|said| said.contains("was missing")),
            "{completed}"
        );
    }
    // Where the key was taken away, nothing is made in its place.
    for name in files.iter().filter(|name| !name.contains(".cer")) {
        fs::remove_file(folder.path().join(name)).expect("it goes");
    }
    let left = rotated(folder.path(), &["keystore.pfx"]);
    assert_eq!(left["outcome"], "exists");
    assert!(left["warnings"][0].as_str().is_some_and(|said| said.contains("--again")), "{left}");
}

#[test]
fn foreign_files_are_left_alone_and_said() {
    let folder = made(&["--emit", "pfx,cer,json,key"]);
    generate(folder.path(), &["--emit", "json", "--name", "other"]);
    let at = |name: &str| folder.path().join(name);
    fs::rename(at("other.json"), at("keystore.json")).expect("another credential");
    fs::write(at("keystore.cer"), "not a certificate").expect("another file");
    fs::write(at("keystore.txt"), "notes").expect("another file");
    fs::create_dir(at("keystore.jks")).expect("a folder");
    // Of a name that a successor of today would have.
    fs::write(at(&format!("keystore-{}.cer", today())), "not a certificate").expect("another file");
    let before = snapshot(folder.path());
    let document = rotated(folder.path(), &["keystore.pfx"]);
    let expected = ["pfx", "key.pem"].map(|suffix| format!("keystore-{}-2.{suffix}", today()));
    assert_eq!(new_files(&document), expected.into());
    let warnings = document["warnings"].to_string();
    for said in [
        "keystore.json holds another credential",
        "keystore.cer was left alone",
        "keystore.jks was left alone",
    ] {
        assert!(warnings.contains(said), "{said}: {warnings}");
    }
    let after = snapshot(folder.path());
    assert!(before.iter().all(|(name, octets)| after[name] == *octets));
}

/// What may be a successor and does not open is not taken for none.
#[test]
fn a_successor_under_another_password_is_not_made_again() {
    let folder = made(&["--emit", "pfx"]);
    fs::write(folder.path().join("new.txt"), "a new password").expect("a password");
    rotated(folder.path(), &["keystore.pfx", "--new-password", "file:new.txt"]);
    let before = snapshot(folder.path());
    let output = rotate(folder.path(), &["keystore.pfx"]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.contains(&format!("keystore-{}.pfx", today())) && said.contains("--new-password"), "{said}");
    assert_eq!(
        rotated(folder.path(), &["keystore.pfx", "--new-password", "file:new.txt"])["outcome"],
        "exists"
    );
    assert_eq!(snapshot(folder.path()), before);
}

/// One form with a password of its own beside the named one.
#[test]
fn a_store_with_a_password_of_its_own() {
    let folder = made(&["--emit", "pfx,jks,json"]);
    fs::write(folder.path().join("jks.txt"), "a jks password").expect("a password");
    ok(
        folder.path(),
        ["passwd", "keystore.jks", "--password", "file:pw.txt", "--new-password", "file:jks.txt"],
    );
    let output = rotate(folder.path(), &["keystore.pfx"]);
    assert!(
        text(&output.stderr).contains("keystore.jks has a password of its own"),
        "{}",
        text(&output.stderr)
    );
    open(&folder.path().join(format!("keystore-{}.jks", today())));
}

/// A dry run looks and makes nothing.
#[test]
fn a_dry_run_makes_nothing() {
    let folder = made(&["--emit", "pfx,cer"]);
    let before = snapshot(folder.path());
    let arguments = ["keystore.pfx", "--dry-run", "--new-password", "generate:new.txt", "--archive", "old"];
    let document = rotated(folder.path(), &arguments);
    assert_eq!((&document["outcome"], &document["new"]), (&"planned".into(), &Value::Null));
    assert_eq!(new_files(&document), ["keystore.pfx".to_owned(), "keystore.cer".to_owned()].into());
    assert_eq!(snapshot(folder.path()), before);
    assert!(!folder.path().join("old").exists());
}

/// Whoever holds the folder is waited for, and what it made is found.
#[test]
fn a_run_waits_for_the_one_before_it() {
    let folder = made(&["--emit", "json"]);
    let lock = fs::File::open(folder.path()).expect("the folder");
    lock.lock().expect("a lock");
    let mut waiting = command(folder.path(), &["keystore.json", "--format", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    thread::sleep(Duration::from_millis(300));
    assert!(waiting.try_wait().expect("a look").is_none(), "it does not wait");
    assert_eq!(names(folder.path()).len(), 2);
    drop(lock);
    assert!(waiting.wait_with_output().expect("it ends").status.success());
    assert_eq!(names(folder.path()).len(), 3);
}
