//! `certkit convert`.

use std::path::PathBuf;

use certkit::{
    cert::Certificate,
    error::Error,
    ops::{
        self, Encoding, Need,
        convert::{self, Options, Part, Target},
    },
    output::plan::Plan,
    report::Written,
    store::{Entry, Store},
};
use clap::{Args, ValueEnum};

use crate::{
    context::{Context, rng},
    deliver,
    failure::Failure,
    input,
    options::{self, Opening, exit_codes},
    password::{self, Opener, Unlocking},
};

/// Turn any store, key or certificate into another form; several files into one.
///
/// Keys, certificates, their order and their names are kept as far as the target can hold them;
/// what it cannot is said. A key and its certificate from two files become one entry, and issuers
/// take their place in its chain. One password opens all the files.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The files; `-` is standard input.
    #[arg(value_name = "IN", required = true)]
    files: Vec<PathBuf>,

    /// The format: pfx, jks, jceks, pem, der, p7b, pkcs8, pkcs1, sec1 or json.
    ///
    /// pem and the stores (pfx, jks, jceks) hold any number of keys and certificates; p7b any number
    /// of certificates; der one certificate or, with --key-only, one key; pkcs8, pkcs1 (RSA) and sec1
    /// (EC) one key, as PEM unless --encoding says der; json is the connector JSON.
    #[arg(long, value_name = "FORMAT")]
    to: String,

    /// Which entry, where there are several [default: all of them].
    #[arg(long)]
    alias: Option<String>,

    /// Private keys only.
    #[arg(long, conflicts_with = "certs_only")]
    key_only: bool,

    /// Certificates only.
    #[arg(long)]
    certs_only: bool,

    /// With --to json: put the whole chain into public_cert. Other targets keep it anyway.
    #[arg(long)]
    chain: bool,

    /// A file whose certificates complete the chains (repeatable).
    #[arg(long, value_name = "CERT")]
    add: Vec<PathBuf>,

    /// With --to p7b, pkcs8, pkcs1 or sec1: pem or der [default: der for p7b, else pem].
    #[arg(long, value_enum, value_name = "ENCODING")]
    encoding: Option<PemOrDer>,

    /// Where the new file's password comes from: env:VAR, file:PATH, fd:N, stdin, prompt or
    /// generate:PATH.
    ///
    /// A store needs one: without this option it is the one that --password or CERTKIT_PASSWORD gave
    /// or that was typed; where there was none, a terminal is asked, twice. With --to pem, pkcs8 and
    /// der it encrypts the key (PBES2, AES-256), which is not encrypted otherwise. generate:PATH
    /// makes a new random password and writes it to PATH.
    #[arg(long, value_name = "SOURCE")]
    out_password: Option<String>,

    /// With --to pfx: whom it is for: modern, windows-2016, java8 or macos [default: modern].
    #[arg(long, value_name = "TARGET")]
    compat: Option<String>,

    /// Rounds of key derivation [default: 10000 for each part of a pfx, 600000 for a key by itself].
    #[arg(long, value_name = "N")]
    iterations: Option<u32>,

    #[command(flatten)]
    opening: Opening,

    #[command(flatten)]
    target: options::Target,
}

#[derive(Clone, Copy, ValueEnum)]
enum PemOrDer {
    Pem,
    Der,
}

const AFTER: &str = concat!(
    "\
Examples:
  A PFX for a Java that reads only JKS:
    certkit convert keystore.pfx --to jks --password file:pw.txt -o keystore.jks
  Key and certificate from a certificate authority into one PFX, with its chain:
    certkit convert key.pem cert.pem --add chain.pem --to pfx --out-password generate:pw.txt -o site.pfx
  The key alone, encrypted:
    certkit convert keystore.pfx --to pkcs8 --key-only --password file:pw.txt --out-password file:new.txt -o key.pem
  A PFX that Windows Server 2016 imports:
    certkit convert keystore.pfx --to pfx --compat windows-2016 --password file:pw.txt -o old.pfx
  Every certificate of a trust store, to look at:
    certkit convert truststore.jks --to pem --certs-only
",
    "\n",
    exit_codes!(),
);

