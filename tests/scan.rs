//! `scan`: what it finds, what it passes over, and what it survives.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.
#![cfg(unix)]

mod common;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    io::{Read, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
    },
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use certkit::{
    ops,
    store::{self, Unlock},
};
use common::{certkit, fixture, folder, has_peer, ok, run, text};
use serde_json::Value;

/// A moment at which the fixtures are valid, but for those that are meant not to be.
const AT: &str = "2030-01-01";

fn scan(folder: &Path, arguments: &[&str]) -> Output {
    run(folder, ["scan", "--at", AT].iter().chain(arguments))
}

/// The lines of a scan.
fn lines(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = scan(folder, &[arguments, &["--format", "json"]].concat());
    parsed(&output)
}

fn parsed(output: &Output) -> Vec<Value> {
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert!(lines.iter().all(|line| line["schema"] == "certkit.scan/1"), "{lines:?}");
    let summaries = lines.iter().filter(|line| line["kind"] == "summary").count();
    assert_eq!(summaries, 1, "{} {}", text(&output.stdout), text(&output.stderr));
    assert_eq!(lines.last().expect("a line")["kind"], "summary");
    lines
}

/// The files of the lines of a kind.
fn files<'a>(lines: &'a [Value], kind: &str) -> BTreeSet<&'a str> {
    lines.iter().filter(|line| line["kind"] == kind).filter_map(|line| line["file"].as_str()).collect()
}

/// The findings as `id file`.
fn findings(lines: &[Value]) -> BTreeSet<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = lines.iter().filter(|line| line["kind"] == "finding");
    found.map(|line| format!("{} {}", word(&line["id"]), word(&line["file"]))).collect()
}

fn place(folder: &Path, name: &str, from: &str) {
    let target = folder.join(name);
    fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
    fs::copy(fixture(from), &target).expect(from);
    fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).expect("a mode");
}

fn put(folder: &Path, name: &str, octets: impl AsRef<[u8]>) {
    let target = folder.join(name);
    fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
    fs::write(&target, octets).expect("a file");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).expect("a mode");
}

/// A record of a kit.
fn record(rest: &str) -> String {
    format!(
        "schema = \"certkit.kit/1\"\nprofile = \"zeron-office365\"\nmade = 2029-01-01\napp = \"Contoso\"\ncloud = \"global\"\n{rest}\n[files]\n"
    )
}

/// Every kind of file is told by what it holds, wherever it is hidden and whatever it is called.
#[test]
fn every_kind_is_found() {
    let folder = folder();
    let root = folder.path();
    let kinds = [
        ("certificate", "a/der.cer", "certs/openssl-3-rsa2048.cer"),
        ("certificate", "a/pem.txt", "certs/openssl-3-rsa2048.cert.pem"),
        ("certificate", "a/bundle", "certs/openssl-3-chain-der.p7b"),
        ("certificate", ".hidden/.json", "stores/connector-good.json"),
        ("certificate", "a/store.jks", "stores/keytool-17-key.jks"),
        ("certificate", "b/utf16", "certs/text-base64-cert-utf16.txt"),
        ("certificate", "b/one-line", "certs/text-base64-cert-one-line.txt"),
        ("certificate", "b/nested.json", "stores/json-nested.json"),
        ("certificate", "b/escaped.json", "stores/json-unicode-escapes.json"),
        ("certificate", "b/pasted.env", "certs/text-dotenv.env"),
        ("key", "a/key", "certs/openssl-3-pkcs8.key.der"),
        ("key", "a/sec1", "certs/openssl-3-sec1-p256.key.pem"),
        ("locked", "a/store.pfx", "stores/openssl-3-pbes2-aes256.pfx"),
        ("locked", "a/locked.pem", "certs/openssl-3-pkcs8-pbes2-aes256.key.pem"),
        ("locked", "ignored/dist.pfx", "stores/keytool-17-pbes2-aes256.pfx"),
    ];
    for (_, name, from) in kinds {
        place(root, name, from);
    }
    put(root, ".gitignore", "ignored\n*.pfx\n");
    fs::create_dir(root.join(".git")).expect("a folder");
    let none =
        ["certs/openssl-3-public-key.pem", "certs/openssl-3-request.csr", "certs/ssh-keygen-9-rsa.key"];
    for (number, from) in none.iter().enumerate() {
        place(root, &format!("c/{number}"), from);
    }

    let lines = lines(root, &["."]);
    for kind in ["certificate", "key", "locked"] {
        let expected: BTreeSet<String> =
            kinds.iter().filter(|one| one.0 == kind).map(|one| format!("./{}", one.1)).collect();
        let found: BTreeSet<String> = files(&lines, kind).into_iter().map(str::to_owned).collect();
        assert_eq!(found, expected, "{kind}");
    }
    assert_eq!(files(&lines, "trouble"), BTreeSet::new());
    assert_eq!(lines.last().expect("a summary")["files"], kinds.len() + none.len() + 1);
}

