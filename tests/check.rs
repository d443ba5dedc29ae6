//! `certkit check`: what it finds, what it mends, and what it leaves alone.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // It makes files and runs the program.

mod common;
#[path = "common/credentials.rs"]
mod credentials;
#[path = "common/pasted.rs"]
mod pasted;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Output, Stdio},
};

use common::text;
use pasted::{Case, Outcome, PASSWORD, Pieces, cases};
use serde_json::Value;

/// Writes a file as its owner's alone.
fn write(path: &Path, octets: &[u8]) {
    fs::write(path, octets).expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a mode");
    }
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    common::run(folder, ["check"].iter().chain(arguments))
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

/// The names of the rules that found errors in a document's first file, each once.
fn errors(document: &Value) -> Vec<String> {
    let findings = document["files"][0]["findings"].as_array().expect("findings");
    let errors = findings.iter().filter(|finding| finding["severity"] == "error");
    let mut ids: Vec<String> = errors.map(|one| one["id"].as_str().expect("an id").to_owned()).collect();
    ids.dedup();
    ids
}

#[test]
fn what_people_paste_is_found_and_mended_or_left_alone() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let wrong: Vec<String> =
        cases(&pieces).iter().filter_map(|case| judged(folder.path(), &pieces, case).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Whether a case is found and comes out as it should.
fn judged(folder: &Path, pieces: &Pieces, case: &Case) -> Result<(), String> {
    let (path, backup) = (folder.join("x.json"), folder.join("x.json.bak"));
    write(&path, &case.file);
    let require = |holds: bool, output: &Output| match holds {
        true => Ok(()),
        false => Err(format!(
            "{}: exit {:?}: {}{}",
            case.what,
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr)
        )),
    };
    let found = check(folder, &["x.json", "--format", "json"]);
    let code = if case.rules.is_empty() { 0 } else { 10 };
    require(found.status.code() == Some(code) && errors(&document(&found)) == case.rules, &found)?;

    let mut arguments = vec!["x.json", "--fix", "--in-place", "--format", "json"];
    if case.outcome == Outcome::MendedWithPassword {
        arguments.extend(["--password", "file:pw.txt"]);
    }
    let output = check(folder, &arguments);
    let code = if case.outcome == Outcome::Left { 10 } else { 0 };
    require(output.status.code() == Some(code), &output)?;
    let after = fs::read(&path).expect("the file is there");
    if matches!(case.outcome, Outcome::Good | Outcome::Left) {
        return require(after == case.file && !backup.exists(), &output);
    }
    let kept = fs::read(&backup).unwrap_or_default();
    require(after == pieces.json.as_bytes() && kept == case.file, &output)?;
    fs::remove_file(&backup).expect("the old file was kept");
    let said = document(&output);
    let mended = said["files"][0]["fixed"]["mended"].as_array().expect("what was mended");
    let is_said = case.rules.iter().all(|id| mended.iter().any(|one| one["id"] == **id));
    require(is_said && errors(&said).is_empty(), &output)
}

/// Whatever was done to a file, it is mended to what it was, or left as it is: never anything else.
#[test]
fn damage_upon_damage_is_mended_rightly_or_not_at_all() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    type Damage = fn(&str) -> String;
    let damages: [Damage; 10] = [
        |text| text.replace('"', "”"),
        |text| text.replace("\\n", "\n"),
        |text| text.replace("\\n", "\\\\n"),
        |text| text.replace("-----", "—-"),
        |text| text.replace('}', ",}"),
        |text| text.replace(':', "\u{a0}:"),
        |text| format!("see below\n{text}"),
        |text| text.replace('\n', "\r\n"),
        |text| text.replace("public_cert", "publicCert"),
        |text| format!("\u{feff}{text}"),
    ];
    let mut mended = 0;
    for first in damages {
        for second in damages {
            let pasted = second(&first(&pieces.json));
            write(&folder.path().join("x.json"), pasted.as_bytes());
            let output = check(folder.path(), &["x.json", "--fix", "-o", "y.json", "--force"]);
            match output.status.code() {
                Some(0) => {
                    let made = fs::read_to_string(folder.path().join("y.json")).expect("the new file");
                    assert_eq!(made, pieces.json, "{pasted}");
                    mended += 1;
                }
                code => assert_eq!(code, Some(10), "{pasted}: {}", text(&output.stderr)),
            }
            assert_eq!(fs::read_to_string(folder.path().join("x.json")).expect("the old file"), pasted);
        }
    }
    assert!(mended >= 95, "only {mended} of 100 were mended");
}

