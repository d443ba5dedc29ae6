//! The writer, as the disk sees it: who may read a file from its first moment on, what is there
//! after a crash, a full disk or a failure half-way, and what `--force` replaces.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.
#![cfg(unix)]

mod common;
#[path = "common/disk.rs"]
mod disk;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown, symlink},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::Instant,
};

use certkit::{
    error::Error,
    output::{
        plan::{Plan, PlannedFile, Proof, Purpose},
        write::{Existing, write},
    },
    secret::{Password, SecretBytes},
    store::{self, Store, Unlock},
};
use common::{certkit, folder, has_peer, run, text};
use disk::Mounted;

const PASSWORD: &str = "test-1234";

/// Everything that `gen` can make, with the mode that each file must have.
const EVERYTHING: &str = "pfx,cer,json,key,cert,jks";
const MODES: [(&str, u32); 6] = [
    ("keystore.pfx", 0o600),
    ("keystore.cer", 0o644),
    ("keystore.json", 0o600),
    ("keystore.key.pem", 0o600),
    ("keystore.cert.pem", 0o644),
    ("keystore.jks", 0o600),
];

// ---------------------------------------------------------------- who may read

/// Secrets are 0600 and public certificates 0644, whatever the umask; so are the file of a
/// generated password and what the export commands write.
#[test]
fn modes_whatever_the_umask() {
    for umask in ["000", "022", "077", "777"] {
        let folder = folder();
        let under_umask = |arguments: &[&str]| {
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")]);
            succeed(like(&mut shell, &certkit(folder.path())).args(arguments));
        };
        under_umask(&["gen", "--key", "p256", "--emit", EVERYTHING, "--password", "generate:new.txt"]);
        under_umask(&["export-json", "keystore.pfx", "--password", "file:new.txt", "-o", "out.json"]);
        under_umask(&["export-cer", "keystore.cer", "-o", "out.cer"]);
        let others = [("new.txt", 0o600), ("out.json", 0o600), ("out.cer", 0o644)];
        for (name, mode) in MODES.into_iter().chain(others) {
            assert_eq!(mode_of(&folder.path().join(name)), mode, "{name} under umask {umask}");
        }
        assert_eq!(names(folder.path()).len(), 9, "nothing else is left: {:?}", names(folder.path()));
    }
}

/// The system calls behind `gen`: every file is created exclusively with mode 0600, gets no other
/// mode before its first octet than the one it keeps, is on the disk before any name is given,
/// and no name is given that was taken.
#[test]
fn no_moment_at_which_a_secret_is_readable() {
    if !has_peer("strace", "the system calls of gen") {
        return;
    }
    let folder = folder();
    let calls = traced(folder.path(), &gen_arguments(EVERYTHING));
    for (name, mode) in MODES {
        let renamed = naming(&calls, name);
        assert!(
            calls[renamed].contains("renameat2(") && calls[renamed].contains("RENAME_NOREPLACE"),
            "{name}"
        );
        let staged = staged_name(&calls[renamed]);
        let of_it = |call: &str| positions(&calls, &[call, &staged]);
        let created = positions(&calls, &["openat(", &staged, "O_CREAT"]);
        assert_eq!(created.len(), 1, "{name}: created once");
        assert!(calls[created[0]].contains("O_EXCL") && calls[created[0]].contains(", 0600)"), "{name}");
        let (modes, writes, syncs) = (of_it("fchmod("), of_it("write("), of_it("fsync("));
        assert!(modes.iter().all(|at| calls[*at].contains(&format!(", 0{mode:o})"))), "{name}: {modes:?}");
        assert!(modes.iter().all(|at| at < &writes[0]), "{name}: its mode comes before its octets");
        assert!(
            writes.last() < syncs.last() && syncs.last() < Some(&renamed),
            "{name}: written, synced, named"
        );
    }
    let (named, synced) = (positions(&calls, &["renameat2("]), positions(&calls, &["fsync(", ".certkit-"]));
    assert!(synced.last() < named.first(), "all files are on the disk before the first gets its name");
    let folder_synced = positions(&calls, &["fsync(", &format!("<{}>", folder.path().display())]);
    assert!(folder_synced.last() > named.last(), "the names are on the disk too");
    assert!(positions(&calls, &[" chmod("]).is_empty() && positions(&calls, &["fchmodat("]).is_empty());
}

