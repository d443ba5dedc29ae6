//! Ends in the middle: whatever system call a run dies at, or fails at, the old credential is whole
//! under its old names or in the archive, and the next run ends with one successor.

use std::{fs, path::Path, process::Stdio, thread, time::Instant};

use certkit::{
    cert::verify,
    secret::Password,
    store::{self, Unlock},
};

use super::support::{
    ALL, PASSWORD, certificate, command, holders, injected, key, made, names, open, rotate, rotated, snapshot,
};
use crate::common::{has_peer, text};

/// The arguments of a kind of run.
struct Way {
    emit: &'static str,
    arguments: &'static [&'static str],
}

const WAYS: [Way; 4] = [
    Way { emit: ALL, arguments: &["keystore.pfx"] },
    Way { emit: "key,cert,cer", arguments: &["keystore.key.pem"] },
    Way { emit: ALL, arguments: &["keystore.pfx", "--archive", "old"] },
    Way { emit: "key,cert,cer", arguments: &["keystore.key.pem", "--archive", "old"] },
];

impl Way {
    fn archives(&self) -> bool {
        self.arguments.contains(&"--archive")
    }
}

/// Every old file stands as it was, under its name or in the archive.
fn assert_old_is_whole(folder: &Path, before: &[(String, Vec<u8>)], what: &str) {
    let mut standing: Vec<Vec<u8>> = snapshot(folder).into_values().collect();
    if folder.join("old").is_dir() {
        standing.extend(snapshot(&folder.join("old")).into_values());
    }
    for (name, octets) in before {
        assert!(standing.contains(octets), "{what}: {name} is lost");
    }
    // Every name is a whole file.
    for name in names(folder).iter().filter(|name| !name.starts_with('.') && !name.ends_with(".txt")) {
        open(&folder.join(name));
    }
}

/// The next run brings it to its end: as many credentials as there should be, each whole.
fn assert_one_successor(folder: &Path, way: &Way, what: &str) {
    rotated(folder, way.arguments);
    let again = rotated(folder, way.arguments);
    assert_eq!(again["outcome"], "exists", "{what}: {again}");
    let forms = way.emit.split(',').count();
    let with_certificate = forms - way.emit.split(',').filter(|form| *form == "key").count();
    let credentials = holders(folder);
    assert_eq!(credentials.len(), if way.archives() { 1 } else { 2 }, "{what}: {credentials:?}");
    assert!(credentials.values().all(|files| files.len() == with_certificate), "{what}: {credentials:?}");
    if way.archives() {
        let moved = holders(&folder.join("old"));
        assert_eq!(moved.len(), 1, "{what}: {moved:?}");
        assert!(moved.values().all(|files| files.len() == with_certificate), "{what}: {moved:?}");
        assert_eq!(names(&folder.join("old")).len(), forms, "{what}");
    }
    for name in names(folder).iter().filter(|name| name.ends_with("key.pem")) {
        let path = folder.join(name);
        let beside = folder.join(name.replace("key.pem", "cer"));
        let (key, certificate) = (key(&path).expect("a key"), certificate(&beside).expect("a certificate"));
        verify::require_fit(&key, &certificate).unwrap_or_else(|error| panic!("{what}: {name}: {error}"));
    }
}

fn old_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    snapshot(folder).into_iter().filter(|(name, _)| !name.ends_with(".txt")).collect()
}

/// A SIGKILL at each system call of the writer in turn.
#[test]
fn killed_at_every_step() {
    if !has_peer("strace", "killing rotate at every system call") {
        return;
    }
    for way in &WAYS {
        let calls: &[&str] = match way.archives() {
            false => &["fchmod", "fsync", "renameat2"],
            true => &["mkdir", "fchmod", "fsync", "linkat", "renameat", "unlink"],
        };
        for call in calls {
            let mut survived = None;
            for step in 1..60 {
                let folder = made(&["--emit", way.emit]);
                let before = old_files(folder.path());
                let output =
                    injected(folder.path(), &format!("{call}:signal=KILL:when={step}"), way.arguments);
                let what = format!("{:?} killed at {call} {step}", way.arguments);
                assert_old_is_whole(folder.path(), &before, &what);
                assert_one_successor(folder.path(), way, &what);
                if output.status.success() {
                    survived = Some(step);
                    break;
                }
            }
            assert!(survived.is_some_and(|step| step > 1), "{call}: no step was killed, or there is no end");
        }
    }
}

