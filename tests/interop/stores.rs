//! Every peer opens every store that `certkit gen` makes (each kind of key, each `--compat`) and
//! finds the alias, the key and the certificate that were put in.
//!
//! Which key and certificate those are is always taken from `NAME.key.pem` and `NAME.cer` through
//! openssl, so that no test asks certkit whether certkit is right.

use std::{fs, path::Path};

use crate::{
    common,
    support::{
        ALIAS, Credential, PASSWORD, assert_same, between, certificate_der, everything_printed, fingerprint,
        key_der, keytool, matrix, openssl, password_file, pfx_certificate_der, pfx_key_der, read, source,
        tool,
    },
};

/// Java lists the entry under its alias with the right certificate, and `-importkeystore`, which
/// has to decrypt the key, brings the same key into a store of Java's own making.
#[test]
fn keytool_opens_every_pfx() {
    if !has_all(&["keytool", "openssl"], "keytool on every PFX") {
        return;
    }
    for credential in matrix().all() {
        assert_keytool_opens(credential, "pfx", "PKCS12");
    }
}

/// The same for the JKS of every kind of key; `--compat` is about the PFX only.
#[test]
fn keytool_opens_every_jks() {
    if !has_all(&["keytool", "openssl"], "keytool on every JKS") {
        return;
    }
    for credential in matrix().kinds() {
        assert_keytool_opens(credential, "jks", "JKS");
    }
}

fn assert_keytool_opens(credential: &Credential, suffix: &str, store_type: &str) {
    let (store, password) = (credential.file(suffix), credential.password_file());
    let listed = common::text(&common::peer(
        keytool()
            .args(["-list", "-v", "-storetype", store_type, "-keystore"])
            .arg(&store)
            .arg("-storepass:file")
            .arg(&password),
    ));
    // Java folds the case of aliases, whatever the file says.
    for expected in [
        format!("Alias name: {}", ALIAS.to_lowercase()),
        "Your keystore contains 1 entry".to_owned(),
        "Entry type: PrivateKeyEntry".to_owned(),
        "Certificate chain length: 1".to_owned(),
        format!("SHA256: {}", fingerprint(&credential.file("cer"), "sha256")),
    ] {
        assert!(listed.contains(&expected), "{credential}, {suffix}: no {expected:?} in\n{listed}");
    }
    let imported = credential.beside(&format!("imported-from-{suffix}.p12"));
    common::peer(
        keytool()
            .args(["-importkeystore", "-noprompt", "-srcstoretype", store_type, "-srckeystore"])
            .arg(&store)
            .args(["-srcalias", ALIAS, "-srcstorepass:file"])
            .arg(&password)
            .args(["-deststoretype", "PKCS12", "-destkeystore"])
            .arg(&imported)
            .arg("-deststorepass:file")
            .arg(&password),
    );
    assert_same_pair(credential, &imported, "what keytool imported");
}

/// OpenSSL verifies the MAC, names the encryption that `--compat` promises, and finds key and
/// certificate under one friendlyName and one localKeyID, the SHA-1 of the certificate.
#[test]
fn openssl_opens_every_pfx() {
    if !has_all(&["openssl"], "openssl on every PFX") {
        return;
    }
    for credential in matrix().all() {
        let (pfx, password) = (credential.file("pfx"), source(&credential.password_file()));
        let printed = everything_printed(
            tool("openssl").args(["pkcs12", "-info", "-nodes", "-passin", &password, "-in"]).arg(&pfx),
        );
        let (mac, encryption) = match credential.compat {
            "modern" => ("sha256", "PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256"),
            _ => ("sha1", "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 10000"),
        };
        for expected in [
            format!("MAC: {mac}, Iteration 10000"),
            format!("PKCS7 Encrypted data: {encryption}"),
            format!("Shrouded Keybag: {encryption}"),
        ] {
            assert!(printed.contains(&expected), "{credential}: no {expected:?} in\n{printed}");
        }
        assert_eq!(
            between(&printed, "friendlyName: ", "\n"),
            [ALIAS, ALIAS],
            "{credential}: certificate and key"
        );
        let tie = fingerprint(&credential.file("cer"), "sha1").replace(':', " ");
        let ties: Vec<&str> = between(&printed, "localKeyID: ", "\n").into_iter().map(str::trim).collect();
        assert_eq!(ties, [tie.as_str(), tie.as_str()], "{credential}: certificate and key");
        assert_same_pair(credential, &pfx, "the PFX");
    }
}