/// A password that was made is on the disk under its name before the store that it opens has one:
/// in between is no moment at which a store's password stands nowhere.
#[test]
fn a_password_comes_before_its_store() {
    if !has_peer("strace", "the system calls of passwd and gen") {
        return;
    }
    let folder = folder();
    let gen_with = ["gen", "--key", "p256", "--emit", "pfx", "--password", "generate:pw.txt"];
    let passwd =
        ["passwd", "keystore.pfx", "--password", "file:pw.txt", "--new-password", "generate:new.txt"];
    for (arguments, password) in [(gen_with.as_slice(), "pw.txt"), (passwd.as_slice(), "new.txt")] {
        let calls = traced(folder.path(), arguments);
        let (password, store) = (naming(&calls, password), naming(&calls, "keystore.pfx"));
        let synced = positions(&calls, &["fsync(", &format!("<{}>", folder.path().display())]);
        assert!(
            synced.iter().any(|at| (password..store).contains(at)),
            "{arguments:?}: password at {password}, store at {store}, folder synced at {synced:?}"
        );
    }
}

/// With `--force` the old file stays under a second name until all new ones are in place: at no
/// moment is a name without a file.
#[test]
fn force_leaves_no_gap() {
    if !has_peer("strace", "the system calls of gen --force") {
        return;
    }
    let folder = folder();
    make_old(folder.path());
    let mut arguments = gen_arguments("pfx,cer,json");
    arguments.push("--force");
    let calls = traced(folder.path(), &arguments);
    let named = positions(&calls, &["rename", ".certkit-"]);
    let kept = positions(&calls, &["linkat(", ".old"]);
    let gone = positions(&calls, &["unlink", ".old"]);
    assert_eq!((named.len(), kept.len(), gone.len()), (3, 3, 3));
    assert!(kept.iter().zip(&named).all(|(kept, named)| kept < named), "kept before it is replaced");
    assert!(gone.first() > named.last(), "given up once all new files are in place");
    assert!(positions(&calls, &["unlink", "keystore."]).is_empty(), "no name is ever taken away");
}

// ---------------------------------------------------------------- crashes

/// A SIGKILL at any moment: every file under a final name is complete, and nothing that holds a
/// secret is readable by others, under whatever name.
#[test]
fn killed_at_any_moment() {
    for (key, rounds) in [("p256", 150), ("rsa-2048", 20)] {
        let folder = folder();
        let timed = || {
            let (place, started) = (common::folder(), Instant::now());
            succeed(gen_in(place.path(), EVERYTHING).args(["--key", key]));
            started.elapsed()
        };
        let whole = (0..5).map(|_| timed()).min().expect("five runs");
        let (mut killed, mut whole_sets) = (0, 0);
        for round in 0..rounds {
            let place = folder.path().join(format!("round-{round}"));
            fs::create_dir(&place).expect("a folder");
            let mut command = gen_in(&place, EVERYTHING);
            let mut child = command
                .args(["--key", key])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("a start");
            thread::sleep(whole.mul_f64(1.4 * f64::from(round) / f64::from(rounds)));
            // It may have ended already: that is the end of the range.
            let _ = child.kill();
            killed += u32::from(!child.wait().expect("an end").success());
            whole_sets += u32::from(check_after_crash(&place, &BTreeMap::new()) == MODES.len());
        }
        eprintln!(
            "{key}: {killed} of {rounds} runs killed, {whole_sets} with all files, one run takes {whole:?}"
        );
        assert!(killed > rounds / 10, "hardly any run was killed: this test saw nothing");
    }
}

/// A SIGKILL at each system call of the writer in turn, without and with `--force`.
#[test]
fn killed_at_every_step() {
    if !has_peer("strace", "killing gen at every system call") {
        return;
    }
    for (force, calls) in [
        (false, ["openat", "fchmod", "write", "fsync", "renameat2"].as_slice()),
        (true, ["fchmod", "write", "fsync", "linkat", "renameat", "unlink"].as_slice()),
    ] {
        for call in calls {
            let mut survived = None;
            for step in 1..60 {
                let folder = folder();
                let old = if force { make_old(folder.path()) } else { BTreeMap::new() };
                let output = injected(folder.path(), &format!("{call}:signal=KILL:when={step}"), force);
                check_after_crash(folder.path(), &old);
                if output.status.success() {
                    survived = Some(step);
                    break;
                }
            }
            assert!(survived.is_some_and(|step| step > 1), "{call}: no step was killed, or there is no end");
        }
    }
}

