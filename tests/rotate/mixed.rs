//! What could have been left half old and half new, or lost a part: it is kept, or refused before
//! anything is made.

use std::{fs, path::Path};

use super::support::{
    certificate, generate, holders, injected, key, made, names, new_files, rotated, snapshot, today,
};
use crate::common::{folder, has_peer, ok, run, text};

/// What is refused names the file, and changes nothing.
#[track_caller]
fn assert_refused(folder: &Path, arguments: &[&str], code: i32, said: &[&str]) {
    let before = snapshot(folder);
    let output = run(folder, [&["rotate"], arguments].concat());
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}{}", text(&output.stdout));
    assert!(said.iter().all(|part| message.contains(part)), "{arguments:?}: {message}");
    assert_eq!(snapshot(folder), before, "{arguments:?}");
    assert!(!folder.join("old").exists());
}

/// A store beside it that no password opens may hold the same credential: nothing goes on without it.
#[test]
fn a_closed_store_is_not_another_credential() {
    let folder = made(&["--emit", "pfx,json,cer"]);
    fs::write(folder.path().join("wrong.txt"), "a wrong password").expect("a password");
    for more in [&[][..], &["--archive", "old"], &["--again"], &["--if-expires-in", "30d"]] {
        let by_json = [&["keystore.json"], more].concat();
        assert_refused(folder.path(), &by_json, 4, &["keystore.pfx", "--password file:PATH"]);
        let wrong = [&by_json[..], &["--password", "file:wrong.txt"]].concat();
        assert_refused(folder.path(), &wrong, 4, &["keystore.pfx", "--new-password file:PATH"]);
    }
    let folder = made(&["--emit", "key,cer"]);
    let locked =
        ["convert", "keystore.key.pem", "--to", "pkcs8", "--key-only", "--out-password", "file:pw.txt"];
    ok(folder.path(), [&locked[..], &["-o", "keystore.p8"]].concat());
    assert_refused(folder.path(), &["keystore.key.pem"], 4, &["keystore.p8"]);
    assert_eq!(new_files(&rotated(folder.path(), &["keystore.key.pem"])).len(), 3);
}

/// The rest of a run with a password of its own is not begun anew without that password.
#[test]
fn what_a_killed_run_sealed_is_not_left_behind() {
    if !has_peer("strace", "killing rotate between two names") {
        return;
    }
    let folder = made(&["--emit", "pfx,json,cer"]);
    let command = ["keystore.pfx", "--new-password", "generate:new.txt", "--archive", "old"];
    let killed = injected(folder.path(), "renameat,renameat2:signal=KILL:when=2", &command);
    assert!(!killed.status.success());
    let before = snapshot(folder.path());
    let refused = run(folder.path(), ["rotate", "keystore.json", "--archive", "old"]);
    assert_eq!(refused.status.code(), Some(4), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("keystore.pfx"), "{}", text(&refused.stderr));
    assert_eq!(snapshot(folder.path()), before);
    rotated(folder.path(), &command);
    assert_eq!(rotated(folder.path(), &command)["outcome"], "exists");
    ok(folder.path(), ["export-cer", "keystore.pfx", "--password", "file:new.txt", "-o", "pfx.cer"]);
    let at = |name| certificate(&folder.path().join(name));
    assert_eq!((at("pfx.cer"), at("keystore.json")), (at("keystore.cer"), at("keystore.cer")));
}

/// A predecessor in the archive that does not open is not taken for none.
#[test]
fn a_closed_predecessor_is_asked_about() {
    let folder = made(&["--emit", "pfx"]);
    rotated(folder.path(), &["keystore.pfx", "--new-password", "generate:new.txt", "--archive", "old"]);
    let before = (snapshot(folder.path()), snapshot(&folder.path().join("old")));
    let with_new = ["rotate", "keystore.pfx", "--password", "file:new.txt", "--archive", "old"];
    let refused = run(folder.path(), with_new);
    assert_eq!(refused.status.code(), Some(4), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("old/keystore-"), "{}", text(&refused.stderr));
    assert_eq!((snapshot(folder.path()), snapshot(&folder.path().join("old"))), before);
    let told = text(&ok(folder.path(), [&with_new[..], &["--new-password", "file:pw.txt"]].concat()));
    assert!(told.contains("there already"), "{told}");
}

/// What only files without a password lack is made by the command that began it.
#[test]
fn the_same_command_completes_what_needs_no_password() {
    if !has_peer("strace", "killing rotate between two names") {
        return;
    }
    for archive in [&[][..], &["--archive", "old"]] {
        let folder = made(&["--emit", "pfx,json,cer"]);
        let options = ["keystore.pfx", "--new-password", "generate:new.txt", "--compat", "windows-2016"];
        let command = [&options[..], archive].concat();
        let killed = injected(folder.path(), "renameat,renameat2:signal=KILL:when=3", &command);
        assert!(!killed.status.success());
        let completed = rotated(folder.path(), &command);
        assert_eq!(completed["outcome"], "made", "{completed}");
        assert_eq!(rotated(folder.path(), &command)["new"], completed["new"]);
    }
}

