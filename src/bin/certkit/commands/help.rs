//! `certkit help`.

use clap::{Args, Command};

use crate::{context::Context, failure::Failure, options::exit_codes};

/// Show help on certkit, on one of its commands, or on exit-codes.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A command, or `exit-codes`.
    topic: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let mut root = (context.grammar)();
    root.build();
    let text = match arguments.topic.as_deref() {
        None => root.render_long_help().to_string(),
        Some("exit-codes") => concat!(exit_codes!(), "\n").to_owned(),
        Some(name) => find(&root, name)?.render_long_help().to_string(),
    };
    context.print(&text)
}

/// A command by name.
pub(crate) fn find(root: &Command, name: &str) -> Result<Command, Failure> {
    root.find_subcommand(name).cloned().ok_or_else(|| {
        let names: Vec<&str> = root.get_subcommands().map(Command::get_name).collect();
        Failure::usage(
            format!("there is no command \"{name}\""),
            format!("the commands are: {}", names.join(", ")),
        )
    })
}
