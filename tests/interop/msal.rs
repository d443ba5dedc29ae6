//! MSAL for Python, the client that in the end signs in with the credential: its client
//! assertions, made from certkit's JSON and PFX, verify with certkit's certificate and name it by
//! the right thumbprint. Nothing goes over the network: MSAL gets an HTTP client that answers the
//! discovery by itself and keeps the token request.

use std::fs;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

use crate::{
    common,
    support::{Credential, PASSWORD, fingerprint, matrix, openssl, tool},
};

/// Prints one assertion per line: for each pair of JSON and PFX, from the JSON by certificate,
/// from the JSON by thumbprint, and from the PFX.
const SCRIPT: &str = r#"
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

password, arguments = sys.argv[1], sys.argv[2:]
for path, pfx, sha1 in zip(arguments[0::3], arguments[1::3], arguments[2::3]):
    connector = json.load(open(path, encoding="utf-8"))
    key, certificate = connector["private_key"], connector["public_cert"]
    print(assertion({"private_key": key, "public_certificate": certificate}))
    print(assertion({"private_key": key, "thumbprint": sha1}))
    print(assertion({"private_key_pfx_path": pfx, "passphrase": password, "public_certificate": True}))
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
    script.args(["-c", SCRIPT, PASSWORD]);
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
