//! `certkit connector manifest`.

use std::path::{Path, PathBuf};

use certkit::{
    connector::{
        Profile, RedirectUri, Registry,
        line::Line,
        manifest::{self as permissions, Names},
    },
    error::Error,
    ops::connector::manifest::{self, Application, Content},
    output::plan::Plan,
    report::{Severity, Written, connector::manifest as rendered},
    store::{Store, Unlock},
};
use clap::Args;

use crate::{
    context::Context,
    deliver,
    failure::Failure,
    input,
    options::{FailOn, Target, exit_codes},
};

/// Write a connector's permissions for Microsoft Graph and az, or compare an app registration to
/// them.
///
/// Without --full it is the list requiredResourceAccess, as `az ad app create
/// --required-resource-accesses` and `PATCH /applications/{id}` take it; with --full the whole body
/// of `POST /applications`. Several connectors become one list without repeats.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The connectors; `certkit connector list` has them all.
    #[arg(value_name = "ID", required = true)]
    connectors: Vec<String>,

    /// Write the whole app registration, not the permissions alone.
    #[arg(long)]
    full: bool,

    /// With --full: the app's name [default: that of the connector].
    #[arg(long, value_name = "TEXT", requires = "full", value_parser = Line::parse)]
    app_name: Option<Line>,

    /// With --full: the redirect URI [default: the one that the vendor's page fixes].
    #[arg(long, value_name = "URI", requires = "full", value_parser = RedirectUri::parse)]
    redirect_uri: Option<RedirectUri>,

    /// With --full: the certificate that the app authenticates with, such as the .cer of certkit gen.
    #[arg(long, value_name = "FILE", requires = "full")]
    cert: Option<PathBuf>,

    /// Compare with this app registration, as `az ad app show`, Microsoft Graph or the portal's
    /// Manifest has it; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["full", "output", "force"])]
    diff: Option<PathBuf>,

    /// With --diff, what makes the exit code 10: error (something is missing), warning (or something is
    /// not needed) or never.
    #[arg(
        long,
        value_name = "SEVERITY",
        value_enum,
        default_value_t = FailOn::Error,
        requires = "diff"
    )]
    fail_on: FailOn,

    #[command(flatten)]
    target: Target,
}

const AFTER: &str = concat!(
    "\
Examples:
  An app registration with az:
    certkit connector manifest zscaler-mip -o mip.json
    az ad app create --display-name \"Zscaler MIP Connector\" \\
      --sign-in-audience AzureADMultipleOrgs --required-resource-accesses @mip.json
  The same through Microsoft Graph, certificate included:
    certkit connector manifest zscaler-sharepoint --full --cert keystore.cer \\
      --redirect-uri https://admin.zscalertwo.net/ -o app.json
    az rest --method post --url https://graph.microsoft.com/v1.0/applications --body @app.json
  What an app lacks, and what it may do although nobody needs it:
    az ad app show --id 6731de76-14a6-49ae-97bc-6eba6914391e > current.json
    certkit connector manifest zscaler-mip --diff current.json
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    let ids = arguments.connectors.iter();
    let profiles = ids.map(|id| registry.get(id)).collect::<certkit::Result<Vec<_>>>()?;
    match &arguments.diff {
        Some(current) => diff(&profiles, current, arguments.fail_on, registry, context),
        None => write(&profiles, arguments, context),
    }
}

fn write(profiles: &[&Profile], arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let inputs = input::files(&arguments.cert);
    deliver::check_one(&arguments.target, &inputs)?;
    let certificate = arguments.cert.as_deref().map(|path| open(path, context)).transpose()?;
    let content = if arguments.full {
        Content::Application(Application {
            name: arguments.app_name.clone(),
            redirect_uri: arguments.redirect_uri.clone(),
            certificate: certificate.as_ref().map(|(store, name)| (store, name.as_str())),
        })
    } else {
        Content::Permissions
    };
    let made = manifest::manifest(profiles, &content, arguments.target.output.clone(), context.now)?;
    let written = Written {
        certificate: made.certificate,
        warnings: made.warnings,
        notes: made.notes,
        ..Written::default()
    };
    let plan = Plan { files: vec![made.file], folder: None };
    deliver::first("connector-manifest", plan, written, &inputs, &arguments.target, context)
}

/// A certificate is public: no password is asked for one.
fn open(path: &Path, context: &Context) -> Result<(Store, String), Failure> {
    let file = input::read(path, context)?;
    let store = file.open(&Unlock::default())?;
    if store.locked_parts > 0 {
        return Err(Failure::Hinted {
            error: Error::store_locked().in_file(&file.name),
            hint: "take its certificate out first: certkit export-cer STORE --password SOURCE -o CERT.cer"
                .into(),
        });
    }
    Ok((store, file.name))
}

fn diff(
    profiles: &[&Profile],
    current: &Path,
    fail_on: FailOn,
    registry: &Registry,
    context: &Context,
) -> Result<(), Failure> {
    let required = permissions::required(profiles)?;
    let file = input::read(current, context)?;
    let current = permissions::read(file.octets.expose()).map_err(|error| error.in_file(&file.name))?;
    let diff = permissions::diff(&required, &current, &Names::of(registry));
    context.print(&if context.is_json() {
        rendered::diff_json(profiles, &diff)
    } else {
        rendered::diff_text(&diff)
    })?;
    let missing = diff.missing.iter().map(|_| Severity::Error);
    fail_on.verdict(missing.chain(diff.extra.iter().map(|_| Severity::Warning)))
}
