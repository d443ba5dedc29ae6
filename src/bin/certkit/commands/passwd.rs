//! `certkit passwd`.

use std::{
    fs::{self, Metadata},
    path::{Path, PathBuf},
};

use certkit::{
    ops::{
        Need,
        passwd::{self, Options},
    },
    output::{plan::Plan, write::Existing},
    report::Written,
    store::Format,
};
use clap::Args;

use crate::{
    context::{Context, rng},
    deliver,
    failure::Failure,
    input,
    options::{Opening, exit_codes},
    password::{self, Unlocking},
};

/// Change the password of a store or private key, in place, and its encryption to today's.
///
/// Takes PFX, JKS, JCEKS and private keys in PEM or DER. The new file is read back and compared
/// before it takes the old one's name in one step; if anything fails, or another program changed the
/// old one meanwhile, it stays as it was.
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

    /// Whom a PFX is for: modern, windows-2016, java8 or macos [default: modern].
    #[arg(long, value_name = "TARGET")]
    compat: Option<String>,

    /// Rounds of key derivation [default: 10000 for each part of a PFX, 600000 for a key by itself];
    /// not for JKS and JCEKS.
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

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    if arguments.store == Path::new("-") {
        return Err(Failure::usage(
            "standard input has no place to be written back to",
            "name the store, or use certkit convert to make a new one",
        ));
    }
    let compat = arguments.compat.as_deref().map(str::parse).transpose()?;
    let unlocking = Unlocking::new(&arguments.opening, context);
    let new_password = password::Output::new("--new-password", arguments.new_password.as_deref())?;
    let mut inputs = unlocking.files();
    inputs.extend(new_password.file());
    // The store itself is the one input that is meant to be replaced.
    if let Some(path) = new_password.new_file() {
        let others: Vec<PathBuf> = inputs.iter().chain([&arguments.store]).cloned().collect();
        deliver::check(&[path], &others, false)?;
    }
    deliver::check(std::slice::from_ref(&arguments.store), &inputs, true)?;

    let mut opener = unlocking.given()?;
    let old = fs::symlink_metadata(&arguments.store).ok();
    let file = input::read(&arguments.store, context)?;
    let store = opener.open(Need::Key, &file)?;
    refuse_useless(arguments, store.format)?;
    let options = Options {
        password: new_password.password(context)?,
        compat: compat.unwrap_or_default(),
        iterations: arguments.iterations,
        output: arguments.store.clone(),
    };
    let changed = passwd::passwd(store, &file.name, &options, context.now, &mut rng())
        .map_err(|error| new_password.hint_unusable(error))?;
    let mut plan = Plan { files: vec![changed.file], folder: None };
    new_password.plan(Some(&options.password), &mut plan);
    let mut written = Written {
        certificate: changed.certificate,
        warnings: changed.warnings,
        notes: changed.notes,
        ..Written::default()
    };
    if let Some(old) = old {
        tell_of_old(&old, &mut written);
    }
    // The store alone is replaced, while it holds what was read from it.
    let standing = [(arguments.store.as_path(), &file.octets)];
    let existing = Existing::Update(&standing);
    deliver::files("passwd", &plan, written, &inputs, existing, context)
}

/// Refuses options that make no difference to this store: whoever gives one expects it to.
fn refuse_useless(arguments: &Arguments, format: Format) -> Result<(), Failure> {
    let java = matches!(format, Format::Jks | Format::Jceks);
    let without_use = [
        (
            "--compat",
            arguments.compat.is_some() && format != Format::Pkcs12,
            "only a PFX is written for others",
        ),
        (
            "--iterations",
            arguments.iterations.is_some() && java,
            "nothing is derived from a password by a count of your own there",
        ),
    ];
    match without_use.iter().find(|(_, useless, _)| *useless) {
        None => Ok(()),
        Some((option, _, why)) => Err(Failure::usage(
            format!("{option} for {} ({format}): {why}", arguments.store.display()),
            format!("leave {option} out"),
        )),
    }
}

/// What the new file does not take over from the old one.
fn tell_of_old(old: &Metadata, written: &mut Written) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = old.mode() & 0o777;
        if mode & 0o044 != 0 {
            written.notes.push(format!("its mode is 0600 now; it was {mode:04o}"));
        }
        if old.nlink() > 1 {
            let warning = "the old file has another name (a hard link): that one keeps the old password";
            written.warnings.push(warning.into());
        }
    }
    #[cfg(not(unix))]
    let _ = (old, written);
}
