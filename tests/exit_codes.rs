//! The exit codes, cause by cause: each row names what goes wrong, the code, the JSON `kind`, and
//! the words that a person is told. Every row runs as text and with `--format json`, and after
//! each run the folder must be exactly as it was before: nothing written, nothing changed.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stderr)] // Tests touch the world.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use common::{certkit, fixture, folder, text};
use serde_json::Value;

/// Stands for a password typed where none is taken; no row may ever show it.
const TYPED_PASSWORD: &str = "hunter2";

// ---------------------------------------------------------------- the tables

/// Wrong, missing and unusable passwords are exit code 4, whatever their source; a source that
/// cannot be read is an I/O failure, and one that is no source is bad usage.
#[test]
fn passwords() {
    let open = "export-json store.pfx --password";
    check(&[
        cause("export-json store.pfx --password file:wrong.txt")
            .exits(4, "wrong-password")
            .says(&["store.pfx", "wrong password"])
            .hints("password file's first line"),
        cause("export-json keys.jks --password file:wrong.txt")
            .exits(4, "wrong-password")
            .says(&["keys.jks", "wrong password"])
            .hints("which store"),
        cause("export-json locked.key --password file:wrong.txt")
            .exits(4, "wrong-password")
            .says(&["locked.key", "wrong password"])
            .hints("which store"),
        cause("export-json store.pfx")
            .exits(4, "password-missing")
            .says(&["store.pfx", "password is needed"])
            .hints("--password file:PATH"),
        cause("export-json store.pfx --key-password file:pw.txt")
            .exits(4, "password-missing")
            .says(&["store.pfx", "password is needed"])
            .hints("--password file:PATH"),
        cause("export-cer store.pfx")
            .exits(4, "password-missing")
            .says(&["store.pfx", "password is needed"])
            .hints("CERTKIT_PASSWORD"),
        cause("gen").exits(4, "password-missing").says(&["for the new store"]).hints("--password file:PATH"),
        cause("gen --emit cer,jks --key p256")
            .exits(4, "password-missing")
            .says(&["for the new store"])
            .hints("--password file:PATH"),
        cause("gen").variable("CERTKIT_PASSWORD", "").exits(4, "password-unusable").says(&["is empty"]),
        cause("gen --password file:empty").exits(4, "password-unusable").says(&["is empty"]),
        cause("gen --password env:TAB")
            .variable("TAB", "tab\there")
            .exits(4, "password-unusable")
            .says(&["control character"]),
        cause("gen --password prompt").exits(4, "password-unusable").says(&["no terminal"]),
        cause("export-json store.pfx --password prompt").exits(4, "password-unusable").says(&["no terminal"]),
        cause("export-json store.pfx --password env:NOT_SET")
            .exits(4, "password-unusable")
            .says(&["NOT_SET", "not set"]),
        cause("export-json store.pfx --password file:latin1.txt")
            .exits(4, "password-unusable")
            .says(&["latin1.txt", "not valid UTF-8"]),
        cause("export-json store.pfx --password file:long.txt")
            .exits(4, "password-unusable")
            .says(&["long.txt", "longer than 4096 octets"]),
        cause("export-json store.pfx --password file:missing.txt")
            .exits(1, "not-found")
            .says(&["missing.txt", "cannot open"])
            .hints("check the path"),
        cause("export-json store.pfx --key-password file:missing.txt --password file:pw.txt")
            .exits(1, "not-found")
            .says(&["missing.txt", "cannot open"])
            .hints("check the path"),
        cause(open)
            .argument("pass:hunter2")
            .usage(&["--password", "pass:TEXT is refused"])
            .hints("file:PATH"),
        cause(open).argument("hunter2").usage(&["--password", "no password source"]).hints("env:VAR"),
        cause(open).argument("hunter2:hunter2").usage(&["no password source"]).hints("env:VAR"),
        cause(open).argument("").usage(&["--password"]),
        cause(open).argument("fd:hunter2").usage(&["fd:", "number"]).hints("fd:N"),
        cause(open).argument("fd:-1").usage(&["fd:", "number"]).hints("fd:N"),
        cause(open).argument("env:").usage(&["nothing stands after the colon"]).hints("env:VAR"),
        cause(open).argument("generate:new.txt").usage(&["generate:PATH makes a new password"]),
        cause("gen --password pass:hunter2").usage(&["pass:TEXT is refused"]).hints("file:PATH"),
        cause("gen --password hunter2").usage(&["no password source"]).hints("file:PATH"),
        cause("gen --emit cer --password hunter2").usage(&["no password source"]).hints("file:PATH"),
        cause("export-json store.pfx --key-password hunter2")
            .usage(&["--key-password", "no password source"])
            .hints("--key-password file:PATH"),
    ]);
}

