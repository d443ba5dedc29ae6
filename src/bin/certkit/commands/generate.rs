//! `certkit gen`.

use std::path::PathBuf;

use certkit::{
    cert::{
        name::DistinguishedName,
        params::{End, Params, Validity},
        san::SubjectAltName,
    },
    error::Error,
    key::NewKey,
    ops::generate::{self, Emit, Options},
    report::Written,
    store::pkcs12::Compat,
    time::Instant,
};
use clap::Args;

use crate::{context::Context, deliver, failure::Failure, options::exit_codes, password};

/// Make a new key and its self-signed certificate, as PFX, .cer, connector JSON and more.
///
/// Every file is read back and compared before it gets its name; either all of them appear or
/// none does. Files with a key are readable by their owner alone.
#[derive(Args)]
#[command(name = "gen", after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Base of the file names: NAME.pfx, NAME.cer, NAME.json, NAME.key.pem, NAME.cert.pem, NAME.jks.
    #[arg(long, default_value = "keystore")]
    name: String,

    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out_dir: PathBuf,

    /// What to make: a list of pfx, cer, json, key, cert, jks.
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "pfx,cer")]
    emit: Vec<String>,

    /// The entry's name in the stores.
    #[arg(long, default_value = "selfsigned")]
    alias: String,

    /// The subject as a distinguished name, most specific part first: "CN=a,OU=b,O=c,C=DE".
    #[arg(long, value_name = "DN", conflicts_with_all = ["cn", "ou", "org", "locality", "state", "country"])]
    subject: Option<String>,

    /// Common name [default: NAME].
    #[arg(long, value_name = "TEXT")]
    cn: Option<String>,

    /// Organizational unit (repeatable).
    #[arg(long, value_name = "TEXT")]
    ou: Vec<String>,

    /// Organization.
    #[arg(long, value_name = "TEXT")]
    org: Option<String>,

    /// Locality.
    #[arg(long, value_name = "TEXT")]
    locality: Option<String>,

    /// State or province.
    #[arg(long, value_name = "TEXT")]
    state: Option<String>,

    /// Country, two letters.
    #[arg(long, value_name = "CC")]
    country: Option<String>,

    /// A subject alternative name: dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI (repeatable).
    #[arg(long, value_name = "KIND:VALUE")]
    san: Vec<String>,

    /// Days of validity.
    #[arg(long, value_name = "N", default_value_t = 1461, allow_negative_numbers = true)]
    days: i64,

    /// End of validity: 2030-01-31T12:00:00Z, 2030-01-31, or a span from now such as 90d.
    #[arg(long, value_name = "TIME", conflicts_with = "days")]
    not_after: Option<String>,

    /// Start of validity [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    not_before: Option<String>,

    /// The kind of key: rsa-2048, rsa-3072, rsa-4096, p256 or p384.
    ///
    /// Microsoft Entra ID takes RSA only.
    #[arg(long, value_name = "KIND", default_value = "rsa-2048")]
    key: String,

    /// Whom the PFX is for: modern, windows-2016, java8 or macos.
    ///
    /// modern is AES-256 with HMAC-SHA256; the others are 3DES with SHA-1, for systems that read
    /// nothing newer: Windows Server 2012 and 2016, Java 8 before update 301, and the import of
    /// macOS.
    #[arg(long, value_name = "TARGET", default_value = "modern")]
    compat: String,

    /// Rounds of key derivation for each part of the PFX [default: 10000].
    ///
    /// Ten thousand is what keytool writes. More of them slow down whoever guesses the password, and
    /// every program that opens the store; a generated password needs no help.
    #[arg(long, value_name = "N")]
    iterations: Option<u32>,

    /// Where the stores' password comes from: env:VAR, file:PATH, fd:N, stdin, prompt or
    /// generate:PATH.
    ///
    /// generate:PATH makes a new random password and writes it to PATH. Without this option
    /// CERTKIT_PASSWORD is used if it is set, else a terminal is asked, twice. Needed only where
    /// a pfx or jks is made.
    #[arg(long, value_name = "SOURCE")]
    password: Option<String>,

    /// Replace files that exist.
    #[arg(long)]
    force: bool,
}

