//! `certkit connector show`.

use certkit::{
    connector::{
        Answers, Guid, Profile, Registry,
        line::Line,
        procedure,
        script::{self, Language},
    },
    report::connector::procedure as rendered,
};
use clap::{Args, ValueEnum};

use super::shared::Ids;
use crate::{
    context::Context,
    failure::Failure,
    options::{self, Format, exit_codes},
};

/// Show a connector's procedure, for a person, as a script, or as its profile.
///
/// What is known already, such as the ids, is filled in.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The connector; `certkit connector list` has them all.
    id: String,

    /// How the procedure is written.
    #[arg(long, value_parser = options::formats(DOCUMENTS), default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// Print this instead: profile (its TOML, to start one of your own from), or a script that does
    /// the steps: az (Azure CLI), powershell (Microsoft Graph SDK), graph (curl and jq).
    ///
    /// A script is for reading, then running: it adds what is missing, removes nothing, and may run
    /// again. It works on the app --client-id, or on the one of that name, which it makes where there
    /// is none, and in the organization --tenant-id alone. It holds no secret. certkit itself calls
    /// nobody.
    #[arg(long = "as", value_name = "FORM", value_parser = ["profile", "az", "powershell", "graph"])]
    form: Option<String>,

    #[command(flatten)]
    ids: Option<Ids>,

    /// The name of the app registration [default: the profile's].
    #[arg(long, value_name = "TEXT", value_parser = Line::parse)]
    app_name: Option<Line>,

    #[command(flatten)]
    credentials: Option<Credentials>,
}

/// How a procedure is written.
const DOCUMENTS: &[Format] = &[Format::Text, Format::Json, Format::Markdown, Format::Html];

/// What a script alone has a use for.
#[derive(Args)]
#[command(next_help_heading = "Options of a script")]
struct Credentials {
    /// The certificate that the script adds beside those that are there; certkit does not read it.
    #[arg(long, value_name = "FILE", requires = "form", value_parser = Line::parse)]
    cert: Option<Line>,

    /// Where the script writes a new client secret; it makes one only if this file is not there.
    #[arg(long, value_name = "FILE", requires = "form", value_parser = Line::parse)]
    secret_file: Option<Line>,

    /// The Azure subscription whose storage the app works on.
    #[arg(long, value_name = "GUID", requires = "form", value_parser = Guid::parse)]
    subscription: Option<Guid>,
}

impl Arguments {
    /// What is known of the installation.
    fn known(&self, profile: &Profile, registry: &Registry) -> Answers {
        let profile_file = registry.file(profile).map(str::to_owned);
        let mut known = Answers { app: self.app_name.clone(), profile_file, ..Answers::default() };
        if let Some(ids) = &self.ids {
            ids.fill(&mut known);
        }
        known
    }

    /// What fills a script.
    fn values(&self, known: Answers) -> script::Values {
        let mut values = script::Values { known, ..script::Values::default() };
        if let Some(credentials) = &self.credentials {
            values.certificate = credentials.cert.clone();
            values.secret_file = credentials.secret_file.clone();
            values.subscription = credentials.subscription;
        }
        values
    }

    /// Refuses what would fill something in: a profile is the same for everybody.
    fn check_nothing_is_known(&self) -> Result<(), Failure> {
        if self.ids.is_none() && self.app_name.is_none() && self.credentials.is_none() {
            return Ok(());
        }
        Err(Failure::usage(
            "--as profile prints the profile, in which nothing is filled in",
            format!("leave the other options out: certkit connector show {} --as profile", self.id),
        ))
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
  The steps with what is known filled in, the consent address among it:
    certkit connector show zscaler-mip --client-id 6731de76-14a6-49ae-97bc-6eba6914391e \\
      --redirect-uri https://admin.zscalertwo.net/
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
    let known = arguments.known(profile, registry);
    if let Some(form) = arguments.form.as_deref() {
        let text = match Language::ALL.iter().find(|(word, _)| *word == form) {
            Some((_, language)) => script::script(profile, &arguments.values(known), *language)?,
            None => {
                arguments.check_nothing_is_known()?;
                registry.text(profile).to_owned()
            }
        };
        check_format(form, context)?;
        return context.print(&text);
    }
    let procedure = procedure::procedure(profile, &known);
    context.print(&match context.format {
        Format::Markdown => rendered::markdown(&procedure),
        Format::Json => rendered::json(&procedure),
        Format::Html => rendered::html(&procedure),
        _ => rendered::text(&procedure, context.width()),
    })
}

/// Refuses a format for what has its own: whoever asks for JSON would get something else.
fn check_format(form: &str, context: &Context) -> Result<(), Failure> {
    match context.format.to_possible_value() {
        Some(format) if context.format != Format::Text => Err(Failure::usage(
            format!("--as {form} is printed as it is, and not as {}", format.get_name()),
            "leave --format out; the procedure itself comes in every format, without --as",
        )),
        _ => Ok(()),
    }
}
