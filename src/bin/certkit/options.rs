//! Options that commands share, and the table of exit codes that their help ends in.

use std::path::PathBuf;

use certkit::finding::Severity;
use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::failure::Failure;

/// The table of exit codes, as every help text ends. A macro, so that `concat!` can take it.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0   done (also: the reader closed the pipe)
  1   I/O failed, or a fault of certkit's own
  2   bad usage
  3   an input is not what it should be: damaged, unsupported, wrong kind, nothing to act on
  4   password missing or wrong
  5   refused for safety: output exists, input is output, secret to a terminal,
      key and certificate don't match
  6   a remote service refused or could not be reached
  10  the verdict is no: findings at or above --fail-on, or rows of a list that
      were not made"
    };
}
pub(crate) use exit_codes;

/// How results and failures are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person.
    Text,
    /// One versioned JSON document.
    Json,
    /// Markdown.
    Markdown,
    /// One HTML page that needs nothing else.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Metrics for the textfile collector of Prometheus' node_exporter.
    Prometheus,
    /// The line and the exit code of a Nagios plugin.
    Nagios,
    /// A calendar (RFC 5545).
    Ics,
}

/// The formats of results and failures in general.
pub(crate) const RESULTS: &[Format] = &[Format::Text, Format::Json];

/// One of the formats that a command can write.
pub(crate) fn formats(known: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let words = known.iter().filter_map(ValueEnum::to_possible_value);
    // A word that passes is among them.
    PossibleValuesParser::new(words).map(|word| Format::from_str(&word, false).unwrap_or(Format::Text))
}

/// From which findings on the verdict is no, and the exit code 10.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// From errors on.
    Error,
    /// From warnings on.
    Warning,
    /// Never.
    Never,
}

impl FailOn {
    /// The verdict on findings of these severities.
    pub(crate) fn verdict(self, found: impl IntoIterator<Item = Severity>) -> Result<(), Failure> {
        let limit = match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Never => return Ok(()),
        };
        if found.into_iter().any(|severity| severity >= limit) { Err(Failure::Said(10)) } else { Ok(()) }
    }
}

/// How a store is opened.
#[derive(Args)]
pub(crate) struct Opening {
    /// Where the password is read from: env:VAR, file:PATH, fd:N, stdin or prompt.
    ///
    /// file:PATH takes the first line, without its line end and without a byte order mark. Without
    /// this option CERTKIT_PASSWORD is used if it is set, else a terminal is asked by commands that
    /// cannot do without.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) password: Option<String>,

    /// Where the private key's own password is read from, where it differs from the store's.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) key_password: Option<String>,

    /// How many rounds of key derivation one file may cost.
    #[arg(long, value_name = "ROUNDS", default_value_t = certkit::limits::KDF_ROUNDS)]
    pub(crate) max_work: u64,
}

/// Where one made file goes.
#[derive(Args)]
pub(crate) struct Target {
    /// The file to write; `-`, the default, is standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,

    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}
