//! A credential by keytool and its successor, as OpenSSL sees both: the same but for key, dates, serial
//! and what keytool writes into no certificate.

use std::{fs, path::Path};

use super::{
    common::{folder, has_peer, ok, peer},
    support::{
        assert_same, certificate_der, keytool, openssl, password_file, pfx_certificate_der, source, tool,
    },
};

fn printed(certificate: &Path, options: &[&str]) -> String {
    let printed = openssl("x509", certificate, &[&["-noout", "-nameopt", "RFC2253"], options].concat());
    String::from_utf8(printed).expect("text")
}

#[test]
fn openssl_takes_the_successor_of_keytools_store() {
    if !has_peer("keytool", "a store to be succeeded") || !has_peer("openssl", "the successor") {
        return;
    }
    let folder = folder();
    let password = password_file(folder.path(), "a password");
    let store = folder.path().join("keystore.pfx");
    let subject = "CN=Contoso DLP, OU=Security, O=\"Contoso, Ltd.\", C=GB";
    peer(
        keytool()
            .args([
                "-genkeypair",
                "-alias",
                "selfsigned",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "400",
            ])
            .args(["-storetype", "PKCS12", "-dname", subject, "-ext", "san=dns:a.example,ip:192.0.2.1"])
            .arg("-storepass:file")
            .arg(&password)
            .arg("-keystore")
            .arg(&store),
    );
    let made = ["rotate", "keystore.pfx", "--password", &source(&password), "--archive", "old"];
    ok(folder.path(), made);

    let old = fs::read_dir(folder.path().join("old"))
        .expect("the archive")
        .next()
        .expect("a file")
        .expect("a file");
    let place = |name: &str, store: &Path| {
        let path = folder.path().join(name);
        fs::write(&path, pfx_certificate_der(store, &password)).expect("a certificate");
        path
    };
    let (old, new) = (place("old.cer", &old.path()), place("new.cer", &store));
    for option in [&["-subject"][..], &["-ext", "subjectAltName"]] {
        assert_eq!(printed(&old, option), printed(&new, option), "{option:?}");
    }
    assert_ne!(printed(&old, &["-modulus"]), printed(&new, &["-modulus"]));
    let pem = folder.path().join("new.pem");
    peer(tool("openssl").args(["x509", "-in"]).arg(&new).arg("-out").arg(&pem));
    peer(
        tool("openssl")
            .args(["verify", "-x509_strict", "-purpose", "sslclient", "-CAfile"])
            .arg(&pem)
            .arg(&pem),
    );
    assert_same(&certificate_der(&pem), &fs::read(&new).expect("the certificate"), "the successor");
    let listed =
        peer(keytool().arg("-list").arg("-storepass:file").arg(&password).arg("-keystore").arg(&store));
    assert!(String::from_utf8_lossy(&listed).contains("selfsigned,"), "keytool opens it under its name");
}
