//! `certkit connector config`.

use std::path::PathBuf;

use certkit::{
    connector::{
        Answers, Guid, Registry,
        config::{Form, SecretValue},
        profile::{Credential, OutputForm},
    },
    error::Error,
    ops::connector::config::config,
    output::plan::Plan,
    report::Written,
};
use clap::Args;

use super::shared::ValueOptions;
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
    #[arg(long, value_name = "GUID", value_parser = Guid::parse)]
    client_id: Guid,

    /// The Directory (tenant) ID, from the same page.
    #[arg(long, value_name = "GUID", value_parser = Guid::parse)]
    tenant_id: Guid,

    #[command(flatten)]
    values: ValueOptions,

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
    let source = arguments.values.secret_source(profile)?;
    let mut secret = arguments.values.secret_path(profile)?;
    let mut answers = Answers {
        client_id: Some(arguments.client_id),
        tenant_id: Some(arguments.tenant_id),
        ..Answers::default()
    };
    arguments.values.fill(profile, &mut answers)?;
    let needs_secret = profile.output.form == OutputForm::Yaml && profile.takes(Credential::Secret);
    if needs_secret && source.is_none() && secret.is_none() {
        let reason = "was not given (--client-secret SOURCE, or --client-secret-path PATH)".into();
        return Err(Error::SecretUnusable { reason }.into());
    }
    let mut inputs = input::files(arguments.connector_json.iter());
    inputs.extend(source.as_ref().and_then(password::Client::file));
    deliver::check_one(&arguments.target, &inputs)?;

    let json = arguments.connector_json.as_deref().map(|path| input::read(path, context)).transpose()?;
    if let Some(source) = source {
        secret = Some(SecretValue::Given(source.read(context)?));
    }
    // What stands on standard output alone is the document that was asked for.
    if context.is_json() && arguments.target.output.as_os_str() == "-" {
        form = Form::Json;
    }
    let made = config(profile, &answers, secret.as_ref(), json.as_ref(), form, &arguments.target.output)?;
    let written = Written { warnings: made.warnings, notes: made.notes, ..Written::default() };
    let plan = Plan { files: vec![made.file], folder: None };
    deliver::first("connector-config", plan, written, &inputs, &arguments.target, context)
}
