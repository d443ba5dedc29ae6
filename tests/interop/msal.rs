//! MSAL for Python and for Node, the clients that in the end sign in with the credential: their
//! client assertions, made from certkit's JSON and PFX, verify with certkit's certificate and name
//! it by the right thumbprint. Nothing goes over the network: MSAL gets an HTTP client that answers
//! the discovery by itself and keeps the token request.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

use crate::{
    common,
    support::{Credential, PASSWORD, fingerprint, matrix, openssl, tool},
};

/// `assertion(credential)`: the client assertion that MSAL for Python sends.
pub(crate) const PYTHON: &str = r#"
import json, sys
import msal

TENANT = "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111"

class Response:
    status_code, headers = 200, {}
    def __init__(self, body):
        self.text = json.dumps(body)
    def raise_for_status(self):
        pass

class Offline:
    def get(self, url, **_):
        assert url == TENANT + "/v2.0/.well-known/openid-configuration", url
        return Response({"issuer": TENANT + "/v2.0", "authorization_endpoint": TENANT + "/authorize",
            "token_endpoint": TENANT + "/token"})
    def post(self, url, data=None, **_):
        assert url == TENANT + "/token", url
        assert data["grant_type"] == "client_credentials", data
        self.assertion = data["client_assertion"]
        return Response({"access_token": "a", "token_type": "Bearer", "expires_in": 60})
    def close(self):
        pass

def assertion(credential):
    offline = Offline()
    application = msal.ConfidentialClientApplication(
        "client", authority=TENANT, client_credential=credential, http_client=offline)
    answer = application.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert "access_token" in answer, answer
    found = offline.assertion
    return found.decode() if isinstance(found, bytes) else found
"#;

/// Prints one assertion per line: for each pair of JSON and PFX, from the JSON by certificate,
/// from the JSON by thumbprint, and from the PFX.
const PYTHON_FROM_PARTS: &str = r#"
password, arguments = sys.argv[1], sys.argv[2:]
for path, pfx, sha1 in zip(arguments[0::3], arguments[1::3], arguments[2::3]):
    connector = json.load(open(path, encoding="utf-8"))
    key, certificate = connector["private_key"], connector["public_cert"]
    print(assertion({"private_key": key, "public_certificate": certificate}))
    print(assertion({"private_key": key, "thumbprint": sha1}))
    print(assertion({"private_key_pfx_path": pfx, "passphrase": password, "public_certificate": True}))
"#;

/// Prints one assertion per line: from each file, taken as it is.
const PYTHON_FROM_FILES: &str = r#"
for path in sys.argv[1:]:
    print(assertion(json.load(open(path, encoding="utf-8"))))
"#;

/// The same by MSAL for Node.
const NODE_FROM_FILES: &str = r#"
const fs = require("fs"), msal = require("@azure/msal-node");
const authority = "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111";

async function assertion(clientCertificate) {
    let found;
    const networkClient = {
        // MSAL for Node knows this authority's endpoints by heart.
        async sendGetRequestAsync(url) { throw new Error(url); },
        async sendPostRequestAsync(url, { body }) {
            if (!url.startsWith(authority + "/oauth2/v2.0/token")) throw new Error(url);
            found = new URLSearchParams(body).get("client_assertion");
            return { status: 200, headers: {}, body: { access_token: "a", token_type: "Bearer", expires_in: 60 } };
        },
    };
    const application = new msal.ConfidentialClientApplication({
        auth: { clientId: "client", authority, clientCertificate }, system: { networkClient } });
    await application.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
    return found;
}

(async () => {
    for (const path of process.argv.slice(1)) {
        console.log(await assertion(JSON.parse(fs.readFileSync(path, "utf8"))));
    }
})().catch((error) => { console.error(error); process.exit(1); });
"#;

