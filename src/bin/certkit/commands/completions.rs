//! `certkit completions`.

use certkit::{key::NewKey, ops::generate::Emit, store::pkcs12::Compat};
use clap::{Arg, Args, Command, builder::PossibleValuesParser};
use clap_complete::Shell;

use crate::{context::Context, failure::Failure};

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
    clap_complete::generate(arguments.shell, &mut with_values((context.grammar)()), "certkit", &mut script);
    context.print_octets(&script)
}

/// The values of `gen`'s options, for shells to offer. The library reads and judges them, so the
/// parser itself takes any text.
fn with_values(command: Command) -> Command {
    let offer = |words: Vec<&'static str>| move |arg: Arg| arg.value_parser(PossibleValuesParser::new(words));
    command.mut_subcommands(|command| match command.get_name() {
        "gen" => command
            .mut_arg("key", offer(NewKey::ALL.map(|(word, _)| word).to_vec()))
            .mut_arg("compat", offer(Compat::ALL.map(|(word, _)| word).to_vec()))
            .mut_arg("emit", offer(Emit::ALL.map(|(word, _)| word).to_vec())),
        _ => command,
    })
}
