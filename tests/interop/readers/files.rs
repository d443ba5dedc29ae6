//! How the peers are asked about what is no store: keys and certificates in files of their own.

use std::path::Path;

use super::peers::{
    Format, Found, Question, Reader, VARIABLE, blocks, certificates, hash, printed, public_half,
};
use crate::{
    common,
    support::{keytool, tool},
};

/// Asks one reader; `None` where it ends in an error.
pub fn ask(reader: Reader, question: &Question) -> Option<Found> {
    match reader {
        Reader::Openssl => openssl(question),
        Reader::Keytool => keytool_prints(question.store),
        Reader::Certtool => certtool(question),
        Reader::Pyca => pyca(question),
        _ => None,
    }
}

fn openssl(question: &Question) -> Option<Found> {
    let mut command = tool("openssl");
    match question.format {
        Format::P7b => command.args(["pkcs7", "-inform", "DER", "-print_certs", "-in"]),
        Format::Key => command.args(["pkey", "-passin", &format!("env:{VARIABLE}"), "-in"]),
        // All that is in a file, one after the other.
        _ => command.args(["storeutl", "-passin", &format!("env:{VARIABLE}")]),
    };
    let printed = printed(command.arg(question.store).env(VARIABLE, question.password))?;
    let keys = blocks(&printed, "PRIVATE KEY").iter().map(|der| public_half(der)).collect();
    Some(Found::known(keys, certificates(&printed)))
}

fn keytool_prints(certificates_file: &Path) -> Option<Found> {
    let printed = printed(keytool().args(["-printcert", "-rfc", "-file"]).arg(certificates_file))?;
    Some(Found::known(Vec::new(), certificates(&printed)))
}

fn certtool(question: &Question) -> Option<Found> {
    let run = |arguments: &[&str]| printed(tool("certtool").args(arguments).arg(question.store));
    let (mut keys, mut found) = (Vec::new(), Default::default());
    if question.format != Format::P7b {
        let password = format!("--password={}", question.password);
        let opened = run(&["--pubkey-info", &password, "--load-privkey"])?;
        keys.extend(blocks(&opened, "PUBLIC KEY").iter().map(hash));
    }
    match question.format {
        Format::P7b => found = certificates(&run(&["--p7-info", "--inder", "--infile"])?),
        Format::Pem => found = certificates(&run(&["--certificate-info", "--infile"])?),
        _ => {}
    }
    Some(Found::known(keys, found))
}

fn pyca(question: &Question) -> Option<Found> {
    const SCRIPT: &str = r#"
import base64, os, sys
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding, PublicFormat, load_pem_private_key, pkcs7)
format, octets, password = sys.argv[1], open(sys.argv[2], "rb").read(), os.environb[b"STORE_PASSWORD"]
def show(label, der):
    print(f"-----BEGIN {label}-----\n{base64.b64encode(der).decode()}\n-----END {label}-----")
if format != "P7b":
    key = load_pem_private_key(octets, password or None)
    show("PUBLIC KEY", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
load = {"P7b": pkcs7.load_der_pkcs7_certificates, "Pem": x509.load_pem_x509_certificates, "Key": lambda _: []}
for certificate in load[format](octets):
    show("CERTIFICATE", certificate.public_bytes(Encoding.DER))
"#;
    let python = common::python("keys and certificates in files of their own")?;
    let mut command = tool(python);
    command.args(["-c", SCRIPT, &format!("{:?}", question.format)]).arg(question.store);
    let printed = printed(command.env(VARIABLE, question.password))?;
    let keys = blocks(&printed, "PUBLIC KEY").iter().map(hash).collect();
    Some(Found::known(keys, certificates(&printed)))
}