/// An input that is not there is an I/O failure; one that is not what it should be is exit code 3,
/// and the words say which of damaged, unsupported, wrong kind and nothing to act on it is.
#[test]
fn inputs() {
    check(&[
        cause("export-json missing.pfx --password file:pw.txt")
            .exits(1, "not-found")
            .says(&["missing.pfx", "cannot open"])
            .hints("upper and lower case"),
        cause("export-json --key key.pem --cert missing.cer")
            .exits(1, "not-found")
            .says(&["missing.cer", "cannot open"])
            .hints("check the path"),
        cause("inspect missing.pfx").exits(1, "not-found").says(&["missing.pfx"]).hints("check the path"),
        cause("export-json sub --password file:pw.txt")
            .exits(3, "wrong-kind")
            .says(&["sub", "it is a folder"])
            .hints("name a file in it"),
        cause("inspect sub").exits(3, "wrong-kind").says(&["sub", "a folder"]).hints("name a file in it"),
        cause("export-json empty").exits(3, "empty").says(&["empty", "a key store, certificate, key"]),
        cause("export-cer empty").exits(3, "empty").says(&["empty"]),
        cause("inspect empty").exits(3, "empty").says(&["empty"]),
        cause("inspect -").exits(3, "empty").says(&["standard input", "empty"]),
        cause("export-json half.pfx --password file:pw.txt")
            .exits(3, "damaged")
            .says(&["half.pfx", "PKCS#12", "cut off"])
            .hints("in binary mode"),
        cause("export-json half.cer").exits(3, "damaged").says(&["half.cer"]).hints("in binary mode"),
        cause("export-json random.bin --password file:pw.txt").exits(3, "wrong-kind").says(&[
            "random.bin",
            "nothing that is recognised",
            "expected",
        ]),
        cause("export-cer text.txt").exits(3, "wrong-kind").says(&["text.txt", "text without a PEM block"]),
        cause("export-json flipped.pfx --password file:pw.txt")
            .exits(3, "damaged")
            .says(&["flipped.pfx", "MAC does not match"])
            .hints("take the file again"),
        cause("export-cer flipped.cer")
            .exits(3, "damaged")
            .says(&["flipped.cer", "certificate"])
            .hints("again"),
        cause("export-json unknown.pfx --password file:pw.txt")
            .exits(3, "unsupported-algorithm")
            .says(&["unknown.pfx", "unsupported encryption", "1.2.3.4.5.6"])
            .hints("openssl pkcs12"),
        cause("export-json costly.pfx --password file:pw.txt").exits(3, "kdf-too-costly").says(&[
            "costly.pfx",
            "rounds of key derivation",
            "19000000",
        ]),
        cause("export-json store.pfx --password file:pw.txt --max-work 10")
            .exits(3, "kdf-too-costly")
            .says(&["store.pfx", "the limit is 10"]),
        cause("export-json cert.cer")
            .exits(3, "no-key")
            .says(&["cert.cer", "no private key", "1 certificate"])
            .hints("--key KEY.pem"),
        cause("export-json --key cert.cer --cert cert.cer")
            .exits(3, "no-key")
            .says(&["cert.cer", "no private key"])
            .hints("--key KEY.pem"),
        cause("export-cer key.pem")
            .exits(3, "no-certificate")
            .says(&["key.pem", "no certificate", "1 private key"])
            .hints("certkit inspect key.pem"),
        cause("export-json key.pem")
            .exits(3, "no-certificate")
            .says(&["key.pem", "no certificate"])
            .hints("--cert CERT.cer"),
        cause("export-json --key key.pem --cert key.pem")
            .exits(3, "no-certificate")
            .says(&["key.pem", "no certificate"])
            .hints("--cert CERT.cer"),
        cause("export-json store.pfx --password file:pw.txt --alias nobody")
            .exits(3, "alias-unknown")
            .says(&["store.pfx", "\"nobody\"", "\"test one\""])
            .hints("--alias 'test one'"),
        cause("export-json two.pfx --password file:pw.txt")
            .exits(3, "alias-ambiguous")
            .says(&["two.pfx", "2 entries", "\"first\"", "\"second\""])
            .hints("--alias first"),
    ]);
}

/// 100 MiB of zeros are refused without being read to the end, from a file and from a pipe.
#[test]
fn too_large() {
    check(&[
        cause("inspect big")
            .with(big_sparse_file)
            .exits(3, "too-large")
            .says(&["big", "at most"])
            .hints("not an archive"),
        cause("export-json big --password file:pw.txt")
            .with(big_sparse_file)
            .exits(3, "too-large")
            .says(&["big", "at most"])
            .hints("not an archive"),
        cause("export-cer -")
            .input(vec![0; 20 << 20])
            .exits(3, "too-large")
            .says(&["standard input", "at most"])
            .hints("not an archive"),
    ]);
}

/// What would lose something is refused with exit code 5, and everything stays as it was.
#[test]
fn safety() {
    let gen_all = "gen --key p256 --password file:pw.txt --emit pfx,cer,json --name taken";
    check(&[
        cause("export-json --key other.key --cert cert.cer")
            .exits(5, "key-mismatch")
            .says(&["other.key", "does not fit", "RSA 2048"])
            .hints("made together"),
        cause("export-json mismatched.json")
            .exits(5, "key-mismatch")
            .says(&["mismatched.json", "does not fit"])
            .hints("made together"),
        cause("export-json store.pfx --password file:pw.txt -o cert.cer")
            .exits(5, "output-exists")
            .says(&["cert.cer", "already exists", "left alone"])
            .hints("--force"),
        cause(gen_all)
            .with(|folder| existing(folder, &["taken.pfx", "taken.cer", "taken.json"]))
            .exits(5, "output-exists")
            .says(&["taken.pfx", "already exists"])
            .hints("--force"),
        // One of several: the others do not appear either.
        cause(gen_all)
            .with(|folder| existing(folder, &["taken.json"]))
            .exits(5, "output-exists")
            .says(&["taken.json", "already exists"])
            .hints("--force"),
        cause("gen --key p256 --password generate:cert.cer")
            .exits(5, "output-exists")
            .says(&["cert.cer", "already exists"])
            .hints("--force"),
        cause("export-json store.pfx --password file:pw.txt -o store.pfx")
            .exits(5, "output-is-input")
            .says(&["store.pfx", "is an input"])
            .hints("another file"),
        cause("export-json store.pfx --password file:pw.txt -o store.pfx --force")
            .exits(5, "output-is-input")
            .says(&["store.pfx", "is an input"])
            .hints("another file"),
        cause("export-json store.pfx --password file:pw.txt -o sub/../store.pfx --force")
            .exits(5, "output-is-input")
            .says(&["sub/../store.pfx", "is an input"])
            .hints("another file"),
        cause("export-json store.pfx --password file:pw.txt -o pw.txt --force")
            .exits(5, "output-is-input")
            .says(&["pw.txt", "is an input"])
            .hints("another file"),
        cause("export-json --key key.pem --cert cert.cer -o cert.cer --force")
            .exits(5, "output-is-input")
            .says(&["cert.cer", "is an input"])
            .hints("another file"),
        cause("export-cer cert.cer -o cert.cer --force")
            .exits(5, "output-is-input")
            .says(&["cert.cer", "is an input"])
            .hints("another file"),
        cause("gen --key p256 --name pw --emit key,pfx --password file:pw.key.pem --force")
            .with(|folder| {
                fs::write(folder.join("pw.key.pem"), "test-1234\n").expect("a file");
            })
            .exits(5, "output-is-input")
            .says(&["pw.key.pem", "is an input"])
            .hints("another file"),
        cause("export-json store.pfx --password file:pw.txt -o sub")
            .exits(5, "output-kind")
            .says(&["sub", "a folder"])
            .hints("plain file"),
        cause("export-json store.pfx --password file:pw.txt -o sub --force")
            .exits(5, "output-kind")
            .says(&["sub", "a folder"])
            .hints("plain file"),
    ]);
}

