//! How long whole processes take that read: certkit and what people use in its place, turn by turn.
//! Making keys is measured by the crate in `bench/keygen`.
//!
//! ```text
//! cargo bench --bench processes                 15 rounds
//! cargo bench --bench processes -- --rounds 5
//! ```
//!
//! A process is timed from before it starts until it has ended, so a figure holds everything that
//! a person or a script waits for. The two sides take turns within one round, so that whatever
//! else the machine does hits both; the ratio of their medians is what to look at. This is never
//! a test: no figure here passes or fails. It needs openssl and jq, and says what it leaves out
//! where one is missing.
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // It starts processes, reads the clock and prints.

use std::{
    fs, iter,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use certkit::{
    cert::{
        name::DistinguishedName,
        params::{End, Params, Validity},
        self_signed,
    },
    key::NewKey,
    secret::Password,
    store::{
        Content, Entry, Store, Unlock, java,
        pkcs12::{self, WriteOptions},
        read,
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};

const PASSWORD: &str = "correct horse 1";
/// How many entries the stores hold that show whether time grows with size and no faster.
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--rounds").skip(1);
    let rounds = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(15).max(1);
    let folder = tempfile::Builder::new().prefix("certkit-bench-").tempdir().expect("a temporary folder");
    let bench = Bench { folder: folder.path(), rounds };
    fs::write(folder.path().join("pw.txt"), format!("{PASSWORD}\n")).expect("the password file is written");
    println!("whole processes, {rounds} rounds turn by turn, milliseconds\n");
    if let Some(missing) = ["openssl", "jq"].into_iter().find(|program| !is_there(program)) {
        println!("left out: everything that is compared with openssl and jq; {missing} is not installed\n");
    } else {
        bench.against_openssl();
    }
    bench.by_size();
}

fn is_there(program: &str) -> bool {
    silent(Command::new(program).arg("--version")).status().is_ok()
}

struct Bench<'a> {
    folder: &'a Path,
    rounds: usize,
}

impl Bench<'_> {
    fn against_openssl(&self) {
        self.run(&[&format!(
            "{} gen --name base --emit key,cert --cn TEST --key rsa-2048",
            env!("CARGO_BIN_EXE_certkit")
        )]);
        self.run(&[
            "openssl pkcs12 -export -inkey base.key.pem -in base.cert.pem -iter 2048 -passout file:pw.txt -out base.pfx",
        ]);
        self.compare(
            "what is in a PFX of 2,048 rounds",
            "inspect base.pfx --password file:pw.txt",
            &["openssl pkcs12 -info -noout -in base.pfx -passin file:pw.txt"],
        );
        // As the vendors' pages have it: the texts around the blocks stay in.
        self.compare(
            "the connector JSON of that PFX",
            "export-json base.pfx --password file:pw.txt -o out.json --force",
            &[
                "openssl pkcs12 -in base.pfx -nocerts -nodes -passin file:pw.txt -out out.key",
                "openssl pkcs12 -in base.pfx -nokeys -passin file:pw.txt -out out.crt",
                "jq -n --rawfile private_key out.key --rawfile public_cert out.crt $ARGS.named",
            ],
        );
    }

    fn compare(&self, what: &str, certkit: &str, peer: &[&str]) {
        let certkit = format!("{} {certkit}", env!("CARGO_BIN_EXE_certkit"));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            ours.push(self.run(&[&certkit]));
            theirs.push(self.run(peer));
        }
        let (ours, theirs) = (Spread::of(ours), Spread::of(theirs));
        println!("{what}");
        println!("  certkit  {ours}");
        println!("  {:8} {theirs}", if peer.len() == 1 { "openssl" } else { "openssl…" });
        println!("  certkit / openssl: {:.2}", ours.median.as_secs_f64() / theirs.median.as_secs_f64());
        peer.iter().for_each(|line| println!("    {line}"));
        println!();
    }

    /// The time of command lines one after the other; the words stand apart by blanks and are not
    /// quoted.
    fn run(&self, lines: &[&str]) -> Duration {
        let start = Instant::now();
        for line in lines {
            let mut words = line.split(' ');
            let mut command = Command::new(words.next().unwrap_or_default());
            // openssl would else read the system's trust store, which nobody asked it for.
            command.env("SSL_CERT_FILE", "/dev/null").env("SSL_CERT_DIR", "/nonexistent");
            let status = silent(command.args(words).current_dir(self.folder)).status();
            assert!(status.is_ok_and(|status| status.success()), "failed: {line}");
        }
        start.elapsed()
    }

    fn by_size(&self) {
        println!("inspect of a store with many certificates");
        println!("  {:>7}  {:>4}  {:^44}  {:>11}", "entries", "", "", "per entry");
        let largest = store(SIZES[SIZES.len() - 1]);
        for size in SIZES {
            let mut part = largest.clone();
            part.entries.truncate(size);
            let (password, rng) = (Password::new(PASSWORD.into()), &mut UnwrapErr(SysRng));
            let now = certkit::time::Instant::from_unix(1_800_000_000).expect("a date in range");
            let pfx = pkcs12::write(&part, &password, &WriteOptions::default(), rng).expect("a PFX");
            let jks = java::write(&part, java::Kind::Jks, &password, now, rng).expect("a JKS");
            for (name, octets) in [("pfx", pfx), ("jks", jks)] {
                fs::write(self.folder.join(format!("many.{name}")), octets.expose()).expect("it is written");
                let line =
                    format!("{} inspect many.{name} --password file:pw.txt", env!("CARGO_BIN_EXE_certkit"));
                let times = Spread::of(iter::repeat_with(|| self.run(&[&line])).take(self.rounds).collect());
                let each = times.median.as_secs_f64() * 1e6 / size as f64;
                println!("  {size:>7}  {name:>4}  {times}  {each:>8.1} µs");
            }
        }
    }
}

/// That many certificates, each trusted under a name of its own.
fn store(size: usize) -> Store {
    let rng = &mut UnwrapErr(SysRng);
    let now = certkit::time::Instant::from_unix(1_800_000_000).expect("a date in range");
    let key = NewKey::P256.generate(rng).expect("a key");
    let mut entries = (0..size).map(|number| {
        let subject = DistinguishedName::parse(&format!("CN=TEST {number}")).expect("a subject");
        let validity = Validity::new(now, End::Days(1461)).expect("a validity");
        let params = Params::new(subject, Vec::new(), validity).expect("parameters");
        let certificate = self_signed(&params, &key, rng).expect("a certificate");
        Entry {
            alias: Some(format!("test {number}")),
            content: Content::Certificate { certificate, trusted: true },
        }
    });
    let entries: Vec<Entry> = entries.by_ref().collect();
    let Content::Certificate { certificate, .. } = &entries[0].content else {
        unreachable!("the store holds certificates")
    };
    // A store is made by reading; what it holds is then replaced.
    let mut store = read(certificate.der(), &Unlock::default()).expect("a certificate reads");
    store.entries = entries;
    store
}

fn silent(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// The times of one thing.
struct Spread {
    median: Duration,
    least: Duration,
    most: Duration,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self { median: times[times.len() / 2], least: times[0], most: times[times.len() - 1] }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [median, least, most] = [self.median, self.least, self.most].map(|time| time.as_secs_f64() * 1e3);
        write!(f, "median {median:>8.1}  min {least:>8.1}  max {most:>8.1}")
    }
}
