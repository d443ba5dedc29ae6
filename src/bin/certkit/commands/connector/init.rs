//! `certkit connector init`.

use std::path::{Component, Path, PathBuf};

use certkit::{
    connector::{
        Answers, Profile, Registry,
        config::SecretValue,
        kit::{RECORD, Record, last_second},
        line::Line,
    },
    ops::connector::init::{self, Kept, Options, Origin, Standing},
    output::{
        folders,
        write::{self, Existing},
    },
    report::Written,
    secret::SecretBytes,
    store::pkcs12::Compat,
};
use clap::Args;

use super::shared::{Ids, ValueOptions};
use crate::{
    context::{Context, rng},
    deliver,
    failure::Failure,
    input,
    options::exit_codes,
    password,
};

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
    ///
    /// A configuration that holds a secret or was edited is left as it is, unless the secret is given
    /// anew. Ticks and comments in the other files are not kept.
    #[arg(long, conflicts_with_all = ["certificate", "days", "password", "force"])]
    update: bool,

    /// Whom the PFX is for: modern, windows-2016, java8 or macos, as `certkit gen` has it.
    #[arg(long, value_name = "TARGET", default_value = "modern", requires = "password")]
    compat: String,

    /// Replace files that exist, the key and a secret in the configuration included.
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
    let secret = arguments.values.secret_source(profile)?;
    let output = password::Output::new("--password", arguments.password.as_deref())?;
    let mut options = options(arguments, profile, registry, context)?;
    let mut inputs: Vec<PathBuf> = output.file().into_iter().chain(options.kept()).collect();
    inputs.extend(secret.as_ref().and_then(password::Client::file));
    check_targets(&options, &output, &inputs, arguments.force)?;

    if let Some(secret) = &secret {
        options.secret = Some(SecretValue::Given(secret.read(context)?));
    }
    if let Origin::New { pfx: true, password, .. } = &mut options.credential {
        *password = Some(output.password(context)?);
    }
    let mut made = init::init(&options, context.now, &mut rng())?;
    if let Origin::New { password, .. } = &options.credential {
        output.plan(password.as_ref(), &mut made.plan);
    }
    let written = Written {
        certificate: made.certificate,
        warnings: made.warnings,
        notes: made.notes,
        ..Written::default()
    };
    let standing = standing(&options.credential);
    let existing = existing(&standing, arguments.force);
    deliver::files("connector-init", &made.plan, written, &inputs, existing, context)
}

/// The files that may be written anew, each with what was read from it.
fn standing(credential: &Origin) -> Vec<(&Path, &SecretBytes)> {
    let Origin::Kept(kept) = credential else { return Vec::new() };
    kept.standing.iter().map(|file| (file.path.as_path(), &file.octets)).collect()
}

/// What may be replaced: of a kit that stands, what its record names and nobody changed meanwhile.
fn existing<'a>(standing: &'a [(&'a Path, &'a SecretBytes)], force: bool) -> Existing<'a> {
    if standing.is_empty() { deliver::existing(force) } else { Existing::Update(standing) }
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
        let kept = kept(&arguments.out_dir, profile)?;
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
fn kept(folder: &Path, profile: &Profile) -> Result<Kept, Failure> {
    let path = folder.join(RECORD);
    let input = input::read_plain(&path)?;
    let record = Record::read(input.octets.expose()).map_err(|error| error.in_file(&*input.name))?;
    if record.profile != profile.id {
        return Err(Failure::usage(
            format!("{} is the record of a kit for {}, not for {}", input.name, record.profile, profile.id),
            format!("name the kit's own connector: {}", record.profile),
        ));
    }
    let mut standing = vec![Standing { part: None, path, octets: input.octets }];
    for (part, name) in record.files.all().filter(|(part, _)| !part.is_credential()) {
        let path = folder.join(name.as_str());
        match input::read_plain(&path) {
            Ok(file) => standing.push(Standing { part: Some(part), path, octets: file.octets }),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Kept { record, standing })
}

/// Refuses targets that could not be written, before anyone is asked for anything.
fn check_targets(
    options: &Options<'_>,
    output: &password::Output,
    inputs: &[PathBuf],
    force: bool,
) -> Result<(), Failure> {
    let mut targets: Vec<PathBuf> = output.new_file().into_iter().collect();
    if folders::is_missing(&options.out_dir)? {
        // Nothing stands in a folder that is still to be made.
        let inside = |target: &PathBuf| target.parent().is_some_and(|folder| same(folder, &options.out_dir));
        targets.retain(|target| !inside(target));
    } else {
        targets.extend(options.targets());
    }
    let standing = standing(&options.credential);
    Ok(write::check(targets.iter().map(PathBuf::as_path), inputs, existing(&standing, force))?)
}

/// Whether two names are one, but for a dot.
fn same(one: &Path, other: &Path) -> bool {
    let words = |path: &Path| {
        path.components()
            .filter(|word| *word != Component::CurDir)
            .map(|word| word.as_os_str().to_owned())
            .collect::<Vec<_>>()
    };
    words(one) == words(other)
}