/// `convert` and `passwd`: what a target cannot hold, and options that make no difference there.
#[test]
fn conversions() {
    let pfx = "convert store.pfx --password file:pw.txt --to";
    let key = "convert key.pem --to";
    check(&[
        cause("convert store.pfx --to bogus").bad("--to", &["bogus", "pfx, jks, jceks, pem, der, p7b"]),
        cause("convert store.pfx --to pem")
            .exits(4, "password-missing")
            .says(&["store.pfx", "password is needed"])
            .hints("--password file:PATH"),
        cause(pfx).and("jks --alias nobody").exits(3, "alias-unknown").says(&["store.pfx", "nobody"]),
        cause(pfx).and("pem -o store.pfx --force").exits(5, "output-is-input").says(&["store.pfx"]),
        cause(pfx).and("pem --out-password file:missing.txt").exits(1, "not-found").says(&["missing.txt"]),
        cause(pfx).and("pfx --compat windows-95").bad("--compat", &["windows-95", "windows-2016"]),
        cause(pfx).and("pfx --iterations 1").bad("--iterations", &["1000"]),
        cause(pfx).and("pfx --iterations 99999999").bad("--iterations", &["2000000"]),
        cause(pfx)
            .and("json --out-password file:pw.txt")
            .usage(&["--out-password", "--to json"])
            .hints("leave"),
        cause(pfx).and("pkcs1 --out-password file:pw.txt").usage(&["--out-password", "--to pkcs8"]),
        cause(pfx).and("p7b --key-only").usage(&["--key-only", "--to p7b"]).hints("leave --key-only out"),
        cause(pfx).and("jks --key-only").usage(&["--key-only", "its certificate"]),
        cause(pfx).and("sec1 --certs-only").usage(&["--certs-only", "--to sec1"]),
        cause(pfx).and("der --chain").usage(&["--chain", "--to der"]),
        cause(pfx).and("jks --compat java8").usage(&["--compat", "--to jks"]),
        cause(pfx).and("pem --encoding der").usage(&["--encoding", "--to pem"]),
        cause(pfx).and("jks --iterations 5000").usage(&["--iterations", "--to jks"]),
        cause(pfx).and("pem --key-only --certs-only").usage(&["--key-only", "--certs-only"]),
        cause(pfx)
            .and("pem --add keys.jks")
            .bad("--add", &["keys.jks", "issued no certificate", "another input"]),
        cause(pfx).and("json --add cert.cer").usage(&["--add", "--to json", "--chain writes it"]),
        cause(pfx).and("pem --add key.pem").exits(3, "no-certificate").says(&["key.pem"]),
        cause("convert key.pem --to pem --add keys.jks --password file:wrong.txt")
            .exits(4, "wrong-password")
            .says(&["keys.jks"]),
        cause("convert key.pem --to pem --add costly.pfx --password file:pw.txt")
            .exits(3, "kdf-too-costly")
            .says(&["costly.pfx"]),
        cause(key)
            .and("pfx")
            .exits(4, "password-missing")
            .says(&["--out-password SOURCE"])
            .hints("use --out-password file:PATH"),
        cause(key)
            .and("pfx --out-password file:empty")
            .exits(4, "password-unusable")
            .says(&["is empty"])
            .hints("use --out-password file:PATH"),
        cause(key)
            .and("pfx --out-password env:NOWHERE")
            .exits(4, "password-unusable")
            .says(&["NOWHERE"])
            .hints("use --out-password file:PATH"),
        cause("export-json store.pfx --password file:pw.txt --key-password env:NOWHERE")
            .exits(4, "password-unusable")
            .says(&["NOWHERE"])
            .hints("use --key-password file:PATH"),
        cause(key)
            .and("jks --out-password file:pw.txt")
            .exits(3, "unwritable")
            .says(&["key.pem", "without its certificate"])
            .hints("--to pem"),
        cause(key)
            .and("sec1")
            .exits(3, "unwritable")
            .says(&["key.pem", "SEC1", "RSA 2048"])
            .hints("--to pem"),
        cause(key).and("p7b").exits(3, "no-certificate").says(&["key.pem"]),
        cause("convert cert.cer --to pkcs8").exits(3, "no-key").says(&["cert.cer", "no private key"]),
        cause("convert mismatched.json --to pem").exits(5, "key-mismatch").says(&["mismatched.json"]),
        cause("passwd -").usage(&["standard input"]).hints("certkit convert"),
        cause("passwd store.pfx --password file:wrong.txt --new-password file:pw.txt")
            .exits(4, "wrong-password")
            .says(&["store.pfx"]),
        cause("passwd store.pfx --password file:pw.txt")
            .exits(4, "password-missing")
            .says(&["--new-password SOURCE"])
            .hints("use --new-password file:PATH"),
        cause("passwd store.pfx --new-password file:pw.txt")
            .exits(4, "password-missing")
            .says(&["store.pfx", "password is needed"]),
        cause("passwd store.pfx --password file:pw.txt --new-password file:empty")
            .exits(4, "password-unusable")
            .says(&["is empty"])
            .hints("use --new-password file:PATH"),
        cause("passwd keys.jks --password file:pw.txt --new-password file:pw.txt --compat java8")
            .usage(&["--compat", "keys.jks", "only a PFX"])
            .hints("leave --compat out"),
        cause("passwd keys.jks --password file:pw.txt --new-password file:pw.txt --iterations 5000")
            .usage(&["--iterations", "keys.jks"])
            .hints("leave --iterations out"),
        cause("passwd locked.key --password file:pw.txt --new-password file:pw.txt --compat modern")
            .usage(&["--compat", "locked.key"])
            .hints("leave --compat out"),
        cause("passwd sub --new-password file:pw.txt")
            .exits(5, "output-kind")
            .says(&["sub", "a folder"])
            .hints("name a plain file in it"),
        cause("passwd mismatched.json --new-password file:pw.txt")
            .exits(3, "wrong-kind")
            .says(&["mismatched.json", "connector JSON"])
            .hints("certkit convert mismatched.json"),
        cause("passwd store.pfx --password file:pw.txt --new-password generate:key.pem")
            .exits(5, "output-exists")
            .says(&["key.pem"]),
        cause("passwd store.pfx --password file:pw.txt --new-password generate:store.pfx")
            .exits(5, "output-is-input")
            .says(&["store.pfx"]),
        cause("passwd pw.txt --password file:pw.txt --new-password file:pw.txt")
            .exits(5, "output-is-input")
            .says(&["pw.txt"]),
        cause("passwd cert.cer --new-password file:pw.txt")
            .exits(3, "wrong-kind")
            .says(&["cert.cer", "without a private key"]),
        cause("passwd missing.pfx --new-password file:pw.txt").exits(1, "not-found").says(&["missing.pfx"]),
        cause("passwd secrets.jceks --password file:pw.txt --new-password file:pw.txt")
            .exits(3, "not-written")
            .says(&["secrets.jceks", "secret key", "does not write it", "left alone"]),
        cause("export-json --key key.pem --cert keys.jks --password file:wrong.txt")
            .exits(4, "wrong-password")
            .says(&["keys.jks"]),
    ]);
}

