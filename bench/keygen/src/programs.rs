//! Whole processes: what a person or a script waits for. Every turn has a folder of its own.

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    samples::Comparison,
    turns::{self, Way},
    usage::{self, Usage},
};

/// Of every store that is made, as the command lines below spell it out.
const PASSWORD: &str = "test-1234";

/// What `gen` does, with openssl and jq.
const WITH_OPENSSL: [&str; 4] = [
    "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=TEST -days 1461 -keyout key.pem -out cert.pem",
    "openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass:test-1234 -out keystore.pfx",
    "openssl x509 -in cert.pem -outform DER -out keystore.cer",
    "jq -n --rawfile private_key key.pem --rawfile public_cert cert.pem $ARGS.named",
];

/// The commands of the vendor's page, with values where it has none and jq for its pasting by hand.
const BY_THE_PAGE: [&str; 5] = [
    "keytool -genkey -alias selfsigned -keyalg RSA -keypass test-1234 -storepass test-1234 \
     -keystore keystore.pfx -keysize 2048 -validity 1461 -dname CN=TEST",
    "keytool -export -keystore keystore.pfx -alias selfsigned -file keystore.cer -storepass test-1234",
    "openssl pkcs12 -in keystore.pfx -passin pass:test-1234 -passout pass:test-1234 -out printed.pem",
    "openssl pkcs12 -in keystore.pfx -nocerts -nodes -passin pass:test-1234 -out key.pem",
    "jq -n --rawfile private_key key.pem --rawfile public_cert printed.pem $ARGS.named",
];

/// How often each kind of process is run.
#[derive(Clone, Copy)]
pub(crate) struct Turns {
    pub(crate) quick: usize,
    /// Those with keytool, which takes seconds.
    pub(crate) slow: usize,
}

/// A key of `bits` bits in a file: by certkit, by openssl, and by keytool, which makes a certificate
/// and a store with it.
pub(crate) fn keys(certkit: &Path, bits: usize, turns: Turns) -> Vec<Way<'static>> {
    let by_certkit = format!("{} gen --emit key --key rsa-{bits}", certkit.display());
    let by_openssl = format!("openssl genrsa -out key.pem {bits}");
    let by_keytool = format!(
        "keytool -genkeypair -alias selfsigned -keyalg RSA -keysize {bits} -dname CN=TEST \
         -keystore store.pfx -storepass {PASSWORD}"
    );
    vec![
        way("process: certkit gen --emit key", turns.quick, &[by_certkit]),
        way("process: openssl genrsa", turns.quick, &[by_openssl]),
        way("process: keytool -genkeypair", turns.slow, &[by_keytool]),
    ]
}

/// An RSA 2048 key with its certificate as PFX, `.cer` and connector JSON, in three ways.
///
/// # Errors
/// If a process fails that has worked before.
pub(crate) fn files(certkit: &Path, turns: Turns) -> io::Result<Comparison> {
    const OPENSSL: &str = "openssl and jq";
    let gen_line = format!("{} gen --cn TEST --emit pfx,cer,json --password file:pw.txt", certkit.display());
    let ways = vec![
        way("certkit gen", turns.quick, &[gen_line]),
        way(OPENSSL, turns.quick, &WITH_OPENSSL),
        way("the vendor's page: keytool, openssl", turns.slow, &BY_THE_PAGE),
    ];
    turns::compare("files", &[OPENSSL], ways, Vec::new())
}

/// The same three files for each of `names` names by one `certkit batch`; times are for one name.
///
/// # Errors
/// If a process fails that has worked before.
pub(crate) fn batch(certkit: &Path, names: usize, turns: usize) -> io::Result<Comparison> {
    let list: String = (1..=names).map(|number| format!("TEST-{number}\n")).collect();
    let by_jobs = |jobs: usize| {
        let line = format!(
            "{} batch names.txt --jobs {jobs} --out-dir . --emit pfx,cer,json --password file:pw.txt",
            certkit.display()
        );
        let list = list.clone();
        let work = move || Ok(run(&[("names.txt", &list)], &[&line])?.each(names));
        Way::new(format!("certkit batch --jobs {jobs}, {names} names"), turns, work)
    };
    let has_batch = usage::of_process(silent(Command::new(certkit).args(["help", "batch"]))).is_ok();
    if has_batch {
        turns::compare("batch", &[], vec![by_jobs(1), by_jobs(2)], Vec::new())
    } else {
        turns::compare(
            "batch",
            &[],
            Vec::new(),
            vec!["certkit batch: this certkit has no such command".into()],
        )
    }
}

/// What certkit's commands cost beside the search for a key, and a process that does nothing.
///
/// # Errors
/// If a process fails that has worked before.
pub(crate) fn commands(certkit: &Path, turns: usize) -> io::Result<Comparison> {
    let certkit = |arguments: &str| {
        let line = format!("{} {arguments}", certkit.display());
        way(&format!("certkit {arguments}"), turns, &[line])
    };
    let ways = vec![
        way("true", turns, &["true"]),
        certkit("--version"),
        certkit("help"),
        certkit("gen --help"),
        certkit("connector show zscaler-sharepoint"),
        certkit("gen --key p256 --emit cer,json"),
        certkit("gen --emit pfx,cer,json --password file:pw.txt"),
        certkit("gen --key rsa-4096 --emit pfx,cer,json --password file:pw.txt"),
    ];
    turns::compare("commands", &[], ways, Vec::new())
}

fn way(name: &str, turns: usize, lines: &[impl AsRef<str>]) -> Way<'static> {
    let lines: Vec<String> = lines.iter().map(|line| line.as_ref().to_owned()).collect();
    Way::new(name, turns, move || run(&[], &lines))
}

/// Runs command lines one after the other in a new folder that holds the password and `files`. Words stand
/// apart by blanks and are not quoted.
fn run(files: &[(&str, &str)], lines: &[impl AsRef<str>]) -> io::Result<Usage> {
    let folder = tempfile::Builder::new().prefix("certkit-bench-").tempdir()?;
    for (name, text) in [("pw.txt", PASSWORD)].iter().chain(files) {
        fs::write(folder.path().join(name), text)?;
    }
    lines.iter().try_fold(Usage::default(), |used, line| {
        let mut words = line.as_ref().split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        // openssl would else read the system's trust store, which nobody asked it for.
        command.env("SSL_CERT_FILE", "/dev/null").env("SSL_CERT_DIR", "/nonexistent");
        command.args(words).current_dir(folder.path());
        Ok(used.and(usage::of_process(silent(&mut command))?))
    })
}

fn silent(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}
