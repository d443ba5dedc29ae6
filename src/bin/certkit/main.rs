//! The `certkit` program: arguments in, an operation, files and words out.
//!
//! This is the layer that touches the world: arguments, environment, clock, terminal, files. Each
//! command is a grammar over an operation of the library.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // Touching the world is its job.

mod beside;
mod cli;
mod commands;
mod context;
mod credential;
mod deliver;
mod failure;
mod globs;
mod harden;
mod input;
mod options;
mod password;
mod prompt;
mod record;
mod signals;
mod walk;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use cli::Cli;
use context::Context;
use failure::Failure;
use options::Format;

fn main() -> ExitCode {
    harden::process();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error, wants_json()),
    };
    let format = cli.format;
    let outcome = Context::new(format, Cli::command).and_then(|context| commands::run(cli.command, &context));
    match outcome {
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => failure.report(format == Format::Json),
    }
}

/// Whether the arguments ask for JSON, told before they are known to be good.
fn wants_json() -> bool {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| pair == ["--format", "json"])
}
