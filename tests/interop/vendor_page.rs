//! The vendor page's procedure with the real keytool and openssl, and certkit after it.
//!
//! This is the job that certkit replaces (DESIGN.md section 1): whatever administrators made by
//! hand must come out of `export-json` as the page wants it.

use std::{fmt, fs, path::Path};

use serde::de::{Deserializer, MapAccess, Visitor};

use crate::{
    common,
    support::{assert_same, certificate_der, key_der, keytool, openssl, password_file, read, source, tool},
};

const PASSWORD: &str = "vendor page 1";

/// The four commands, with values where the page has none: `keytool -genkeypair`, `keytool
/// -exportcert`, `openssl pkcs12` as it is, and `openssl pkcs12 -nocerts -nodes`.
fn follow_the_page(folder: &Path) {
    let password = password_file(folder, PASSWORD);
    let keytool_store = |command: &str| {
        let mut keytool = keytool();
        keytool.current_dir(folder).arg(command).args(["-alias", "selfsigned", "-keystore", "keystore.pfx"]);
        keytool.arg("-storepass:file").arg(&password);
        keytool
    };
    common::peer(
        keytool_store("-genkeypair")
            .args(["-keyalg", "RSA", "-keysize", "2048", "-validity", "1461", "-storetype", "PKCS12"])
            .args(["-dname", "CN=SharePoint connector, OU=IT, O=\"Contoso, Ltd.\", C=DE"]),
    );
    common::peer(keytool_store("-exportcert").args(["-file", "keystore.cer"]));
    let pkcs12 = |more: &[&str]| {
        let mut openssl = tool("openssl");
        openssl.current_dir(folder).args(["pkcs12", "-in", "keystore.pfx", "-passin", &source(&password)]);
        common::peer(openssl.args(more))
    };
    pkcs12(&["-passout", &format!("pass:{PASSWORD}"), "-out", "printed.pem"]);
    pkcs12(&["-nocerts", "-nodes", "-out", "key.pem"]);
}

/// The connector JSON's members in the order of the file. A map would lose the order and doubled
/// members.
fn members(json: &[u8]) -> Vec<(String, String)> {
    struct InOrder;
    impl<'de> Visitor<'de> for InOrder {
        type Value = Vec<(String, String)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("one object of strings")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let members = deserializer.deserialize_map(InOrder).expect("the connector JSON is one object of strings");
    deserializer.end().expect("nothing follows the object");
    members
}

/// What DESIGN.md section 3 calls canonical: RFC 7468 with 64 columns, LF, one final newline, and
/// nothing before or after.
fn assert_canonical_pem(pem: &str, label: &str) {
    let body = pem
        .strip_prefix(&format!("-----BEGIN {label}-----\n"))
        .and_then(|rest| rest.strip_suffix(&format!("\n-----END {label}-----\n")))
        .unwrap_or_else(|| panic!("not one {label} block with one final newline: {pem:?}"));
    let lines: Vec<&str> = body.split('\n').collect();
    let (last, full) = lines.split_last().expect("split gives at least one line");
    assert!(full.iter().all(|line| line.len() == 64), "a line is not 64 columns: {pem:?}");
    assert!((1..=64).contains(&last.len()), "the last line has {} columns", last.len());
    let base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    assert!(lines.iter().all(|line| line.chars().all(base64)), "a line is not base64: {pem:?}");
}

/// The JSON of the page's own store holds the key and the certificate that openssl takes out of
/// it, to the octet, and is the page's JSON to the letter.
#[test]
fn export_json_of_the_pages_store_is_what_openssl_takes_out() {
    let what = "the vendor page's commands";
    if !common::has_peer("keytool", what) || !common::has_peer("openssl", what) {
        return;
    }
    let folder = common::folder();
    let path = folder.path();
    follow_the_page(path);
    common::ok(
        path,
        ["export-json", "keystore.pfx", "--password", "file:password.txt", "-o", "keystore.json"],
    );

    let json = read(path.join("keystore.json"));
    let members = members(&json);
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["private_key", "public_cert"], "exactly two members, in this order");
    let [(_, key), (_, certificate)] = &members[..] else { unreachable!("the names were compared") };
    assert_canonical_pem(key, "PRIVATE KEY");
    assert_canonical_pem(certificate, "CERTIFICATE");
    assert_eq!(json.first(), Some(&b'{'), "no byte order mark, no blank line");

    fs::write(path.join("json-key.pem"), key).expect("the key is written");
    fs::write(path.join("json-cert.pem"), certificate).expect("the certificate is written");
    assert_eq!(key_der(&path.join("json-key.pem")), key_der(&path.join("key.pem")), "the key");
    assert_eq!(
        certificate_der(&path.join("json-cert.pem")),
        read(path.join("keystore.cer")),
        "the certificate"
    );
    // openssl's own PEM of the key is canonical, so even the text is the same.
    let pem = openssl("pkey", &path.join("key.pem"), &[]);
    assert_eq!(common::text(&pem), *key, "openssl's PEM of the key");
}

/// Each of the page's files leads to the same JSON: the PFX, what `openssl pkcs12` prints (an
/// ENCRYPTED key between Bag Attributes), and the extracted key with keytool's `.cer`.
#[test]
fn every_stage_of_the_page_leads_to_the_same_json() {
    let what = "the vendor page's intermediate files";
    if !common::has_peer("keytool", what) || !common::has_peer("openssl", what) {
        return;
    }
    let folder = common::folder();
    let path = folder.path();
    follow_the_page(path);
    let printed = common::text(&read(path.join("printed.pem")));
    assert!(
        printed.contains("Bag Attributes") && printed.contains("BEGIN ENCRYPTED PRIVATE KEY"),
        "{printed}"
    );

    let from_store = common::ok(path, ["export-json", "keystore.pfx", "--password", "file:password.txt"]);
    let from_print = common::ok(path, ["export-json", "printed.pem", "--password", "file:password.txt"]);
    let from_pair = common::ok(path, ["export-json", "--key", "key.pem", "--cert", "keystore.cer"]);
    assert_eq!(common::text(&from_print), common::text(&from_store), "what openssl pkcs12 prints");
    assert_eq!(common::text(&from_pair), common::text(&from_store), "the extracted key and keytool's .cer");

    let cer = common::ok(path, ["export-cer", "keystore.pfx", "--password", "file:password.txt"]);
    assert_same(&cer, &read(path.join("keystore.cer")), "export-cer is keytool -exportcert");
}

/// The one certkit command that replaces the page keeps the same contract.
#[test]
fn the_json_of_gen_keeps_the_contract() {
    if !common::has_peer("openssl", "the JSON of gen") {
        return;
    }
    let folder = common::folder();
    let path = folder.path();
    common::ok(path, ["gen", "--cn", "SharePoint connector", "--emit", "json,key,cer"]);
    let members = members(&read(path.join("keystore.json")));
    let [(first, key), (second, certificate)] = &members[..] else { panic!("{} members", members.len()) };
    assert_eq!([first.as_str(), second.as_str()], ["private_key", "public_cert"]);
    assert_canonical_pem(key, "PRIVATE KEY");
    assert_canonical_pem(certificate, "CERTIFICATE");
    assert_same(key.as_bytes(), &read(path.join("keystore.key.pem")), "the key file");
    let pem = openssl("x509", &path.join("keystore.cer"), &[]);
    assert_eq!(common::text(&pem), *certificate, "openssl's PEM of the .cer");
}
