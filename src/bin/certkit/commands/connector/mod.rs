//! `certkit connector`: the vendors' procedures, one file per subcommand.

mod check;
mod config;
mod consent_result;
mod consent_url;
mod init;
mod list;
mod manifest;
mod shared;
mod show;

use std::path::PathBuf;

use certkit::connector::Registry;
use clap::{Args, Subcommand};

use crate::{context::Context, failure::Failure, input};

/// The vendors' procedures: steps, permissions, consent, configuration.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// A connector profile of your own, in TOML (repeatable).
    #[arg(long, value_name = "FILE", global = true)]
    profile_file: Vec<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "\
Examples:
  Which connectors there are:
    certkit connector list
  What one of them needs, step by step:
    certkit connector show zscaler-sharepoint
  A profile of your own, to begin with one of certkit's under an id of its own:
    certkit connector show zeron-office365 --as profile |
      sed 's/^id = \"zeron-.*/id = \"contoso\"/' > contoso.toml
    certkit connector show contoso --profile-file contoso.toml
";

/// Every subcommand with its arguments.
#[derive(Subcommand)]
enum Command {
    List(list::Arguments),
    Show(show::Arguments),
    Manifest(manifest::Arguments),
    ConsentUrl(consent_url::Arguments),
    ConsentResult(consent_result::Arguments),
    Config(Box<config::Arguments>),
    Init(Box<init::Arguments>),
    Check(check::Arguments),
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let registry = registry(&arguments.profile_file, context)?;
    match &arguments.command {
        Command::List(arguments) => list::run(arguments, &registry, context),
        Command::Show(arguments) => show::run(arguments, &registry, context),
        Command::Manifest(arguments) => manifest::run(arguments, &registry, context),
        Command::ConsentUrl(arguments) => consent_url::run(arguments, &registry, context),
        Command::ConsentResult(arguments) => consent_result::run(arguments, context),
        Command::Config(arguments) => config::run(arguments, &registry, context),
        Command::Init(arguments) => init::run(arguments, &registry, context),
        Command::Check(arguments) => check::run(arguments, &registry, context),
    }
}

/// certkit's profiles and the user's.
fn registry(files: &[PathBuf], context: &Context) -> Result<Registry, Failure> {
    let mut registry = Registry::built_in();
    for file in files {
        let input = input::read(file, context)?;
        registry.add(input.octets.expose(), &input.name).map_err(|error| error.in_file(&input.name))?;
    }
    Ok(registry)
}
