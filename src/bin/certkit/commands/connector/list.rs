//! `certkit connector list`.

use certkit::{connector::Registry, report::connector};
use clap::Args;

use crate::{context::Context, failure::Failure, options::exit_codes};

/// List the connectors whose procedures certkit knows.
#[derive(Args)]
#[command(after_long_help = exit_codes!())]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, registry: &Registry, context: &Context) -> Result<(), Failure> {
    context.print(&if context.is_json() {
        connector::list_json(registry)
    } else {
        connector::list_text(registry)
    })
}