/// A failure of each system call in turn: all files are there and complete, or the folder is as
/// it was, the old files included.
#[test]
fn a_failing_step_leaves_everything_as_it_was() {
    if !has_peer("strace", "making each system call of gen fail") {
        return;
    }
    // What is written after the third file is the summary, on standard output.
    let common = ["fchmod:error=EPERM", "write:error=ENOSPC", "write:error=EIO", "fsync:error=EIO"];
    for (force, more) in [
        (false, ["renameat2:error=EIO", "renameat2:error=EEXIST"].as_slice()),
        (true, ["renameat:error=EIO", "renameat:error=ENOSPC", "linkat:error=EPERM"].as_slice()),
    ] {
        for fault in common.iter().chain(more) {
            for step in 1..=3 {
                let folder = folder();
                let old = if force { make_old(folder.path()) } else { BTreeMap::new() };
                let output = injected(folder.path(), &format!("{fault}:when={step}"), force);
                let what = format!("{fault} at {step}, force {force}: {}", text(&output.stderr));
                if output.status.success() {
                    // Keeping the old file by a link has a substitute: a copy.
                    assert!(fault.starts_with("linkat"), "{what}");
                    let new = contents(folder.path());
                    assert_eq!(new.len(), 3, "{what}");
                    assert!(new.iter().all(|(name, octets)| old.get(name) != Some(octets)), "{what}");
                } else {
                    let expected = if fault.contains("EEXIST") { 5 } else { 1 };
                    assert_eq!(output.status.code(), Some(expected), "{what}");
                    assert_eq!(contents(folder.path()), old, "{what}");
                }
            }
        }
    }
}

/// Where the file system has no hard links, an old file that is put back is a copy: its owner and
/// mode are those of the old file.
#[test]
fn put_back_without_hard_links() {
    if !has_peer("strace", "putting back a copy") {
        return;
    }
    const SOMEBODY: u32 = 12_345;
    let folder = folder();
    let old = make_old(folder.path());
    let first = folder.path().join("keystore.pfx");
    fs::set_permissions(&first, fs::Permissions::from_mode(0o640)).expect("permissions");
    if chown(&first, Some(SOMEBODY), Some(SOMEBODY)).is_err() {
        eprintln!("SKIPPED: only root gives files away");
        return;
    }
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o", "/dev/null", "-e", "trace=linkat,renameat"]);
    strace.args(["-e", "inject=linkat:error=EPERM", "-e", "inject=renameat:error=EIO:when=3"]);
    like(&mut strace, &certkit(folder.path())).args(gen_arguments("pfx,cer,json")).arg("--force");
    let output = strace.output().expect("strace starts");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(contents(folder.path()), old);
    let metadata = fs::metadata(&first).expect("metadata");
    assert_eq!((metadata.uid(), metadata.gid(), mode_of(&first)), (SOMEBODY, SOMEBODY, 0o640));
}

/// Where the file system knows no rename that refuses to replace, there is a substitute, which
/// refuses too.
#[test]
fn file_systems_without_exclusive_rename() {
    if !has_peer("strace", "gen on a file system without RENAME_NOREPLACE") {
        return;
    }
    for error in ["EINVAL", "ENOSYS"] {
        let folder = folder();
        let fault = format!("renameat2:error={error}:when=1+");
        assert!(injected(folder.path(), &fault, false).status.success());
        assert_eq!(check_after_crash(folder.path(), &BTreeMap::new()), 3);
        let before = contents(folder.path());
        assert_eq!(injected(folder.path(), &fault, false).status.code(), Some(5));
        assert_eq!(contents(folder.path()), before);
    }
}

/// Two and more runs for the same names at once: one wins, and its files belong together.
#[test]
fn a_race_has_one_winner() {
    for _ in 0..8 {
        let folder = folder();
        let racers: Vec<_> = (0..4)
            .map(|_| gen_in(folder.path(), EVERYTHING).stderr(Stdio::null()).stdout(Stdio::null()).spawn())
            .collect();
        let codes: Vec<Option<i32>> =
            racers.into_iter().map(|child| child.expect("a start").wait().expect("an end").code()).collect();
        assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
        assert_eq!(codes.iter().filter(|code| **code == Some(5)).count(), 3, "{codes:?}");
        assert_eq!(check_after_crash(folder.path(), &BTreeMap::new()), MODES.len());
        assert_eq!(names(folder.path()).len(), MODES.len(), "nothing else is left");
        one_credential(folder.path());
    }
}

