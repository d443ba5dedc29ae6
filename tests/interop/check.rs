//! `check --fix`: MSAL signs in with what was mended, and a validator reads the SARIF.

use std::{fs, path::PathBuf};

use crate::{
    common,
    msal::PYTHON,
    pasted::{Outcome, Pieces, cases},
    support::{sarif_faults, tool},
};

/// Makes MSAL sign in with each file, verifies what it signed with the file's own certificate, and
/// prints the file's name.
const PYTHON_VERIFIES: &str = r#"
import base64, hashlib
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

def octets(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

for path in sys.argv[1:]:
    connector = json.load(open(path, encoding="utf-8"))
    certificate = x509.load_pem_x509_certificate(connector["public_cert"].encode())
    signed = assertion({"private_key": connector["private_key"], "public_certificate": connector["public_cert"]})
    text, signature = signed.rsplit(".", 1)
    header = json.loads(octets(text.split(".")[0]))
    der = certificate.public_bytes(serialization.Encoding.DER)
    assert octets(header["x5t#S256"]) == hashlib.sha256(der).digest(), header
    certificate.public_key().verify(
        octets(signature), text.encode(), padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    print(path)
"#;

/// The same by MSAL for Node.
const NODE_VERIFIES: &str = r#"
const fs = require("fs"), crypto = require("crypto"), msal = require("@azure/msal-node");
const authority = "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111";

(async () => {
    for (const path of process.argv.slice(1)) {
        const { private_key, public_cert } = JSON.parse(fs.readFileSync(path, "utf8"));
        const certificate = new crypto.X509Certificate(public_cert);
        let found;
        const networkClient = {
            async sendGetRequestAsync(url) { throw new Error(url); },
            async sendPostRequestAsync(url, { body }) {
                found = new URLSearchParams(body).get("client_assertion");
                return { status: 200, headers: {}, body: { access_token: "a", token_type: "Bearer", expires_in: 60 } };
            },
        };
        const thumbprintSha256 = certificate.fingerprint256.replaceAll(":", "");
        const clientCertificate = { privateKey: private_key, thumbprintSha256, x5c: public_cert };
        const application = new msal.ConfidentialClientApplication({
            auth: { clientId: "client", authority, clientCertificate }, system: { networkClient } });
        await application.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
        const at = found.lastIndexOf(".");
        const key = { key: certificate.publicKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
        const good = crypto.verify("sha256", found.slice(0, at), key, Buffer.from(found.slice(at + 1), "base64url"));
        if (!good) throw new Error(path + ": the signature is not the certificate's");
        console.log(path);
    }
})().catch((error) => { console.error(error); process.exit(1); });
"#;

#[test]
fn msal_signs_in_with_every_json_that_was_mended() {
    let what = "check --fix";
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    let mut files: Vec<PathBuf> = Vec::new();
    for (index, case) in cases(&pieces).iter().enumerate() {
        if !matches!(case.outcome, Outcome::Mended | Outcome::MendedWithPassword) {
            continue;
        }
        let name = format!("{index}.json");
        fs::write(folder.path().join(&name), &case.file).expect("a file");
        let mut command = vec!["check", &name, "--fix", "--in-place"];
        if case.outcome == Outcome::MendedWithPassword {
            command.extend(["--password", "file:pw.txt"]);
        }
        common::ok(folder.path(), command);
        files.push(folder.path().join(name));
    }
    assert!(files.len() > 40, "{} files were mended", files.len());
    let signed_in = |printed: Vec<u8>| assert_eq!(common::text(&printed).lines().count(), files.len());
    if let Some(python) = common::python(what) {
        let mut script = tool(python);
        script.arg("-c").arg([PYTHON, PYTHON_VERIFIES].concat()).args(&files);
        signed_in(common::peer(&mut script));
    }
    if let Some(mut node) = common::node("@azure/msal-node", what) {
        signed_in(common::peer(node.arg("-e").arg(NODE_VERIFIES).args(&files)));
    }
}

#[test]
fn the_sarif_is_as_its_schema_says() {
    let folder = common::folder();
    let pieces = Pieces::make(folder.path());
    for (index, case) in cases(&pieces).iter().enumerate().step_by(5) {
        fs::write(folder.path().join(format!("a b{index}.json")), &case.file).expect("a file");
    }
    let mut files: Vec<String> = fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a plain name"))
        .filter(|name| name != "pw.txt")
        .collect();
    files.push("not there".into());
    let output = common::run(
        folder.path(),
        ["check", "--format", "sarif"].into_iter().chain(files.iter().map(String::as_str)),
    );
    assert_eq!(output.status.code(), Some(1), "{}", common::text(&output.stderr));
    let log = folder.path().join("log.sarif");
    fs::write(&log, &output.stdout).expect("a file");
    if let Some(faults) = sarif_faults(&log, "check --format sarif") {
        assert_eq!(faults, [""; 0]);
    }
}
