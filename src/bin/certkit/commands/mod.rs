//! One file per command: its arguments, and filling an operation's options from them.

pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod connector;
pub(crate) mod convert;
pub(crate) mod export_cer;
pub(crate) mod export_json;
pub(crate) mod generate;
pub(crate) mod help;
pub(crate) mod inspect;
pub(crate) mod man;
pub(crate) mod passwd;
pub(crate) mod rotate;
pub(crate) mod scan;

use clap::Subcommand;

use crate::{context::Context, failure::Failure};

/// Every command with its arguments.
#[derive(Subcommand)]
pub(crate) enum Command {
    Gen(Box<generate::Arguments>),
    Batch(Box<batch::Arguments>),
    ExportJson(export_json::Arguments),
    ExportCer(export_cer::Arguments),
    Convert(Box<convert::Arguments>),
    Passwd(passwd::Arguments),
    Rotate(Box<rotate::Arguments>),
    Inspect(inspect::Arguments),
    Check(Box<check::Arguments>),
    Scan(Box<scan::Arguments>),
    Connector(connector::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    Help(help::Arguments),
}

/// Runs one command.
pub(crate) fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Gen(arguments) => generate::run(&arguments, context),
        Command::Batch(arguments) => batch::run(&arguments, context),
        Command::ExportJson(arguments) => export_json::run(&arguments, context),
        Command::ExportCer(arguments) => export_cer::run(&arguments, context),
        Command::Convert(arguments) => convert::run(&arguments, context),
        Command::Passwd(arguments) => passwd::run(&arguments, context),
        Command::Rotate(arguments) => rotate::run(&arguments, context),
        Command::Connector(arguments) => connector::run(&arguments, context),
        Command::Inspect(arguments) => inspect::run(&arguments, context),
        Command::Check(arguments) => check::run(&arguments, context),
        Command::Scan(arguments) => scan::run(&arguments, context),
        Command::Completions(arguments) => completions::run(&arguments, context),
        Command::Man(arguments) => man::run(&arguments, context),
        Command::Help(arguments) => help::run(&arguments, context),
    }
}