/// `export-json --for`: what each form needs, and which options it has no use for.
#[test]
fn forms() {
    let pfx = "export-json key.pem --for base64-pfx";
    let pair = "export-json --key key.pem --cert cert.cer --for base64-pfx";
    check(&[
        cause("export-json cert.cer --for bogus").bad("--for", &["bogus", "connector, msal, graph, env"]),
        cause("export-json cert.cer --for msal").exits(3, "no-key").says(&["cert.cer", "no private key"]),
        cause("export-json cert.cer --for env").exits(3, "no-key").says(&["cert.cer", "no private key"]),
        cause("export-json key.pem --for graph")
            .exits(3, "no-certificate")
            .says(&["key.pem", "no certificate"]),
        cause("export-json mismatched.json --for graph").exits(5, "key-mismatch").says(&["mismatched.json"]),
        cause("export-json store.pfx --for graph")
            .exits(4, "password-missing")
            .says(&["store.pfx"])
            .hints("--password file:PATH"),
        cause("export-json store.pfx --for graph --chain --password file:pw.txt")
            .usage(&["--chain", "--for graph", "one certificate"])
            .hints("leave --chain out"),
        cause("export-json key.pem --env-name A").usage(&["--env-name", "--for env"]).hints("--env-name"),
        cause("export-json key.pem --for env --env-name")
            .argument("1A")
            .bad("--env-name", &["1A", "such as"]),
        cause("export-json key.pem --for env --env-name").argument("").bad("--env-name", &["such as"]),
        cause("export-json key.pem --for env --env-name").argument("A=B").bad("--env-name", &["A=B"]),
        cause("export-json key.pem --compat java8").usage(&["--compat", "--for base64-pfx"]).hints("leave"),
        cause("export-json key.pem --out-password file:pw.txt")
            .usage(&["--out-password", "--for base64-pfx"])
            .hints("leave"),
        cause(pfx).and("--compat windows-95").bad("--compat", &["windows-95", "windows-2016"]),
        cause(pfx).and("--out-password hunter2").usage(&["--out-password", "no password source"]),
        cause(pfx).and("--out-password pass:hunter2").usage(&["--out-password", "pass:TEXT is refused"]),
        cause(pfx).and("--out-password file:pw.txt").exits(3, "no-certificate").says(&["key.pem"]),
        cause(pair).exits(4, "password-missing").says(&["for the new store", "--out-password SOURCE"]),
        cause(pair)
            .variable("CERTKIT_PASSWORD", "")
            .exits(4, "password-missing")
            .says(&["for the new store", "--out-password SOURCE"]),
        cause(pair).and("--out-password file:empty").exits(4, "password-unusable").says(&["is empty"]),
        cause(pair)
            .and("--out-password prompt")
            .exits(4, "password-unusable")
            .says(&["--out-password prompt"]),
        cause(pair).and("--out-password file:missing.txt").exits(1, "not-found").says(&["missing.txt"]),
        cause(pair)
            .and("--out-password generate:pw.txt")
            .exits(5, "output-exists")
            .says(&["pw.txt", "already exists"])
            .hints("--force"),
        cause(pair)
            .and("--out-password generate:new.txt -o ./new.txt")
            .exits(2, "output-twice")
            .says(&["new.txt"]),
        cause(pair)
            .and("--out-password file:pw.txt -o pw.txt --force")
            .exits(5, "output-is-input")
            .says(&["pw.txt"]),
        cause("export-json store.pfx --for base64-pfx --password stdin --out-password stdin")
            .input(b"test-1234\n".to_vec())
            .usage(&["--password", "--out-password", "standard input"]),
        cause("export-json store.pfx --for base64-pfx --password generate:x --out-password generate:y")
            .usage(&["--password generate:PATH"]),
    ]);
}