const OUT_PASSWORD: &str = "--out-password";

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let target: Target = arguments.to.parse()?;
    refuse_useless(arguments, target)?;
    let compat = arguments.compat.as_deref().map(str::parse).transpose()?.unwrap_or_default();
    let unlocking = Unlocking::new(&arguments.opening, context);
    let out_password = password::Output::new(OUT_PASSWORD, arguments.out_password.as_deref())?;
    let mut inputs = input::files(arguments.files.iter().chain(&arguments.add));
    inputs.extend(unlocking.files());
    inputs.extend(out_password.file());
    let output = &arguments.target.output;
    let targets: Vec<PathBuf> = input::files([output]).into_iter().chain(out_password.new_file()).collect();
    deliver::check(&targets, &inputs, arguments.target.force)?;

    let mut opener = unlocking.given()?;
    let need = if arguments.certs_only || target == Target::P7b { Need::Certificate } else { Need::Key };
    let stores = open(&arguments.files, need, &mut opener, context)?;
    let (mut warnings, mut notes) = (Vec::new(), Vec::new());
    let add = certificates(&arguments.add, &mut opener, &mut warnings, context)?;
    let password = if target.is_store() || arguments.out_password.is_some() {
        Some(out_password.for_store(&opener, &mut notes, context)?)
    } else {
        None
    };
    let options = Options {
        target,
        alias: arguments.alias.clone(),
        part: part(arguments),
        chain: arguments.chain,
        add,
        encoding: arguments.encoding.map(|encoding| match encoding {
            PemOrDer::Pem => Encoding::Pem,
            PemOrDer::Der => Encoding::Der,
        }),
        password,
        compat,
        iterations: arguments.iterations,
        output: output.clone(),
    };
    let converted = convert::convert(stores, &options, context.now, &mut rng())
        .map_err(|error| out_password.hint_unusable(error))?;
    let mut plan = Plan { files: vec![converted.file], folder: None };
    out_password.plan(options.password.as_ref(), &mut plan);
    warnings.extend(converted.warnings);
    notes.extend(converted.notes);
    let written = Written { certificate: converted.certificate, warnings, notes, ..Written::default() };
    deliver::first("convert", plan, written, &inputs, &arguments.target, context)
}

fn part(arguments: &Arguments) -> Part {
    match (arguments.key_only, arguments.certs_only) {
        (true, _) => Part::Key,
        (_, true) => Part::Certificates,
        _ => Part::All,
    }
}

/// Refuses options that make no difference: whoever gives one expects it to.
fn refuse_useless(arguments: &Arguments, target: Target) -> Result<(), Failure> {
    let key_alone = matches!(target, Target::Pkcs8 | Target::Pkcs1 | Target::Sec1);
    let certificates_alone = arguments.certs_only || target == Target::P7b;
    let encrypts = match target {
        Target::Der | Target::Pem => !arguments.certs_only,
        other => other.takes_password(),
    };
    let no_key = "no private key is written that it could encrypt";
    let no_encryption = match target {
        Target::Pkcs1 | Target::Sec1 => "this format has no sound encryption; --to pkcs8 has",
        Target::Json => "the connector wants its key unencrypted",
        _ => no_key,
    };
    let without_use = [
        (
            "--key-only",
            arguments.key_only && (certificates_alone || target == Target::Json),
            "it holds certificates",
        ),
        (
            "--key-only",
            arguments.key_only && matches!(target, Target::Jks | Target::Jceks),
            "a Java store holds no key without its certificate",
        ),
        (
            "--certs-only",
            arguments.certs_only && (key_alone || target == Target::Json),
            "it holds a private key",
        ),
        (
            "--add",
            !arguments.add.is_empty()
                && (key_alone
                    || target == Target::Der
                    || arguments.key_only
                    || target == Target::Json && !arguments.chain),
            "no chain is written (for json, --chain writes it)",
        ),
        (
            "--chain",
            arguments.chain && (key_alone || target == Target::Der),
            "it holds one key or certificate",
        ),
        ("--encoding", arguments.encoding.is_some() && !target.has_two_encodings(), "it has one encoding"),
        (OUT_PASSWORD, arguments.out_password.is_some() && !encrypts, no_encryption),
        ("--compat", arguments.compat.is_some() && target != Target::Pfx, "only a PFX is written for others"),
        (
            "--iterations",
            arguments.iterations.is_some()
                && !(target == Target::Pfx
                    || encrypts && arguments.out_password.is_some() && !target.is_store()),
            "nothing is derived from a password by a count of your own here",
        ),
    ];
    match without_use.iter().find(|(_, useless, _)| *useless) {
        None => Ok(()),
        Some((option, _, why)) => Err(Failure::usage(
            format!("{option} with --to {}: {why}", arguments.to),
            format!("leave {option} out, or choose another --to"),
        )),
    }
}

/// The files, opened, with their names.
fn open(
    files: &[PathBuf],
    need: Need,
    opener: &mut Opener,
    context: &Context,
) -> Result<Vec<(Store, String)>, Failure> {
    let mut stores = Vec::new();
    for path in files {
        let file = input::read(path, context)?;
        stores.push((opener.open(need, &file)?, file.name));
    }
    Ok(stores)
}

/// Every certificate in the files of `--add`, with the name of its file.
fn certificates(
    files: &[PathBuf],
    opener: &mut Opener,
    warnings: &mut Vec<String>,
    context: &Context,
) -> Result<Vec<(Certificate, String)>, Failure> {
    let mut all = Vec::new();
    for path in files {
        let file = input::read(path, context)?;
        let store = opener.open(Need::Certificate, &file)?;
        warnings.extend(ops::unchecked(&store).map(|warning| format!("{}: {warning}", file.name)));
        let before = all.len();
        let found = store.entries.iter().flat_map(Entry::certificates);
        all.extend(found.map(|certificate| (certificate.clone(), file.name.clone())));
        if all.len() == before {
            return Err(Error::NoCertificate { found: store.summary() }.in_file(&file.name).into());
        }
    }
    Ok(all)
}
