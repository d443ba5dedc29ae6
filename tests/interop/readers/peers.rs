//! How each reader is asked what a store holds, and which readers there are.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use certkit::{
    cert::Certificate,
    key::encoding,
    secret::Password,
    store::{self, Content, Key, Unlock},
};
use p12_keystore::Pkcs12Archive;
use sha2::{Digest, Sha256};

use super::files;
use crate::{
    common,
    support::{between, keytool, tool},
};

/// Where a password goes that must not stand among the arguments: some of them start with a dash
/// or are no text that a command line could carry.
pub const VARIABLE: &str = "STORE_PASSWORD";

/// A reader of stores: a column of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Certkit,
    P12Keystore,
    Openssl,
    Keytool,
    Certtool,
    Pk12util,
    Pyca,
}

/// The format of a file, as far as readers differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Pkcs12,
    Jks,
    Jceks,
    /// A PKCS#7 bundle in DER.
    P7b,
    /// Keys and certificates in PEM.
    Pem,
    /// One private key in PEM.
    Key,
}

impl Reader {
    pub const ALL: [Self; 7] = [
        Self::Certkit,
        Self::P12Keystore,
        Self::Openssl,
        Self::Keytool,
        Self::Certtool,
        Self::Pk12util,
        Self::Pyca,
    ];

    /// As it is called in the head of a table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Certkit => "certkit",
            Self::P12Keystore => "p12-keystore",
            Self::Openssl => "openssl",
            Self::Keytool => "keytool",
            Self::Certtool => "certtool",
            Self::Pk12util => "pk12util",
            Self::Pyca => "cryptography",
        }
    }

    /// Its version here, where it is installed. certkit is always the one of this source tree.
    pub fn version(self) -> Option<String> {
        const WHAT: &str = "the table of readers";
        let first_of = |text: &str, start: &str| {
            between(text, start, "\n")
                .first()
                .and_then(|rest| rest.split([' ', '"', '-']).next().map(str::to_owned))
        };
        let printed = |program: &str, arguments: &[&str]| {
            common::has_peer(program, WHAT)
                .then(|| crate::support::everything_printed(tool(program).args(arguments)) + "\n")
        };
        // What these two take over is looked at with openssl.
        let helpers: &[&str] = match self {
            Self::Keytool => &["openssl"],
            Self::Pk12util => &["openssl", "certutil"],
            _ => &[],
        };
        if !helpers.iter().all(|helper| common::has_peer(helper, WHAT)) {
            return None;
        }
        match self {
            Self::Certkit => Some(String::new()),
            Self::P12Keystore => {
                let lock =
                    fs::read_to_string(common::root().join("Cargo.lock")).expect("Cargo.lock is there");
                first_of(&lock, "name = \"p12-keystore\"\nversion = \"")
            }
            Self::Openssl => first_of(&printed("openssl", &["version"])?, "OpenSSL "),
            Self::Keytool => first_of(&printed("keytool", &["-J-version"])?, " version \""),
            Self::Certtool => first_of(&printed("certtool", &["--version"])?, "certtool "),
            // It doesn't tell; Debian numbers its package after NSS, with an epoch before it.
            Self::Pk12util => {
                let package = common::has_peer("pk12util", WHAT)
                    .then(|| tool("dpkg-query").args(["-W", "libnss3-tools"]).output().ok())?
                    .map(|output| common::text(&output.stdout))
                    .unwrap_or_default();
                Some(first_of(&package, ":").unwrap_or_else(|| "of an unknown version".to_owned()))
            }
            Self::Pyca => {
                let script = "import cryptography; print('version', cryptography.__version__)";
                let python = common::python(WHAT)?.display().to_string();
                first_of(&printed(&python, &["-c", script])?, "version ")
            }
        }
    }

    /// Whether it says of itself that it reads the format.
    pub fn claims(self, format: Format) -> bool {
        match format {
            Format::Pkcs12 => true,
            Format::Jks | Format::Jceks => matches!(self, Self::Certkit | Self::Keytool),
            Format::P7b => !matches!(self, Self::P12Keystore | Self::Pk12util),
            Format::Pem | Format::Key => !matches!(self, Self::P12Keystore | Self::Keytool | Self::Pk12util),
        }
    }
}

