//! `certkit completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{args::Cli, context::Context, failure::Failure};

/// Print a completion script for a shell.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  certkit completions bash > /etc/bash_completion.d/certkit
  certkit completions powershell >> $PROFILE")]
pub(crate) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "certkit", &mut script);
    context.print_octets(&script)
}
