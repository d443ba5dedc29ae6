//! The forms of `export-json` in the hands of what they are for: the one-line values come through
//! shells and dotenv files unaltered and decode to what went in, the PFX opens in every peer, and
//! the Graph object is JSON that jq takes apart. (MSAL's form is `msal`'s.)

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64ct::{Base64, Encoding};
use serde_json::Value;

use crate::{
    common,
    support::{
        ALIAS, Credential, PASSWORD, assert_same, certificate_der, everything_printed, key_der, keytool,
        matrix, openssl, password_file, pfx_certificate_der, pfx_key_der, read, source, tool,
    },
};

/// `export-json FILE OPTIONS…` in the credential's folder; standard output.
fn export(credential: &Credential, file: &str, options: &[&str]) -> Vec<u8> {
    common::ok(credential.folder(), ["export-json", file].iter().chain(options))
}

/// A file of the test's own beside the credential.
fn write(credential: &Credential, name: &str, octets: &[u8]) -> PathBuf {
    let path = credential.beside(name);
    fs::write(&path, octets).expect("a file is written");
    path
}

/// Each way in which a line of `--for env --env-name` or its value alone becomes a variable again.
#[test]
fn the_environment_value_survives() {
    let matrix = matrix();
    for credential in matrix.kinds() {
        let value = export(credential, "credential.json", &["--for", "env"]);
        let value_file = write(credential, "env-value", &value);
        let value = common::text(&value).trim_end_matches('\n').to_owned();
        assert!(value.len() < 25_000 && value.bytes().all(|octet| octet.is_ascii_graphic()), "Key Vault");
        let line = export(credential, "credential.json", &["--for", "env", "--env-name", "CONNECTOR_JSON"]);
        let line_file = write(credential, "env-line", &line);

        for (what, found) in readers(&line_file, &value_file) {
            assert_eq!(found.trim_end_matches('\n'), value, "{credential}: {what}");
        }
        assert_same(&read(credential.file("json")), &Base64::decode_vec(&value).expect("base64"), credential);
        for (what, decoded) in decoders(&value_file) {
            assert_same(&decoded, &read(credential.file("json")), format!("{credential}: {what}"));
        }
    }
}

/// Who reads the line, or the value, and what it makes of it.
fn readers(line: &Path, value: &Path) -> Vec<(&'static str, String)> {
    let mut found = vec![("docker run --env-file", docker(&read(line)))];
    for shell in ["sh", "bash"] {
        if !common::has_peer(shell, "--for env in a shell") {
            continue;
        }
        for (how, script) in [
            ("sourced", "set -a; . \"$1\"; exec sh -c 'printf %s \"$CONNECTOR_JSON\"'"),
            ("by env", "env $(cat \"$1\") sh -c 'printf %s \"$CONNECTOR_JSON\"'"),
            ("exported", "export X=$(cat \"$2\"); exec sh -c 'printf %s \"$X\"'"),
            ("cut", "cut -d= -f2- \"$1\""),
        ] {
            let mut command = tool(shell);
            command.args(["-euc", script, shell]).arg(line).arg(value);
            found.push((how, common::text(&common::peer(&mut command))));
        }
    }
    if let Some(python) = common::python_with_dotenv("--for env and python-dotenv") {
        let script = "import sys, dotenv; print(dotenv.dotenv_values(sys.argv[1])['CONNECTOR_JSON'])";
        found.push((
            "python-dotenv",
            common::text(&common::peer(tool(python).args(["-c", script]).arg(line))),
        ));
    }
    if let Some(mut node) = common::node("dotenv", "--for env and Node's dotenv") {
        let script = "console.log(require('dotenv').parse(require('fs').readFileSync(process.argv[1])).CONNECTOR_JSON)";
        found.push(("Node's dotenv", common::text(&common::peer(node.args(["-e", script]).arg(line)))));
    }
    found
}