/// OpenSSL finds nothing wrong with key, certificate and signature, and every file of one run
/// holds the same two.
#[test]
fn openssl_verifies_key_certificate_and_signature() {
    if !has_all(&["openssl"], "openssl on keys and certificates") {
        return;
    }
    for credential in matrix().kinds() {
        let [cer, cert, key] = ["cer", "cert.pem", "key.pem"].map(|suffix| credential.file(suffix));
        let checked = openssl("pkey", &key, &["-check", "-noout"]);
        assert!(common::text(&checked).contains("Key is valid"), "{credential}: {}", common::text(&checked));
        let certified = openssl("x509", &cer, &["-noout", "-pubkey"]);
        let what = format!("{credential}: the key that the certificate certifies");
        assert_same(&certified, &public_key(&key), what);
        assert!(signature_verifies(&cert), "{credential}: the signature");
        // The files are encoded as openssl encodes them: nothing around, nothing unusual inside.
        assert_same(&read(&cer), &certificate_der(&cer), format!("{credential}: the .cer"));
        assert_same(&read(&cert), &openssl("x509", &cer, &[]), format!("{credential}: the .cert.pem"));
        assert_same(&read(&key), &openssl("pkey", &key, &[]), format!("{credential}: the .key.pem"));
    }
}

/// The public half of a private key, in PEM, as openssl computes it.
fn public_key(pem: &Path) -> Vec<u8> {
    openssl("pkey", pem, &["-pubout"])
}

/// The check of the test above can fail: one bit of the signature is turned.
#[test]
fn openssl_refuses_a_broken_signature() {
    if !has_all(&["openssl"], "openssl on a broken signature") {
        return;
    }
    let matrix = matrix();
    let credential = matrix.kinds().next().expect("the matrix is not empty");
    let mut der = read(credential.file("cer"));
    *der.last_mut().expect("a certificate is not empty") ^= 1;
    let (broken, pem) = (credential.beside("broken.cer"), credential.beside("broken.pem"));
    fs::write(&broken, der).expect("the broken certificate is written");
    fs::write(&pem, openssl("x509", &broken, &[])).expect("its PEM is written");
    assert!(!signature_verifies(&pem));
}

/// Whether a self-signed certificate in PEM verifies with its own key.
fn signature_verifies(certificate: &Path) -> bool {
    // Without -check_ss_sig openssl trusts a trusted certificate's signature unseen.
    let mut verify = tool("openssl");
    verify.args(["verify", "-check_ss_sig", "-CAfile"]).args([certificate, certificate]);
    verify.output().expect("openssl starts").status.success()
}