/// One character of the file changed: the key that comes out is the one that went in, or none.
#[test]
fn a_changed_character_never_makes_another_credential() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let canonical = pieces.json.as_bytes();
    for at in (0..canonical.len()).step_by(23) {
        let mut changed = canonical.to_vec();
        changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
        write(&folder.path().join("x.json"), &changed);
        let output = check(folder.path(), &["x.json", "--fix", "--in-place"]);
        let after = fs::read(folder.path().join("x.json")).expect("the file is there");
        let code = output.status.code().expect("no signal");
        assert!(after == changed || after == canonical, "octet {at}: {}", text(&after));
        assert!(if after == changed { code == 10 } else { code == 0 }, "octet {at}: exit {code}");
        let _ = fs::remove_file(folder.path().join("x.json.bak"));
    }
}

/// `docs/check.md` has the cases as a table. `CERTKIT_WRITE_DOCS=1 cargo test --test check` writes it.
#[test]
fn the_document_tells_of_every_case() {
    let folder = common::folder();
    let row = |case: &Case| {
        let rules: Vec<String> = case.rules.iter().map(|rule| format!("`{rule}`")).collect();
        let rules = if rules.is_empty() { "–".into() } else { rules.join(", ") };
        format!("| {} | {rules} | {} |\n", case.what, case.outcome.describe())
    };
    let table: String = cases(&Pieces::make(folder.path())).iter().map(row).collect();
    let table = format!("| what was done | found by | `check --fix` |\n|---|---|---|\n{table}");
    let rules = text(&common::ok(folder.path(), ["check", "--list-rules", "--format", "json"]));
    let rules: Value = serde_json::from_str(&rules).expect("JSON");
    let row = |rule: &Value| {
        let word = |name: &str| rule[name].as_str().expect("a word").to_owned();
        let mends = if rule["fixable"] == true { "yes" } else { "" };
        format!("| `{}` | {} | {} | {mends} |\n", word("id"), word("severity"), word("finds"))
    };
    let rules: String = rules["rules"].as_array().expect("a list").iter().map(row).collect();
    let rules = format!("| rule | severity | finds | mended |\n|---|---|---|---|\n{rules}");
    let path = common::root().join("docs/check.md");
    let mut document = fs::read_to_string(&path).expect("docs/check.md");
    let before = document.clone();
    for (name, table) in [("cases", table), ("rules", rules)] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let start = document.find(&begin).expect("the table's beginning") + begin.len();
        let stop = document.find(&end).expect("the table's end");
        document.replace_range(start..stop, &table);
    }
    if std::env::var_os("CERTKIT_WRITE_DOCS").is_some_and(|value| value == "1") {
        fs::write(&path, document).expect("docs/check.md is written");
        return;
    }
    assert!(
        document == before,
        "docs/check.md says otherwise; after a wanted change:\nCERTKIT_WRITE_DOCS=1 cargo test --test check the_document"
    );
}

#[test]
fn the_uploaded_certificate_is_compared() {
    let folder = common::folder();
    Pieces::make(folder.path());
    let facts: Value =
        serde_json::from_slice(&common::ok(folder.path(), ["inspect", "good.cert.pem", "--format", "json"]))
            .expect("JSON");
    let thumbprints = &facts["files"][0]["entries"][0]["certificates"][0]["thumbprints"];
    let sha1 = thumbprints["sha1"].as_str().expect("SHA-1").to_owned();
    let sha256 = thumbprints["sha256"].as_str().expect("SHA-256").to_owned();
    let pairs: Vec<&str> =
        sha1.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("hex")).collect();
    for spelling in [
        sha1.clone(),
        sha1.to_lowercase(),
        pairs.join(":"),
        pairs.join(" ").to_lowercase(),
        format!("\u{200e}{}", pairs.join(" ")),
        format!("0x{sha1}"),
        sha256,
    ] {
        let output = check(folder.path(), &["good.json", "--thumbprint", &spelling]);
        assert_eq!(output.status.code(), Some(0), "{spelling}: {}", text(&output.stdout));
        let output = check(folder.path(), &["other.json", "--thumbprint", &spelling, "--format", "json"]);
        assert_eq!(output.status.code(), Some(10), "{spelling}");
        assert_eq!(errors(&document(&output)), ["not-uploaded"]);
    }
    for bad in ["", "12", &sha1[1..], "https://portal", &format!("{sha1}G")] {
        assert_eq!(check(folder.path(), &["good.json", "--thumbprint", bad]).status.code(), Some(2), "{bad}");
    }
    let against =
        |file: &str, uploaded: &str| check(folder.path(), &[file, "--against", uploaded]).status.code();
    assert_eq!(against("good.json", "good.cert.pem"), Some(0));
    assert_eq!(against("good.json", "other.cert.pem"), Some(10));
    assert_eq!(against("good.json", "good.key.pem"), Some(3));
    assert_eq!(against("good.json", "nothing.cer"), Some(1));
    assert_eq!(against("good.key.pem", "good.cert.pem"), Some(10));
}