/// Links as targets: an input is known by what it is, not by its name, and a symbolic link is
/// never followed, dangling or not, with `--force` or without.
#[cfg(unix)]
#[test]
fn safety_through_links() {
    use std::os::unix::fs::symlink;
    let hard: fn(&Path) = |folder| {
        fs::hard_link(folder.join("store.pfx"), folder.join("other-name.pfx")).expect("a hard link");
    };
    let soft: fn(&Path) = |folder| symlink("cert.cer", folder.join("link.json")).expect("a link");
    let soft_to_input: fn(&Path) = |folder| symlink("store.pfx", folder.join("link.json")).expect("a link");
    let dangling: fn(&Path) = |folder| symlink("nowhere", folder.join("link.json")).expect("a link");
    let linked_folder: fn(&Path) = |folder| symlink(".", folder.join("here")).expect("a link");
    let export = "export-json store.pfx --password file:pw.txt -o";
    let to_link = |force: &'static str, make: fn(&Path)| {
        cause(export)
            .argument("link.json")
            .and(force)
            .with(make)
            .exits(5, "output-kind")
            .says(&["link.json", "a symbolic link"])
            .hints("plain file")
    };
    check(&[
        cause(export)
            .and("other-name.pfx --force")
            .with(hard)
            .exits(5, "output-is-input")
            .says(&["other-name.pfx", "is an input"])
            .hints("another file"),
        cause("export-json here/store.pfx --password file:pw.txt -o store.pfx --force")
            .with(linked_folder)
            .exits(5, "output-is-input")
            .says(&["store.pfx", "is an input"])
            .hints("another file"),
        cause("export-json link.json --password file:pw.txt -o store.pfx --force")
            .with(soft_to_input)
            .exits(5, "output-is-input")
            .says(&["store.pfx", "is an input"])
            .hints("another file"),
        to_link("", soft),
        to_link("--force", soft),
        to_link("", soft_to_input),
        to_link("--force", soft_to_input),
        to_link("", dangling),
        to_link("--force", dangling),
        cause("gen --key p256 --emit cer,json --name link --force")
            .with(dangling)
            .exits(5, "output-kind")
            .says(&["link.json", "a symbolic link"])
            .hints("plain file"),
        cause(export)
            .and("/dev/null --force")
            .exits(5, "output-kind")
            .says(&["/dev/null", "a device"])
            .hints("plain file"),
    ]);
}

/// A folder that is not there, is a file, or takes no files is an I/O failure that names it.
#[test]
fn folders() {
    let mut causes = vec![
        cause("export-json store.pfx --password file:pw.txt -o nowhere/x.json")
            .exits(1, "not-found")
            .says(&["nowhere", "cannot write to this folder"])
            .hints("mkdir -p nowhere"),
        cause("gen --emit cer --key p256 --out-dir nowhere")
            .exits(1, "not-found")
            .says(&["nowhere", "cannot write to this folder"])
            .hints("mkdir -p nowhere"),
        cause("gen --key p256 --password generate:nowhere/pw.txt")
            .exits(1, "not-found")
            .says(&["nowhere", "cannot write to this folder"])
            .hints("mkdir -p nowhere"),
        cause("gen --emit cer --key p256 --out-dir").argument("").usage(&["--out-dir"]),
    ];
    if cfg!(unix) {
        causes.push(
            cause("gen --emit cer --key p256 --out-dir pw.txt")
                .exits(1, "io")
                .says(&["pw.txt", "Not a directory"]),
        );
    }
    if cfg!(target_os = "linux") {
        // No user, not even root, can make files here.
        causes.push(
            cause("gen --emit cer --key p256 --out-dir /proc")
                .exits(1, "not-found")
                .says(&["/proc", "cannot write to this folder"])
                .hints("folder"),
        );
    }
    check(&causes);
}

/// Two readers of one standard input are refused before anything is read.
#[test]
fn standard_input_twice() {
    check(&[
        cause("export-json - --password stdin")
            .usage(&["--password", "\"-\"", "standard input"])
            .hints("file:PATH"),
        cause("export-json - --password fd:0").usage(&["--password", "standard input"]).hints("file:PATH"),
        cause("inspect - -").usage(&["\"-\"", "standard input"]).hints("a file name"),
        cause("export-json --key - --cert -")
            .input(common_key())
            .usage(&["standard input"])
            .hints("a file name"),
        cause("export-json store.pfx --password stdin --key-password stdin")
            .input(b"test-1234\n".to_vec())
            .usage(&["--password", "--key-password", "standard input"])
            .hints("file:PATH"),
        cause("export-json - -").usage(&["unexpected argument '-'"]).hints("--help"),
    ]);
}

/// Options that make no sense: exit code 2, and the words say what would.
#[test]
fn usage() {
    let subject = "gen --emit cer --subject";
    check(&[
        cause("bogus").usage(&["unrecognized subcommand 'bogus'"]).hints("--help"),
        cause("gen --bogus").usage(&["unexpected argument '--bogus'"]).hints("--help"),
        cause("gen bogus").usage(&["unexpected argument 'bogus'"]).hints("--help"),
        cause("export-json").usage(&["required", "STORE"]).hints("--help"),
        cause("export-json store.pfx --key key.pem --cert cert.cer").usage(&["--key"]).hints("--help"),
        cause("export-json --key key.pem").usage(&["--cert"]).hints("--help"),
        cause("inspect").usage(&["FILE"]).hints("--help"),
        cause("completions tcsh").usage(&["tcsh", "bash", "powershell"]).hints("--help"),
        cause("help bogus").usage(&["no command \"bogus\""]).hints("export-json"),
        cause("man bogus").usage(&["no command \"bogus\""]).hints("export-json"),
        cause("gen --emit pfx,p7b").bad("--emit", &["p7b", "pfx, cer, json, key, cert, jks"]),
        cause("gen --emit pfx,").bad("--emit", &["pfx, cer, json, key, cert, jks"]),
        cause("gen --emit cer --key dsa").bad("--key", &["dsa", "rsa-2048", "p384"]),
        cause("gen --emit cer --key rsa-1024").bad("--key", &["rsa-1024", "rsa-2048", "p384"]),
        cause("gen --compat windows-95").bad("--compat", &["windows-95", "modern", "windows-2016", "macos"]),
        cause("gen --emit cer --days 0").bad("--days", &["\"0\"", "1 to 36525"]),
        cause("gen --emit cer --days -1").bad("--days", &["\"-1\"", "1 to 36525"]),
        cause("gen --emit cer --days 999999").bad("--days", &["\"999999\"", "1 to 36525"]),
        cause("gen --emit cer --days many").usage(&["'many'", "--days"]).hints("--help"),
        cause("gen --emit cer --days 99999999999999999999").usage(&["--days", "too large"]).hints("--help"),
        cause("gen --emit cer --days 9 --not-after 9d").usage(&["--days", "--not-after"]).hints("--help"),
        cause("gen --emit cer --not-before 2030-01-02 --not-after 2030-01-01")
            .bad("--not-after", &["after the start", "2030-01-02T00:00:00Z"]),
        cause("gen --emit cer --not-before 2030-01-02 --not-after 2030-01-02")
            .bad("--not-after", &["after the start"]),
        cause("gen --emit cer --not-after soon").bad("--not-after", &["soon", "2030-01-31", "90d"]),
        cause("gen --emit cer --not-before 1969-12-31").bad("--not-before", &["1970"]),
        cause("inspect cert.cer --at noon").bad("--at", &["noon", "2030-01-31"]),
        cause(subject)
            .argument("C:/Program Files/Git/CN=x/O=y")
            .bad("--subject", &["Git Bash", "MSYS_NO_PATHCONV"]),
        cause(subject).argument("x").bad("--subject", &["no \"=\"", "CN=name"]),
        cause(subject).argument("").bad("--subject", &["empty", "CN=name"]),
        cause(subject).argument("CN=a,,O=b").bad("--subject", &["empty"]),
        cause(subject).argument("CN=").bad("--subject", &["no value"]),
        cause(subject).argument("XX=a").bad("--subject", &["XX"]),
        cause(subject).argument("CN=a,C=DEU").bad("--subject", &["DEU", "two letters"]),
        cause("gen --emit cer --country DEU").bad("--country", &["DEU", "two letters"]),
        cause("gen --emit cer --cn a --subject CN=b").usage(&["--cn", "--subject"]).hints("--help"),
        cause("gen --emit cer --san host.example").bad("--san", &["host.example", "dns:NAME"]),
        cause("gen --emit cer --san ip:1.2.3").bad("--san", &["ip:1.2.3", "IPv4 or IPv6"]),
        cause("gen --emit cer --cn x --name ../x").bad("--name", &["../x", "--out-dir"]),
        cause("gen --emit cer --cn x --name").argument("").bad("--name", &["such as keystore"]),
        cause("gen --emit cer --cn x --name").argument("a\nb").bad("--name", &["control character"]),
        cause("gen --emit cer --alias").argument("").bad("--alias", &["such as selfsigned"]),
        cause("--format yaml gen").usage(&["yaml", "json"]).hints("--help").text_only(),
    ]);
}