/// A store and what to open it with.
pub struct Question<'a> {
    pub store: &'a Path,
    pub format: Format,
    pub password: &'a str,
    pub key_password: Option<&'a str>,
    /// Rounds of key derivation in it, where they are known to be many.
    pub rounds: u64,
    /// A folder for what a peer has to have in files.
    pub scratch: &'a Path,
}

/// What a reader found in a store.
pub struct Found {
    pub keys: Keys,
    /// SHA-256 of each distinct certificate.
    pub certificates: BTreeSet<String>,
    /// Whether openssl had to be told `-legacy` before it opened anything.
    pub legacy: bool,
}

/// The private keys that a reader found.
pub enum Keys {
    /// It says how many, and shows none.
    Counted(usize),
    /// SHA-256 of each public half (SubjectPublicKeyInfo), sorted.
    Known(Vec<String>),
}

impl Found {
    /// Whether it is nothing at all.
    pub fn is_nothing(&self) -> bool {
        let keys = match &self.keys {
            Keys::Counted(count) => *count,
            Keys::Known(keys) => keys.len(),
        };
        keys == 0 && self.certificates.is_empty()
    }

    pub fn known(mut keys: Vec<String>, certificates: BTreeSet<String>) -> Self {
        keys.sort();
        Self { keys: Keys::Known(keys), certificates, legacy: false }
    }
}

/// Asks one reader; `None` where it ends in an error.
pub fn ask(reader: Reader, question: &Question) -> Option<Found> {
    if reader != Reader::Certkit && matches!(question.format, Format::P7b | Format::Pem | Format::Key) {
        return files::ask(reader, question);
    }
    match reader {
        Reader::Certkit => certkit(question),
        Reader::P12Keystore => p12_keystore(question),
        Reader::Openssl => openssl(question, &[])
            .or_else(|| openssl(question, &["-legacy"]).map(|found| Found { legacy: true, ..found })),
        Reader::Keytool => keytool_list(question),
        Reader::Certtool => certtool(question),
        Reader::Pk12util => pk12util(question),
        Reader::Pyca => pyca(question),
    }
}

/// Asks one reader in the way that opens the keys of a store, whatever that takes.
pub fn take_out(reader: Reader, question: &Question) -> Option<Found> {
    let taken_over = match reader {
        Reader::Keytool if question.format != Format::P7b => keytool_takes_over(question)?,
        Reader::Pk12util => pk12util_takes_over(question)?,
        _ => return ask(reader, question),
    };
    openssl(&Question { store: &taken_over, format: Format::Pkcs12, ..*question }, &[])
}

fn certkit(question: &Question) -> Option<Found> {
    let password = |text: &str| Some(Password::new(text.to_owned()));
    let unlock = Unlock {
        password: password(question.password),
        key_password: question.key_password.and_then(password),
        max_work: None,
    };
    let store = store::read(&crate::support::read(question.store), &unlock).ok()?;
    let (mut keys, mut certificates) = (Vec::new(), BTreeSet::new());
    for entry in &store.entries {
        match &entry.content {
            Content::Key { key, chain } => {
                if let Key::Open(key) = key {
                    keys.push(key.public().map_or_else(String::new, |public| hash(public.spki_der())));
                }
                certificates.extend(chain.iter().map(Certificate::der).map(hash));
            }
            Content::Certificate { certificate, .. } => {
                certificates.insert(hash(certificate.der()));
            }
            _ => {}
        }
    }
    Some(Found::known(keys, certificates))
}

