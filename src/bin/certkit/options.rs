//! Options that commands share, and the table of exit codes that their help ends in.

use std::path::PathBuf;

use clap::{
    Args, ValueEnum,
    builder::{EnumValueParser, PossibleValuesParser, TypedValueParser},
};

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
    /// Markdown; procedures only.
    Markdown,
    /// One HTML page that needs nothing else; procedures only.
    Html,
}

/// Every format.
pub(crate) fn documents() -> impl TypedValueParser<Value = Format> {
    EnumValueParser::<Format>::new()
}

/// The formats of results and failures in general.
pub(crate) fn results() -> impl TypedValueParser<Value = Format> {
    let words = [Format::Text, Format::Json].iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(words).map(|word| if word == "json" { Format::Json } else { Format::Text })
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
