//! Passwords that shells, tools and encodings trip over. certkit gets each from a file, which
//! leaves nothing to quoting; each peer by the way that leaves it most alone.

use std::{path::PathBuf, process::Command};

use tempfile::TempDir;

use crate::{
    common,
    support::{assert_same, key_der, keytool, password_file, pfx_key_der, source, tool},
};

/// Prints the alias of each PFX that opens with the password after it.
const SCRIPT: &str = r#"
import sys
from cryptography.hazmat.primitives.serialization import pkcs12
for pfx, password in zip(sys.argv[1::2], sys.argv[2::2]):
    print(pkcs12.load_pkcs12(open(pfx, "rb").read(), password.encode("utf-8")).cert.friendly_name.decode())
"#;

const ASCII: [&str; 7] = [
    "  two  words  ",
    "it's \"quoted\"",
    "$HOME `id` $(id) !x %PATH%",
    r"back\slash\n",
    "#=:;,<>|&*?~^",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "-storepass",
];

const BEYOND_ASCII: [&str; 3] = ["pässwörd", "日本語のパスワード", "key 🔑 emoji"];

/// A PFX and a JKS with one password, in a folder of their own.
struct Stores {
    folder: TempDir,
    password: &'static str,
    /// What `gen` said to a person.
    said: String,
}

