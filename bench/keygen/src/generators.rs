//! The generators that are called in this process: certkit's in each of its ways, and its peers.

use std::{hint::black_box, io, thread};

use certkit::key::{NewKey, rsa::Options};
use getrandom::{SysRng, rand_core::UnwrapErr};

use crate::{
    libcrypto,
    samples::Comparison,
    turns::{self, Way},
    usage,
};

/// What the others are compared with: OpenSSL's generator, and its search for primes without the
/// rest.
pub(crate) const REFERENCES: [&str; 2] = ["OpenSSL", "OpenSSL, prime search alone"];

/// Makes `keys` keys of `bits` bits in each way; `processes` are measured in the same rounds.
///
/// # Errors
/// If a process fails that has worked before.
pub(crate) fn compare(bits: usize, keys: usize, processes: Vec<Way<'_>>) -> io::Result<Comparison> {
    let kind: NewKey = format!("rsa-{bits}").parse().map_err(io::Error::other)?;
    let way = |name: &str, work: Box<dyn Fn()>| Way::new(name, keys, move || Ok(usage::of_work(&work)));
    let mut left_out = Vec::new();
    let mut ways = Vec::new();
    for (name, options) in certkit_ways(&mut left_out) {
        ways.push(way(name, Box::new(move || certkit_key(kind, options))));
    }
    ways.push(way(REFERENCES[0], Box::new(move || libcrypto::key(bits))));
    ways.push(way(REFERENCES[1], Box::new(move || libcrypto::primes(bits))));
    ways.push(way("AWS-LC (aws-lc-rs)", Box::new(move || aws_lc_key(bits))));
    match graviola_is_left_out() {
        None => ways.push(way("graviola", Box::new(move || graviola_key(bits)))),
        Some(reason) => left_out.push(reason),
    }
    ways.push(way("the rsa crate", Box::new(move || rsa_key(bits))));
    ways.extend(processes);
    turns::compare(&format!("rsa-{bits}"), &REFERENCES, ways, left_out)
}

/// certkit's ways that differ on this machine.
fn certkit_ways(left_out: &mut Vec<String>) -> Vec<(&'static str, Options)> {
    let mut ways = vec![
        ("certkit, 1 thread", Options { alone: true, portable: false }),
        ("certkit, 2 threads", Options { alone: false, portable: false }),
        ("certkit portable, 1 thread", Options { alone: true, portable: true }),
        ("certkit portable, 2 threads", Options { alone: false, portable: true }),
    ];
    if thread::available_parallelism().map_or(1, |cores| cores.get()) < 2 {
        left_out.push("certkit on 2 threads: there is one core".into());
        ways.retain(|(_, options)| options.alone);
    }
    ways
}

fn certkit_key(kind: NewKey, options: Options) {
    let key = kind.generate_with(options, &mut UnwrapErr(SysRng));
    drop(black_box(key.expect("certkit makes a key")));
}

fn rsa_key(bits: usize) {
    let key = rsa::RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits);
    drop(black_box(key.expect("the rsa crate makes a key")));
}

fn aws_lc_key(bits: usize) {
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        _ => KeySize::Rsa4096,
    };
    drop(black_box(KeyPair::generate(size).expect("AWS-LC makes a key")));
}

/// graviola panics on processors whose instructions it lacks.
fn graviola_is_left_out() -> Option<String> {
    let reason = "graviola: this processor lacks instructions that it needs";
    (!graviola::util::is_cpu_supported()).then(|| reason.into())
}

fn graviola_key(bits: usize) {
    use graviola::signing::rsa::{KeySize, SigningKey};
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        _ => KeySize::Rsa4096,
    };
    drop(black_box(SigningKey::generate(size).expect("graviola makes a key")));
}