// ---------------------------------------------------------------- full and forbidden places

/// A disk that fills up half-way: nothing new, the old files as they were, no temporary left.
#[test]
fn full_disk() {
    let outer = folder();
    let Some(disk) = Mounted::tmpfs(outer.path(), "size=16k") else { return };
    let full = gen_in(disk.path(), EVERYTHING).output().expect("the program starts");
    assert_eq!(full.status.code(), Some(1), "{}", text(&full.stderr));
    assert!(text(&full.stderr).contains("disk is full"), "{}", text(&full.stderr));
    assert_eq!(names(disk.path()), Vec::<OsString>::new());

    succeed(&mut gen_in(disk.path(), "pfx,cer"));
    let old = contents(disk.path());
    let full = gen_in(disk.path(), EVERYTHING).arg("--force").output().expect("the program starts");
    assert_eq!(full.status.code(), Some(1), "{}", text(&full.stderr));
    assert_eq!(contents(disk.path()), old, "the old files are as they were");
}

/// A read-only file system: exit code 1, and the folder is named.
#[test]
fn read_only_disk() {
    let outer = folder();
    let Some(disk) = Mounted::tmpfs(outer.path(), "size=1m") else { return };
    disk.make_read_only();
    let refused = run(outer.path(), ["gen", "--key", "p256", "--emit", "cer,json", "--out-dir", "disk"]);
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("disk: cannot write to this folder"), "{}", text(&refused.stderr));
    assert_eq!(names(disk.path()), Vec::<OsString>::new());
}

/// Folders that this user may not write to, or not enter: exit code 1, and the folder is named.
/// Root may do everything, so root tries as another user.
#[test]
fn forbidden_folders() {
    let place = folder();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
    let program = place.path().join("certkit");
    if fs::hard_link(env!("CARGO_BIN_EXE_certkit"), &program).is_err() {
        fs::copy(env!("CARGO_BIN_EXE_certkit"), &program).expect("a copy of the program");
    }
    let root = fs::metadata(place.path()).expect("metadata").uid() == 0;
    for (mode, names_it) in [(0o555, "place: "), (0o600, "place"), (0o000, "place")] {
        let target = place.path().join("place");
        fs::create_dir(&target).expect("a folder");
        let mut command = Command::new(&program);
        command.current_dir(place.path()).env_clear().stdin(Stdio::null());
        if root {
            const NOBODY: u32 = 65_534;
            chown(&target, Some(NOBODY), Some(NOBODY)).expect("another owner");
            command.uid(NOBODY).gid(NOBODY);
        }
        fs::set_permissions(&target, fs::Permissions::from_mode(mode)).expect("permissions");
        let refused = command
            .args(["gen", "--key", "p256", "--emit", "cer,json", "--out-dir", "place"])
            .output()
            .expect("the program starts");
        fs::set_permissions(&target, fs::Permissions::from_mode(0o755)).expect("permissions");
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "mode {mode:o}: {said}");
        assert!(
            said.to_lowercase().contains("permission denied") && said.contains(names_it),
            "mode {mode:o}: {said}"
        );
        assert_eq!(names(&target), Vec::<OsString>::new());
        fs::remove_dir(&target).expect("it is empty");
    }
}

// ---------------------------------------------------------------- replacing

/// `--force` gives each name a new file: other hard links keep the old octets, a mode that was
/// too open does not stay, and what belongs to nobody is left alone.
#[test]
fn force_makes_new_files() {
    let folder = folder();
    let old = make_old(folder.path());
    let path = folder.path().join("keystore.pfx");
    let link = folder.path().join("backup.pfx");
    fs::hard_link(&path, &link).expect("a hard link");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("permissions");
    succeed(gen_in(folder.path(), "pfx,cer,json").arg("--force"));
    assert_eq!(Some(&fs::read(&link).expect("the backup")), old.get("keystore.pfx"));
    assert_ne!(Some(&fs::read(&path).expect("the store")), old.get("keystore.pfx"));
    assert_eq!(mode_of(&path), 0o600);
    assert_eq!(names(folder.path()).len(), 4, "{:?}", names(folder.path()));
    one_credential(folder.path());
}

