//! The grammar of the whole command line, and nothing but the grammar.

use clap::Parser;

use crate::{
    commands::Command,
    options::{Format, RESULTS, exit_codes, formats},
};

/// Keys, certificates and connector JSON for Microsoft 365 connectors.
///
/// certkit makes a key, a self-signed certificate, the PFX and the .cer for Azure in one step,
/// turns any store into the connector JSON, and shows what a file is and holds. It takes the
/// place of keytool, openssl and pasting by hand.
#[derive(Parser)]
#[command(
    name = "certkit",
    version,
    disable_help_subcommand = true,
    after_help = "Start with: certkit gen --help",
    after_long_help = exit_codes!(),
    max_term_width = 100
)]
pub(crate) struct Cli {
    /// How results and failures are written.
    #[arg(long, global = true, value_parser = formats(RESULTS), default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Format,

    #[command(subcommand)]
    pub(crate) command: Command,
}
