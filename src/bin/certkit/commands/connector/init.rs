//! `certkit connector init`.

use std::path::{Path, PathBuf};

use certkit::{
    connector::{
        Answers, Profile, Registry,
        config::SecretValue,
        kit::{RECORD, Record, last_second},
        line::Line,
    },
    ops::connector::init::{self, Kept, Options, Origin},
    output::write,
    report::Written,
    store::pkcs12::Compat,
};
use clap::Args;

use super::shared::{Ids, ValueOptions};
use crate::{context::Context, deliver, failure::Failure, input, options::exit_codes, password};

/// Make everything that one installation of a connector needs, in one folder.
///
/// The key and certificate where the vendor takes them, the permissions, the consent address, what
/// the vendor is given, a record of what has to be watched, and the steps to follow, as Markdown and
/// as a page for the browser. What cannot be written yet is left out and marked.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The connector; `certkit connector list` has them all.
    id: String,

    /// The kit's folder; it is made where it is missing.
    #[arg(long, value_name = "DIR")]
    out_dir: PathBuf,

    #[command(flatten)]
    ids: Ids,

    /// The name of the app registration [default: the profile's].
    #[arg(long, value_name = "TEXT", value_parser = Line::parse)]
    app_name: Option<Line>,

    #[command(flatten)]
    values: ValueOptions,

    /// When the client secret expires: 2027-01-31, a time, or a span from now such as 365d.
    #[arg(long, value_name = "TIME")]
    secret_expires: Option<String>,

    /// Make a key and certificate for a vendor that takes none.
    #[arg(long)]
    certificate: bool,

    /// Days of the certificate's validity.
    #[arg(long, value_name = "N", default_value_t = 1461, allow_negative_numbers = true)]
    days: i64,

    /// Make a PFX too, with the password from: env:VAR, file:PATH, fd:N, stdin, prompt or
    /// generate:PATH.
    #[arg(long, value_name = "SOURCE")]
    password: Option<String>,

    /// Bring the kit that stands in the folder up to what is known now: its key and certificate stay,
    /// what is not given is taken from its record.
    #[arg(long, conflicts_with_all = ["certificate", "days", "password", "force"])]
    update: bool,

    /// Whom the PFX is for: modern, windows-2016, java8 or macos, as `certkit gen` has it.
    #[arg(long, value_name = "TARGET", default_value = "modern", requires = "password")]
    compat: String,

    /// Replace files that exist, the key included.
    #[arg(long)]
    force: bool,
}

const AFTER: &str = concat!(
    "\
Examples:
  Before the app is registered; NEXT-STEPS.html leads through the rest:
    certkit connector init zscaler-sharepoint --out-dir contoso
  Once it is, with its ids and the secret; the key and the certificate stay:
    certkit connector init zscaler-sharepoint --out-dir contoso --update --tenant-id T --client-id C --redirect-uri https://admin.zscalertwo.net/ --client-secret prompt --secret-expires 365d
  Later, what is missing or expires:
    certkit connector check contoso
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    let profile = registry.get(&arguments.id)?;
    let secret = arguments.values.secret_source()?;
    let output = password::Output::new("--password", arguments.password.as_deref())?;
    let mut options = options(arguments, profile, registry, context)?;
    let mut inputs: Vec<PathBuf> = output.file().into_iter().chain(options.kept()).collect();
    inputs.extend(secret.as_ref().and_then(password::Client::file));
    let force = arguments.force || arguments.update;
    check_targets(&options, &output, &inputs, force)?;

    if let Some(secret) = &secret {
        options.secret = Some(SecretValue::Given(secret.read(context)?));
    }
    if let Origin::New { pfx: true, password, .. } = &mut options.credential {
        *password = Some(output.password(context)?);
    }
    let mut made = init::init(&options, context.now, &mut context.rng())?;
    if let Origin::New { password, .. } = &options.credential {
        output.plan(password.as_ref(), &mut made.plan);
    }
    let written = Written {
        certificate: made.certificate,
        warnings: made.warnings,
        notes: made.notes,
        ..Written::default()
    };
    let existing = deliver::existing(force);
    deliver::files("connector-init", &made.plan, written, &inputs, existing, context)
}

fn options<'a>(
    arguments: &Arguments,
    profile: &'a Profile,
    registry: &Registry,
    context: &Context,
) -> Result<Options<'a>, Failure> {
    let file = registry.file(profile).map(str::to_owned);
    let expires = |text: &String| last_second("--secret-expires", text, context.now);
    let mut secret_expires = arguments.secret_expires.as_ref().map(expires).transpose()?;
    let mut secret = arguments.values.secret_path(profile)?;
    let mut answers = Answers { profile_file: file.clone(), ..Answers::default() };
    let credential = if arguments.update {
        let kept = kept(&arguments.out_dir, profile, context)?;
        answers = kept.record.answers(file);
        secret_expires = secret_expires.or_else(|| kept.secret_expires());
        secret = secret.or_else(|| kept.secret_path());
        Origin::Kept(Box::new(kept))
    } else {
        new_credential(arguments, profile)?
    };
    arguments.ids.fill(&mut answers);
    arguments.values.fill(profile, &mut answers)?;
    if let Some(app) = &arguments.app_name {
        answers.app = Some(app.clone());
    }
    let out_dir = arguments.out_dir.clone();
    Ok(Options { profile, out_dir, answers, secret, secret_expires, credential })
}

fn new_credential(arguments: &Arguments, profile: &Profile) -> Result<Origin, Failure> {
    let pfx = arguments.password.is_some();
    let compat = arguments.compat.parse::<Compat>()?;
    if arguments.certificate || profile.needs_certificate() {
        return Ok(Origin::New { days: arguments.days, compat, pfx, password: None });
    }
    if pfx {
        return Err(Failure::usage(
            format!("--password: {} takes no certificate, so no PFX is made", profile.name),
            "leave the option out, or add --certificate",
        ));
    }
    Ok(Origin::None)
}

/// The kit that stands in the folder.
fn kept(folder: &Path, profile: &Profile, context: &Context) -> Result<Kept, Failure> {
    let input = input::read(&folder.join(RECORD), context)?;
    let record = Record::read(input.octets.expose()).map_err(|error| error.in_file(&*input.name))?;
    if record.profile != profile.id {
        return Err(Failure::usage(
            format!("{} is the record of a kit for {}, not for {}", input.name, record.profile, profile.id),
            format!("name the kit's own connector: {}", record.profile),
        ));
    }
    let config = match &record.files.config {
        Some(name) => match input::read(&folder.join(name.as_str()), context) {
            Ok(config) => Some(config),
            Err(Failure::Error(error)) if error.is_not_found() => None,
            Err(failure) => return Err(failure),
        },
        None => None,
    };
    Ok(Kept { record, config })
}

/// Refuses targets that could not be written, before anyone is asked for anything.
fn check_targets(
    options: &Options<'_>,
    output: &password::Output,
    inputs: &[PathBuf],
    force: bool,
) -> Result<(), Failure> {
    let mut targets: Vec<PathBuf> = output.new_file().into_iter().collect();
    if write::is_missing(&options.out_dir)? {
        // Nothing stands in a folder that is still to be made.
        targets.retain(|target| target.parent() != Some(&options.out_dir));
    } else {
        targets.extend(options.targets());
    }
    deliver::check(&targets, inputs, force)
}