#[test]
fn the_verdict_follows_fail_on_and_time() {
    let folder = common::folder();
    common::ok(folder.path(), ["gen", "--days", "40", "--emit", "cer,json"]);
    for (arguments, code) in [
        (&["keystore.json"][..], 0),
        (&["keystore.json", "--fail-on", "warning"], 0),
        (&["keystore.json", "--fail-on", "warning", "--expires-in", "60d"], 10),
        (&["keystore.json", "--expires-in", "60d"], 0),
        (&["keystore.json", "--at", "41d"], 10),
        (&["keystore.json", "--at", "41d", "--fail-on", "never"], 0),
        (&["keystore.json", "--at", "-1d"], 10),
        (&["keystore.cer", "--at", "41d"], 10),
        (&["keystore.json", "--expires-in", "soon"], 2),
        (&["keystore.json", "--profile", "zscaler-sharepoint"], 0),
        (&["keystore.cer", "--profile", "zscaler-sharepoint"], 0),
        (&["keystore.json", "--profile", "zeron-office365"], 10),
        (&["keystore.json", "--profile", "zscaler-sharepoin"], 2),
        (&["keystore.json", "nothing.json"], 1),
        (&["--explain", "json-quotes"], 0),
        (&["--explain", "json"], 2),
        (&["--list-rules"], 0),
        (&[], 2),
        (&["keystore.json", "--fix"], 2),
        (&["keystore.json", "--in-place"], 2),
        (&["keystore.json", "keystore.json", "--fix", "-o", "x.json"], 2),
        (&["keystore.json", "--fix", "-o", "keystore.json", "--force"], 5),
        (&["keystore.json", "--fix", "-o", "keystore.cer"], 5),
    ] {
        let output = check(folder.path(), arguments);
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    }
}