/// Every RSA credential signs in, by each way that MSAL offers. (EC keys are left out because MSAL
/// signs with RS256 and PS256 only, as Entra accepts only those.)
#[test]
fn msal_signs_in_with_the_json_and_with_the_pfx() {
    let what = "MSAL for Python";
    let Some(python) = common::python(what) else { return };
    if !common::has_peer("openssl", what) {
        return;
    }
    let matrix = matrix();
    let credentials: Vec<&Credential> = matrix.all().filter(|credential| credential.is_rsa()).collect();
    let mut script = tool(python);
    script.arg("-c").arg([PYTHON, PYTHON_FROM_PARTS].concat()).arg(PASSWORD);
    for credential in &credentials {
        let sha1 = fingerprint(&credential.file("cer"), "sha1").replace(':', "");
        script.arg(credential.file("json")).arg(credential.file("pfx")).arg(sha1);
    }
    let printed = common::text(&common::peer(&mut script));
    let assertions: Vec<&str> = printed.lines().collect();
    assert_eq!(assertions.len(), 3 * credentials.len());
    for (credential, assertions) in credentials.into_iter().zip(assertions.chunks(3)) {
        assert_signed(credential, assertions[0], "PS256", ("x5t#S256", "sha256"), "the JSON");
        assert_signed(credential, assertions[1], "RS256", ("x5t", "sha1"), "the JSON and its thumbprint");
        assert_signed(credential, assertions[2], "PS256", ("x5t#S256", "sha256"), "the PFX");
    }
}

/// The file of `export-json --for msal` is what MSAL takes, as it is: for Python it signs by SHA-1
/// thumbprint, which every version reads, for Node by SHA-256.
#[test]
fn msal_takes_the_file_of_export_json() {
    let what = "export-json --for msal";
    if !common::has_peer("openssl", what) {
        return;
    }
    let matrix = matrix();
    let credentials: Vec<&Credential> = matrix.kinds().filter(|credential| credential.is_rsa()).collect();
    let files: Vec<PathBuf> = credentials.iter().map(|credential| for_msal(credential.folder())).collect();
    if let Some(python) = common::python(what) {
        let mut script = tool(python);
        script.arg("-c").arg([PYTHON, PYTHON_FROM_FILES].concat()).args(&files);
        let printed = common::text(&common::peer(&mut script));
        assert_eq!(printed.lines().count(), credentials.len());
        for (credential, assertion) in credentials.iter().zip(printed.lines()) {
            assert_signed(credential, assertion, "RS256", ("x5t", "sha1"), "--for msal, in Python");
        }
    }
    if let Some(mut node) = common::node("@azure/msal-node", what) {
        let printed = common::text(&common::peer(node.arg("-e").arg(NODE_FROM_FILES).args(&files)));
        assert_eq!(printed.lines().count(), credentials.len());
        for (credential, assertion) in credentials.iter().zip(printed.lines()) {
            assert_signed(credential, assertion, "PS256", ("x5t#S256", "sha256"), "--for msal, in Node");
        }
    }
}

/// `export-json --for msal` in a credential's folder.
fn for_msal(folder: &Path) -> PathBuf {
    let path = folder.join("for-msal.json");
    common::ok(folder, ["export-json", "credential.json", "--for", "msal", "-o", "for-msal.json", "--force"]);
    path
}

