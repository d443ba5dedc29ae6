//! `--archive`: new files under the old names, the old ones in a folder, and the record in step.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use super::support::{
    ALL, certificate, generate, holders, made, names, new_files, rotate, rotated, snapshot, today,
};
use crate::common::{ok, text};

/// Each old file as it was, under its name with a date.
#[test]
fn the_old_files_move_and_the_new_ones_have_their_names() {
    let folder = made(&["--emit", ALL]);
    let (at, old) = (folder.path(), folder.path().join("old"));
    let before = snapshot(at);
    let inode = fs::metadata(at.join("keystore.pfx")).expect("the store").ino();
    let document = rotated(at, &["keystore.pfx", "--archive", "old"]);
    assert_eq!(document["outcome"], "made");
    assert_eq!(names(at), before.keys().cloned().collect(), "no other names");
    assert_eq!(holders(at).len(), 1, "one successor under all the names");
    for (name, octets) in before.iter().filter(|(name, _)| *name != "pw.txt") {
        let moved = name.replacen('.', &format!("-{}.", today()), 1);
        assert_eq!(snapshot(&old)[&moved], *octets, "{name}");
        assert_ne!(snapshot(at)[name], *octets, "{name}");
    }
    assert_eq!(names(&old).len(), 6);
    assert_eq!(fs::metadata(old.join(format!("keystore-{}.pfx", today()))).expect("moved").ino(), inode);
    assert_eq!(fs::metadata(&old).expect("the archive").mode() & 0o777, 0o700);
    assert!(
        document["old_files"]
            .as_array()
            .expect("files")
            .iter()
            .all(|file| { file.as_str().is_some_and(|file| file.starts_with("old/")) }),
        "{document}"
    );

    let second = rotated(at, &["keystore.json", "--archive", "old"]);
    assert_eq!((&second["outcome"], &second["new"]), (&"exists".into(), &document["new"]));
    assert_eq!(second["old"], document["old"]);
    assert_eq!(names(&old).len(), 6);
    let third = rotated(at, &["keystore.json", "--archive", "old", "--again"]);
    assert_eq!(third["outcome"], "made");
    assert_eq!(names(&old).len(), 12);
    assert!(names(&old).contains(&format!("keystore-{}-2.pfx", today())));
    assert_eq!(holders(&old).len(), 2);
}

/// With a span it is the standing certificate alone that counts; an archive of what has expired is no
/// reason to wait.
#[test]
fn what_stands_is_judged_and_what_has_ended_counts_no_more() {
    let folder = made(&["--emit", "json", "--days", "20"]);
    let due = ["keystore.json", "--archive", "old", "--if-expires-in", "10d"];
    assert_eq!(rotated(folder.path(), &due)["outcome"], "not-due");
    generate(folder.path(), &["--emit", "json", "--not-before", "-10d", "--days", "20"]);
    assert_eq!(rotated(folder.path(), &due)["outcome"], "made");
    assert_eq!(rotated(folder.path(), &due)["outcome"], "not-due");

    let folder = made(&["--emit", "json", "--not-before", "-20d", "--days", "19"]);
    assert_eq!(rotated(folder.path(), &["keystore.json", "--archive", "old"])["outcome"], "made");
    assert_eq!(rotated(folder.path(), &["keystore.json", "--archive", "old"])["outcome"], "exists");
}

/// An archive on another file system gets copies, with their modes.
#[test]
fn an_archive_on_another_file_system() {
    let elsewhere = Path::new("/dev/shm");
    let folder = made(&["--emit", "pfx,cer"]);
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    if device(elsewhere).is_none() || device(elsewhere) == device(folder.path()) {
        eprintln!("SKIPPED: an archive on another file system: there is none at /dev/shm");
        return;
    }
    let archive = tempfile::Builder::new().prefix("certkit-test-").tempdir_in(elsewhere).expect("a folder");
    let before = snapshot(folder.path());
    let place = archive.path().display().to_string();
    rotated(folder.path(), &["keystore.pfx", "--archive", &place]);
    let moved = snapshot(archive.path());
    assert_eq!(moved.len(), 2, "{:?}", names(archive.path()));
    assert_eq!(moved[&format!("keystore-{}.pfx", today())], before["keystore.pfx"]);
    let mode = fs::metadata(archive.path().join(format!("keystore-{}.pfx", today()))).expect("moved").mode();
    assert_eq!(mode & 0o777, 0o600);
    let second = rotate(folder.path(), &["keystore.pfx", "--archive", &place]);
    assert_eq!(second.status.code(), Some(3), "{}", text(&second.stdout));
    assert!(text(&second.stderr).contains("in the store's own folder"), "{}", text(&second.stderr));
}

