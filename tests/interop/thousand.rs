//! A thousand runs of `gen`: what is meant to be new each time is new each time, and what is meant
//! to be right is never wrong. Faults that hit one key in some hundreds (a leading zero octet, a
//! short scalar) show here.

use std::{collections::HashSet, path::Path, thread};

use crate::{
    common,
    support::{between, openssl, tool},
};

const RUNS: usize = 1000;
/// Every tenth key is RSA 2048, the others are P-256, which are made faster.
const RSA_EVERY: usize = 10;
/// How many certificates one openssl process verifies.
const BATCH: usize = 100;

/// What openssl found in the files of one run.
struct Found {
    serial: String,
    certificate_pem: String,
    public_key: String,
}

/// All serial numbers are distinct, positive and of 16 octets; all keys are distinct and sound; each
/// certificate certifies its key and verifies with it.
#[test]
fn a_thousand_runs_give_a_thousand_good_and_distinct_credentials() {
    if !common::has_peer("openssl", "a thousand runs of gen") {
        return;
    }
    let folder = common::folder();
    let found = on_every_core(|run| generate_and_look(folder.path(), run));
    assert_eq!(found.len(), RUNS);

    for Found { serial, .. } in &found {
        assert_eq!(serial.len(), 32, "{serial}: not 16 octets");
        let first =
            u8::from_str_radix(&serial[..2], 16).unwrap_or_else(|_| panic!("{serial}: not hexadecimal"));
        assert!((1..=0x7f).contains(&first), "{serial}: not positive, or shorter than it looks");
    }
    let serials: HashSet<&str> = found.iter().map(|found| found.serial.as_str()).collect();
    assert_eq!(serials.len(), RUNS, "a serial number came twice");
    let keys: HashSet<&str> = found.iter().map(|found| found.public_key.as_str()).collect();
    assert_eq!(keys.len(), RUNS, "a key came twice");

    verify_signatures(folder.path(), &found);
}

/// One run, and one look at each of its files; the key must be the certificate's.
fn generate_and_look(folder: &Path, run: usize) -> Found {
    let name = format!("run-{run}");
    let kind = if run.is_multiple_of(RSA_EVERY) { "rsa-2048" } else { "p256" };
    common::ok(folder, ["gen", "--name", &name, "--emit", "cer,key", "--key", kind]);
    let printed =
        common::text(&openssl("x509", &folder.join(format!("{name}.cer")), &["-serial", "-pubkey"]));
    let key = folder.join(format!("{name}.key.pem"));
    let public_key = openssl("pkey", &key, &["-check", "-pubout"]);
    let public_key = common::text(&public_key);
    let certificate_at = printed.find("-----BEGIN CERTIFICATE-----").expect("openssl prints the certificate");
    let found = Found {
        serial: between(&printed, "serial=", "\n").concat(),
        certificate_pem: printed[certificate_at..].to_owned(),
        public_key: public_key.replace("Key is valid\n", ""),
    };
    assert!(
        printed.contains(&found.public_key),
        "{name}: the certificate certifies another key\n{printed}\n{public_key}"
    );
    found
}

/// Every certificate's signature, a hundred per openssl process.
fn verify_signatures(folder: &Path, found: &[Found]) {
    let bundle = folder.join("bundle.pem");
    let all: String = found.iter().map(|found| found.certificate_pem.as_str()).collect();
    std::fs::write(&bundle, all).expect("the bundle is written");
    for batch in (0..RUNS).collect::<Vec<_>>().chunks(BATCH) {
        let mut verify = tool("openssl");
        verify.args(["verify", "-check_ss_sig", "-CAfile"]).arg(&bundle);
        verify.args(batch.iter().map(|run| folder.join(format!("run-{run}.cer"))));
        let printed = common::text(&common::peer(&mut verify));
        assert_eq!(printed.lines().filter(|line| line.ends_with(": OK")).count(), batch.len(), "{printed}");
    }
}

/// Does the job for every run, on as many threads as there are cores; the results in no order.
fn on_every_core(job: impl Fn(usize) -> Found + Sync) -> Vec<Found> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let job = &job;
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || (first..RUNS).step_by(threads).map(job).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker's run failed")).collect()
    })
}