/// Docker's documented rule for `--env-file`, there being no daemon to ask: one variable in a line,
/// split at the first `=`, the value taken as it is, quotes and all; `#` starts a comment only at
/// the line's beginning.
fn docker(file: &[u8]) -> String {
    let text = common::text(file);
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(lines.len(), 1);
    let (name, value) = lines[0].split_once('=').expect("NAME=VALUE");
    assert_eq!(name, "CONNECTOR_JSON");
    value.to_owned()
}

/// What people decode base64 with.
fn decoders(value: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let what = "decoding --for env";
    let mut found = Vec::new();
    if common::has_peer("base64", what) {
        found.push(("base64 -d", common::peer(tool("base64").arg("-d").arg(value))));
    }
    if common::has_peer("jq", what) {
        found.push(("jq", common::peer(tool("jq").args(["-Rj", "@base64d"]).arg(value))));
    }
    if let Some(python) = common::python(what) {
        let script = "import base64, sys; sys.stdout.buffer.write(base64.b64decode(open(sys.argv[1]).read().strip(), validate=True))";
        found.push(("Python", common::peer(tool(python).args(["-c", script]).arg(value))));
    }
    if common::has_peer("node", what) {
        let script = "process.stdout.write(Buffer.from(require('fs').readFileSync(process.argv[1], 'utf8'), 'base64'))";
        found.push(("Node", common::peer(tool("node").args(["-e", script]).arg(value))));
    }
    found
}

/// The PFX in base64 opens with its own password in openssl, keytool and Python, for each target,
/// and holds the key and the certificate; the alias of the store that it came from is kept.
#[test]
fn the_base64_pfx_opens() {
    let what = "export-json --for base64-pfx";
    if !["openssl", "base64"].iter().all(|peer| common::has_peer(peer, what)) {
        return;
    }
    let (has_keytool, python) = (common::has_peer("keytool", what), common::python(what));
    let folder = common::folder();
    let new_password = password_file(folder.path(), "another horse 2");
    let from = source(&new_password);
    let matrix = matrix();
    for credential in matrix.kinds().filter(|credential| credential.kind != "rsa-4096") {
        // Every target for one kind of key: the two have nothing to do with each other.
        let others = ["windows-2016", "java8", "macos"].into_iter().filter(|_| credential.kind == "rsa-2048");
        for compat in ["modern"].into_iter().chain(others) {
            let what = format!("{credential}, then for {compat}");
            let options = ["--for", "base64-pfx", "--out-password", &from, "--compat", compat, "--password"];
            let opening = source(&credential.password_file());
            let options: Vec<&str> = options.into_iter().chain([opening.as_str()]).collect();
            let line = write(credential, "pfx-line", &export(credential, "credential.pfx", &options));
            let pfx = write(credential, "decoded.pfx", &common::peer(tool("base64").arg("-d").arg(line)));
            assert_same(&pfx_key_der(&pfx, &new_password), &key_der(&credential.file("key.pem")), &what);
            let certificate = certificate_der(&credential.file("cer"));
            assert_same(&pfx_certificate_der(&pfx, &new_password), &certificate, &what);
            let old = source(&credential.password_file());
            let mut with_old = tool("openssl");
            with_old.args(["pkcs12", "-noout", "-passin", &old, "-in"]).arg(&pfx);
            let output = with_old.output().expect("openssl starts");
            assert!(!output.status.success(), "{what}: the old password");
            if has_keytool {
                let listed = everything_printed(
                    keytool()
                        .args(["-list", "-storepass:file"])
                        .arg(&new_password)
                        .arg("-keystore")
                        .arg(&pfx),
                );
                let entry = format!("{}, ", ALIAS.to_lowercase());
                assert!(listed.contains(&entry) && listed.contains("PrivateKeyEntry"), "{what}: {listed}");
            }
            if let Some(python) = &python {
                let script = "import sys; from cryptography.hazmat.primitives.serialization import pkcs12; \
                    key, cert, more = pkcs12.load_key_and_certificates(open(sys.argv[1], 'rb').read(), b'another horse 2'); \
                    assert key.public_key() == cert.public_key() and not more";
                common::peer(tool(python).args(["-c", script]).arg(&pfx));
            }
        }
    }
}

