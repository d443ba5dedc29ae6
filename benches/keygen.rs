//! How long an RSA key takes: certkit's generator in each of its ways, the rsa crate's, and
//! `openssl genrsa`, turn by turn.
//!
//! ```text
//! cargo bench --bench keygen                              25 keys of 2048 bits each way
//! cargo bench --bench keygen -- --bits 4096 --rounds 250
//! ```
//!
//! What counts is processor time, for it does not grow with what else the machine does, or by less.
//! The search for a prime takes as long as luck has it, so means are given with their 95 % interval:
//! few keys say little. A key of certkit's is proven, validated, encoded and read back; openssl's figure is
//! a process's, with its start. This is never a test: no figure here passes or fails. It
//! needs Linux, whose kernel counts the time, and leaves openssl out where it is missing.
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // It starts processes, reads clocks and prints.

use std::{
    fs,
    hint::black_box,
    process::{Command, Stdio},
    time::Instant,
};

use certkit::key::{NewKey, rsa::Options};
use getrandom::{SysRng, rand_core::UnwrapErr};
use rustix::time::{ClockId, clock_gettime};

/// One way to a key, by its name.
type Way = (&'static str, Box<dyn Fn()>);

fn main() {
    let bits = argument("--bits").unwrap_or(2048);
    let rounds = argument("--rounds").unwrap_or(25).max(2);
    let kind: NewKey = format!("rsa-{bits}").parse().expect("--bits is 2048, 3072 or 4096");
    let ours = |alone, portable| {
        move || drop(black_box(kind.generate_with(Options { alone, portable }, &mut UnwrapErr(SysRng))))
    };
    let peer = move || drop(black_box(rsa::RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits)));
    let mut ways: Vec<Way> = vec![
        ("certkit, 1 thread", Box::new(ours(true, false))),
        ("certkit, 2 threads", Box::new(ours(false, false))),
        ("certkit without AVX2, 1 thread", Box::new(ours(true, true))),
        ("certkit without AVX2, 2 threads", Box::new(ours(false, true))),
        ("the rsa crate", Box::new(peer)),
    ];
    if genrsa(1024).is_ok_and(|status| status.success()) {
        ways.push(("openssl genrsa", Box::new(move || drop(genrsa(bits)))));
    } else {
        println!("left out: openssl is not installed");
    }
    println!("RSA {bits}, {rounds} keys each way, turn by turn, milliseconds");
    let mut figures = vec![(Vec::new(), Vec::new()); ways.len()];
    for _ in 0..rounds {
        for ((_, way), (cpu, wall)) in ways.iter().zip(&mut figures) {
            let (start, used) = (Instant::now(), processor_time());
            way();
            cpu.push(processor_time() - used);
            wall.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    println!("{:32} {:>30} {:>9} {:>12}", "", "CPU mean (95 % interval)", "median", "wall median");
    for ((name, _), (cpu, wall)) in ways.iter().zip(figures) {
        let (mean, interval) = mean(&cpu);
        let interval = format!("{mean:.1} ({:.1} to {:.1})", mean - interval, mean + interval);
        println!("{name:32} {interval:>30} {:>9.1} {:>12.1}", median(cpu), median(wall));
    }
}

fn argument(name: &str) -> Option<usize> {
    std::env::args().skip_while(|argument| argument != name).nth(1)?.parse().ok()
}

fn genrsa(bits: usize) -> std::io::Result<std::process::ExitStatus> {
    let mut command = Command::new("openssl");
    command.args(["genrsa", &bits.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()
}

/// The processor time of this process's threads and of its finished children, in milliseconds: the
/// first to the nanosecond, the second to a hundredth of a second.
fn processor_time() -> f64 {
    const TICK: f64 = 10.0;
    let own = clock_gettime(ClockId::ProcessCPUTime);
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux tells about its processes");
    // proc_pid_stat(5): the fields after the name's parenthesis start with the third.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let children: f64 = fields[13..15].iter().map(|ticks| ticks.parse().unwrap_or(0.0)).sum();
    own.tv_sec as f64 * 1e3 + own.tv_nsec as f64 / 1e6 + children * TICK
}

/// The mean, and how far its 95 % interval reaches to either side.
fn mean(figures: &[f64]) -> (f64, f64) {
    let count = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let variance = figures.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, 1.96 * (variance / count).sqrt())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