/// The record of a kit names the new certificate; without an archive it is for the user to edit.
#[test]
fn the_record_is_kept_in_step() {
    let folder = made(&["--emit", "cer"]);
    ok(folder.path(), ["connector", "init", "zscaler-sharepoint", "--out-dir", "kit"]);
    let kit = folder.path().join("kit");
    let record = kit.join("certkit.toml");
    let uploaded =
        |text: String| text.replace("# uploaded_on =   # the day of the upload", "uploaded_on = 2026-01-31");
    let old = uploaded(fs::read_to_string(&record).expect("the record"));
    fs::write(&record, &old).expect("the record");

    let beside = rotated(folder.path(), &["kit/zscaler-sharepoint.json"]);
    assert!(
        beside["steps"][2].as_str().is_some_and(|step| step.contains("bring kit/certkit.toml up to date")),
        "{beside}"
    );
    assert_eq!(fs::read_to_string(&record).expect("the record"), old);
    for name in new_files(&beside) {
        fs::remove_file(folder.path().join(name)).expect("it goes");
    }

    let document = rotated(folder.path(), &["kit/zscaler-sharepoint.json", "--archive", "kit/old"]);
    let text = fs::read_to_string(&record).expect("the record");
    let new = certificate(&kit.join("zscaler-sharepoint.cer")).expect("a certificate");
    assert!(text.contains(&new.fingerprints().sha1) && text.contains(&new.not_after().to_string()), "{text}");
    assert!(text.contains("# uploaded_on ="), "{text}");
    let moved = kit.join("old").join(format!("zscaler-sharepoint-{}.certkit.toml", today()));
    assert_eq!(fs::read_to_string(moved).expect("the old record"), old);
    assert!(document["steps"][2].as_str().is_some_and(|step| step.contains("uploaded_on")), "{document}");
    let checked = text_of(&folder, &["connector", "check", "kit"]);
    assert!(checked.contains(": 0 errors"), "{checked}");

    // A run that was killed before the record had its turn.
    let in_step = fs::read_to_string(&record).expect("the record");
    fs::write(&record, &old).expect("the record");
    let archived = snapshot(&kit.join("old"));
    let finished = rotated(folder.path(), &["kit/zscaler-sharepoint.json", "--archive", "kit/old"]);
    assert_eq!((&finished["outcome"], &finished["new"]), (&"made".into(), &document["new"]));
    assert_eq!(fs::read_to_string(&record).expect("the record"), in_step);
    assert_eq!(snapshot(&kit.join("old")), archived);
}

fn text_of(folder: &tempfile::TempDir, arguments: &[&str]) -> String {
    text(&crate::common::run(folder.path(), arguments).stdout)
}

/// Nothing in the archive is overwritten, and nothing moves where something is in the way.
#[test]
fn nothing_in_the_archive_is_overwritten() {
    let folder = made(&["--emit", "pfx,cer"]);
    let old = folder.path().join("old");
    fs::create_dir(&old).expect("a folder");
    fs::write(old.join(format!("keystore-{}.pfx", today())), "somebody's").expect("a file");
    rotated(folder.path(), &["keystore.pfx", "--archive", "old"]);
    assert_eq!(snapshot(&old)[&format!("keystore-{}.pfx", today())], b"somebody's");
    assert!(names(&old).contains(&format!("keystore-{}-2.cer", today())));

    let folder = made(&["--emit", "pfx,cer"]);
    fs::write(folder.path().join("old"), "a file").expect("a file");
    let before = snapshot(folder.path());
    let output = rotate(folder.path(), &["keystore.pfx", "--archive", "old"]);
    assert_ne!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!(snapshot(folder.path()), before);
}
