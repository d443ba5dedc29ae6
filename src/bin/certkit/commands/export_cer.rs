//! `certkit export-cer`.

use std::path::PathBuf;

use certkit::{
    ops::{
        Encoding, Need,
        export_cer::{self, Options},
    },
    output::plan::Plan,
    report::Written,
};
use clap::Args;

use crate::{
    context::Context,
    deliver,
    failure::Failure,
    input,
    options::{Opening, Target, exit_codes},
    password::Unlocking,
};

/// Write the certificate of any store: the .cer that Azure takes.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The store; `-` is standard input.
    #[arg(value_name = "STORE")]
    store: PathBuf,

    /// Which entry, where there are several.
    #[arg(long)]
    alias: Option<String>,

    /// Write PEM, not DER.
    #[arg(long)]
    pem: bool,

    #[command(flatten)]
    opening: Opening,

    #[command(flatten)]
    target: Target,
}

const AFTER: &str = concat!(
    "\
Examples:
  The file to upload under Certificates & secrets:
    certkit export-cer keystore.pfx --password file:pw.txt -o keystore.cer
  As PEM, to look at:
    certkit export-cer keystore.pfx --password prompt --pem
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let unlocking = Unlocking::new(&arguments.opening, context);
    let mut inputs = input::files([&arguments.store]);
    inputs.extend(unlocking.files());
    deliver::check_one(&arguments.target, &inputs)?;
    let mut opener = unlocking.given()?;

    let file = input::read(&arguments.store, context)?;
    let store = opener.open(Need::Certificate, &file)?;
    let options = Options {
        alias: arguments.alias.clone(),
        encoding: if arguments.pem { Encoding::Pem } else { Encoding::Der },
        output: arguments.target.output.clone(),
    };
    let exported = export_cer::export_cer(&store, &file.name, &options, context.now)?;
    let written = Written {
        certificate: Some(exported.certificate),
        warnings: exported.warnings,
        notes: exported.notes,
        ..Written::default()
    };
    let plan = Plan { files: vec![exported.file], folder: None };
    deliver::first("export-cer", plan, written, &inputs, &arguments.target, context)
}