const AFTER: &str = concat!(
    "\
Examples:
  The vendor page's files in one step, with a new password in pw.txt:
    certkit gen --cn \"SharePoint connector\" --password generate:pw.txt --emit pfx,cer,json
  Only what Azure and the connector need; no password:
    certkit gen --name contoso --emit cer,json
  A PFX for Windows Server 2016, valid for two years:
    certkit gen --days 730 --compat windows-2016 --password file:pw.txt
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    generate::check_name(&arguments.name)?;
    let output = password::Output::new("--password", arguments.password.as_deref())?;
    let emit = arguments.emit.iter().map(|word| word.trim().parse()).collect::<Result<Vec<Emit>, Error>>()?;
    let mut options = Options {
        name: arguments.name.clone(),
        out_dir: arguments.out_dir.clone(),
        alias: arguments.alias.clone(),
        params: params(arguments, context.now)?,
        key: arguments.key.parse::<NewKey>()?,
        compat: arguments.compat.parse::<Compat>()?,
        iterations: arguments.iterations,
        password: None,
        emit,
    };
    options.check()?;
    let needs_password = options.emit.iter().any(|form| form.needs_password());
    if output.new_file().is_some() && !needs_password {
        return Err(Failure::usage(
            "--password generate:PATH: no store is made, so there is no password to make",
            "leave the option out, or add pfx or jks to --emit",
        ));
    }
    let unused = arguments.password.is_some() && !needs_password;
    let inputs: Vec<PathBuf> = output.file().into_iter().filter(|_| needs_password).collect();
    let mut targets = options.targets();
    targets.extend(output.new_file());
    deliver::check(&targets, &inputs, arguments.force)?;

    if needs_password {
        options.password = Some(password::for_new_store(&output, context)?);
    }
    let mut made = generate::generate(&options, context.now, &mut context.rng())?;
    output.plan(options.password.as_ref(), &mut made.plan);
    if unused {
        made.warnings.push("--password was not used: no store is made".into());
    }
    let written = Written {
        alias: Some(arguments.alias.clone()),
        certificate: Some(made.certificate),
        warnings: made.warnings,
        notes: made.notes,
        ..Written::default()
    };
    deliver::files("gen", &made.plan, written, &inputs, deliver::existing(arguments.force), context)
}

fn params(arguments: &Arguments, now: Instant) -> Result<Params, Error> {
    let subject = match &arguments.subject {
        Some(text) => DistinguishedName::parse(text)?,
        None => {
            let cn = arguments.cn.as_deref().map_or(("--name", arguments.name.as_str()), |cn| ("--cn", cn));
            let one = |option, keyword, value: &'_ Option<String>| {
                value.as_deref().map(|value| (option, keyword, value.to_owned()))
            };
            let parts: Vec<(&'static str, &'static str, String)> =
                std::iter::once((cn.0, "CN", cn.1.to_owned()))
                    .chain(arguments.ou.iter().map(|ou| ("--ou", "OU", ou.clone())))
                    .chain(one("--org", "O", &arguments.org))
                    .chain(one("--locality", "L", &arguments.locality))
                    .chain(one("--state", "ST", &arguments.state))
                    .chain(one("--country", "C", &arguments.country))
                    .collect();
            DistinguishedName::from_parts(
                parts.iter().map(|(option, keyword, value)| (*option, *keyword, value.as_str())),
            )?
        }
    };
    let alt_names =
        arguments.san.iter().map(|text| text.parse()).collect::<Result<Vec<SubjectAltName>, Error>>()?;
    let not_before = match &arguments.not_before {
        Some(text) => Instant::parse("--not-before", text, now)?,
        None => now,
    };
    let end = match &arguments.not_after {
        Some(text) => End::At(Instant::parse("--not-after", text, now)?),
        None => End::Days(arguments.days),
    };
    Params::new(subject, alt_names, Validity::new(not_before, end)?)
}
