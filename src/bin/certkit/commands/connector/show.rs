//! `certkit connector show`.

use certkit::{
    connector::{
        Answers, Cloud, Guid, RedirectUri, Registry,
        line::Line,
        procedure,
        script::{self, Language},
    },
    report::connector::procedure as rendered,
};
use clap::Args;

use super::shared;
use crate::{
    context::Context,
    failure::Failure,
    options::{self, Format, exit_codes},
};

/// Show a connector's procedure, for a person, as a script, or as its profile.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The connector; `certkit connector list` has them all.
    id: String,

    /// How the procedure is written.
    #[arg(long, value_parser = options::documents(), default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// Print this instead: profile (its TOML, to start one of your own from), or a script that does
    /// the steps: az (Azure CLI), powershell (Microsoft Graph SDK), graph (curl and jq).
    ///
    /// A script is for reading, then running: it adds what is missing, removes nothing, and may run
    /// again. It holds no secret. certkit itself calls nobody. It is printed as it is, whatever
    /// --format says.
    #[arg(long = "as", value_name = "FORM", value_parser = ["profile", "az", "powershell", "graph"])]
    form: Option<String>,

    #[command(flatten)]
    values: Box<Values>,
}

/// What fills a script's variables; each can be filled in there, too.
#[derive(Args)]
#[command(next_help_heading = "Options of a script")]
struct Values {
    /// The app's display name, by which the script finds it or makes it.
    #[arg(long, value_name = "TEXT", requires = "form", value_parser = Line::parse)]
    app_name: Option<Line>,

    /// Where the browser returns to after a consent.
    #[arg(long, value_name = "URI", requires = "form", value_parser = RedirectUri::parse)]
    redirect_uri: Option<RedirectUri>,

    /// The only organization in which the script may act: its Directory (tenant) ID.
    #[arg(long, value_name = "GUID", requires = "form", value_parser = Guid::parse)]
    tenant_id: Option<Guid>,

    /// An app that exists: its Application (client) ID.
    #[arg(long, value_name = "GUID", requires = "form", value_parser = Guid::parse)]
    client_id: Option<Guid>,

    /// The certificate that the script adds beside those that are there; certkit does not read it.
    #[arg(long, value_name = "FILE", requires = "form", value_parser = Line::parse)]
    cert: Option<Line>,

    /// Where the script writes a new client secret; it makes one only if this file is not there.
    #[arg(long, value_name = "FILE", requires = "form", value_parser = Line::parse)]
    secret_file: Option<Line>,

    /// The Azure subscription whose storage the app works on.
    #[arg(long, value_name = "GUID", requires = "form", value_parser = Guid::parse)]
    subscription: Option<Guid>,

    /// Microsoft's cloud: global, usgov (GCC High), dod or china.
    #[arg(long, value_name = "CLOUD", requires = "form", value_parser = shared::cloud)]
    cloud: Option<Cloud>,
}

impl Values {
    fn script(&self) -> Result<script::Values, Failure> {
        Ok(script::Values {
            name: self.app_name.clone(),
            redirect_uri: self.redirect_uri.clone(),
            tenant_id: self.tenant_id,
            client_id: self.client_id,
            certificate: self.cert.clone(),
            secret_file: self.secret_file.clone(),
            subscription: self.subscription,
            cloud: self.cloud.unwrap_or_default(),
        })
    }

    /// Whether any was given.
    fn any(&self) -> bool {
        let Self { app_name, redirect_uri, tenant_id, client_id, cert, secret_file, subscription, cloud } =
            self;
        app_name.is_some()
            || redirect_uri.is_some()
            || tenant_id.is_some()
            || client_id.is_some()
            || cert.is_some()
            || secret_file.is_some()
            || subscription.is_some()
            || cloud.is_some()
    }
}

const AFTER: &str = concat!(
    "\
Examples:
  The steps, in the terminal:
    certkit connector show zscaler-sharepoint
  A page for the browser, with check boxes, to follow beside the portal:
    certkit connector show zscaler-sharepoint --format html > steps.html
  A check list for a ticket or a wiki:
    certkit connector show zscaler-sharepoint --format markdown > steps.md
  The ids of its permissions, for a script:
    certkit connector show zscaler-mip --format json | jq -r '.profile.apis[].permissions[].id'
  A script that does the steps with the Azure CLI; read it, try it, run it:
    certkit connector show zscaler-sharepoint --as az --cert keystore.cer \\
      --redirect-uri https://admin.zscalertwo.net/ --secret-file secret.txt > connector.sh
    DRY_RUN=1 bash connector.sh
    bash connector.sh
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    let profile = registry.get(&arguments.id)?;
    if let Some(form) = arguments.form.as_deref() {
        if let Some((_, language)) = Language::ALL.iter().find(|(word, _)| *word == form) {
            return context.print(&script::script(profile, &arguments.values.script()?, *language)?);
        }
        if arguments.values.any() {
            return Err(Failure::usage(
                "the options that fill a script go with --as az, powershell or graph",
                format!("certkit connector show {} --as az", profile.id),
            ));
        }
        return context.print(registry.text(profile));
    }
    let answers = Answers { profile_file: registry.file(profile).map(str::to_owned), ..Answers::default() };
    let procedure = procedure::procedure(profile, &answers);
    context.print(&match context.format {
        Format::Text => rendered::text(&procedure, context.width()),
        Format::Markdown => rendered::markdown(&procedure),
        Format::Json => rendered::json(&procedure),
        Format::Html => rendered::html(&procedure),
    })
}
