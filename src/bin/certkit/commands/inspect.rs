//! `certkit inspect`.

use std::path::PathBuf;

use certkit::{
    error::Error,
    ops,
    report::{FileFacts, json_v1, text},
    time::Instant,
};
use clap::Args;

use crate::{
    context::Context,
    failure::{Failure, say_error},
    input,
    options::{Opening, exit_codes},
    password::Unlocking,
};

/// Show what files are and hold: formats, algorithms, names, dates, thumbprints, whether key and
/// certificate fit.
///
/// Without a password it says what can be said without one. It never shows a private key. Of
/// several files, those that can be read are shown; the exit code is the first failure's.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The files; `-` is standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The moment to count days from [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,

    #[command(flatten)]
    opening: Opening,
}

const AFTER: &str = concat!(
    "\
Examples:
  What is in this file?
    certkit inspect keystore.pfx
  The thumbprint for a script:
    certkit inspect keystore.cer --format json |
      jq -r '.files[0].entries[0].certificates[0].thumbprints.sha1'
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let now = match &arguments.at {
        Some(text) => Instant::parse("--at", text, context.now)?,
        None => context.now,
    };
    let opener = Unlocking::new(&arguments.opening, context).given()?;
    let mut outcomes: Vec<(String, Result<FileFacts, Error>)> = Vec::new();
    for path in &arguments.files {
        let facts = match input::read(path, context) {
            Ok(file) => ops::inspect::inspect(&file, opener.unlock(), now),
            Err(Failure::Error(error)) => Err(error),
            Err(other) => return Err(other),
        };
        outcomes.push((path.display().to_string(), facts));
    }
    let failed = outcomes.iter().filter(|(_, outcome)| outcome.is_err()).count();
    if failed < outcomes.len() {
        show(&outcomes, context)?;
    }
    let mut code = None;
    for error in outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err()) {
        // With JSON the first failure is the one object on standard error; each stands in the
        // document too.
        if code.is_none() || !context.is_json() {
            say_error(context.is_json(), error);
        }
        code = code.or(Some(error.class().exit_code()));
    }
    code.map_or(Ok(()), |code| Err(Failure::Said(code)))
}

fn show(outcomes: &[(String, Result<FileFacts, Error>)], context: &Context) -> Result<(), Failure> {
    if context.is_json() {
        return context.print(&json_v1::inspections(outcomes));
    }
    let texts: Vec<String> =
        outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()).map(text::inspection).collect();
    context.print(&texts.join("\n"))
}
