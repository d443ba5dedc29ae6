//! `certkit connector config`.

use std::path::PathBuf;

use certkit::{
    connector::{
        Profile, Registry,
        config::{Domain, Form, SecretValue, Values},
        line::Line,
        profile::{OutputForm, SettingValue},
    },
    error::Error,
    ops::connector::config::config,
    output::plan::Plan,
    report::Written,
};
use clap::Args;

use super::ids;
use crate::{
    context::Context,
    deliver,
    failure::Failure,
    input,
    options::{Target, exit_codes},
    password,
};

/// Write what the vendor wants to be given.
///
/// For Zeron that is a YAML file; for the others the values to type into a form, each alone on its
/// line.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The connector; `certkit connector list` has them all.
    id: String,

    /// The Application (client) ID, from the app's Overview page.
    #[arg(long, value_name = "GUID")]
    client_id: Option<String>,

    /// The Directory (tenant) ID, from the same page.
    #[arg(long, value_name = "GUID")]
    tenant_id: Option<String>,

    #[command(flatten)]
    values: ValueOptions,

    /// A path at which the vendor's program finds the client secret, in place of the secret itself.
    #[arg(long, value_name = "PATH", conflicts_with = "client_secret")]
    client_secret_path: Option<String>,

    /// The connector JSON whose name stands among the values; it is looked at.
    #[arg(long, value_name = "FILE")]
    connector_json: Option<PathBuf>,

    /// How the values are written: vendor (YAML where the vendor takes a file, else text), text or
    /// json.
    #[arg(long = "as", value_name = "FORM", default_value = "vendor")]
    form: String,

    #[command(flatten)]
    target: Target,
}

/// Values that `init` takes too.
#[derive(Args)]
pub(super) struct ValueOptions {
    /// Where the client secret is read from: env:VAR, file:PATH, fd:N, stdin or prompt.
    ///
    /// It is the secret's Value, which the portal shows once, not the Secret ID.
    #[arg(long, value_name = "SOURCE")]
    client_secret: Option<String>,

    /// A domain that the connector is limited to (repeatable) [default: *, all of them].
    #[arg(long = "domain", value_name = "DOMAIN")]
    domains: Vec<String>,

    /// The connection's name in the vendor's portal; it must be unique there.
    #[arg(long, value_name = "TEXT")]
    connection_name: Option<String>,
}

const AFTER: &str = concat!(
    "\
Examples:
  Zeron's YAML, with the secret in it (mode 0600):
    certkit connector config zeron-office365 --tenant-id T --client-id C --client-secret prompt -o zeron.yaml
  The same with the secret in a file on their side:
    certkit connector config zeron-office365 --tenant-id T --client-id C --client-secret-path /run/secrets/office365 -o zeron.yaml
  What to type into Snow Atlas, for two domains:
    certkit connector config snow-atlas-m365-current --tenant-id T --client-id C --domain contoso.com --domain contoso.de
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    let profile = registry.get(&arguments.id)?;
    let mut form = arguments.form.parse::<Form>()?;
    let secret = arguments.values.secret_source()?;
    let mut values = arguments.values.values(profile)?;
    values.client_id =
        Some(required("--client-id", "Application (client) ID", arguments.client_id.as_deref())?);
    values.tenant_id =
        Some(required("--tenant-id", "Directory (tenant) ID", arguments.tenant_id.as_deref())?);
    if let Some(path) = &arguments.client_secret_path {
        values.secret = Some(SecretValue::Path(secret_path(profile, path)?));
    }
    if profile.output.form == OutputForm::Yaml && secret.is_none() && values.secret.is_none() {
        let reason = "was not given (--client-secret SOURCE, or --client-secret-path PATH)".into();
        return Err(Error::SecretUnusable { reason }.into());
    }
    let mut inputs = input::files(arguments.connector_json.iter());
    inputs.extend(secret.as_ref().and_then(password::Client::file));
    deliver::check_one(&arguments.target, &inputs)?;

    let json = arguments.connector_json.as_deref().map(|path| input::read(path, context)).transpose()?;
    if let Some(secret) = secret {
        values.secret = Some(SecretValue::Given(secret.read(context)?));
    }
    // What stands on standard output alone is the document that was asked for.
    if context.is_json() && arguments.target.output.as_os_str() == "-" {
        form = Form::Json;
    }
    let made = config(profile, values, json.as_ref(), form, &arguments.target.output)?;
    let written = Written { warnings: made.warnings, notes: made.notes, ..Written::default() };
    let plan = Plan { files: vec![made.file], folder: None };
    deliver::first("connector-config", plan, written, &inputs, &arguments.target, context)
}

fn required(
    option: &'static str,
    what: &str,
    text: Option<&str>,
) -> Result<certkit::connector::Guid, Failure> {
    match text {
        Some(text) => ids::guid(option, text),
        None => Err(Failure::usage(
            format!("{option} is missing: the {what} of the app registration"),
            "copy it from the app's Overview page in the portal",
        )),
    }
}

/// A path on the vendor's side: only a file that is read by a program can name one.
fn secret_path(profile: &Profile, path: &str) -> Result<Line, Failure> {
    const OPTION: &str = "--client-secret-path";
    if profile.output.form != OutputForm::Yaml {
        return Err(Failure::usage(
            format!("{OPTION}: {} takes its values by hand, not from a file", profile.name),
            "give the secret itself: --client-secret SOURCE",
        ));
    }
    Line::try_from(path.to_owned()).map_err(|reason| ids::bad(OPTION, path, reason))
}

impl ValueOptions {
    /// Where the client secret comes from.
    pub(super) fn secret_source(&self) -> Result<Option<password::Client>, Failure> {
        self.client_secret.as_deref().map(|text| password::Client::new("--client-secret", text)).transpose()
    }

    /// The values that need no reading.
    pub(super) fn values(&self, profile: &Profile) -> Result<Values, Failure> {
        let wants = |value| profile.output.settings.iter().any(|setting| setting.value == value);
        let unwanted = |option: &str| {
            Failure::usage(
                format!("{option}: {} has no such setting", profile.name),
                format!("leave {option} out"),
            )
        };
        if !self.domains.is_empty() && !wants(SettingValue::Domains) {
            return Err(unwanted("--domain"));
        }
        if self.connection_name.is_some() && !wants(SettingValue::Name) {
            return Err(unwanted("--connection-name"));
        }
        let domain = |text: &String| Domain::parse(text).map_err(|reason| ids::bad("--domain", text, reason));
        let domains = match self.domains.as_slice() {
            [all] if all == "*" => Vec::new(),
            listed => listed.iter().map(domain).collect::<Result<_, _>>()?,
        };
        let line = |text: &String| {
            Line::try_from(text.clone()).map_err(|reason| ids::bad("--connection-name", text, reason))
        };
        Ok(Values {
            domains,
            name: self.connection_name.as_ref().map(line).transpose()?,
            ..Values::default()
        })
    }
}