/// A failure of each system call in turn: everything is as it was.
#[test]
fn a_failing_step_leaves_everything_as_it_was() {
    if !has_peer("strace", "making each system call of rotate fail") {
        return;
    }
    for way in &WAYS {
        let faults: &[&str] = match way.archives() {
            false => &["fchmod:error=EPERM", "fsync:error=EIO", "write:error=ENOSPC", "renameat2:error=EIO"],
            true => &[
                "fchmod:error=EPERM",
                "fsync:error=EIO",
                "write:error=ENOSPC",
                "renameat:error=EIO",
                "mkdir:error=EACCES",
            ],
        };
        for fault in faults {
            for step in 1..=3 {
                let folder = made(&["--emit", way.emit]);
                let before = snapshot(folder.path());
                let output = injected(folder.path(), &format!("{fault}:when={step}"), way.arguments);
                let what = format!("{:?}, {fault} at {step}: {}", way.arguments, text(&output.stderr));
                if output.status.success() {
                    assert!(fault.starts_with("mkdir") && step > 1, "{what}");
                    continue;
                }
                assert_eq!(output.status.code(), Some(1), "{what}");
                assert_eq!(snapshot(folder.path()), before, "{what}");
                assert!(!folder.path().join("old").exists(), "{what}");
            }
        }
    }
}

/// Links may be refused: then copies are made, into the archive too.
#[test]
fn without_links_there_are_copies() {
    if !has_peer("strace", "refusing links to rotate") {
        return;
    }
    let folder = made(&["--emit", ALL]);
    let before = old_files(folder.path());
    let way = &WAYS[2];
    let output = injected(folder.path(), "linkat:error=EPERM", way.arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_old_is_whole(folder.path(), &before, "without links");
    assert_one_successor(folder.path(), way, "without links");
}

/// A SIGKILL at any moment, with a new password that is made: the successor never stands without it.
#[test]
fn killed_at_any_moment() {
    const ROUNDS: u32 = 30;
    for archive in [&[][..], &["--archive", "old"]] {
        let arguments = [&["keystore.pfx", "--new-password", "generate:new.txt"][..], archive].concat();
        let emit = ["--emit", ALL, "--key", "rsa-2048"];
        let timed = || {
            let (folder, started) = (made(&emit), Instant::now());
            assert!(rotate(folder.path(), &arguments).status.success());
            started.elapsed()
        };
        let whole = (0..3).map(|_| timed()).min().expect("three runs");
        let mut killed = 0;
        for round in 0..ROUNDS {
            let folder = made(&emit);
            let before = old_files(folder.path());
            let started =
                || command(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            let mut child = started().expect("the program starts");
            thread::sleep(whole.mul_f64(1.3 * f64::from(round) / f64::from(ROUNDS)));
            // It may have ended already: that is the end of the range.
            let _ = child.kill();
            killed += u32::from(!child.wait().expect("an end").success());
            let passwords = || {
                let made = fs::read_to_string(folder.path().join("new.txt")).unwrap_or_default();
                [PASSWORD.to_owned(), made.trim_end().to_owned()]
            };
            for (name, octets) in snapshot(folder.path()).iter().filter(|(name, _)| name.ends_with(".pfx")) {
                let opens = |password: &String| {
                    store::read(octets, &Unlock::with(Password::new(password.clone()))).is_ok()
                };
                assert!(passwords().iter().any(opens), "{name}: its password stands nowhere");
            }
            let standing: Vec<Vec<u8>> = [folder.path().to_owned(), folder.path().join("old")]
                .iter()
                .filter(|place| place.is_dir())
                .flat_map(|place| snapshot(place).into_values())
                .collect();
            assert!(
                before.iter().all(|(_, octets)| standing.contains(octets)),
                "round {round}: the old one is lost"
            );
            let first = rotated(folder.path(), &arguments);
            let second = rotated(folder.path(), &arguments);
            assert_eq!(
                (&second["outcome"], &second["new"]),
                (&"exists".into(), &first["new"]),
                "round {round}"
            );
            assert_eq!(second["files"].as_array().map(Vec::len), Some(6), "round {round}: {second}");
        }
        eprintln!("{archive:?}: {killed} of {ROUNDS} runs killed, one run takes {whole:?}");
        assert!(killed > ROUNDS / 10, "hardly any run was killed: this test saw nothing");
    }
}
