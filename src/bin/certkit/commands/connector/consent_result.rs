//! `certkit connector consent-result`.

use std::path::Path;

use certkit::{
    connector::{
        Guid,
        consent::{self, Expected, Verdict},
    },
    error::Error,
    report::connector::consent as rendered,
};
use clap::Args;

use crate::{context::Context, failure::Failure, input, options::exit_codes};

/// Read the address that the browser came back to: was the consent given?
///
/// Exit code 0 means granted, 10 not granted or not as expected; the result is printed in both
/// cases. The tenant in the address is what whoever wrote it says: nothing may be allowed because of
/// it alone.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// The whole address, between single quotation marks; `-` reads it from standard input.
    #[arg(value_name = "URL")]
    url: String,

    /// The state that went into the consent address; another one is not as expected.
    #[arg(long, value_name = "TEXT")]
    state: Option<String>,

    /// The organization that was to consent; another one is not as expected.
    #[arg(long, value_name = "GUID", value_parser = Guid::parse)]
    tenant_id: Option<Guid>,
}

const AFTER: &str = concat!(
    "\
Examples:
  Whether it worked, and if not why:
    certkit connector consent-result 'https://admin.zscalertwo.net/?admin_consent=True&tenant=…'
  In a script, with what it has to be:
    certkit connector consent-result - --state \"$state\" --tenant-id \"$tenant\" < address.txt
",
    "\n",
    exit_codes!(),
);

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let expected = Expected { state: arguments.state.as_deref(), tenant_id: arguments.tenant_id };
    let answer = if arguments.url == "-" {
        let input = input::read(Path::new("-"), context)?;
        let text = std::str::from_utf8(input.octets.expose()).map_err(|_| not_text())?;
        consent::read("standard input", text, &expected).map_err(of_input)?
    } else {
        consent::read("URL", &arguments.url, &expected)?
    };
    if context.is_json() {
        context.print(&rendered::answer_json(&answer))?;
    } else {
        answer.warnings.iter().for_each(|warning| context.warn(warning));
        context.print(&rendered::answer_text(&answer))?;
    }
    match answer.verdict {
        Verdict::Granted => Ok(()),
        Verdict::Refused | Verdict::Unexpected => Err(Failure::Said(10)),
    }
}

/// What was read and is no address is an input that is not what it should be, not bad usage.
fn of_input(error: Error) -> Error {
    match error {
        Error::BadArgument { reason, .. } => Error::WrongKind {
            found: format!("no address: {reason}"),
            expected: "the address that the browser came back to",
            remedy: None,
        }
        .in_file("standard input"),
        other => other,
    }
}

fn not_text() -> Error {
    Error::WrongKind {
        found: "no text in UTF-8".into(),
        expected: "the address that the browser came back to",
        remedy: Some("give the address as the argument, between single quotation marks".into()),
    }
    .in_file("standard input")
}