/// Without a subcommand a person sees what there is; a script still gets one JSON object.
#[test]
fn no_subcommand() {
    let world = world();
    let as_text = run(certkit(world.path()).stdin(Stdio::null()), b"");
    assert_eq!(as_text.status.code(), Some(2));
    assert_eq!(text(&as_text.stdout), "");
    let help = text(&as_text.stderr);
    assert!(
        help.contains("Usage: certkit") && help.contains("export-json") && help.contains("gen --help"),
        "{help}"
    );

    let as_json = run(certkit(world.path()).args(["--format", "json"]), b"");
    assert_eq!(as_json.status.code(), Some(2));
    assert_eq!(error_document(&as_json)["kind"], "usage");
}

/// A password file never becomes one of the files made, however its name is spelled, and with
/// `--force` neither: the store would be lost.
#[test]
fn generated_password_is_not_an_output() {
    for spelling in ["keystore.pfx", "./keystore.pfx", "sub/../keystore.pfx"] {
        for force in ["", "--force"] {
            let world = world();
            existing(world.path(), &["keystore.pfx"]);
            let before = snapshot(world.path());
            let source = format!("generate:{spelling}");
            let output = run(
                certkit(world.path())
                    .args(["gen", "--key", "p256", "--password", &source])
                    .args(force.split_whitespace()),
                b"",
            );
            let code = output.status.code();
            assert!(matches!(code, Some(2 | 5)), "{source} {force}: exit {code:?}: {}", text(&output.stderr));
            assert_eq!(snapshot(world.path()), before, "{source} {force}");
        }
    }
}

/// The sources of a password that work: a first line with CRLF and a byte order mark, a variable,
/// standard input, and on Unix an open descriptor.
#[test]
fn password_sources_that_work() {
    let world = world();
    fs::write(world.path().join("bom.txt"), b"\xef\xbb\xbftest-1234\r\nsecond line\r\n").expect("a file");
    fs::write(world.path().join("bare.txt"), b"test-1234").expect("a file");
    for source in ["file:pw.txt", "file:bom.txt", "file:bare.txt", "env:SECRET", "stdin", "fd:0"] {
        let output = run(
            certkit(world.path()).env("SECRET", "test-1234").args([
                "export-json",
                "store.pfx",
                "--password",
                source,
            ]),
            b"\xef\xbb\xbftest-1234\r\n",
        );
        assert_eq!(output.status.code(), Some(0), "{source}: {}", text(&output.stderr));
        assert!(output.stdout.starts_with(b"{\"private_key\":\"-----BEGIN PRIVATE KEY-----\\n"), "{source}");
    }
    let by_variable = run(
        certkit(world.path()).env("CERTKIT_PASSWORD", "test-1234").args(["export-json", "store.pfx"]),
        b"",
    );
    assert_eq!(by_variable.status.code(), Some(0), "{}", text(&by_variable.stderr));
}

/// `fd:N` reads an inherited descriptor, and one that is not open is an I/O failure that names it.
#[cfg(unix)]
#[test]
fn descriptors() {
    let world = world();
    let through_shell = |redirection: &str| {
        let mut shell = Command::new("sh");
        let script = format!("exec \"$0\" export-json store.pfx --password fd:7 {redirection}");
        let program = certkit(world.path());
        shell.current_dir(world.path()).env_clear().args(["-c", &script]).arg(program.get_program());
        run(&mut shell, b"")
    };
    let open = through_shell("7< pw.txt");
    assert_eq!(open.status.code(), Some(0), "{}", text(&open.stderr));
    let closed = through_shell("7<&-");
    assert_eq!(closed.status.code(), Some(1));
    assert!(text(&closed.stderr).contains("/dev/fd/7"), "{}", text(&closed.stderr));
}

