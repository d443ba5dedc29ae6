//! What was measured on, and with which versions: figures without these mean nothing.

use std::{fs, path::Path, process::Command, thread};

use serde::{Deserialize, Serialize};

use crate::libcrypto;

/// Instructions that make a difference to one of the generators.
const INSTRUCTIONS: [&str; 6] = ["avx2", "adx", "bmi2", "sha_ni", "avx512f", "avx512ifma"];
/// The libraries that are compared.
const CRATES: [&str; 3] = ["aws-lc-rs", "graviola", "rsa"];

/// A machine and its programs: names and values, in the order of the page.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Machine(pub(crate) Vec<(String, String)>);

impl Machine {
    /// This one, with the program under test.
    pub(crate) fn here(certkit: &Path) -> Self {
        let cpu = file("/proc/cpuinfo");
        let flags = field(&cpu, "flags");
        let has = |name: &&&str| flags.split(' ').any(|flag| flag == **name);
        let instructions: Vec<&str> = INSTRUCTIONS.iter().filter(has).copied().collect();
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let load = file("/proc/loadavg");
        let kernel = file("/proc/sys/kernel/osrelease");
        let facts = [
            (
                "processor",
                format!("{}, {cores} cores, {}", field(&cpu, "model name"), instructions.join(" ")),
            ),
            ("load before the run", format!("{} (1 minute)", load.split(' ').next().unwrap_or_default())),
            ("kernel", format!("Linux {}", kernel.split('-').next().unwrap_or_default().trim())),
            ("certkit", of_certkit(certkit)),
            ("OpenSSL, in process", libcrypto::version()),
            ("openssl", first_line("openssl", "version")),
            ("keytool of", first_line("java", "-version")),
            ("jq", first_line("jq", "--version")),
            ("rustc", first_line("rustc", "--version")),
            ("crates", CRATES.map(locked).join(", ")),
        ];
        Self(facts.map(|(name, value)| (name.to_owned(), value)).into())
    }
}

/// Its version, and the size of the program.
fn of_certkit(program: &Path) -> String {
    let size = fs::metadata(program).map_or(0, |metadata| metadata.len());
    let version = first_line(&program.display().to_string(), "--version");
    format!("{}, a program of {:.2} MB", version.trim_start_matches("certkit "), size as f64 / 1e6)
}

/// A crate with its version in the lock file.
fn locked(name: &str) -> String {
    let version = include_str!("../Cargo.lock").split("[[package]]").find_map(|package| {
        package.strip_prefix(&format!("\nname = \"{name}\"\nversion = \""))?.split('"').next()
    });
    format!("{name} {}", version.unwrap_or("?"))
}

/// The first line that a program prints, to whichever stream.
fn first_line(program: &str, argument: &str) -> String {
    let Ok(output) = Command::new(program).arg(argument).output() else { return "not installed".into() };
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&text).lines().next().unwrap_or_default().to_owned()
}

fn file(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The value of `NAME : VALUE`, where the name stands first.
fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, value)| value)
}