impl Stores {
    fn make(password: &'static str, compat: &str) -> Self {
        let folder = common::folder();
        password_file(folder.path(), password);
        let arguments = ["gen", "--key", "p256", "--emit", "pfx,jks,key", "--password", "file:password.txt"];
        let output = common::run(folder.path(), arguments.iter().chain(&["--compat", compat]));
        let said = common::text(&output.stderr);
        assert!(output.status.success(), "{password:?}: {said}");
        Self { folder, password, said }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Every peer opens the PFX, and keytool the JKS too, with every ASCII password, in both ways that
/// certkit encrypts. Nobody is warned without need.
#[test]
fn every_peer_takes_every_ascii_password() {
    let with_keytool = common::has_peer("keytool", "passwords");
    let made: Vec<Stores> = ["modern", "java8"]
        .iter()
        .flat_map(|compat| ASCII.map(|password| Stores::make(password, compat)))
        .collect();
    for stores in &made {
        assert!(!stores.said.contains("ASCII"), "{:?}: needless warning: {}", stores.password, stores.said);
        assert_openssl_opens(stores);
        assert_certtool_opens(stores);
        assert_pk12util_opens(stores);
        if with_keytool {
            assert!(
                keytool_opens(stores, "keystore.pfx", stores.password),
                "keytool, PFX: {:?}",
                stores.password
            );
        }
    }
    for stores in made.iter().take(ASCII.len()).filter(|_| with_keytool) {
        assert!(
            keytool_opens(stores, "keystore.jks", stores.password),
            "keytool, JKS: {:?}",
            stores.password
        );
    }
    assert_python_opens(&made);
}

/// Passwords beyond ASCII: openssl and Python read the store, `gen` warns that keytool does not,
/// and keytool indeed does not. The two encryptions take the password in different encodings
/// (UTF-8 and UTF-16).
#[test]
fn a_password_beyond_ascii_is_read_by_openssl_and_python_and_warned_about() {
    let with_keytool =
        common::has_peer("keytool", "that a password beyond ASCII is warned about for a reason");
    let made: Vec<Stores> = ["modern", "windows-2016"]
        .iter()
        .flat_map(|compat| BEYOND_ASCII.map(|password| Stores::make(password, compat)))
        .collect();
    for stores in &made {
        let Stores { password, said, .. } = stores;
        assert!(said.contains("warning") && said.contains("not ASCII"), "{password:?}: no warning: {said}");
        assert_openssl_opens(stores);
        if with_keytool {
            assert!(
                !keytool_opens(stores, "keystore.pfx", password),
                "{password:?}: the warning is needless"
            );
        }
    }
    assert_python_opens(&made);
}

/// The helpers above can fail: nobody takes another password.
#[test]
fn no_peer_takes_the_wrong_password() {
    const WRONG: &str = "wrong-password";
    let stores = Stores::make("right-password", "modern");
    password_file(stores.folder.path(), WRONG);
    let pfx = stores.file("keystore.pfx");
    let refuses = |command: &mut Command| !command.output().expect("the peer starts").status.success();
    if common::has_peer("openssl", "a wrong password") {
        let from_file = source(&stores.file("password.txt"));
        let mut openssl = tool("openssl");
        assert!(
            refuses(openssl.args(["pkcs12", "-nodes", "-passin", &from_file, "-in"]).arg(&pfx)),
            "openssl"
        );
    }
    if common::has_peer("certtool", "a wrong password") {
        let mut certtool = tool("certtool");
        certtool.args(["--p12-info", "--inder", "--password", WRONG, "--infile"]);
        assert!(refuses(certtool.arg(&pfx)), "certtool");
    }
    if common::has_peer("pk12util", "a wrong password") {
        let mut pk12util = tool("pk12util");
        assert!(refuses(pk12util.arg("-l").arg(&pfx).arg("-w").arg(stores.file("password.txt"))), "pk12util");
    }
    if let Some(python) = common::python("a wrong password") {
        assert!(refuses(tool(python).args(["-c", SCRIPT]).arg(&pfx).arg(WRONG)), "Python");
    }
    if common::has_peer("keytool", "a wrong password") {
        assert!(!keytool_opens(&stores, "keystore.pfx", WRONG));
        assert!(!keytool_opens(&stores, "keystore.jks", WRONG));
    }
}

fn assert_openssl_opens(stores: &Stores) {
    if common::has_peer("openssl", "passwords") {
        let found = pfx_key_der(&stores.file("keystore.pfx"), &stores.file("password.txt"));
        let expected = key_der(&stores.file("keystore.key.pem"));
        assert_same(&found, &expected, format!("the key that openssl opens with {:?}", stores.password));
    }
}

/// One Python for all of them.
fn assert_python_opens(made: &[Stores]) {
    if let Some(python) = common::python("passwords") {
        let mut script = tool(python);
        script.args(["-c", SCRIPT]);
        for stores in made {
            script.arg(stores.file("keystore.pfx")).arg(stores.password);
        }
        let printed = common::text(&common::peer(&mut script));
        assert_eq!(printed, "selfsigned\n".repeat(made.len()), "Python");
    }
}

fn assert_certtool_opens(stores: &Stores) {
    if common::has_peer("certtool", "passwords") {
        let argument = format!("--password={}", stores.password);
        let mut certtool = tool("certtool");
        certtool.args(["--p12-info", "--inder", &argument, "--infile"]).arg(stores.file("keystore.pfx"));
        let printed = common::text(&common::peer(&mut certtool));
        assert!(printed.contains("Friendly name: selfsigned"), "certtool: {:?}", stores.password);
    }
}

fn assert_pk12util_opens(stores: &Stores) {
    if common::has_peer("pk12util", "passwords") {
        let mut pk12util = tool("pk12util");
        pk12util.arg("-l").arg(stores.file("keystore.pfx")).arg("-w").arg(stores.file("password.txt"));
        let printed = common::text(&common::peer(&mut pk12util));
        assert!(printed.contains("Friendly Name: selfsigned"), "pk12util: {:?}", stores.password);
    }
}

/// With the password from the environment, so that one folder serves for a wrong one too.
fn keytool_opens(stores: &Stores, store: &str, password: &str) -> bool {
    let mut list = keytool();
    list.env("STORE_PASSWORD", password).args(["-list", "-keystore"]).arg(stores.file(store));
    let output = list.args(["-storepass:env", "STORE_PASSWORD"]).output().expect("keytool starts");
    output.status.success() && common::text(&output.stdout).contains("selfsigned")
}
