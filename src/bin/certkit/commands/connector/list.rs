//! `certkit connector list`.

use certkit::{connector::Registry, report::connector::list as rendered};
use clap::Args;

use crate::{context::Context, failure::Failure, options::exit_codes};

/// List the connectors whose procedures certkit knows.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {}

const AFTER: &str = concat!(
    "\
Examples:
  Every connector, with what it does:
    certkit connector list
  Those that want a certificate, for a script:
    certkit connector list --format json | jq -r '.connectors[] | select(.takes != [\"secret\"]) | .id'
  With a profile of your own among them:
    certkit connector list --profile-file contoso.toml
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(_: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    context.print(&if context.is_json() {
        rendered::json(registry)
    } else {
        rendered::text(registry, context.width())
    })
}