/// Folders may be named in every way: relative, absolute, with a slash at the end, through a
/// symbolic link; a dot in the name is no suffix.
#[test]
fn folders_by_every_name() {
    let folder = folder();
    fs::create_dir(folder.path().join("real")).expect("a folder");
    symlink("real", folder.path().join("link")).expect("a link");
    let absolute = folder.path().join("real").display().to_string();
    for (count, out_dir) in ["real", "real/", "./real/.", "link", "link/", &absolute].into_iter().enumerate()
    {
        let name = format!("v1.2.{count}");
        succeed(certkit(folder.path()).args(["gen", "--key", "p256", "--emit", "cer,json"]).args([
            "--out-dir",
            out_dir,
            "--name",
            &name,
        ]));
        for suffix in ["cer", "json"] {
            assert!(folder.path().join(format!("real/{name}.{suffix}")).is_file(), "{out_dir} {suffix}");
        }
    }
}

// ---------------------------------------------------------------- the writer itself

/// A file that does not prove to be what was meant: no file of the plan appears, with a free
/// target and with one to be replaced.
#[test]
fn a_failed_proof_writes_nothing() {
    for existing in [Existing::Refuse, Existing::Replace] {
        let folder = folder();
        if matches!(existing, Existing::Replace) {
            fs::write(folder.path().join("one"), "old one").expect("a file");
        }
        let before = contents(folder.path());
        let plan = plan(folder.path(), vec![("one", sound()), ("two", Box::new(|_| Err(Error::Empty)))]);
        let error = write(&plan, &[], existing).expect_err("the proof fails");
        assert!(matches!(&error, Error::ReadBack { file, .. } if file.ends_with("two")), "{error}");
        assert_eq!(error.class().exit_code(), 1);
        assert_eq!(contents(folder.path()), before);
    }
}

/// The proof is run on what is on the disk, not on what was meant to go there.
#[test]
fn the_proof_sees_the_disk() {
    let folder = folder();
    let place = folder.path().to_owned();
    let proof: Proof = Box::new(move |octets| {
        let staged = names(&place).pop().expect("the staged file");
        assert!(staged.to_string_lossy().starts_with(".certkit-"), "not under its own name yet");
        let on_disk = fs::read(place.join(staged)).expect("the staged file");
        assert_eq!(on_disk, octets);
        Ok(())
    });
    write(&plan(folder.path(), vec![("one", proof)]), &[], Existing::Refuse).expect("written");
    assert_eq!(names(folder.path()), ["one"]);
}

/// A target that somebody else takes between the check and the rename is left to them, and what
/// was placed before it is taken back.
#[test]
fn a_name_taken_meanwhile() {
    let folder = folder();
    let intruder = folder.path().join("two");
    let proof: Proof = Box::new(move |_| {
        fs::write(&intruder, "somebody else's").expect("a file");
        Ok(())
    });
    let plan = plan(folder.path(), vec![("one", sound()), ("two", sound()), ("three", proof)]);
    let error = write(&plan, &[], Existing::Refuse).expect_err("the name is taken");
    assert!(
        matches!(error.cause(), Error::OutputExists)
            && error.file().is_some_and(|file| file.ends_with("two"))
    );
    assert_eq!(contents(folder.path()), [("two".into(), b"somebody else's".to_vec())].into());
}

/// A rename that fails late puts back every old file that was replaced before it, with its mode,
/// and takes away every file that was new.
#[test]
fn a_late_failure_puts_the_old_files_back() {
    let folder = folder();
    let replaced = folder.path().join("replaced");
    fs::write(&replaced, "old").expect("a file");
    fs::set_permissions(&replaced, fs::Permissions::from_mode(0o640)).expect("permissions");
    let obstacle = folder.path().join("impossible");
    let proof: Proof = Box::new(move |_| {
        // Beyond the check of the targets: a folder that nothing can be renamed over.
        fs::create_dir_all(obstacle.join("full")).expect("a folder");
        Ok(())
    });
    let plan = plan(folder.path(), vec![("replaced", sound()), ("new", sound()), ("impossible", proof)]);
    let error = write(&plan, &[], Existing::Replace).expect_err("a folder is in the way");
    assert!(error.file().is_some_and(|file| file.ends_with("impossible")), "{error}");
    assert_eq!(fs::read(&replaced).expect("the old file"), b"old");
    assert_eq!(mode_of(&replaced), 0o640);
    assert_eq!(names(folder.path()), ["impossible", "replaced"]);
}

