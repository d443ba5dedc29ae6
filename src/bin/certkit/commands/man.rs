//! `certkit man`.

use certkit::error::Error;
use clap::Args;

use crate::{context::Context, failure::Failure};

/// Print a manual page, of certkit or of one of its commands.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  certkit man | man -l -
  certkit man gen > /usr/local/share/man/man1/certkit-gen.1")]
pub(crate) struct Arguments {
    /// The command, with its subcommand.
    command: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let mut root = (context.grammar)();
    root.build();
    let page = match arguments.command.as_slice() {
        [] => root,
        words => {
            let name = format!("certkit-{}", words.join("-"));
            super::help::find(root, words)?.name(name).version(env!("CARGO_PKG_VERSION"))
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Error::Internal(format!("rendering a manual page failed: {error}")))?;
    context.print_octets(&text)
}
