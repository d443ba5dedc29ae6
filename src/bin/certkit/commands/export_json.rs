//! `certkit export-json`.

use std::path::PathBuf;

use certkit::{
    ops::{
        Input,
        export_json::{self, Options, Source},
    },
    report::Written,
    store::{Store, Unlock},
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

/// Write the connector JSON from any store: {"private_key": …, "public_cert": …}.
///
/// Takes a PFX of any maker, PEM, DER or JKS, in one file or, with --key and --cert, in two. Both
/// members are canonical PEM: PKCS#8, 64 columns, every line break \n. A key that is not the
/// certificate's is refused.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The store; `-` is standard input.
    #[arg(value_name = "STORE", required_unless_present = "key", conflicts_with_all = ["key", "cert"])]
    store: Option<PathBuf>,

    /// The file with the private key, where key and certificate are apart.
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,

    /// The file with the certificate, where key and certificate are apart.
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,

    /// Which entry, where there are several.
    #[arg(long)]
    alias: Option<String>,

    /// Put the whole chain into public_cert, not the leaf alone.
    #[arg(long)]
    chain: bool,

    #[command(flatten)]
    opening: Opening,

    #[command(flatten)]
    target: Target,
}

const AFTER: &str = concat!(
    "\
Examples:
  From the PFX that keytool or openssl made:
    certkit export-json keystore.pfx --password file:pw.txt -o keystore.json
  From two PEM files, into another program:
    certkit export-json --key key.pem --cert cert.pem | vendor-cli upload -
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let unlocking = Unlocking::new(&arguments.opening, context);
    let named = [&arguments.store, &arguments.key, &arguments.cert].into_iter().flatten();
    let mut inputs = input::files(named);
    inputs.extend(unlocking.files());
    deliver::check_one(&arguments.target, &inputs)?;
    let unlock = unlocking.given()?;

    let open = |path: &PathBuf| -> Result<(Store, String), Failure> {
        let file: Input = input::read(path, context)?;
        let store = export_json::open_for_key(&file, &unlock, || unlocking.ask(&unlock))?;
        Ok((store, file.name))
    };
    let source = match (&arguments.store, &arguments.key, &arguments.cert) {
        (_, Some(key), Some(cert)) => {
            let key = open(key)?;
            let file = input::read(cert, context)?;
            // The certificate's file is opened without a password where it needs none.
            let certificate = match file.open(&Unlock { max_work: unlock.max_work, ..Unlock::default() }) {
                Ok(store) if store.locked_parts == 0 => store,
                _ => file.open(&unlock)?,
            };
            Source::Pair { key, certificate: (certificate, file.name) }
        }
        (Some(store), ..) => {
            let (store, name) = open(store)?;
            Source::Store(store, name)
        }
        _ => {
            return Err(Failure::usage(
                "no store is named",
                "certkit export-json STORE, or --key FILE --cert FILE",
            ));
        }
    };
    let options = Options {
        alias: arguments.alias.clone(),
        chain: arguments.chain,
        output: arguments.target.output.clone(),
    };
    let exported = export_json::export_json(&source, &options, context.now)?;
    let written = Written {
        certificate: Some(exported.certificate),
        warnings: exported.warnings,
        ..Written::default()
    };
    deliver::one("export-json", exported.file, written, &inputs, &arguments.target, context)
}