/// A file that is changed in place is left alone once it is not what was read; so is a file that
/// has appeared beside it.
#[test]
fn an_update_replaces_one_file_as_it_was_read() {
    type Meddling = fn(&Path);
    let cases: [(&str, Meddling, &str); 4] = [
        ("changed", |folder| fs::write(folder.join("store"), "newer").expect("a file"), "changed"),
        ("longer", |folder| fs::write(folder.join("store"), "old and more").expect("a file"), "changed"),
        ("removed", |folder| fs::remove_file(folder.join("store")).expect("removed"), "changed"),
        ("password", |folder| fs::write(folder.join("pw"), "another's").expect("a file"), "output-exists"),
    ];
    for (what, meddle, kind) in cases {
        let folder = folder();
        let store = folder.path().join("store");
        fs::write(&store, "old").expect("a file");
        let place = folder.path().to_owned();
        let proof: Proof = Box::new(move |_| {
            meddle(&place);
            Ok(())
        });
        let mut plan = plan(folder.path(), vec![("store", proof), ("pw", sound())]);
        plan.files[1].purpose = Purpose::StorePassword;
        let read = SecretBytes::new(b"old".to_vec());
        let error = write(&plan, &[], Existing::Update(&[(&store, &read)])).expect_err(what);
        assert_eq!((error.kind(), error.class().exit_code()), (kind, 5), "{what}");
        let expected = folder_after(what, meddle);
        assert_eq!(contents(folder.path()), expected, "{what}");
    }
    let folder = folder();
    let store = folder.path().join("store");
    fs::write(&store, "old").expect("a file");
    let read = SecretBytes::new(b"old".to_vec());
    let plan = plan(folder.path(), vec![("store", sound())]);
    write(&plan, &[], Existing::Update(&[(&store, &read)])).expect("it is as it was read");
    assert_eq!(fs::read(&store).expect("the store"), b"new store");
}

/// What a folder with the old store holds after somebody else's meddling.
fn folder_after(what: &str, meddle: fn(&Path)) -> BTreeMap<String, Vec<u8>> {
    let folder = folder();
    fs::write(folder.path().join("store"), "old").expect(what);
    meddle(folder.path());
    contents(folder.path())
}

/// A folder that vanishes half-way: an I/O failure, and the files in other folders are taken back.
#[test]
fn a_vanishing_folder() {
    let folder = folder();
    let second = folder.path().join("second");
    fs::create_dir(&second).expect("a folder");
    let doomed = second.clone();
    let proof: Proof = Box::new(move |_| {
        fs::remove_dir_all(&doomed).expect("removed");
        Ok(())
    });
    let plan = plan(folder.path(), vec![("one", sound()), ("second/two", sound()), ("three", proof)]);
    let error = write(&plan, &[], Existing::Refuse).expect_err("the folder is gone");
    assert!(matches!(error.cause(), Error::Io { .. }), "{error}");
    assert_eq!(names(folder.path()), Vec::<OsString>::new());
}

// ---------------------------------------------------------------- tools

fn gen_arguments(emit: &'static str) -> Vec<&'static str> {
    vec!["gen", "--key", "p256", "--emit", emit, "--password", "env:SECRET"]
}

/// `gen` in a folder, its key kind still open to a later `--key`.
fn gen_in(folder: &Path, emit: &'static str) -> Command {
    let mut command = certkit(folder);
    command.args(["gen", "--emit", emit, "--password", "env:SECRET"]).env("SECRET", PASSWORD);
    command
}

/// The old files that `--force` is to replace.
fn make_old(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    succeed(gen_in(folder, "pfx,cer,json").args(["--key", "p256"]));
    contents(folder)
}

/// Gives `wrapper` the program that `command` runs as its next argument, and its surroundings.
fn like<'a>(wrapper: &'a mut Command, command: &Command) -> &'a mut Command {
    wrapper.env_clear().arg(command.get_program()).stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        wrapper.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        wrapper.env(name, value.expect("scrubbing removes nothing"));
    }
    wrapper.env("SECRET", PASSWORD)
}

/// Runs under strace; the lines of the calls that matter here, descriptors with their paths.
fn traced(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let log = tempfile::NamedTempFile::new().expect("a log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-s", "0", "-o"]).arg(log.path()).args([
        "-e",
        "trace=openat,open,creat,chmod,fchmod,fchmodat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,fsync,write",
    ]);
    succeed(like(&mut strace, &certkit(folder)).args(arguments));
    fs::read_to_string(log.path()).expect("the log").lines().map(str::to_owned).collect()
}