/// GnuTLS verifies the MAC, decrypts the certificate, finds the names, and decrypts the key.
#[test]
fn certtool_opens_every_pfx() {
    if !has_all(&["certtool", "openssl"], "certtool on every PFX") {
        return;
    }
    for credential in matrix().all() {
        let printed = common::text(&common::peer(
            tool("certtool")
                .args(["--p12-info", "--inder", "--password", PASSWORD, "--infile"])
                .arg(credential.file("pfx")),
        ));
        assert_eq!(between(&printed, "Friendly name: ", "\n"), [ALIAS, ALIAS], "{credential}\n{printed}");
        let mac = between(&printed, "MAC: ", " ");
        assert_eq!(mac, [if credential.compat == "modern" { "SHA256" } else { "SHA1" }], "{credential}");

        let certificate = credential.beside("certtool-cert.pem");
        fs::write(&certificate, block(&printed, "CERTIFICATE")).expect("the certificate is written");
        assert_eq!(
            certificate_der(&certificate),
            read(credential.file("cer")),
            "{credential}: the certificate"
        );

        // certtool prints the key as it stands in the PFX, and opens it in a second step. It is
        // asked for the public half: the EC keys that it writes name no curve.
        let shrouded = credential.beside("certtool-shrouded.pem");
        fs::write(&shrouded, block(&printed, "ENCRYPTED PRIVATE KEY")).expect("the shrouded key is written");
        let opened = common::text(&common::peer(
            tool("certtool").args(["--pubkey-info", "--password", PASSWORD, "--load-privkey"]).arg(&shrouded),
        ));
        assert_eq!(
            block(&opened, "PUBLIC KEY"),
            common::text(&public_key(&credential.file("key.pem"))),
            "{credential}: the key"
        );
    }
}

/// One PEM block out of a peer's talk.
fn block(text: &str, label: &str) -> String {
    let (begin, end) = (format!("-----BEGIN {label}-----\n"), format!("-----END {label}-----\n"));
    let inner = between(text, &begin, &end);
    let [inner] = inner[..] else { panic!("{} blocks of {label} in\n{text}", inner.len()) };
    begin + inner + &end
}

/// NSS lists the PFX, imports it into a fresh database, and exports the same key and certificate
/// from there.
#[test]
fn pk12util_opens_every_pfx() {
    if !has_all(&["pk12util", "certutil", "openssl"], "pk12util on every PFX") {
        return;
    }
    for credential in matrix().all() {
        let (pfx, password) = (credential.file("pfx"), credential.password_file());
        let pk12util = |action: &[&str], file: &Path| {
            common::text(&common::peer(tool("pk12util").args(action).arg(file).arg("-w").arg(&password)))
        };
        let listed = pk12util(&["-l"], &pfx);
        assert_eq!(between(&listed, "Friendly Name: ", "\n"), [ALIAS, ALIAS], "{credential}\n{listed}");
        let expected = fingerprint(&credential.file("cer"), "sha256");
        assert!(listed.contains(&expected), "{credential}: no {expected} in\n{listed}");

        let database = credential.beside("nss");
        fs::create_dir(&database).expect("a folder for the database");
        let database = format!("sql:{}", database.display());
        common::peer(tool("certutil").args(["-N", "--empty-password", "-d", &database]));
        pk12util(&["-d", &database, "-i"], &pfx);
        let exported = credential.beside("nss-export.p12");
        pk12util(&["-d", &database, "-n", ALIAS, "-o"], &exported);
        assert_same_pair(credential, &exported, "what NSS exported");
    }
}

/// Python's `cryptography`, on which most Entra scripts in Python stand, loads every PFX with the
/// password as it is and finds alias, key and certificate.
#[test]
fn python_cryptography_opens_every_pfx() {
    const SCRIPT: &str = r#"
import sys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
password, arguments = sys.argv[1].encode(), sys.argv[2:]
for pfx, key, certificate in zip(arguments[0::3], arguments[1::3], arguments[2::3]):
    store = pkcs12.load_pkcs12(open(pfx, "rb").read(), password)
    found = store.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    open(key, "wb").write(found)
    open(certificate, "wb").write(store.cert.certificate.public_bytes(Encoding.DER))
    print(store.cert.friendly_name.decode(), len(store.additional_certs))
"#;
    let what = "Python's cryptography on every PFX";
    let Some(python) = common::python(what) else { return };
    if !has_all(&["openssl"], what) {
        return;
    }
    let matrix = matrix();
    let mut script = tool(python);
    script.args(["-c", SCRIPT, PASSWORD]);
    for credential in matrix.all() {
        script
            .arg(credential.file("pfx"))
            .args(["python.key", "python.cer"].map(|name| credential.beside(name)));
    }
    let printed = common::text(&common::peer(&mut script));
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), matrix.all().count());
    for (credential, line) in matrix.all().zip(lines) {
        assert_eq!(line, format!("{ALIAS} 0"), "{credential}: the alias, and no further certificates");
        let [key, certificate] = ["python.key", "python.cer"].map(|name| read(credential.beside(name)));
        assert_same(&key, &key_der(&credential.file("key.pem")), format!("{credential}: the key"));
        assert_same(&certificate, &read(credential.file("cer")), format!("{credential}: the certificate"));
    }
}