/// A reader that has gone is no failure: exit code 0, no panic, and the files are made all the same.
#[cfg(unix)]
#[test]
fn closed_pipe() {
    for arguments in [
        "help",
        "help gen",
        "--help",
        "gen --help",
        "--version",
        "man",
        "completions bash",
        "inspect cert.cer",
        "inspect cert.cer --format json",
        "export-cer cert.cer",
        "export-json store.pfx --password file:pw.txt",
        "gen --key p256 --password file:pw.txt --name made --emit cer,pfx",
        "gen --key p256 --password file:pw.txt --name made --emit cer,pfx --format json",
    ] {
        let world = world();
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let output = certkit(world.path())
            .args(arguments.split_whitespace())
            .stdout(writer)
            .output()
            .expect("the program starts");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments}: {said}");
        assert!(!said.contains("panicked") && !said.contains("error:"), "{arguments}: {said}");
        if arguments.contains("--name made") {
            assert!(world.path().join("made.pfx").exists() && world.path().join("made.cer").exists());
        }
    }
}

/// Where standard error is gone the exit code still says what happened.
#[cfg(unix)]
#[test]
fn closed_standard_error() {
    for (arguments, code) in [
        ("export-json missing.pfx", 1),
        ("bogus", 2),
        ("", 2),
        ("export-json empty", 3),
        ("export-json store.pfx", 4),
        ("export-json store.pfx --password file:pw.txt -o cert.cer", 5),
        ("export-json mismatched.json --format json", 5),
    ] {
        let world = world();
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let status = certkit(world.path())
            .args(arguments.split_whitespace())
            .stdout(Stdio::null())
            .stderr(writer)
            .status()
            .expect("the program starts");
        assert_eq!(status.code(), Some(code), "{arguments}");
    }
}

/// A full disk behind standard output is an I/O failure, not a success.
#[cfg(target_os = "linux")]
#[test]
fn full_standard_output() {
    for arguments in ["export-cer cert.cer", "inspect cert.cer", "help", "completions bash", "man"] {
        let world = world();
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let output = certkit(world.path())
            .args(arguments.split_whitespace())
            .stdout(full)
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(1), "{arguments}");
        assert!(text(&output.stderr).contains("standard output"), "{arguments}: {}", text(&output.stderr));
    }
}