/// Without `--out-password` the PFX has the password that opened the store, and a PFX from a source
/// without aliases opens in keytool too.
#[test]
fn the_base64_pfx_without_more() {
    let what = "export-json --for base64-pfx";
    if !["openssl", "keytool"].iter().all(|peer| common::has_peer(peer, what)) {
        return;
    }
    let matrix = matrix();
    let credential = matrix.kinds().next().expect("a credential");
    for file in ["credential.pfx", "credential.json"] {
        let opening = source(&credential.password_file());
        let line = export(credential, file, &["--for", "base64-pfx", "--password", &opening]);
        let pfx = Base64::decode_vec(common::text(&line).trim_end()).expect("base64");
        let pfx = write(credential, "same.pfx", &pfx);
        let key = pfx_key_der(&pfx, &credential.password_file());
        assert_same(&key, &key_der(&credential.file("key.pem")), file);
        let listed =
            everything_printed(keytool().args(["-list", "-storepass", PASSWORD, "-keystore"]).arg(&pfx));
        assert!(listed.contains("PrivateKeyEntry"), "{file}: {listed}");
    }
}

/// jq takes the Graph object apart, and openssl reads the same dates in the certificate; the
/// example of the help page makes a body for PATCH.
#[test]
fn jq_takes_the_key_credential() {
    let what = "export-json --for graph";
    if !["openssl", "jq", "base64"].iter().all(|peer| common::has_peer(peer, what)) {
        return;
    }
    let matrix = matrix();
    for credential in matrix.kinds() {
        let file =
            write(credential, "graph.json", &export(credential, "credential.cer", &["--for", "graph"]));
        let raw = |filter: &str| {
            common::text(&common::peer(tool("jq").args(["-r", filter]).arg(&file))).trim_end().to_owned()
        };
        let key = write(credential, "graph-key", raw(".key").as_bytes());
        let der = common::peer(tool("base64").arg("-d").arg(key));
        assert_same(&der, &certificate_der(&credential.file("cer")), credential);
        for (member, option) in [("startDateTime", "-startdate"), ("endDateTime", "-enddate")] {
            let printed =
                openssl("x509", &credential.file("cer"), &["-noout", option, "-dateopt", "iso_8601"]);
            let expected = common::text(&printed).trim_end().replace(' ', "T");
            assert_eq!(expected.split_once('=').map(|(_, date)| date), Some(&*raw(&format!(".{member}"))));
        }
        assert_eq!(raw(".displayName"), "CN=TEST interop,O=Contoso,C=DE");
        let body: Value = serde_json::from_str(&raw("{keyCredentials: [.]}")).expect("JSON");
        assert_eq!(body["keyCredentials"][0]["type"], "AsymmetricX509Cert");
        assert_eq!(body["keyCredentials"][0].as_object().expect("an object").len(), 6);
    }
}

/// A long subject, and one that is not ASCII, as Graph takes them.
#[test]
fn long_names_for_graph() {
    let folder = common::folder();
    let subject = format!("CN=TEST {},O={}", "ä".repeat(40), "ß".repeat(60));
    common::ok(folder.path(), ["gen", "--subject", &subject, "--emit", "cer", "--key", "p256"]);
    let made = common::ok(folder.path(), ["export-json", "keystore.cer", "--for", "graph"]);
    let made: Value = serde_json::from_slice(&made).expect("JSON");
    let name = made["displayName"].as_str().expect("a name");
    assert_eq!(name.encode_utf16().count(), 90);
    assert!(subject.starts_with(name.trim_end_matches('…')) && name.ends_with('…'), "{name}");
    let key = Base64::decode_vec(made["key"].as_str().expect("base64")).expect("base64");
    assert_same(&key, &read(folder.path().join("keystore.cer")), "the key");
}