/// An alias outside ASCII comes out of the friendlyName as it went in: UTF-16 in the file, with a
/// surrogate pair for what lies outside the basic plane. (openssl prints the low octet of each
/// unit only, and Python reads no surrogate pair, so openssl is not asked and Python not for that.)
#[test]
fn an_alias_in_any_script_is_read_by_the_peers() {
    const SCRIPT: &str = r#"
import sys
from cryptography.hazmat.primitives.serialization import pkcs12
store = pkcs12.load_pkcs12(open(sys.argv[1], "rb").read(), sys.argv[2].encode())
print(store.cert.friendly_name.decode())
"#;
    let what = "an alias outside ASCII";
    for alias in ["Zürich 株式", "Zürich 🔑"] {
        let folder = common::folder();
        let (pfx, password) = (folder.path().join("keystore.pfx"), password_file(folder.path(), PASSWORD));
        let emit = ["--emit", "pfx,jks", "--key", "p256", "--password", "file:password.txt"];
        common::ok(folder.path(), ["gen", "--alias", alias].iter().chain(&emit));

        if let Some(python) = common::python(what).filter(|_| alias.chars().all(|c| c <= '\u{ffff}')) {
            let printed = common::peer(tool(python).args(["-c", SCRIPT]).arg(&pfx).arg(PASSWORD));
            assert_eq!(common::text(&printed).trim_end(), alias, "Python");
        }
        if has_all(&["certtool"], what) {
            let mut certtool = tool("certtool");
            certtool.args(["--p12-info", "--inder", "--password", PASSWORD, "--infile"]).arg(&pfx);
            let printed = common::text(&common::peer(&mut certtool));
            assert_eq!(between(&printed, "Friendly name: ", "\n"), [alias, alias], "certtool");
        }
        if has_all(&["pk12util"], what) {
            let mut pk12util = tool("pk12util");
            let printed = common::text(&common::peer(pk12util.arg("-l").arg(&pfx).arg("-w").arg(&password)));
            assert_eq!(between(&printed, "Friendly Name: ", "\n"), [alias, alias], "pk12util");
        }
        for store in ["keystore.pfx", "keystore.jks"] {
            if has_all(&["keytool"], what) {
                let mut list = keytool();
                list.current_dir(folder.path()).args(["-list", "-v", "-keystore", store]);
                let printed = common::text(&common::peer(list.arg("-storepass:file").arg(&password)));
                let expected = format!("Alias name: {}\n", alias.to_lowercase());
                assert!(printed.contains(&expected), "{store}: no {expected:?} in\n{printed}");
            }
        }
    }
}

fn has_all(programs: &[&str], what: &str) -> bool {
    programs.iter().all(|program| common::has_peer(program, what))
}

fn assert_same_pair(credential: &Credential, pfx: &Path, what: &str) {
    let password = credential.password_file();
    let expected = key_der(&credential.file("key.pem"));
    assert_same(&pfx_key_der(pfx, &password), &expected, format!("{credential}: the key in {what}"));
    let expected = read(credential.file("cer"));
    let found = pfx_certificate_der(pfx, &password);
    assert_same(&found, &expected, format!("{credential}: the certificate in {what}"));
}
