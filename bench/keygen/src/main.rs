//! How long certkit takes to make keys, and how long others do: measured turn by turn in one run.
//!
//! `bench/run.sh` runs all of it and writes `docs/performance.md`; this is for a part of it:
//!
//! ```text
//! cargo run --release -- keys --bits 2048 --keys 25
//! cargo run --release -- keys --bits 4096 --keys 40 --certkit PATH --json samples.json
//! cargo run --release -- runs --certkit PATH
//! ```
//!
//! It is never a test: no figure passes or fails. It needs Linux.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // It starts processes and reads clocks.

mod generators;
mod libcrypto;
mod machine;
mod page;
mod programs;
mod samples;
mod statistics;
mod table;
mod turns;
mod usage;

use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, Parser};

use machine::Machine;
use programs::Turns;
use samples::{Comparison, Run};
use table::Measure;

/// Measures how long keys take to make.
#[derive(Parser)]
enum Command {
    /// Measure generators of RSA keys.
    Keys(Keys),
    /// Measure whole runs of programs.
    Runs(Runs),
    /// Print the page of figures from what was measured.
    Page {
        /// The page's prose, with the places of the tables.
        #[arg(long)]
        template: PathBuf,
        /// The day of the measurement.
        #[arg(long)]
        date: String,
        /// What was measured.
        samples: Vec<PathBuf>,
    },
}

#[derive(Args)]
struct Keys {
    /// 2048, 3072 or 4096.
    #[arg(long, default_value_t = 2048)]
    bits: usize,
    /// Keys of each generator that is called in this process.
    #[arg(long, default_value_t = 25)]
    keys: usize,
    /// Keys by the processes `certkit gen` and `openssl genrsa`.
    #[arg(long, default_value_t = 0)]
    processes: usize,
    /// Keys by the process `keytool -genkeypair`.
    #[arg(long, default_value_t = 0)]
    keytool: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Runs {
    /// Turns of each program.
    #[arg(long, default_value_t = 30)]
    turns: usize,
    /// Turns of those with keytool, which take seconds.
    #[arg(long, default_value_t = 5)]
    slow: usize,
    /// Turns of `certkit batch`.
    #[arg(long, default_value_t = 2)]
    batches: usize,
    /// Names for `certkit batch`.
    #[arg(long, default_value_t = 500)]
    names: usize,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Common {
    /// The program under test.
    #[arg(long, default_value = "certkit")]
    certkit: PathBuf,
    /// Where every single turn is written to.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    match Command::parse() {
        Command::Keys(keys) => {
            let turns = Turns { quick: keys.processes, slow: keys.keytool };
            keys.common.measure(&[Measure::Cpu, Measure::Wall], |certkit| {
                let processes = programs::keys(certkit, keys.bits, turns);
                Ok(vec![generators::compare(keys.bits, keys.keys, processes)?])
            })
        }
        Command::Runs(runs) => {
            let turns = Turns { quick: runs.turns, slow: runs.slow };
            runs.common.measure(&[Measure::Wall, Measure::Cost], |certkit| {
                Ok(vec![
                    programs::commands(certkit, runs.turns)?,
                    programs::files(certkit, turns)?,
                    programs::batch(certkit, runs.names, runs.batches)?,
                ])
            })
        }
        Command::Page { template, date, samples } => {
            let runs = samples.iter().map(|path| Run::read(path)).collect::<Result<Vec<_>, _>>()?;
            print!("{}", page::page(&fs::read_to_string(template)?, &date, &runs)?);
            Ok(())
        }
    }
}

impl Common {
    /// Measures, prints what came out in each measure, and keeps every turn.
    fn measure(
        &self,
        measures: &[Measure],
        compare: impl FnOnce(&Path) -> io::Result<Vec<Comparison>>,
    ) -> Result<(), Box<dyn Error>> {
        // Every turn has a folder of its own, where a relative path leads elsewhere.
        let certkit = fs::canonicalize(&self.certkit).unwrap_or_else(|_| self.certkit.clone());
        let machine = Machine::here(&certkit);
        let run = Run { machine, comparisons: compare(&certkit)? };
        for comparison in &run.comparisons {
            for (word, measure) in Measure::ALL.into_iter().filter(|(_, measure)| measures.contains(measure))
            {
                println!("## {} {word}\n\n{}", comparison.name, table::markdown(comparison, measure));
            }
        }
        self.json.as_ref().map_or(Ok(()), |path| run.write(path))
    }
}