fn p12_keystore(question: &Question) -> Option<Found> {
    let archive =
        Pkcs12Archive::from_pkcs12(&crate::support::read(question.store), question.password).ok()?;
    let keys = archive.keys.iter().map(|bag| public_half(bag.key.as_der())).collect();
    Some(Found::known(keys, archive.certs.iter().map(|bag| hash(bag.cert.as_der())).collect()))
}

fn openssl(question: &Question, options: &[&str]) -> Option<Found> {
    let mut command = tool("openssl");
    command.args(["pkcs12", "-nodes", "-passin", &format!("env:{VARIABLE}")]).args(options);
    let printed = printed(command.arg("-in").arg(question.store).env(VARIABLE, question.password))?;
    let keys = blocks(&printed, "PRIVATE KEY").iter().map(|der| public_half(der)).collect();
    Some(Found::known(keys, certificates(&printed)))
}

/// Lists the entries, which opens the certificates and not the keys.
fn keytool_list(question: &Question) -> Option<Found> {
    // Java told to start fast takes three times as long for key derivation.
    let mut command = if question.rounds > 100_000 { tool("keytool") } else { keytool() };
    command.args(["-list", "-rfc", "-storepass:env", VARIABLE]).env(VARIABLE, question.password);
    if question.format == Format::Jceks {
        // It knows PKCS#12 from JKS by itself.
        command.args(["-storetype", "JCEKS"]);
    }
    let printed = printed(command.arg("-keystore").arg(question.store))?;
    let keys = printed.lines().filter(|line| *line == "Entry type: PrivateKeyEntry").count();
    Some(Found { keys: Keys::Counted(keys), certificates: certificates(&printed), legacy: false })
}

/// Shows the certificates, and the keys as they stand in the file, which it opens in a second step.
fn certtool(question: &Question) -> Option<Found> {
    let password = format!("--password={}", question.password);
    let show = |option: &str| {
        let mut command = tool("certtool");
        printed(command.args(["--p12-info", "--inder", option, "--infile"]).arg(question.store))
    };
    // It tells a password without octets from one without characters.
    let shown =
        show(&password).or_else(|| question.password.is_empty().then(|| show("--null-password"))?)?;
    let mut keys = Vec::new();
    for label in ["ENCRYPTED PRIVATE KEY", "PRIVATE KEY"] {
        for der in blocks(&shown, label) {
            let file = question.scratch.join("certtool.key.pem");
            fs::write(&file, pem::encode(&pem::Pem::new(label, der))).expect("the key is written");
            let mut command = tool("certtool");
            command.args(["--pubkey-info", &password, "--load-privkey"]).arg(&file);
            // A key that it shows and doesn't open counts for nothing.
            if let Some(opened) = printed(&mut command) {
                keys.extend(blocks(&opened, "PUBLIC KEY").iter().map(hash));
            }
        }
    }
    Some(Found::known(keys, certificates(&shown)))
}

/// Lists the bags, which opens the certificates and not the keys.
fn pk12util(question: &Question) -> Option<Found> {
    let file = pk12util_password(question);
    let printed = printed(tool("pk12util").arg("-l").arg(question.store).arg("-w").arg(&file))?;
    let keys = printed.lines().filter(|line| matches!(*line, "Key(shrouded):" | "Key:")).count();
    let certificates = between(&printed, "Fingerprint (SHA-256):\n", "\n")
        .iter()
        .map(|digits| digits.trim().replace(':', "").to_lowercase())
        .collect();
    Some(Found { keys: Keys::Counted(keys), certificates, legacy: false })
}

/// A store of keytool's own making.
fn keytool_takes_over(question: &Question) -> Option<PathBuf> {
    let made = question.scratch.join("keytool.p12");
    let mut command = keytool();
    command.args([
        "-importkeystore",
        "-noprompt",
        "-srcstorepass:env",
        VARIABLE,
        "-deststorepass:env",
        VARIABLE,
    ]);
    command.args(["-deststoretype", "PKCS12", "-destkeystore"]).arg(&made);
    if question.format == Format::Jceks {
        command.args(["-srcstoretype", "JCEKS"]);
    }
    command.arg("-srckeystore").arg(question.store).env(VARIABLE, question.password);
    printed(&mut command).map(|_| made)
}

