//! `certkit export-json`.

use std::path::PathBuf;

use certkit::{
    ops::{
        Need,
        export_json::{self, Form, Options, Source},
    },
    output::plan::Plan,
    report::Written,
};
use clap::Args;

use crate::{
    context::{Context, rng},
    deliver,
    failure::Failure,
    input,
    options::{Opening, Target, exit_codes},
    password::{self, Opener, Unlocking},
};

/// Write the connector JSON from any store: {"private_key": …, "public_cert": …}.
///
/// Takes a PFX of any maker, PEM, DER or JKS, in one file or, with --key and --cert, in two. Both
/// members are canonical PEM: PKCS#8, 64 columns, every line break \n. A key that is not the
/// certificate's is refused. With --for the same credential takes the form that another client
/// wants.
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

    /// For whom: connector, msal, graph, env or base64-pfx.
    ///
    /// connector: the connector JSON.
    ///
    /// msal: one object that MSAL for Python takes as client_credential and MSAL for Node as
    /// clientCertificate.
    ///
    /// graph: a keyCredential of Microsoft Graph. It is public: a certificate alone will do, and
    /// no key is in it. PATCH replaces the whole of keyCredentials, so send the old ones too.
    ///
    /// env: the connector JSON as one line of base64 (`base64 -d` gives it back), for environment
    /// variables, Docker and Key Vault.
    ///
    /// base64-pfx: a PFX as one line of base64, encrypted with --out-password.
    #[arg(long = "for", value_name = "CLIENT", default_value = "connector")]
    form: String,

    /// Which entry, where there are several.
    #[arg(long)]
    alias: Option<String>,

    /// Put the whole chain into it, not the leaf alone.
    #[arg(long)]
    chain: bool,

    /// With --for env: write NAME=VALUE, as dotenv, `docker run --env-file` and shells take it.
    #[arg(long, value_name = "NAME")]
    env_name: Option<String>,

    /// With --for base64-pfx: where the PFX's password comes from: env:VAR, file:PATH, fd:N,
    /// stdin, prompt or generate:PATH.
    ///
    /// Without this option it is the one that --password or CERTKIT_PASSWORD gave or that was
    /// typed to open the store; where there was none, a terminal is asked, twice. generate:PATH
    /// makes a new random password and writes it to PATH.
    #[arg(long, value_name = "SOURCE")]
    out_password: Option<String>,

    /// With --for base64-pfx: whom the PFX is for: modern, windows-2016, java8 or macos [default:
    /// modern].
    #[arg(long, value_name = "TARGET")]
    compat: Option<String>,

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
  For MSAL, in Python: client_credential=json.load(open(\"msal.json\"))
    certkit export-json keystore.pfx --for msal -o msal.json
  A certificate for the app, through Microsoft Graph:
    certkit export-json keystore.cer --for graph | jq '{keyCredentials: [.]}'
  Into a dotenv file, and back:
    certkit export-json keystore.pfx --for env --env-name CONNECTOR -o .env
    (. ./.env; printf %s \"$CONNECTOR\" | base64 -d)
  A PFX for a pipeline's secret store, with a new password in pw.txt:
    certkit export-json keystore.json --for base64-pfx --out-password generate:pw.txt | gh secret set PFX
",
    "\n",
    exit_codes!(),
);

const OUT_PASSWORD: &str = "--out-password";
const NO_STORE: &str = "only --for base64-pfx makes a store";

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let mut options = options(arguments)?;
    let unlocking = Unlocking::new(&arguments.opening, context);
    let out_password = password::Output::new(OUT_PASSWORD, arguments.out_password.as_deref())?;
    let named = [&arguments.store, &arguments.key, &arguments.cert].into_iter().flatten();
    let mut inputs = input::files(named);
    inputs.extend(unlocking.files());
    inputs.extend(out_password.file());
    let targets: Vec<PathBuf> =
        input::files([&options.output]).into_iter().chain(out_password.new_file()).collect();
    deliver::check(&targets, &inputs, arguments.target.force)?;

    let mut opener = unlocking.given()?;
    let source = open(arguments, options.form, &mut opener, context)?;
    let mut notes = Vec::new();
    if options.form.needs_password() {
        options.password = Some(out_password.for_store(&opener, &mut notes, context)?);
    }
    let exported = export_json::export_json(&source, &options, context.now, &mut rng())
        .map_err(|error| out_password.hint_unusable(error))?;
    let mut plan = Plan { files: vec![exported.file], folder: None };
    out_password.plan(options.password.as_ref(), &mut plan);
    notes.extend(exported.notes);
    let written = Written {
        certificate: Some(exported.certificate),
        warnings: exported.warnings,
        notes,
        ..Written::default()
    };
    deliver::first("export-json", plan, written, &inputs, &arguments.target, context)
}

/// The options, and a refusal of those that the form has no use for.
fn options(arguments: &Arguments) -> Result<Options, Failure> {
    let form: Form = arguments.form.parse()?;
    let without_use = [
        ("--chain", arguments.chain, form != Form::Graph, "a keyCredential holds one certificate"),
        ("--env-name", arguments.env_name.is_some(), form == Form::Env, "only --for env writes a variable"),
        (OUT_PASSWORD, arguments.out_password.is_some(), form.needs_password(), NO_STORE),
        ("--compat", arguments.compat.is_some(), form.needs_password(), NO_STORE),
    ];
    if let Some((option, .., why)) = without_use.iter().find(|(_, given, useful, _)| *given && !useful) {
        let hint = format!("leave {option} out, or choose another --for");
        return Err(Failure::usage(format!("{option} with --for {}: {why}", arguments.form), hint));
    }
    let options = Options {
        form,
        alias: arguments.alias.clone(),
        chain: arguments.chain,
        variable: arguments.env_name.clone(),
        compat: arguments.compat.as_deref().map(str::parse).transpose()?.unwrap_or_default(),
        password: None,
        output: arguments.target.output.clone(),
    };
    options.check()?;
    Ok(options)
}

/// The files, opened.
fn open(
    arguments: &Arguments,
    form: Form,
    opener: &mut Opener,
    context: &Context,
) -> Result<Source, Failure> {
    let mut open = |path, need| -> Result<_, Failure> {
        let file = input::read(path, context)?;
        Ok((opener.open(need, &file)?, file.name))
    };
    match (&arguments.store, &arguments.key, &arguments.cert) {
        (_, Some(key), Some(cert)) => {
            Ok(Source::Pair { key: open(key, Need::Key)?, certificate: open(cert, Need::Certificate)? })
        }
        (Some(store), ..) => {
            let need = if form.needs_key() { Need::Key } else { Need::Certificate };
            let (store, name) = open(store, need)?;
            Ok(Source::Store(store, name))
        }
        _ => Err(Failure::usage("no store is named", "certkit export-json STORE, or --key FILE --cert FILE")),
    }
}