/// Every hostile fixture is refused by the program with the exit code that its manifest entry
/// gives, in both modes, with its name, soon, and without a word on standard output.
#[test]
fn hostile_fixtures() {
    let world = world();
    let manifest = fs::read_to_string(fixture("manifest.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let mut seen = 0;
    for entry in manifest["fixture"].as_array().expect("a list of fixtures") {
        let path = entry["path"].as_str().expect("a path");
        if !path.starts_with("hostile/") || entry["expect"].as_str() != Some("error") {
            continue;
        }
        seen += 1;
        let password = entry.get("password").and_then(toml::Value::as_str);
        let allowed: Vec<i64> =
            ["exit", "exit_also"].iter().filter_map(|field| entry.get(*field)?.as_integer()).collect();
        for format in ["text", "json"] {
            let mut command = certkit(world.path());
            command.args(["--format", format, "export-json"]).arg(fixture(path));
            if let Some(password) = password {
                command.env("CERTKIT_PASSWORD", password);
            }
            let started = Instant::now();
            let output = run(&mut command, b"");
            let (said, took) = (text(&output.stderr), started.elapsed());
            let code = i64::from(output.status.code().expect("not killed"));
            assert!(allowed.contains(&code), "{path}: exit {code}, expected one of {allowed:?}: {said}");
            assert!(took < Duration::from_secs(20), "{path}: {took:?}");
            assert_eq!(text(&output.stdout), "", "{path}");
            if format == "json" {
                assert_eq!(error_document(&output)["code"], code, "{path}");
            } else {
                assert!(said.starts_with("certkit: error: ") && said.contains(path), "{path}: {said}");
            }
        }
    }
    assert!(seen > 90, "only {seen} hostile fixtures");
}

// ---------------------------------------------------------------- one row

/// One cause: what is run, and everything that is expected of it.
struct Cause {
    arguments: Vec<String>,
    prepare: fn(&Path),
    variables: Vec<(&'static str, &'static str)>,
    input: Vec<u8>,
    code: i32,
    kind: &'static str,
    says: Vec<&'static str>,
    hint: Option<&'static str>,
    formats: &'static [&'static str],
}

fn cause(arguments: &str) -> Cause {
    Cause {
        arguments: arguments.split_whitespace().map(str::to_owned).collect(),
        prepare: |_| (),
        variables: Vec::new(),
        input: Vec::new(),
        code: 0,
        kind: "",
        says: Vec::new(),
        hint: None,
        formats: &["text", "json"],
    }
}

impl Cause {
    /// One more argument, taken as it is.
    fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// More arguments, separated by spaces.
    fn and(mut self, arguments: &str) -> Self {
        self.arguments.extend(arguments.split_whitespace().map(str::to_owned));
        self
    }

    /// What the folder needs beyond what [`world`] gives it.
    fn with(mut self, prepare: fn(&Path)) -> Self {
        self.prepare = prepare;
        self
    }

    fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    fn input(mut self, octets: Vec<u8>) -> Self {
        self.input = octets;
        self
    }

    fn exits(mut self, code: i32, kind: &'static str) -> Self {
        (self.code, self.kind) = (code, kind);
        self
    }

    /// Words that the message must hold, the file's name among them.
    fn says(mut self, words: &[&'static str]) -> Self {
        self.says.extend(words);
        self
    }

    /// Words that the hint must hold.
    fn hints(mut self, words: &'static str) -> Self {
        self.hint = Some(words);
        self
    }

    /// Options that make no sense together or at all.
    fn usage(self, words: &[&'static str]) -> Self {
        self.exits(2, "usage").says(words)
    }

    /// An option whose value cannot be used.
    fn bad(self, option: &'static str, words: &[&'static str]) -> Self {
        self.exits(2, "bad-argument").says(&[option]).says(words)
    }

    /// For what is wrong with `--format` itself.
    fn text_only(mut self) -> Self {
        self.formats = &["text"];
        self
    }
}

/// Runs every row in every format; all failures are shown, not the first alone.
fn check(causes: &[Cause]) {
    let mut failures = Vec::new();
    for cause in causes {
        for format in cause.formats {
            if let Err(what) = attempt(cause, format) {
                failures.push(format!("certkit {:?} ({format}): {what}", cause.arguments));
            }
        }
    }
    assert!(failures.is_empty(), "{} rows fail:\n\n{}\n", failures.len(), failures.join("\n\n"));
}

fn attempt(cause: &Cause, format: &str) -> Result<(), String> {
    let world = world();
    (cause.prepare)(world.path());
    let before = snapshot(world.path());
    let mut command = certkit(world.path());
    command.args(&cause.arguments).envs(cause.variables.iter().copied());
    if format == "json" {
        command.args(["--format", "json"]);
    }
    let output = run(&mut command, &cause.input);
    let said = text(&output.stderr);
    let require = |holds: bool, what: &str| {
        if holds {
            Ok(())
        } else {
            Err(format!("{what}\nexit {:?}, standard error:\n{said}", output.status.code()))
        }
    };
    require(output.status.code() == Some(cause.code), &format!("expected exit code {}", cause.code))?;
    require(output.stdout.is_empty(), "expected nothing on standard output")?;
    require(snapshot(world.path()) == before, "expected the folder to stay as it was")?;
    require(!said.contains(TYPED_PASSWORD), "expected the typed password not to be shown")?;
    let (message, hint) = if format == "json" {
        let error = error_document(&output);
        require(error["code"] == cause.code, "expected the exit code in the document")?;
        require(error["kind"] == cause.kind, &format!("expected kind {}", cause.kind))?;
        let field = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (format!("{}: {}", field("file"), field("message")), field("hint"))
    } else {
        require(said.starts_with("certkit: error: "), "expected it to start with `certkit: error: `")?;
        require(said.ends_with('\n') && !said.contains('\u{1b}'), "expected plain lines")?;
        // What clap says holds its hint in a line of its own, without the word.
        let hint = said.split_once("\nhint: ").map_or_else(|| said.clone(), |(_, hint)| hint.to_owned());
        (said.clone(), hint)
    };
    for word in &cause.says {
        require(message.contains(word), &format!("expected the message to say {word:?}"))?;
    }
    if let Some(words) = cause.hint {
        require(hint.contains(words), &format!("expected the hint to say {words:?}"))?;
    }
    Ok(())
}

/// The one JSON object of a failure: standard error is that line and nothing else, standard
/// output is empty, and the object has exactly its six members.
fn error_document(output: &Output) -> Value {
    assert_eq!(text(&output.stdout), "", "nothing on standard output");
    let said = text(&output.stderr);
    assert!(said.ends_with('\n') && said.lines().count() == 1, "one line: {said}");
    let document: Value = serde_json::from_str(&said).expect("one JSON object");
    let mut members: Vec<&str> =
        document.as_object().expect("an object").keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["code", "file", "hint", "kind", "message", "schema"]);
    assert_eq!(document["schema"], "certkit.error/1");
    document
}

// ---------------------------------------------------------------- the world of a row

/// A folder with one of everything that the rows use.
fn world() -> tempfile::TempDir {
    let world = folder();
    for (from, to) in [
        ("stores/openssl-3-pbes2-aes256.pfx", "store.pfx"),
        ("stores/keytool-17-two-keys.pfx", "two.pfx"),
        ("stores/keytool-17-mixed.jceks", "secrets.jceks"),
        ("stores/keytool-17-key.jks", "keys.jks"),
        ("stores/connector-mismatched.json", "mismatched.json"),
        ("certs/openssl-3-rsa2048.cer", "cert.cer"),
        ("certs/openssl-3-pkcs8.key.pem", "key.pem"),
        ("certs/openssl-3-pkcs8-pbes2-aes256.key.pem", "locked.key"),
        ("certs/openssl-3-other.key.pem", "other.key"),
        ("hostile/openssl-3-truncated-half.pfx", "half.pfx"),
        ("hostile/openssl-3-truncated-half.cer", "half.cer"),
        ("hostile/random.bin", "random.bin"),
        ("hostile/text.txt", "text.txt"),
        ("hostile/openssl-3-flip-mac.pfx", "flipped.pfx"),
        ("hostile/openssl-3-flip-cert-structure.cer", "flipped.cer"),
        ("hostile/handmade-unknown-encryption.pfx", "unknown.pfx"),
        ("hostile/handmade-pbkdf2-iterations-10pow9.pfx", "costly.pfx"),
    ] {
        fs::copy(fixture(from), world.path().join(to)).expect(from);
    }
    for (name, contents) in [
        ("pw.txt", b"test-1234\n".to_vec()),
        ("wrong.txt", b"not-the-password\n".to_vec()),
        ("latin1.txt", b"pa\xdfwort\n".to_vec()),
        ("long.txt", vec![b'x'; 5000]),
        ("empty", Vec::new()),
    ] {
        fs::write(world.path().join(name), contents).expect("a file");
    }
    fs::create_dir(world.path().join("sub")).expect("a folder");
    world
}

fn existing(folder: &Path, names: &[&str]) {
    for name in names {
        fs::write(folder.join(name), format!("the old {name}")).expect("a file");
    }
}

fn big_sparse_file(folder: &Path) {
    fs::File::create(folder.join("big")).and_then(|file| file.set_len(100 << 20)).expect("a sparse file");
}

fn common_key() -> Vec<u8> {
    fs::read(fixture("certs/openssl-3-pkcs8.key.pem")).expect("a key")
}

/// Every name below a folder with what stands there: contents, link target, permissions. Of a
/// big file the length has to do.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("metadata");
        let contents = if metadata.is_symlink() {
            format!("link to {:?}", fs::read_link(&path).expect("a link"))
        } else if metadata.is_dir() {
            found.extend(snapshot(&path));
            "folder".into()
        } else if metadata.len() > 1 << 20 {
            format!("{} octets", metadata.len())
        } else {
            format!("{:?}", fs::read(&path).expect("a file"))
        };
        found.insert(path, format!("{:?} {contents}", metadata.permissions()));
    }
    found
}

/// Runs a command with these octets as its standard input.
fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The program may well end without reading all of it, or any of it.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("the program ends")
}
