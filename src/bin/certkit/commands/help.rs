//! `certkit help`.

use clap::{Args, Command};

use crate::{context::Context, failure::Failure, options::exit_codes};

/// Show help on certkit, on one of its commands, or on exit-codes.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A command with its subcommand, such as `gen` or `connector show`, or `exit-codes`.
    topic: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let mut root = (context.grammar)();
    root.build();
    let text = match arguments.topic.as_slice() {
        [topic] if topic == "exit-codes" => concat!(exit_codes!(), "\n").to_owned(),
        words => find(root, words)?.render_long_help().to_string(),
    };
    context.print(&text)
}

/// A command by its words; the whole program where there are none.
pub(crate) fn find(root: Command, words: &[String]) -> Result<Command, Failure> {
    let mut found = root;
    for word in words {
        let next = found.find_subcommand(word).cloned().ok_or_else(|| {
            let names: Vec<&str> = found.get_subcommands().map(Command::get_name).collect();
            let known = match names.as_slice() {
                [] => format!("{} has no subcommands", found.get_name()),
                names => format!("the commands are: {}", names.join(", ")),
            };
            Failure::usage(format!("there is no command \"{}\"", words.join(" ")), known)
        })?;
        found = next;
    }
    Ok(found)
}
