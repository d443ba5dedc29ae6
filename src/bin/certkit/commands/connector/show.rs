//! `certkit connector show`.

use certkit::{
    connector::{
        Registry,
        procedure::{self, Answers},
    },
    report::connector as rendered,
};
use clap::Args;

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

    /// Print this instead: profile (its TOML, to start one of your own from).
    #[arg(long = "as", value_name = "FORM", value_parser = ["profile"])]
    form: Option<String>,
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
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    let profile = registry.get(&arguments.id)?;
    if arguments.form.is_some() {
        return context.print(registry.text(profile));
    }
    let procedure = procedure::procedure(profile, &Answers::default());
    context.print(&match context.format {
        Format::Text => rendered::text(&procedure, context.width()),
        Format::Markdown => rendered::markdown(&procedure),
        Format::Json => rendered::json(&procedure),
        Format::Html => rendered::html(&procedure),
    })
}