/// Runs `gen` for three files with a fault or a signal injected into its system calls.
fn injected(folder: &Path, fault: &str, force: bool) -> Output {
    let call = fault.split(':').next().unwrap_or_default();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &format!("inject={fault}")]);
    like(&mut strace, &certkit(folder)).args(["gen", "--emit", "pfx,cer,json", "--password", "env:SECRET"]);
    // RSA has no warning to write to standard error; the kind of key makes no difference here.
    strace.args(["--key", "rsa-2048"]).args(force.then_some("--force")).output().expect("strace starts")
}

fn positions(calls: &[String], words: &[&str]) -> Vec<usize> {
    let holds = |line: &String| words.iter().all(|word| line.contains(word));
    calls.iter().enumerate().filter(|(_, line)| holds(line)).map(|(at, _)| at).collect()
}

/// The one call that gave a file its name.
fn naming(calls: &[String], name: &str) -> usize {
    let found = positions(calls, &["rename", &format!("\"{name}\"")]);
    assert_eq!(found.len(), 1, "{name} is named once");
    found[0]
}

fn staged_name(rename: &str) -> String {
    let path = rename.split('"').nth(1).expect("the first path");
    let (_, name) = path.rsplit_once('/').expect("a path");
    assert!(name.starts_with(".certkit-") && name.ends_with(".tmp"), "{rename}");
    name.to_owned()
}

fn succeed(command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
}

fn mode_of(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("metadata").permissions().mode() & 0o7777
}

fn names(folder: &Path) -> Vec<OsString> {
    let mut names: Vec<OsString> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    names
}

/// All files of a folder, hidden ones too.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    names(folder)
        .into_iter()
        .map(|name| (name.to_string_lossy().into_owned(), fs::read(folder.join(&name)).expect("a file")))
        .collect()
}

fn open(octets: &[u8]) -> Result<Store, Error> {
    store::read(octets, &Unlock::with(Password::new(PASSWORD.into())))
}

/// What must hold after a crash: each file under a final name is an old one or opens, with a key
/// where it should have one; and others can read nothing but certificates. The number of files
/// under final names.
fn check_after_crash(folder: &Path, old: &BTreeMap<String, Vec<u8>>) -> usize {
    let mut final_names = 0;
    for (name, octets) in contents(folder) {
        let public = mode_of(&folder.join(&name)) & 0o077 != 0;
        let staged = name.starts_with(".certkit-");
        if !staged && old.get(&name) != Some(&octets) {
            let store = open(&octets).unwrap_or_else(|error| panic!("{name} is not complete: {error}"));
            let has_key = store.key_entry(None).is_ok();
            assert_eq!(has_key, !(name.ends_with(".cer") || name.ends_with(".cert.pem")), "{name}");
        }
        if public && !octets.is_empty() {
            let store = open(&octets).unwrap_or_else(|error| panic!("{name} is readable by others: {error}"));
            assert!(store.key_entry(None).is_err(), "{name} holds a key and is readable by others");
        }
        final_names += usize::from(!staged);
    }
    final_names
}

/// All stores of a folder hold one and the same key, and it fits the certificate.
fn one_credential(folder: &Path) {
    let read = |name: &str| fs::read(folder.join(name)).expect("a file");
    let (pfx, json) =
        (open(&read("keystore.pfx")).expect("a store"), open(&read("keystore.json")).expect("JSON"));
    let (_, one, chain) = pfx.key_entry(None).expect("a key");
    let (_, other, _) = json.key_entry(None).expect("a key");
    assert!(one.pkcs8_der().same_as(other.pkcs8_der()), "PFX and JSON hold the same key");
    assert_eq!(chain[0].der(), read("keystore.cer"), "PFX and .cer hold the same certificate");
    certkit::cert::verify::require_fit(one, &chain[0]).expect("the key fits the certificate");
}

/// A plan of files whose contents are their names.
fn plan(folder: &Path, files: Vec<(&str, Proof)>) -> Plan {
    let files = files.into_iter().map(|(name, proof)| PlannedFile {
        path: folder.join(name),
        contents: SecretBytes::new(format!("new {name}").into_bytes()),
        purpose: Purpose::KeepSecret,
        proof,
    });
    Plan { files: files.collect(), folder: None }
}

fn sound() -> Proof {
    Box::new(|_| Ok(()))
}
