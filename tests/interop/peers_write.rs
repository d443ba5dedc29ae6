//! The other direction: every peer packs certkit's key and certificate into a PFX of its own
//! making, and `certkit export-json` gives back the JSON that `gen` had written.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    common,
    support::{ALIAS, Credential, PASSWORD, keytool, matrix, read, source, tool},
};

/// OpenSSL's default, what `-legacy` makes (RC2-40 for the certificate), and neighbours that other
/// tools' defaults amount to.
#[test]
fn export_json_of_openssls_stores() {
    if !common::has_peer("openssl", "PFX made by openssl") {
        return;
    }
    let ways: [(&str, &[&str]); 5] = [
        ("default", &[]),
        ("legacy", &["-legacy"]),
        ("3DES", &["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"]),
        ("AES-128", &["-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC", "-macalg", "sha512"]),
        ("clear certificate, no MAC", &["-certpbe", "NONE", "-nomac"]),
    ];
    for credential in matrix().kinds() {
        for (way, options) in ways {
            let pfx = credential.beside("openssl.pfx");
            common::peer(
                tool("openssl")
                    .args(["pkcs12", "-export", "-name", "made by openssl"])
                    .args(["-passout", &source(&credential.password_file())])
                    .args(options)
                    .arg("-inkey")
                    .arg(credential.file("key.pem"))
                    .arg("-in")
                    .arg(credential.file("cert.pem"))
                    .arg("-out")
                    .arg(&pfx),
            );
            assert_same_json(credential, &pfx, way);
        }
    }
}

/// The PFX and the JKS that keytool writes after importing certkit's PFX.
#[test]
fn export_json_of_keytools_stores() {
    if !common::has_peer("keytool", "stores made by keytool") {
        return;
    }
    for credential in matrix().kinds() {
        for store_type in ["PKCS12", "JKS"] {
            let store = credential.beside(&format!("keytool.{store_type}"));
            common::peer(
                keytool()
                    .args(["-importkeystore", "-noprompt", "-srckeystore"])
                    .arg(credential.file("pfx"))
                    .arg("-srcstorepass:file")
                    .arg(credential.password_file())
                    .args(["-deststoretype", store_type, "-destkeystore"])
                    .arg(&store)
                    .arg("-deststorepass:file")
                    .arg(credential.password_file()),
            );
            assert_same_json(credential, &store, store_type);
        }
    }
}

/// GnuTLS with its default and with the 3DES that older versions wrote.
#[test]
fn export_json_of_certtools_stores() {
    if !common::has_peer("certtool", "PFX made by certtool") {
        return;
    }
    for credential in matrix().kinds() {
        for cipher in ["aes-256", "3des-pkcs12"] {
            let pfx = credential.beside(&format!("certtool-{cipher}.pfx"));
            common::peer(
                tool("certtool")
                    .args(["--to-p12", "--outder", "--p12-name", "made by certtool", "--password", PASSWORD])
                    .args(["--pkcs-cipher", cipher, "--load-privkey"])
                    .arg(credential.file("key.pem"))
                    .arg("--load-certificate")
                    .arg(credential.file("cert.pem"))
                    .arg("--outfile")
                    .arg(&pfx),
            );
            assert_same_json(credential, &pfx, cipher);
        }
    }
}

/// NSS writes indefinite lengths at every layer.
#[test]
fn export_json_of_pk12utils_stores() {
    let what = "PFX made by pk12util";
    if !common::has_peer("pk12util", what) || !common::has_peer("certutil", what) {
        return;
    }
    for credential in matrix().kinds() {
        let (database, pfx) = (credential.beside("nss-writer"), credential.beside("nss-writer.pfx"));
        fs::create_dir(&database).expect("a folder for the database");
        let database = format!("sql:{}", database.display());
        let pk12util = |action: &[&str], file: &Path| {
            let mut pk12util = tool("pk12util");
            pk12util.args(["-d", &database]).args(action).arg(file).arg("-w").arg(credential.password_file());
            common::peer(&mut pk12util);
        };
        common::peer(tool("certutil").args(["-N", "--empty-password", "-d", &database]));
        pk12util(&["-i"], &credential.file("pfx"));
        pk12util(&["-n", ALIAS, "-o"], &pfx);
        assert_same_json(credential, &pfx, "NSS");
    }
}

/// Python's `cryptography` with its best encryption and with the one for old Windows.
#[test]
fn export_json_of_python_cryptographys_stores() {
    const SCRIPT: &str = r#"
import sys
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption, PrivateFormat, load_pem_private_key, pkcs12)
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509 import load_pem_x509_certificate
password = sys.argv[1].encode()
key = load_pem_private_key(open(sys.argv[2], "rb").read(), None)
certificate = load_pem_x509_certificate(open(sys.argv[3], "rb").read())
old = (PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2000).hmac_hash(SHA1())
    .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).build(password))
for path, encryption in ((sys.argv[4], BestAvailableEncryption(password)), (sys.argv[5], old)):
    made = pkcs12.serialize_key_and_certificates("Zürich".encode(), key, certificate, None, encryption)
    open(path, "wb").write(made)
"#;
    let Some(python) = common::python("PFX made by Python's cryptography") else { return };
    for credential in matrix().kinds() {
        let [best, old]: [PathBuf; 2] =
            ["python-best.pfx", "python-old.pfx"].map(|name| credential.beside(name));
        common::peer(tool(&python).args(["-c", SCRIPT, PASSWORD]).args([
            credential.file("key.pem"),
            credential.file("cert.pem"),
            best.clone(),
            old.clone(),
        ]));
        assert_same_json(credential, &best, "its best encryption");
        assert_same_json(credential, &old, "3DES");
    }
}

fn assert_same_json(credential: &Credential, store: &Path, way: &str) {
    let exported = common::ok(
        credential.folder(),
        ["export-json".as_ref(), store.as_os_str(), "--password".as_ref(), "file:password.txt".as_ref()],
    );
    let expected = read(credential.file("json"));
    assert_eq!(common::text(&exported), common::text(&expected), "{credential}, {way}");
    fs::remove_file(store).expect("the peer's store is removed");
}