/// Members of a connector JSON besides the two are never dropped.
#[test]
fn further_members_are_not_lost() {
    let folder = made(&["--emit", "pfx,json"]);
    let at = folder.path().join("keystore.json");
    let json = fs::read_to_string(&at).expect("the JSON");
    fs::write(&at, json.replacen('{', r#"{"client_id":"2","site":{"url":"https://x"},"#, 1)).expect("it");
    for store in ["keystore.json", "keystore.pfx"] {
        for more in [&[][..], &["--archive", "old"]] {
            let arguments = [&[store, "--password", "file:pw.txt"], more].concat();
            let said = ["keystore.json", "client_id, site", "certkit export-json keystore.json -o NEW.json"];
            assert_refused(folder.path(), &arguments, 3, &said);
        }
    }
    // The way that is named works.
    ok(folder.path(), ["export-json", "keystore.json", "-o", "NEW.json"]);
    assert_eq!(rotated(folder.path(), &["NEW.json"])["outcome"], "made");
}

/// Endings as other programs and Windows write them.
#[test]
fn endings_of_other_programs_belong_to_it() {
    let folder = made(&["--emit", "pfx,key,cert,cer,json"]);
    let at = |name: &str| folder.path().join(name);
    for (from, to) in [("key.pem", "key"), ("cert.pem", "crt"), ("cer", "CER"), ("json", "Json")] {
        fs::rename(at(&format!("keystore.{from}")), at(&format!("keystore.{to}"))).expect("another name");
    }
    fs::copy(at("keystore.CER"), at("keystore.der")).expect("a copy");
    let to_der = ["convert", "keystore.key", "--to", "pkcs8", "--key-only", "--encoding", "der"];
    ok(folder.path(), [&to_der[..], &["-o", "keystore.p8"]].concat());
    let before = names(folder.path());
    let document = rotated(folder.path(), &["keystore.pfx", "--archive", "old"]);
    assert_eq!(new_files(&document).len(), 7, "{document}");
    assert_eq!((names(folder.path()), names(&at("old")).len()), (before, 7));
    assert!(names(&at("old")).contains(&format!("keystore-{}.CER", today())));
    assert_eq!(holders(folder.path()).len(), 1, "one credential under all the names");
    let new = certificate(&at("keystore.crt")).expect("a certificate");
    for name in ["keystore.key", "keystore.p8"] {
        certkit::cert::verify::require_fit(&key(&at(name)).expect("a key"), &new).expect("they fit");
    }
    assert_eq!(rotated(folder.path(), &["keystore.key", "--archive", "old"])["outcome"], "exists");
}

/// What holds the old credential in a form that is not written is refused, not left behind.
#[test]
fn what_cannot_be_written_again_is_refused() {
    let folder = made(&["--emit", "pfx,cer"]);
    let msal = ["export-json", "keystore.pfx", "--password", "file:pw.txt", "--for", "msal"];
    ok(folder.path(), [&msal[..], &["-o", "keystore.json"]].concat());
    for more in [&[][..], &["--archive", "old"]] {
        let arguments = [&["keystore.pfx", "--password", "file:pw.txt"], more].concat();
        assert_refused(
            folder.path(),
            &arguments,
            3,
            &["keystore.json", "JSON with PEM", "alone under its name"],
        );
    }
}

/// A key's own password is not the store's: which one the successor has is for its owner to say.
#[test]
fn a_keys_own_password_is_asked_about() {
    if !has_peer("keytool", "a JKS whose key has a password of its own") {
        return;
    }
    let folder = folder();
    for (name, password) in
        [("pw.txt", "store-password"), ("key.txt", "key-password"), ("new.txt", "new one")]
    {
        fs::write(folder.path().join(name), password).expect("a password");
    }
    let made = std::process::Command::new("keytool")
        .args(["-genkeypair", "-storetype", "JKS", "-keystore", "j.jks", "-storepass", "store-password"])
        .args([
            "-keypass",
            "key-password",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-alias",
            "a",
            "-dname",
            "CN=j",
        ])
        .current_dir(folder.path())
        .output()
        .expect("keytool starts");
    assert!(made.status.success(), "{}", text(&made.stdout));
    let both = ["j.jks", "--password", "file:pw.txt", "--key-password", "file:key.txt"];
    assert_refused(folder.path(), &both, 3, &["j.jks", "password of its own", "--new-password file:PATH"]);
    ok(folder.path(), [&["rotate"], &both[..], &["--new-password", "file:new.txt"]].concat());
    let new = format!("j-{}.jks", today());
    ok(folder.path(), ["export-json", &new, "--password", "file:new.txt", "-o", "new.json"]);
}

/// The same subject is not the same credential where the entry has another name, or the certificate
/// other alternative names.
#[test]
fn another_entry_has_a_successor_of_its_own() {
    let folder = made(&["--emit", "pfx", "--name", "a", "--alias", "a", "--cn", "same"]);
    generate(folder.path(), &["--emit", "pfx", "--name", "b", "--alias", "b", "--cn", "same"]);
    let both = ["convert", "a.pfx", "b.pfx", "--password", "file:pw.txt", "--to", "jks", "-o", "j.jks"];
    ok(folder.path(), both);
    let first = rotated(folder.path(), &["j.jks", "--alias", "a"]);
    let second = rotated(folder.path(), &["j.jks", "--alias", "b"]);
    assert_eq!((&first["outcome"], &second["outcome"]), (&"made".into(), &"made".into()));
    assert_ne!(first["new"], second["new"]);
    for (alias, made) in [("a", &first), ("b", &second)] {
        let again = rotated(folder.path(), &["j.jks", "--alias", alias]);
        assert_eq!((&again["outcome"], &again["new"]), (&"exists".into(), &made["new"]), "{alias}");
    }

    let folder = made_with_names();
    assert_eq!(rotated(folder.path(), &["keystore.json"])["outcome"], "made", "other names, another one");
    assert_eq!(rotated(folder.path(), &["keystore.json"])["outcome"], "exists");
}

/// A credential, and one of other alternative names under the name of a successor.
fn made_with_names() -> tempfile::TempDir {
    let folder = made(&["--emit", "json", "--san", "dns:a.example", "--not-before", "-1d"]);
    let name = format!("keystore-{}", today());
    generate(
        folder.path(),
        &["--emit", "json", "--cn", "keystore", "--san", "dns:b.example", "--name", &name],
    );
    folder
}

/// An archive that lies elsewhere does not say whose predecessors it holds.
#[test]
fn an_archive_of_two_folders_decides_nothing() {
    let folder = folder();
    for name in ["a", "b"] {
        let folder = folder.path().join(name);
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("pw.txt"), "a password").expect("a password");
        let begin = if name == "a" { "-1d" } else { "-1h" };
        generate(&folder, &["--emit", "json", "--name", "k", "--not-before", begin]);
    }
    let at = |name: &str| folder.path().join(name);
    assert!(run(folder.path(), ["rotate", "a/k.json", "--archive", "old"]).status.success());
    let before = (snapshot(&at("b")), snapshot(&at("old")));
    let second = ["rotate", "b/k.json", "--archive", "old"];
    let refused = run(folder.path(), second);
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("another folder") && said.contains("--again"), "{said}");
    assert_eq!((snapshot(&at("b")), snapshot(&at("old"))), before);
    ok(folder.path(), [&second[..], &["--again"]].concat());
    assert_eq!(names(&at("old")).len(), 2);
    // In the folder itself it is told.
    ok(folder.path(), ["rotate", "b/k.json", "--archive", "b/old", "--again"]);
    let told = text(&ok(folder.path(), ["rotate", "b/k.json", "--archive", "b/old"]));
    assert!(told.contains("there already"), "{told}");
}