fn pk12util_password(question: &Question) -> PathBuf {
    let file = question.scratch.join("pk12util.password");
    fs::write(&file, format!("{}\n", question.password)).expect("the password file is written");
    file
}

/// A store of NSS's own making.
fn pk12util_takes_over(question: &Question) -> Option<PathBuf> {
    let (file, made) = (pk12util_password(question), question.scratch.join("pk12util.p12"));
    let database = format!("sql:{}", question.scratch.display());
    printed(tool("certutil").args(["-N", "--empty-password", "-d", &database]))?;
    let pk12util = |action: &[&str], store: &Path| {
        printed(tool("pk12util").args(["-d", &database]).args(action).arg(store).arg("-w").arg(&file))
    };
    pk12util(&["-i"], question.store)?;
    let listed = printed(tool("certutil").args(["-K", "-d", &database]))?;
    // Number, algorithm, identifier of the key, name.
    let name =
        listed.lines().last()?.split_once('>')?.1.split_whitespace().skip(2).collect::<Vec<_>>().join(" ");
    pk12util(&["-n", &name, "-o"], &made)?;
    Some(made)
}

fn pyca(question: &Question) -> Option<Found> {
    // It, too, tells a password without octets from one without characters.
    const SCRIPT: &str = r#"
import os, sys
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12
octets, password = open(sys.argv[1], "rb").read(), os.environb[b"STORE_PASSWORD"]
try:
    key, first, more = pkcs12.load_key_and_certificates(octets, password)
except Exception:
    if password:
        raise
    key, first, more = pkcs12.load_key_and_certificates(octets, None)
def show(label, der):
    import base64
    print(f"-----BEGIN {label}-----\n{base64.b64encode(der).decode()}\n-----END {label}-----")
if key:
    show("PUBLIC KEY", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
for certificate in ([first] if first else []) + more:
    show("CERTIFICATE", certificate.public_bytes(Encoding.DER))
"#;
    let python = common::python("the table of readers")?;
    let mut command = tool(python);
    let printed = printed(command.args(["-c", SCRIPT]).arg(question.store).env(VARIABLE, question.password))?;
    let keys = blocks(&printed, "PUBLIC KEY").iter().map(hash).collect();
    Some(Found::known(keys, certificates(&printed)))
}

/// What a peer prints on its standard output, if it ends well.
pub fn printed(command: &mut std::process::Command) -> Option<String> {
    let output = command.stdin(std::process::Stdio::null()).output().expect("the peer starts");
    output.status.success().then(|| common::text(&output.stdout))
}

pub fn certificates(text: &str) -> BTreeSet<String> {
    blocks(text, "CERTIFICATE").iter().map(hash).collect()
}

/// The contents of the PEM blocks of one label.
pub fn blocks(text: &str, label: &str) -> Vec<Vec<u8>> {
    let blocks = pem::parse_many(text).expect("a peer prints PEM as it should be");
    blocks.into_iter().filter(|block| block.tag() == label).map(pem::Pem::into_contents).collect()
}

/// SHA-256 of the public half of a private key in PKCS#8. certkit works it out, which is held to
/// openssl for every fixture by tests/vectors.rs; a key that it can't take is no key.
pub fn public_half(pkcs8: &[u8]) -> String {
    let key = encoding::private_from_pkcs8(pkcs8).ok();
    key.as_ref().and_then(|key| key.public()).map_or_else(String::new, |public| hash(public.spki_der()))
}

/// SHA-256 in lower-case hexadecimal, as the manifest has it.
pub fn hash(octets: impl AsRef<[u8]>) -> String {
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}
