//! `certkit passwd`.

use std::path::{Path, PathBuf};

use certkit::{
    ops::{
        Need,
        passwd::{self, Options},
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
    options::{Opening, exit_codes},
    password::{self, Source, Unlocking},
};

/// Change the password of a store or private key, in place, and its encryption to today's.
///
/// Takes PFX, JKS, JCEKS and private keys in PEM or DER. The new file is read back and compared
/// before it takes the old one's name in one step; if anything fails the old one stays as it was.
/// The password is for the store and every key in it. A PEM is written anew, without the text around
/// its blocks.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The store or private key.
    #[arg(value_name = "STORE")]
    store: PathBuf,

    /// Where the new password comes from: env:VAR, file:PATH, fd:N, stdin, prompt or generate:PATH.
    ///
    /// generate:PATH makes a new random password and writes it to PATH. Without this option a
    /// terminal is asked, twice.
    #[arg(long, value_name = "SOURCE")]
    new_password: Option<String>,

    /// Whom a PFX is for: modern, windows-2016, java8 or macos.
    #[arg(long, value_name = "TARGET", default_value = "modern")]
    compat: String,

    /// Rounds of key derivation [default: 10000 for each part of a PFX, 600000 for a key by itself].
    #[arg(long, value_name = "N")]
    iterations: Option<u32>,

    #[command(flatten)]
    opening: Opening,
}

const AFTER: &str = concat!(
    "\
Examples:
  A new random password, kept in new.txt:
    certkit passwd keystore.pfx --password file:pw.txt --new-password generate:new.txt
  From RC2 of years ago to AES-256, asking for both passwords:
    certkit passwd old.pfx
",
    "\n",
    exit_codes!(),
);

const NEW_PASSWORD: &str = "--new-password";

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    if arguments.store == Path::new("-") {
        return Err(Failure::usage(
            "standard input has no place to be written back to",
            "name the store, or use certkit convert to make a new one",
        ));
    }
    let compat = arguments.compat.parse()?;
    let unlocking = Unlocking::new(&arguments.opening, context);
    let source = password::output_source(NEW_PASSWORD, arguments.new_password.as_deref())?;
    let generated = source.as_ref().and_then(Source::new_file);
    let mut inputs = unlocking.files();
    inputs.extend(source.as_ref().and_then(Source::file));
    // The store itself is the one input that is meant to be replaced.
    if let Some(path) = &generated {
        let others: Vec<PathBuf> = inputs.iter().chain([&arguments.store]).cloned().collect();
        deliver::check(std::slice::from_ref(path), &others, false)?;
    }
    deliver::check(std::slice::from_ref(&arguments.store), &inputs, true)?;

    let unlock = unlocking.given()?;
    let file = input::read(&arguments.store, context)?;
    let store = file.open_for(Need::Key, &unlock, || unlocking.ask(&unlock))?;
    let options = Options {
        password: password::for_output(NEW_PASSWORD, source.as_ref(), context)?,
        compat,
        iterations: arguments.iterations,
        output: arguments.store.clone(),
    };
    let changed = passwd::passwd(store, &file.name, &options, context.now, &mut context.rng())?;
    let mut plan = Plan { files: vec![changed.file] };
    if let Some(path) = generated {
        plan.files.push(password::file(path, &options.password));
    }
    let written = Written {
        certificate: changed.certificate,
        warnings: changed.warnings,
        notes: changed.notes,
        ..Written::default()
    };
    deliver::files("passwd", &plan, written, &inputs, true, context)
}