/// One that had ended, or has not begun, has one successor too.
#[test]
fn twice_makes_one_whatever_the_dates_of_the_old_one() {
    for dates in [["--not-before", "-20d", "--days", "19"], ["--not-before", "9d", "--days", "365"]] {
        for more in [&[][..], &["--archive", "old"]] {
            let folder = made(&[&["--emit", "json,cer"], &dates[..]].concat());
            let run = || rotated(folder.path(), &[&["keystore.json"], more].concat());
            let first = run();
            assert_eq!(first["outcome"], "made", "{dates:?} {more:?}");
            for _ in 0..2 {
                let again = run();
                assert_eq!(
                    (&again["outcome"], &again["new"]),
                    (&"exists".into(), &first["new"]),
                    "{dates:?} {more:?}"
                );
            }
        }
    }
}

/// A date in the name may be the end; it is not the order in which they were made.
#[test]
fn a_name_with_a_later_date_has_one_successor() {
    if !has_peer("strace", "killing rotate between two names") {
        return;
    }
    let folder = made(&["--emit", "key,cert", "--name", "keystore-2099-12-31"]);
    let store = ["keystore-2099-12-31.key.pem"];
    let killed = injected(folder.path(), "renameat2:signal=KILL:when=2", &store);
    assert!(!killed.status.success());
    let completed = rotated(folder.path(), &store);
    let expected = ["key", "cert"].map(|form| format!("keystore-{}.{form}.pem", today()));
    assert_eq!(new_files(&completed), expected.into());
    assert_eq!(rotated(folder.path(), &store)["outcome"], "exists");
}