#[test]
fn stores_are_judged_with_and_without_their_password() {
    let folder = common::folder();
    write(&folder.path().join("pw.txt"), PASSWORD.as_bytes());
    let password = ["--password", "file:pw.txt"];
    for (compat, name) in [("modern", "new"), ("windows-2016", "old")] {
        let make = ["gen", "--name", name, "--compat", compat, "--emit", "pfx"];
        common::ok(folder.path(), make.into_iter().chain(password));
    }
    let ids = |arguments: &[&str]| {
        let found = check(folder.path(), &[arguments, &["--format", "json"]].concat());
        let found = document(&found);
        let ids = found["files"][0]["findings"].as_array().expect("findings").iter();
        ids.map(|one| one["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["new.pfx", password[0], password[1]]), ["certificate-long-lived", "store-old-windows"]);
    assert_eq!(ids(&["old.pfx", password[0], password[1]]), ["certificate-long-lived"]);
    assert_eq!(ids(&["new.pfx"]), ["store-old-windows", "store-locked"]);
    write(&folder.path().join("wrong.txt"), b"wrong");
    let wrong = check(folder.path(), &["new.pfx", "--password", "file:wrong.txt"]);
    assert_eq!(wrong.status.code(), Some(4), "{}", text(&wrong.stderr));
}

/// What is no credential at all is no verdict; what was one and is damaged is.
#[test]
fn files_that_hold_nothing_are_told_from_damaged_ones() {
    let folder = common::folder();
    common::ok(folder.path(), ["gen", "--emit", "cer,json"]);
    let cer = fs::read(folder.path().join("keystore.cer")).expect("a certificate");
    for (octets, code) in [
        (&b""[..], 3),
        (b"words", 3),
        (b"{}", 3),
        (b"[1, 2]", 3),
        (&cer[..cer.len() - 1], 10),
        (b"{\"private_key\": & }", 10),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n", 10),
    ] {
        write(&folder.path().join("x"), octets);
        let output = check(folder.path(), &["x"]);
        assert_eq!(output.status.code(), Some(code), "{}: {}", text(octets), text(&output.stderr));
        // The other files are judged all the same.
        let both = check(folder.path(), &["x", "keystore.json"]);
        assert_eq!(both.status.code(), Some(code));
        assert!(
            text(&both.stdout).contains("keystore.json: connector JSON: in order"),
            "{}",
            text(&both.stdout)
        );
    }
}

#[test]
fn mending_goes_where_it_is_told() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let pasted = pieces.json.replace('"', "”");
    let path = folder.path().join("x.json");
    write(&path, pasted.as_bytes());

    let output = check(folder.path(), &["x.json", "--fix", "-o", "-"]);
    assert_eq!(text(&output.stdout), pieces.json);
    assert!(text(&output.stderr).contains("mended   json-quotes"), "{}", text(&output.stderr));

    write(&folder.path().join("y.json"), b"mine");
    assert_eq!(check(folder.path(), &["x.json", "--fix", "-o", "y.json"]).status.code(), Some(5));
    assert_eq!(fs::read(folder.path().join("y.json")).expect("a file"), b"mine");
    assert_eq!(check(folder.path(), &["x.json", "--fix", "-o", "y.json", "--force"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("y.json")).expect("a file"), pieces.json);

    let mut standing = common::certkit(folder.path());
    standing.args(["check", "-", "--fix", "-o", "z.json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut standing = standing.spawn().expect("the program starts");
    std::io::Write::write_all(&mut standing.stdin.take().expect("a pipe"), pasted.as_bytes())
        .expect("it reads");
    assert!(standing.wait().expect("it ends").success());
    assert_eq!(fs::read_to_string(folder.path().join("z.json")).expect("a file"), pieces.json);
    assert_eq!(check(folder.path(), &["-", "--fix", "--in-place"]).status.code(), Some(2));

    // An old backup is kept too.
    write(&folder.path().join("x.json.bak"), b"mine");
    assert_eq!(check(folder.path(), &["x.json", "--fix", "--in-place"]).status.code(), Some(0));
    assert_eq!(fs::read(folder.path().join("x.json.bak")).expect("a file"), b"mine");
    assert_eq!(fs::read_to_string(folder.path().join("x.json.bak1")).expect("a file"), pasted);
}

#[cfg(unix)]
#[test]
fn what_others_may_read_is_said_and_the_mended_file_is_its_owners() {
    use std::os::unix::fs::PermissionsExt;
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let path = folder.path().join("x.json");
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    fs::write(&path, pieces.json.replace('"', "'")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode");
    let output = check(folder.path(), &["x.json", "--fix", "--in-place"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((mode(&path), mode(&folder.path().join("x.json.bak"))), (0o600, 0o644));
    assert!(text(&output.stdout).contains("mended   file-permissions"), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("x.json.bak: others than its owner"), "{}", text(&output.stderr));

    fs::write(folder.path().join("target.json"), pieces.json.replace('"', "'")).expect("a file");
    std::os::unix::fs::symlink("target.json", folder.path().join("link.json")).expect("a link");
    assert_eq!(check(folder.path(), &["link.json", "--fix", "--in-place"]).status.code(), Some(5));
}

/// SARIF's outline; a validator looks at the whole among the tests with other programs.
#[test]
fn sarif_names_rules_and_places() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    write(&folder.path().join("a b.json"), pieces.json.replace('"', "”").as_bytes());
    let output = check(folder.path(), &["a b.json", "--format", "sarif"]);
    assert_eq!(output.status.code(), Some(10));
    let log = document(&output);
    let run = &log["runs"][0];
    let first = &run["results"][0];
    let rule = first["ruleIndex"].as_u64().expect("an index");
    assert_eq!(run["tool"]["driver"]["rules"][usize::try_from(rule).expect("small")]["id"], "json-quotes");
    assert_eq!((&first["ruleId"], &first["level"]), (&"json-quotes".into(), &"error".into()));
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.json");
    assert_eq!(place["region"], serde_json::json!({"startLine": 1, "startColumn": 2}));
}

/// What the rules find in files of real tools, and with options; with the cases of pasting, every rule
/// has found something.
#[test]
fn every_rule_finds_something() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let odd = credentials::store_of(&[(&credentials::odd_authority(), "odd")]);
    let odd = certkit::store::pem::write(&odd, None, &mut getrandom::rand_core::UnwrapErr(getrandom::SysRng));
    write(&folder.path().join("odd.pem"), odd.expect("PEM").expose());
    let key = fs::read_to_string(folder.path().join("good.key.pem")).expect("a key");
    // In the middle of the private exponent.
    let at = key.len() / 3;
    let other = if key.as_bytes()[at] == b'A' { "B" } else { "A" };
    write(&folder.path().join("bad.key.pem"), format!("{}{other}{}", &key[..at], &key[at + 1..]).as_bytes());
    common::ok(
        folder.path(),
        ["gen", "--name", "late", "--not-before", "40d", "--days", "20", "--emit", "cer"],
    );
    common::ok(folder.path(), ["gen", "--name", "store", "--emit", "pfx", "--password", "file:pw.txt"]);
    let fixture = |name: &str| common::fixture(name).display().to_string();
    let rows = [
        (fixture("certs/openssl-3-rsa1024.pem"), "", &["key-strength"][..]),
        (fixture("certs/openssl-3-sha1.cert.pem"), "", &["certificate-signature"]),
        (fixture("certs/openssl-3-mismatched-pair.pem"), "", &["key-mismatch"]),
        (fixture("certs/openssl-3-expired.cert.pem"), "", &["certificate-expired"]),
        (fixture("certs/openssl-3-ec-p256.pem"), "", &["key-kind"]),
        (fixture("hostile/openssl-3-flip-cert-signature.cer"), "", &["certificate-damaged"]),
        (fixture("stores/openssl-3-legacy-rc2-40.pfx"), "--password env:TEST", &["store-encryption"]),
        (fixture("stores/openssl-3-empty-password.pfx"), "", &["store-without-password"]),
        (fixture("stores/openssl-3-no-encryption.pfx"), "--password env:TEST", &["store-without-password"]),
        (fixture("certs/text-base64-cert-64.txt"), "", &["bare-base64"]),
        ("odd.pem".into(), "", &["certificate-authority", "certificate-serial"]),
        ("bad.key.pem".into(), "", &["key-damaged"]),
        ("late.cer".into(), "", &["certificate-not-yet-valid"]),
        ("late.cer".into(), "--at 50d", &["certificate-expires-soon"]),
        ("store.pfx".into(), "", &["store-locked", "store-old-windows"]),
        ("good.json".into(), "", &["certificate-long-lived"]),
        ("good.json".into(), "--against other.cert.pem", &["not-uploaded"]),
        ("good.json".into(), "--profile zeron-office365", &["profile-mismatch"]),
    ];
    let mut found: BTreeSet<String> = BTreeSet::new();
    for (file, options, expected) in &rows {
        let arguments = ["check", file, "--format", "json"].into_iter().chain(options.split_whitespace());
        let mut command = common::certkit(folder.path());
        let output = command.args(arguments).env("TEST", "test-1234").output().expect("the program starts");
        let ids = ids(&document(&output));
        let missing: Vec<_> = expected.iter().filter(|id| !ids.contains(**id)).collect();
        assert!(missing.is_empty(), "{file}: {missing:?} are not among {ids:?}");
        found.extend(ids);
    }
    found.extend(cases(&pieces).iter().flat_map(|case| case.rules).map(|id| (*id).to_owned()));
    // Of every mode on Unix alone: a test of its own.
    found.insert("file-permissions".into());
    let all = certkit::check::rules::ALL.iter().map(|rule| rule.id.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(all.difference(&found).collect::<Vec<_>>(), [""; 0], "rules that found nothing");
}

/// The names of the rules that found something in a document's first file.
fn ids(document: &Value) -> BTreeSet<String> {
    let findings = document["files"][0]["findings"].as_array().expect("findings");
    findings.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
}

/// What other programs keep keys in is theirs: it is neither called a bad connector JSON nor mended to
/// one, and a text that mentions one is a text.
#[test]
fn files_of_other_programs_are_left_alone() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let parts: Value = serde_json::from_str(&pieces.json).expect("JSON");
    let (key, certificate) = (&parts["private_key"], &parts["public_cert"]);
    let pem = format!("{}{}", key.as_str().expect("PEM"), certificate.as_str().expect("PEM"));
    for (what, file, code) in [
        ("MSAL for Python", serde_json::json!({"private_key": key, "public_certificate": certificate}).to_string(), 0),
        ("MSAL for Node", serde_json::json!({"auth": {"clientCertificate": {"privateKey": key, "x5c": certificate}}, "system": {}}).to_string(), 0),
        ("a server", serde_json::json!({"port": 8443, "tls": {"key": key, "cert": certificate}}).to_string(), 0),
        ("Vault", serde_json::json!({"certificate": certificate, "private_key": key, "private_key_type": "rsa", "serial_number": "1"}).to_string(), 0),
        ("Google", serde_json::json!({"type": "service_account", "private_key": key, "client_email": "x@y"}).to_string(), 0),
        ("Snowflake", serde_json::json!({"account": "a", "user": "u", "private_key": key}).to_string(), 0),
        ("a list", format!("[{}]", pieces.json), 0),
        ("PEM with a comment", format!("{pem}# goes into {{\"private_key\": …}}\n"), 0),
        ("a page", format!("{}\n\nIn the JSON: {{\"private_key\": \"…\"}}\n", "words ".repeat(40)), 3),
        ("JSON without keys", "{\"a\": 1}".to_owned(), 3),
        ("the same, broken", "{\"a\": 1,}".to_owned(), 3),
    ] {
        write(&folder.path().join("x"), file.as_bytes());
        let output = check(folder.path(), &["x", "--fix", "--in-place"]);
        assert_eq!(output.status.code(), Some(code), "{what}: {}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(fs::read_to_string(folder.path().join("x")).expect("the file"), file, "{what}");
    }
    // A program around an object is no pasted object.
    let program = format!("const cfg = {}; https.createServer(cfg)\n", pieces.json.trim_end());
    write(&folder.path().join("x"), program.as_bytes());
    assert_eq!(check(folder.path(), &["x", "--fix", "--in-place"]).status.code(), Some(10));
    assert_eq!(fs::read_to_string(folder.path().join("x")).expect("the file"), program);
}

/// What holds no key or no certificate is no connector JSON, whatever stands in its place.
#[test]
fn what_is_no_key_and_no_certificate_is_said() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let parts: Value = serde_json::from_str(&pieces.json).expect("JSON");
    let word = |name: &str| parts[name].as_str().expect("PEM").to_owned();
    let (key, certificate) = (word("private_key"), word("public_cert"));
    let json = |key: Value, certificate: Value| {
        serde_json::json!({"private_key": key, "public_cert": certificate}).to_string()
    };
    for (what, file) in [
        ("a number", json(7.into(), certificate.clone().into())),
        ("null", json(Value::Null, certificate.clone().into())),
        ("an object", json(serde_json::json!({"pem": key}), certificate.clone().into())),
        ("a reference", json("keyvault://vault/secret1".into(), certificate.clone().into())),
        ("dashes not copied", json(key.replace("-----", "").into(), certificate.clone().into())),
        ("no certificate", json(key.clone().into(), "see-mail".into())),
        ("a certificate without dashes", json(key.clone().into(), certificate.replace("-----", "").into())),
        ("a word misspelt", json(key.replace("BEGIN", "BEGAN").into(), certificate.clone().into())),
    ] {
        write(&folder.path().join("x.json"), file.as_bytes());
        let output = check(folder.path(), &["x.json", "--fix", "--in-place"]);
        assert_eq!(output.status.code(), Some(10), "{what}: {}", text(&output.stdout));
        assert_eq!(fs::read_to_string(folder.path().join("x.json")).expect("the file"), file, "{what}");
    }
}

/// No part of a key reaches what is said, wherever it was pasted.
#[test]
fn findings_hold_no_key() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let parts: Value = serde_json::from_str(&pieces.json).expect("JSON");
    let key = parts["private_key"].as_str().expect("PEM");
    let line = key.lines().nth(5).expect("a line of the key");
    for file in [
        serde_json::json!({"public_cert": parts["public_cert"], key: 1}).to_string(),
        serde_json::json!({"public_cert": parts["public_cert"], line: 1, "private_key": key}).to_string(),
        format!("{{\"private_key\": \"{line}\", \"{line}\": 1, \"{line}\": {}}}", serde_json::json!(key)),
        pieces.json.replace("\":", "\" "),
    ] {
        write(&folder.path().join("x.json"), file.as_bytes());
        for format in ["text", "json", "sarif"] {
            let output = check(folder.path(), &["x.json", "--format", format]);
            let said = text(&[output.stdout, output.stderr].concat());
            assert!(said.len() > 50 && !said.contains(&line[..20]), "{said}");
        }
    }
}