/// Both send the whole chain for subject name and issuer authentication, leaf first, if they are
/// given it.
#[test]
fn msal_sends_the_chain() {
    let what = "export-json --for msal --chain";
    let folder = common::folder();
    let store = common::fixture("stores/keytool-17-chain.pfx").display().to_string();
    fs::write(folder.path().join("pw.txt"), "test-1234").expect("a file");
    let pem = common::ok(folder.path(), ["export-json", &store, "--chain", "--password", "file:pw.txt"]);
    let pem: Value = serde_json::from_slice(&pem).expect("JSON");
    let blocks = crate::support::between(
        pem["public_cert"].as_str().expect("PEM"),
        "-----BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----",
    );
    let expected: Vec<String> = blocks.iter().map(|block| block.split_whitespace().collect()).collect();
    assert!(expected.len() > 1, "the fixture has a chain");
    for chain in [false, true] {
        let arguments = ["export-json", &store, "--for", "msal", "--password", "file:pw.txt"];
        let file = format!("{chain}.json");
        let more = ["--chain"].into_iter().filter(|_| chain).chain(["-o", file.as_str()]);
        common::ok(folder.path(), arguments.into_iter().chain(more));
        let file = folder.path().join(file);
        let mut peers = Vec::new();
        peers.extend(common::python(what).map(|python| {
            let mut script = tool(python);
            script.arg("-c").arg([PYTHON, PYTHON_FROM_FILES].concat()).arg(&file);
            script
        }));
        peers.extend(common::node("@azure/msal-node", what).map(|mut node| {
            node.arg("-e").arg(NODE_FROM_FILES).arg(&file);
            node
        }));
        for mut peer in peers {
            let printed = common::text(&common::peer(&mut peer));
            let header = json(printed.split('.').next().expect("a JWT"));
            // MSAL for Python leaves the line breaks of PEM in it.
            let sent: Vec<String> = header["x5c"].as_array().expect("x5c").iter().map(block).collect();
            assert_eq!(sent, if chain { &expected[..] } else { &expected[..1] }, "{peer:?}");
        }
    }
}

fn block(member: &Value) -> String {
    member.as_str().expect("a certificate").split_whitespace().collect()
}

/// The JWT names the certificate by its thumbprint, and openssl verifies its signature with the
/// certificate's key.
fn assert_signed(
    credential: &Credential,
    assertion: &str,
    algorithm: &str,
    (member, digest): (&str, &str),
    from: &str,
) {
    let (signed, signature) = assertion.rsplit_once('.').expect("a JWT has a signature");
    let (header, claims) = signed.split_once('.').expect("a JWT has a header and claims");
    let header = json(header);
    assert_eq!(header["alg"], algorithm, "{credential}, from {from}");
    let stated = header[member].as_str().unwrap_or_else(|| panic!("{credential}, from {from}: no {member}"));
    let expected = fingerprint(&credential.file("cer"), digest);
    assert_eq!(base64url(stated), from_hex(&expected), "{credential}, from {from}: {member}");
    assert_eq!(json(claims)["iss"], "client");
    assert!(
        verifies(credential, signed, &base64url(signature), algorithm),
        "{credential}, from {from}: signature"
    );
    // The check can fail: it is no good for another text.
    assert!(!verifies(credential, &signed.to_uppercase(), &base64url(signature), algorithm));
}

fn verifies(credential: &Credential, text: &str, signature: &[u8], algorithm: &str) -> bool {
    let write = |name: &str, octets: &[u8]| {
        let path = credential.beside(name);
        fs::write(&path, octets).expect("a part of the JWT is written");
        path
    };
    let text = write("jwt-text", text.as_bytes());
    let signature = write("jwt-signature", signature);
    let key = write("jwt-key.pem", &openssl("x509", &credential.file("cer"), &["-noout", "-pubkey"]));
    // RFC 7518 section 3.5: PS256 is PSS with a salt as long as the digest.
    let padding: &[&str] = match algorithm {
        "PS256" => &["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"],
        _ => &[],
    };
    let mut verify = tool("openssl");
    verify.args(["dgst", "-sha256"]).args(padding).arg("-verify").arg(key).arg("-signature").arg(signature);
    verify.arg(text).output().expect("openssl starts").status.success()
}

fn json(part: &str) -> Value {
    serde_json::from_slice(&base64url(part)).expect("a JWT's parts are JSON")
}

/// MSAL pads its thumbprints, against RFC 7515; the rest of the JWT is not padded.
fn base64url(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text.trim_end_matches('='))
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn from_hex(colons: &str) -> Vec<u8> {
    colons
        .split(':')
        .map(|octet| u8::from_str_radix(octet, 16).expect("a fingerprint is hexadecimal"))
        .collect()
}