/// A scan passes over nothing that `inspect` reads a certificate or a private key from.
#[test]
fn whatever_can_be_read_is_found() {
    let now = certkit::time::Instant::from_unix(1_900_000_000).expect("a date in range");
    let options = ops::scan::Options { now, soon: now, max_work: certkit::limits::KDF_ROUNDS };
    let mut found = 0;
    for path in ["certs", "stores"].iter().flat_map(|name| fs::read_dir(fixture(name)).expect("fixtures")) {
        let path = path.expect("a fixture").path();
        let octets = fs::read(&path).expect("a fixture");
        let name = path.display().to_string();
        let holds = store::read(&octets, &Unlock::default()).is_ok_and(|store| {
            let is_one = |entry: &store::Entry| entry.is_key() || !entry.certificates().is_empty();
            store.locked_parts > 0 || store.entries.iter().any(is_one)
        });
        let file = ops::scan::File { name: &name, octets: &octets, exposed: false };
        let looked = ops::scan::look(&file, Vec::new, &options);
        // Of JSON with broken syntax a scan reads what was meant.
        assert!(!looked.sightings.is_empty() || !holds, "{name}");
        found += usize::from(holds);
    }
    assert!(found > 250, "only {found} were found");
}

/// What merely looks like a credential is passed over in silence.
#[test]
fn what_is_none_is_not_reported() {
    let folder = folder();
    let root = folder.path();
    let der: Vec<u8> = [&[0x30, 0x82, 0x01, 0x00][..], &[0x5a; 256]].concat();
    let ciphertext: Vec<u8> = (0..4000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let base64: String = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY".repeat(20);
    for (name, octets) in [
        ("main.go", b"if strings.HasPrefix(s, \"-----BEGIN CERTIFICATE-----\") {\n".to_vec()),
        ("sed.sh", b"sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p'\n".to_vec()),
        (
            "README.md",
            b"Paste it:\n\n```\n-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n```\n".to_vec(),
        ),
        ("package.json", b"{\"license\": \"MIT\", \"private\": true, \"private_key\": null}".to_vec()),
        ("broken.json", b"{\"a\": ".to_vec()),
        ("config.toml", b"[section]\nkey = \"MIT\"\n".to_vec()),
        ("random.der", der),
        ("noise", ciphertext),
        ("base64.txt", base64.into_bytes()),
        ("program", b"\x7fELF\x02\x01\x01\0\0\0\0\0-----BEGIN CERTIFICATE-----\n\0".to_vec()),
        ("memory", vec![0xce; 4096]),
        ("zeros", vec![0; 4096]),
        ("empty", Vec::new()),
        ("message.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n".to_vec()),
        ("script.sql", b"BEGIN; -- BEGIN CERTIFICATE\nEND;\n".to_vec()),
    ] {
        put(root, name, octets);
    }
    let output = scan(root, &[".", "--format", "json", "--fail-on", "warning"]);
    let lines = parsed(&output);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

/// What begins like a credential and cannot be read is a finding.
#[test]
fn broken_credentials_are_reported() {
    let folder = folder();
    let root = folder.path();
    let broken = [
        "openssl-3-truncated-half.pfx",
        "openssl-3-truncated-half.cer",
        "openssl-3-truncated-no-end.cert.pem",
        "openssl-3-truncated-body.cert.pem",
        "keytool-17-truncated-half.jks",
        "keytool-17-truncated-half.jceks",
        "connector-truncated.json",
    ];
    for name in broken {
        place(root, name, &format!("hostile/{name}"));
    }
    let output = scan(root, &[".", "--format", "json"]);
    let found = findings(&parsed(&output));
    for name in broken {
        let said = ["unreadable", "json-syntax"].iter().any(|id| found.contains(&format!("{id} ./{name}")));
        assert!(said, "{name}: {found:?}");
    }
    assert_eq!(output.status.code(), Some(10));
}

/// Whole stores that certkit cannot read are troubles, not faults of theirs.
#[test]
fn what_others_read_is_a_trouble() {
    let folder = folder();
    place(folder.path(), "sm4.pfx", "stores/openssl-3-pbes2-sm4-cbc.pfx");
    put(folder.path(), "store.bks", [&[0, 0, 0, 2, 0, 0, 0, 20][..], &[7; 100]].concat());
    let output = scan(folder.path(), &[".", "--format", "json"]);
    let lines = parsed(&output);
    let expected = BTreeSet::from(["./sm4.pfx", "./store.bks"]);
    assert_eq!(files(&lines, "trouble"), expected, "{lines:?}");
    assert_eq!(findings(&lines), BTreeSet::new());
    assert_eq!(output.status.code(), Some(0));
    let said = text(&scan(folder.path(), &["."]).stderr);
    assert!(said.contains("warning: not looked into: ./sm4.pfx: unsupported encryption: SM4"), "{said}");
}

/// Links are followed, loops and links to nothing are said, and no folder is entered twice by links.
#[test]
fn links_end() {
    let folder = folder();
    let root = folder.path();
    place(root, "tree/a.cer", "certs/openssl-3-rsa2048.cer");
    symlink(".", root.join("tree/loop")).expect("a link");
    symlink("gone", root.join("tree/nothing")).expect("a link");
    symlink("a.cer", root.join("tree/b.cer")).expect("a link");
    place(root, "beside/c.cer", "certs/openssl-3-rsa2048.cer");
    for name in ["one", "two", "three"] {
        symlink("../beside", root.join("tree").join(name)).expect("a link");
    }
    let found = lines(root, &["tree"]);
    let certificates = files(&found, "certificate");
    assert!(certificates.contains("tree/a.cer") && certificates.contains("tree/b.cer"), "{certificates:?}");
    assert_eq!(certificates.len(), 3, "{certificates:?}");
    assert_eq!(files(&found, "trouble"), BTreeSet::from(["tree/loop", "tree/nothing"]));
    let said = text(&scan(root, &["tree"]).stderr);
    assert!(said.contains("tree/nothing: a symbolic link to nothing\n"), "{said}");
    assert!(said.contains("tree/loop: a symbolic link back to tree, in which it stands\n"), "{said}");

    // Each folder has links to all others: 10! paths, if nobody counts.
    for from in 0..10 {
        let place = root.join(format!("web/{from}"));
        fs::create_dir_all(&place).expect("a folder");
        for to in (0..10).filter(|to| *to != from) {
            symlink(format!("../{to}"), place.join(to.to_string())).expect("a link");
        }
    }
    place(root, "web/0/a.cer", "certs/openssl-3-rsa2048.cer");
    let begun = Instant::now();
    let lines = lines(root, &["web"]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(files(&lines, "certificate").contains("web/0/a.cer"));
}

/// Pipes are not waited for, unless one is named: then it is refused.
#[test]
fn pipes_are_passed_over() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    assert_eq!(lines(folder.path(), &["."]).len(), 1);
    let refused = scan(folder.path(), &["pipe"]);
    assert_eq!(refused.status.code(), Some(3), "{}", text(&refused.stderr));
}

/// What cannot be read below a path is said; a path itself that cannot be read ends the scan.
#[test]
fn what_cannot_be_read_is_said() {
    let folder = folder();
    let root = folder.path();
    place(root, "tree/a.cer", "certs/openssl-3-rsa2048.cer");
    // A path that is longer than the system takes, which is so for root as well.
    let deep = "mkdir d && cd d && for i in $(seq 20); do n=$(printf '%0250d' $i); mkdir $n && cd $n || exit 0; done";
    let made = Command::new("sh").args(["-c", deep]).current_dir(root.join("tree")).status();
    assert!(made.expect("sh starts").success());
    let output = scan(root, &["tree"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("warning: not looked into: tree/d/0"), "{said}");
    let found = text(&output.stdout);
    assert!(found.contains("tree/a.cer") && found.contains("not looked into: tree/d/0"), "{found}");

    let missing = scan(root, &["tree", "missing", "--format", "json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(text(&missing.stdout), "");
    assert_eq!(serde_json::from_slice::<Value>(&missing.stderr).expect("JSON")["kind"], "not-found");

    let closed = root.join("tree/closed");
    fs::create_dir(&closed).expect("a folder");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("a mode");
    put(root, "tree/closed.cer", "");
    fs::copy(root.join("tree/a.cer"), root.join("tree/closed.cer")).expect("a copy");
    fs::set_permissions(root.join("tree/closed.cer"), fs::Permissions::from_mode(0o000)).expect("a mode");
    if fs::read_dir(&closed).is_ok() {
        eprintln!("SKIPPED: folders without permissions: this user reads them all the same");
    } else {
        let lines = lines(root, &["tree"]);
        let troubles = files(&lines, "trouble");
        assert!(troubles.contains("tree/closed") && troubles.contains("tree/closed.cer"), "{troubles:?}");
        assert_eq!(scan(root, &["tree/closed"]).status.code(), Some(1));
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("a mode");
}

/// Passwords are tried in turn; a list has them by the names of files.
#[test]
fn passwords_are_tried_in_turn() {
    let folder = folder();
    let root = folder.path();
    place(root, "t/contoso/a.pfx", "stores/openssl-3-pbes2-aes256.pfx");
    place(root, "t/fabrikam/b.jks", "stores/keytool-17-key.jks");
    let locked = lines(root, &["t"]);
    assert_eq!(files(&locked, "locked"), BTreeSet::from(["t/contoso/a.pfx"]));
    assert_eq!(files(&locked, "certificate"), BTreeSet::from(["t/fabrikam/b.jks"]), "visible without");
    let noted = text(&scan(root, &["t"]).stderr);
    assert!(noted.contains("note: 1 locked"), "{noted}");

    put(root, "right", "test-1234\n");
    put(root, "wrong", "another\n");
    let in_turn = ["t", "--password", "file:wrong", "--password", "file:right"];
    let both = BTreeSet::from(["t/contoso/a.pfx", "t/fabrikam/b.jks"]);
    assert_eq!(files(&lines(root, &in_turn), "certificate"), both);
    let wrong = lines(root, &["t", "--password", "file:wrong"]);
    assert_eq!(files(&wrong, "locked"), BTreeSet::from(["t/contoso/a.pfx"]), "listed, not failed");
    assert_eq!(findings(&wrong), BTreeSet::new());

    put(root, "lists/list", "# passwords\n\ncontoso/*.pfx = file:../right\n*.jks = file:../wrong\n");
    let listed = ["t", "--passwords-from", "lists/list"];
    assert_eq!(files(&lines(root, &listed), "certificate"), both);
    put(root, "lists/list", "fabrikam/* = file:../right\n");
    assert_eq!(files(&lines(root, &listed), "certificate"), BTreeSet::from(["t/fabrikam/b.jks"]));

    let mut by_variable = certkit(root);
    by_variable.args(["scan", "t", "--at", AT, "--format", "json"]).env("CERTKIT_PASSWORD", "test-1234");
    assert_eq!(files(&parsed(&by_variable.output().expect("it starts")), "certificate"), both);
}

/// A list that says nothing usable is refused with the line, and without what may be a password.
#[test]
fn bad_lists_are_refused() {
    let folder = folder();
    let root = folder.path();
    put(root, "a.cer", "");
    for (list, code) in [
        ("*.pfx = file:missing\n", 1),
        ("*.pfx = env:CERTKIT_TEST_UNSET\n", 3),
        ("*.pfx=hunter2\n", 3),
        ("\n*.pfx = hunter2\n", 3),
        ("*.pfx = pass:hunter2\n", 3),
        ("*.pfx = stdin\n", 3),
        ("a[ = env:HOME\n", 3),
    ] {
        put(root, "list", list);
        let output = scan(root, &[".", "--passwords-from", "list"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{list}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
        let line = 1 + list.matches('\n').count() - list.trim_start().matches('\n').count();
        assert!(code == 1 || said.contains(&format!("list, line {line}: ")), "{list}: {said}");
    }
    let output = scan(root, &[".", "--password", "generate:new"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(!root.join("new").exists());
}

/// All passwords of a file draw on one budget.
#[test]
fn attempts_share_their_work() {
    let folder = folder();
    let root = folder.path();
    let made = ["gen", "--name", "a", "--emit", "pfx", "--password", "file:right", "--iterations", "100000"];
    put(root, "right", "test-1234\n");
    put(root, "wrong", "another\n");
    ok(root, made);
    let with = |work: &str, wrong: usize| {
        let mut arguments = vec!["a.pfx", "--max-work", work];
        arguments.extend(["--password", "file:wrong"].repeat(wrong));
        arguments.extend(["--password", "file:right"]);
        let lines = lines(root, &arguments);
        // That a password was not tried is said, not that it does not fit.
        let trouble = lines.iter().find(|line| line["kind"] == "trouble");
        let said = trouble.and_then(|line| line["text"].as_str());
        let is_open = !files(&lines, "certificate").is_empty();
        assert_eq!(said.is_some_and(|said| said.starts_with("--max-work was used up after ")), !is_open);
        is_open
    };
    // Its MAC, certificates and key cost some 100,000 rounds each, and so does each wrong password.
    assert!(with("600000", 0));
    assert!(!with("600000", 8));
    assert!(with("19000000", 8));
}

/// A certificate that stands in several files is one row; rows are sorted by their ends.
#[test]
fn the_table_is_sorted_and_has_each_certificate_once() {
    let folder = folder();
    let root = folder.path();
    place(root, "late.pem", "certs/openssl-3-past-2050.cert.pem");
    place(root, "one.cer", "certs/openssl-3-rsa2048.cer");
    place(root, "sub/same.pem", "certs/openssl-3-rsa2048.cert.pem");
    place(root, "old.pem", "certs/openssl-3-expired.cert.pem");
    place(root, "key.pem", "certs/openssl-3-pkcs8.key.pem");
    put(root, "certkit.toml", record("[secret]\nexpires_on = 2030-01-20\n"));
    let output = scan(root, &["."]);
    let table = text(&output.stdout);
    let at = |name: &str| table.find(name).unwrap_or_else(|| panic!("{name} is missing: {table}"));
    let order =
        ["./old.pem", "client secret of Contoso", "./one.cer", "./sub/same.pem", "./late.pem", "private key"];
    let places: Vec<usize> = order.iter().map(|name| at(name)).collect();
    assert!(places.is_sorted(), "{table}");
    let inspected = text(&ok(root, ["inspect", "one.cer"]));
    let thumbprint = inspected.split("SHA-1").nth(1).and_then(|rest| rest.split_whitespace().next());
    assert_eq!(table.matches(thumbprint.expect("a thumbprint")).count(), 1, "{table}");
    assert!(table.contains("    19  2030-01-20  client secret of Contoso (zeron-office365)\n"), "{table}");
    assert_eq!(output.status.code(), Some(10), "one has expired: {table}");
    for jobs in ["1", "3", "16"] {
        assert_eq!(text(&scan(root, &[".", "--jobs", jobs]).stdout), table, "threads leave no trace");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 100 || line.contains(':')), "{table}");
}

/// Records tell of secrets, and of certificates that nobody has put beside them.
#[test]
fn records_are_watched() {
    let folder = folder();
    let root = folder.path();
    let thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567";
    let certificate =
        |end: &str| format!("[certificate]\nthumbprint = \"{thumbprint}\"\nnot_after = {end}\n");
    put(root, "a/certkit.toml", record("[secret]\nexpires_on = 2029-12-31\n"));
    put(root, "b/certkit.toml", record("[secret]\nexpires_on = 2030-01-10\n"));
    put(root, "c/certkit.toml", record("[secret]\n"));
    put(root, "d/certkit.toml", record("[secret]\nexpires_on = 2031-01-10\n"));
    put(root, "e/certkit.toml", "schema = 1\n");
    put(root, "f/certkit.toml", record(&certificate("2029-01-01")));
    put(root, "g/certkit.toml", record(&certificate("2030-01-05")));
    put(root, "h/certkit.toml", record(&certificate("2039-01-05")));
    place(root, "i/old.pem", "certs/openssl-3-expired.cert.pem");
    let old = lines(root, &["i"]);
    let known = old[0]["thumbprints"]["sha1"].as_str().expect("a thumbprint");
    put(root, "i/certkit.toml", record(&certificate("2021-01-01").replace(thumbprint, known)));
    put(root, "j/other.toml", "schema = 1\n");

    let lines = lines(root, &["."]);
    let expected = [
        "secret-expired ./a/certkit.toml",
        "secret-expires-soon ./b/certkit.toml",
        "secret-end-unknown ./c/certkit.toml",
        "bad-toml ./e/certkit.toml",
        "certificate-expired ./f/certkit.toml",
        "certificate-expires-soon ./g/certkit.toml",
        "certificate-expired ./i/old.pem",
    ];
    assert_eq!(findings(&lines), expected.map(str::to_owned).into());
    assert_eq!(files(&lines, "client-secret").len(), 4);
    let summary = lines.last().expect("a summary");
    assert_eq!((summary["client_secrets"].as_u64(), summary["ended"].as_u64()), (Some(4), Some(2)));
    let later = self::lines(root, &["d", "--expires-in", "2031-02-01"]);
    assert_eq!(findings(&later), BTreeSet::from(["secret-expires-soon d/certkit.toml".to_owned()]));
}

/// The exit code is the verdict, from the severity on that was asked for.
#[test]
fn the_exit_code_is_the_verdict() {
    let folder = folder();
    let root = folder.path();
    place(root, "expired/a.pem", "certs/openssl-3-expired.cert.pem");
    place(root, "good/a.pem", "certs/openssl-3-rsa2048.cert.pem");
    place(root, "open/a.pem", "certs/openssl-3-pkcs8.key.pem");
    fs::set_permissions(root.join("open/a.pem"), fs::Permissions::from_mode(0o644)).expect("a mode");
    for (arguments, code) in [
        (&["good"][..], 0),
        (&["good", "--fail-on", "warning"], 0),
        (&["good", "--expires-in", "9000d", "--fail-on", "warning"], 10),
        (&["good", "--expires-in", "9000d"], 0),
        (&["expired"], 10),
        (&["expired", "--fail-on", "never"], 0),
        (&["expired", "good"], 10),
        (&["open"], 0),
        (&["open", "--fail-on", "warning"], 10),
        (&["good", "--expires-in", "soon"], 2),
        (&["good", "--exclude", "a["], 2),
        (&[], 2),
    ] {
        for format in ["text", "json"] {
            let output = scan(root, &[arguments, &["--format", format]].concat());
            assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        }
    }
}

/// A bundle of authorities is listed, and does not drown what matters.
#[test]
fn authorities_are_warned_of_at_most() {
    let folder = folder();
    place(folder.path(), "ca.pem", "certs/openssl-3-default-ca.cert.pem");
    let end = "2200-01-01";
    let output = run(folder.path(), ["scan", ".", "--at", end, "--format", "json"]);
    // What `openssl req -x509` marks as an authority may as well be a client's.
    assert_eq!(output.status.code(), Some(10), "{}", text(&output.stdout));
    if !has_peer("openssl", "an authority's certificate") {
        return;
    }
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-out", "ca.pem"])
        .args(["-subj", "/CN=TEST authority", "-days", "10", "-addext", "keyUsage=critical,keyCertSign"])
        .current_dir(folder.path())
        .output();
    assert!(made.expect("openssl starts").status.success());
    // Alone it may be what somebody signs in with, whatever it says of itself.
    let output = run(folder.path(), ["scan", ".", "--at", end, "--format", "json"]);
    assert_eq!(findings(&parsed(&output)), BTreeSet::from(["certificate-expired ./ca.pem".to_owned()]));
    assert_eq!(output.status.code(), Some(10));
    // Among others it is one of those that are trusted.
    let one = fs::read_to_string(folder.path().join("ca.pem")).expect("an authority");
    let late = fs::read_to_string(fixture("certs/openssl-3-past-2050.cert.pem")).expect("a certificate");
    put(folder.path(), "ca.pem", one + &late);
    let output = run(folder.path(), ["scan", ".", "--at", "2040-01-01", "--format", "json"]);
    assert_eq!(findings(&parsed(&output)), BTreeSet::from(["trusted-expired ./ca.pem".to_owned()]));
    assert_eq!(output.status.code(), Some(0));
}

/// Hostile files cost no more than time, and little of it; each line is whole.
#[test]
fn hostile_files_are_survived() {
    let begun = Instant::now();
    let folder = folder();
    put(folder.path(), "pw", "test-1234\n");
    let hostile = fixture("hostile").display().to_string();
    let output = scan(folder.path(), &[&hostile, "--format", "json", "--password", "file:pw"]);
    assert!(begun.elapsed() < Duration::from_secs(300), "{:?}", begun.elapsed());
    assert_eq!(output.status.code(), Some(10), "{}", text(&output.stderr));
    let lines = parsed(&output);
    assert!(lines.len() > 100, "{}", lines.len());
    assert_eq!(text(&output.stderr), "");
}

/// Files beyond the limit are passed over; those that begin like a store are said.
#[test]
fn huge_files_are_passed_over() {
    let folder = folder();
    let huge = |name: &str, head: &[u8]| {
        let mut file = fs::File::create(folder.path().join(name)).expect("a file");
        file.write_all(head).expect("its head");
        file.set_len(17 << 20).expect("its size");
    };
    let pfx = fs::read(fixture("stores/openssl-3-pbes2-aes256.pfx")).expect("a store");
    huge("store.pfx", &pfx);
    huge("image", b"\x89PNG");
    let text: Vec<u8> = b"-----BEGIN CERTIFICATE-----\n".iter().copied().chain([b'A'; 70_000]).collect();
    huge("text", &text);
    let lines = lines(folder.path(), &["."]);
    assert_eq!(files(&lines, "trouble"), BTreeSet::from(["./store.pfx", "./text"]));
    assert_eq!(lines.last().expect("a summary")["files"], 3);
}

/// Names may hold anything: no line of the table moves the cursor, and JSON stays JSON.
#[test]
fn names_of_all_sorts_are_shown() {
    let folder = folder();
    let root = folder.path();
    for name in [&b"line\nbreak.cer"[..], b"\x1b[2Jescape.cer", b"latin\xe9.cer", "größe 🔑.cer".as_bytes()]
    {
        fs::copy(fixture("certs/openssl-3-rsa2048.cer"), root.join(OsStr::from_bytes(name))).expect("a file");
    }
    put(root, "-", fs::read(fixture("certs/openssl-3-rsa2048.cer")).expect("a certificate"));
    let lines = lines(root, &["."]);
    let expected =
        ["./-", "./\u{1b}[2Jescape.cer", "./größe 🔑.cer", "./latin\u{fffd}.cer", "./line\nbreak.cer"];
    assert_eq!(files(&lines, "certificate"), expected.into());
    let table = text(&scan(root, &[".", "--fail-on", "never"]).stdout);
    assert!(!table.contains('\u{1b}') && table.contains("./line\\u{a}break.cer\n"), "{table}");
    assert_eq!(
        files(&self::lines(root, &["-"]), "certificate"),
        BTreeSet::from(["./-"]),
        "a file of this name"
    );
}

/// What is left out is left out with all below it; depth is counted from the paths.
#[test]
fn walks_can_be_cut() {
    let folder = folder();
    let root = folder.path();
    for name in ["a.cer", "sub/b.cer", "sub/deep/c.cer", "node_modules/x/d.cer"] {
        place(root, name, "certs/openssl-3-rsa2048.cer");
    }
    let found = |arguments: &[&str]| {
        let lines = lines(root, &[&["."], arguments].concat());
        files(&lines, "certificate").into_iter().map(|name| name[2..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(&[]).len(), 4);
    assert_eq!(found(&["--exclude", "node_modules"]), ["a.cer", "sub/b.cer", "sub/deep/c.cer"]);
    assert_eq!(found(&["--exclude", "node_modules", "--exclude", "sub/*.cer"]), ["a.cer", "sub/deep/c.cer"]);
    assert_eq!(found(&["--max-depth", "1"]), ["a.cer"]);
    assert_eq!(found(&["--max-depth", "2"]), ["a.cer", "sub/b.cer"]);
    assert_eq!(found(&["--one-file-system", "--jobs", "1"]).len(), 4);
}

/// A file for the result appears whole, readable by all, and takes no other's place.
#[test]
fn the_result_goes_into_a_file() {
    let folder = folder();
    let root = folder.path();
    place(root, "tree/a.cer", "certs/openssl-3-rsa2048.cer");
    for format in ["text", "json"] {
        let name = format!("result.{format}");
        let arguments = ["tree", "--format", format, "-o", &name];
        let to_stdout = scan(root, &arguments[..3]).stdout;
        let output = scan(root, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "");
        assert_eq!(text(&fs::read(root.join(&name)).expect("the result")), text(&to_stdout));
        let mode = fs::metadata(root.join(&name)).expect("the result").permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        let again = scan(root, &arguments);
        assert_eq!(again.status.code(), Some(5), "{}", text(&again.stderr));
        assert_eq!(scan(root, &[&arguments[..], &["--force"]].concat()).status.code(), Some(0));
    }
    let over = scan(root, &["tree", "-o", "tree/a.cer", "--force"]);
    assert_eq!(over.status.code(), Some(5), "{}", text(&over.stderr));
    put(root, "pw", "a password\n");
    let over = scan(root, &["tree", "--password", "file:pw", "-o", "pw", "--force"]);
    assert_eq!(over.status.code(), Some(5), "{}", text(&over.stderr));
    assert_eq!(text(&fs::read(root.join("pw")).expect("the password")), "a password\n");
    assert_eq!(scan(root, &["tree", "-o", "missing/result"]).status.code(), Some(1));
}

/// A reader that goes ends the scan quietly; a disk that is full does not.
#[test]
fn standard_output_may_fail() {
    let folder = folder();
    for number in 0..400 {
        place(folder.path(), &format!("{number}.cer"), "certs/openssl-3-rsa2048.cer");
    }
    for format in ["text", "json"] {
        let mut child = certkit(folder.path())
            .args(["scan", ".", "--at", AT, "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = child.stdout.take().expect("a pipe");
        let mut first = [0];
        stdout.read_exact(&mut first).expect("an octet");
        drop(stdout);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{format}");

        let full = fs::File::options().write(true).open("/dev/full").expect("/dev/full");
        let output = certkit(folder.path())
            .args(["scan", ".", "--at", AT, "--format", format])
            .stdout(full)
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    }
}

/// The result takes the place of nothing that the scan read and found something in, whatever it is called.
#[test]
fn the_result_replaces_no_input() {
    let folder = folder();
    let root = folder.path();
    let octets = fs::read(fixture("stores/openssl-3-pbes2-aes256.pfx")).expect("a store");
    put(root, "pw", "test-1234\n");
    put(root, "list", "*.pfx = file:pw\n");
    put(root, "t/damaged.pfx", &octets[..2000]);
    put(root, "t/certkit.toml", "schema = 1\n");
    put(root, "t/\u{1b}.pfx", &octets);
    let latin = OsStr::from_bytes(b"t/latin\xe9.pfx");
    fs::write(root.join(latin), &octets).expect("a file");
    let names = ["pw", "list", "t/damaged.pfx", "t/certkit.toml", "t/\u{1b}.pfx"].map(OsStr::new);
    for name in names.into_iter().chain([latin]) {
        let before = fs::read(root.join(name)).expect("a file");
        let mut command = certkit(root);
        command.args(["scan", "t", "--password", "file:pw", "--passwords-from", "list", "--force", "-o"]);
        let output = command.arg(name).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(5), "{name:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("it is an input of this command and was left alone"));
        assert_eq!(fs::read(root.join(name)).expect("a file"), before, "{name:?}");
    }
    // A result of before may stand below a PATH: nothing is found in it.
    for format in ["text", "json", "html", "prometheus", "ics"] {
        for _ in 0..2 {
            let output = scan(root, &["t", "--format", format, "-o", "t/result", "--force"]);
            assert_eq!(output.status.code(), Some(10), "{format}: {}", text(&output.stderr));
        }
    }
}

/// A damaged certificate or key that belong together is a finding, as `check` says it.
#[test]
fn damaged_pairs_are_found() {
    let folder = folder();
    let root = folder.path();
    ok(root, ["gen", "--name", "a", "--emit", "key,cert", "--key", "p256"]);
    let certificate = fs::read_to_string(root.join("a.cert.pem")).expect("a certificate");
    let body: String = certificate.lines().filter(|line| !line.starts_with('-')).collect();
    // The last characters of base64 are those of the signature.
    let at = body.len() - 12;
    let other = if body.as_bytes()[at] == b'A' { "B" } else { "A" };
    let damaged = format!("{}{other}{}", &body[..at], &body[at + 1..]);
    let key = fs::read_to_string(root.join("a.key.pem")).expect("a key");
    put(
        root,
        "t/pair.pem",
        format!("{key}-----BEGIN CERTIFICATE-----\n{damaged}\n-----END CERTIFICATE-----\n"),
    );
    let output = run(root, ["scan", "t", "--format", "json"]);
    assert_eq!(findings(&parsed(&output)), BTreeSet::from(["certificate-damaged t/pair.pem".to_owned()]));
    assert_eq!(output.status.code(), Some(10));
}

/// What one link leaves out another does not hide; neither threads nor the order of paths tell.
#[test]
fn links_hide_nothing_from_each_other() {
    let folder = folder();
    let root = folder.path();
    place(root, "ext/sub/x.cer", "certs/openssl-3-rsa2048.cer");
    fs::create_dir_all(root.join("md4")).expect("a folder");
    for name in ["keep", "skip", "away"] {
        symlink("../ext", root.join("md4").join(name)).expect("a link");
    }
    let found = |arguments: &[&str]| {
        let lines = lines(root, arguments);
        files(&lines, "certificate").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found(&["md4"]), ["md4/away/sub/x.cer"], "the first by name");
    let kept = found(&["md4", "--exclude", "skip/*", "--exclude", "away/*"]);
    assert_eq!(kept, ["md4/keep/sub/x.cer"]);

    // Behind the deeper link everything is too deep.
    place(root, "real/y.cer", "certs/openssl-3-rsa2048.cer");
    for name in ["one/b", "two"] {
        fs::create_dir_all(root.join(name)).expect("a folder");
    }
    symlink("../../real", root.join("one/b/deep")).expect("a link");
    symlink("../real", root.join("two/zz")).expect("a link");
    for jobs in ["1", "2", "8"] {
        for paths in [["one", "two"], ["two", "one"]] {
            let found = found(&[&paths[..], &["--max-depth", "2", "--jobs", jobs]].concat());
            assert_eq!(found, ["two/zz/y.cer"], "{paths:?}, {jobs} jobs");
            assert_eq!(self::lines(root, &paths).len(), 2, "the folder once, and the summary");
        }
    }
    // A link behind a link that leads back to where the first one stands.
    symlink("../two", root.join("real/back")).expect("a link");
    let lines = lines(root, &["two"]);
    assert_eq!(files(&lines, "trouble"), BTreeSet::from(["two/zz/back"]), "{lines:?}");
    assert_eq!(files(&lines, "certificate"), BTreeSet::from(["two/zz/y.cer"]));
}

/// What is named twice, or below what is named, is looked at once; what is named is not left out.
#[test]
fn paths_are_walked_once() {
    let folder = folder();
    let root = folder.path();
    for name in ["t/a.cer", "t/sub/b.cer", "t/sub/deep/c.cer"] {
        place(root, name, "certs/openssl-3-rsa2048.cer");
    }
    let read = |arguments: &[&str]| {
        let lines = lines(root, arguments);
        let certificates = lines.iter().filter(|line| line["kind"] == "certificate").count();
        assert_eq!(lines.last().expect("a summary")["files"], certificates);
        certificates
    };
    assert_eq!(read(&["t", "t"]), 3);
    assert_eq!(read(&["t", "./t/", "t/sub", "t/sub/b.cer"]), 3);
    assert_eq!(read(&["t/sub", "t"]), 3);
    assert_eq!(read(&["t", "t/sub", "--exclude", "sub"]), 3);
    assert_eq!(read(&["t", "t/sub", "--max-depth", "1"]), 2);
}

/// The kernel's own folders hold the whole machine again: they are walked where they are named.
#[cfg(target_os = "linux")]
#[test]
fn what_the_kernel_makes_up_is_passed_over() {
    let folder = folder();
    let root = folder.path();
    place(root, "t/a.cer", "certs/openssl-3-rsa2048.cer");
    symlink("/proc", root.join("t/proc")).expect("a link");
    let found = lines(root, &["t"]);
    assert_eq!((found.len(), found.last().expect("a summary")["files"].as_u64()), (2, Some(1)), "{found:?}");
    let named = lines(root, &["/proc/self/task", "--max-depth", "2"]);
    assert!(named.last().expect("a summary")["files"].as_u64() > Some(1), "{named:?}");
}

/// A block that does not hold together costs no other, and is said where the file is PEM and no text about it.
#[test]
fn whole_blocks_beside_broken_ones_are_found() {
    let folder = folder();
    let root = folder.path();
    let good = fs::read_to_string(fixture("certs/openssl-3-rsa2048.cert.pem")).expect("a certificate");
    let key = fs::read_to_string(fixture("certs/openssl-3-pkcs8.key.pem")).expect("a key");
    let block = |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    put(root, "cut.pem", format!("{good}{}", &good[..300]));
    put(root, "behind.pem", format!("{good}{}", block("AAAA")));
    put(root, "above.pem", format!("{}{good}", block("AAAA")));
    put(root, "twice.pem", format!("{}{good}{}", block("AAAA"), block("MIIB")));
    put(root, "key.pem", format!("{key}{}", block("AAAA")));
    put(root, "README", format!("So it looks:\n\n{}\nand so is ours:\n\n{good}", block("...")));
    let output = scan(root, &[".", "--format", "json"]);
    let lines = parsed(&output);
    let of_pem = ["./above.pem", "./behind.pem", "./cut.pem", "./twice.pem"];
    let with_text = [&["./README"][..], &of_pem].concat();
    assert_eq!(files(&lines, "certificate"), with_text.into_iter().collect());
    assert_eq!(files(&lines, "key"), BTreeSet::from(["./key.pem"]));
    let said = of_pem.into_iter().chain(["./key.pem"]).map(|name| format!("unreadable {name}"));
    assert_eq!(findings(&lines), said.collect());
    assert_eq!(output.status.code(), Some(10));
}

/// Of several connectors in one array every one is listed, and judged.
#[test]
fn arrays_of_connectors_are_read_whole() {
    let folder = folder();
    let root = folder.path();
    let valid = fs::read_to_string(fixture("stores/connector-good.json")).expect("a connector JSON");
    ok(root, ["gen", "--name", "old", "--emit", "json", "--not-before", "2020-01-01", "--days", "365"]);
    let old = fs::read_to_string(root.join("old.json")).expect("a connector JSON");
    put(root, "t/two.json", format!("[{valid},\n{old}]\n"));
    let output = scan(root, &["t", "--format", "json"]);
    let lines = parsed(&output);
    assert_eq!(lines.iter().filter(|line| line["kind"] == "certificate").count(), 2, "{lines:?}");
    assert!(findings(&lines).contains("certificate-expired t/two.json"), "{lines:?}");
    assert_eq!(output.status.code(), Some(10));
}
