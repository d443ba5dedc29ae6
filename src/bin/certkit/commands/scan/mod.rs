//! `certkit scan`.

mod looker;
mod output;
mod reading;

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use certkit::{
    error::Error, finding::Finding, limits, ops::scan::Options, report::scan::Scan, time::Instant,
};
use clap::Args;
use indicatif::ProgressBar;

use self::{
    looker::{Looker, Replaced, Shared},
    output::Sink,
};
use crate::{
    context::Context,
    deliver,
    failure::Failure,
    globs::Pattern,
    options::{self, FailOn, Format, Target, exit_codes},
    password::Ring,
    walk::Walk,
};

/// Find every key store, certificate, key and connector JSON below some folders, and say what ends
/// when.
///
/// Files are told by what they hold, not by their names; hidden ones are read, and those that git
/// ignores. Symbolic links are followed. Records of kits (certkit.toml) tell of client secrets. A store
/// that no password opens is listed with what is visible. What cannot be looked into is said and does
/// not stop the scan; a PATH that cannot be, does.
///
/// The table is sorted by expiry, and a certificate that stands in several files is there once. With
/// --format json there is a line for each thing as it is found, and a summary at the end; html is a page,
/// ics a calendar, prometheus the text for node_exporter, nagios what a plugin says, with its exit codes.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// Folders and files.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// How the scan is written.
    #[arg(long, value_parser = options::formats(FORMATS), default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// What ends within this time ends soon: 30d, or a date.
    #[arg(long, value_name = "TIME", default_value = "30d")]
    expires_in: String,

    /// What ends within this time is critical to Nagios [default: what has ended].
    #[arg(long, value_name = "TIME")]
    critical_in: Option<String>,

    /// The moment to count days from [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,

    /// From which findings on the exit code is 10.
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,

    /// Where a password is read from that is tried on what needs one: env:VAR, file:PATH, fd:N, stdin
    /// or prompt; may stand several times.
    ///
    /// Without this option and the next, CERTKIT_PASSWORD is used if it is set.
    #[arg(long, value_name = "SOURCE")]
    password: Vec<String>,

    /// A list of passwords for certain files: a line for each, `contoso/*.pfx = file:contoso.txt`.
    ///
    /// The first pattern that fits a file gives the password that is tried first. Sources are env:VAR
    /// and file:PATH, whose PATH is looked for beside the list. Lines with # are comments.
    #[arg(long, value_name = "FILE")]
    passwords_from: Option<PathBuf>,

    /// How many rounds of key derivation one file may cost, all passwords together.
    #[arg(long, value_name = "ROUNDS", default_value_t = limits::KDF_ROUNDS)]
    max_work: u64,

    /// Leave out what is called so, and all that is below it; may stand several times.
    #[arg(long, value_name = "PATTERN", value_parser = Pattern::parse)]
    exclude: Vec<Pattern>,

    /// How many folders deep to go [default: all the way].
    #[arg(long, value_name = "N")]
    max_depth: Option<usize>,

    /// Stay on the file systems of the PATHs.
    #[arg(long)]
    one_file_system: bool,

    /// How many files to read at a time [default: one for each core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    jobs: Option<u16>,

    #[command(flatten)]
    target: Target,
}

/// How a scan is written.
const FORMATS: &[Format] =
    &[Format::Text, Format::Json, Format::Html, Format::Ics, Format::Nagios, Format::Prometheus];

/// The most at a time.
const MOST_JOBS: i64 = 100;

const AFTER: &str = concat!(
    "\
Examples:
  What ends when, on this machine?
    certkit scan /etc /srv --one-file-system
  Once a day, from cron; the exit code is 10 when something has expired or ends within 60 days:
    certkit scan /srv/connectors --expires-in 60d --fail-on warning
  Stores of many tenants, each with its password:
    certkit scan /srv/tenants --passwords-from passwords.txt --password env:OLD_PASSWORD
  The files of one certificate, for a script:
    certkit scan /srv --format json |
      jq -r 'select(.thumbprints.sha1 == \"8BA6E5D4DF681C47F31B73B9F1E6DCDCFEAE8FEC\").file'
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    match look(arguments, context) {
        Err(failure @ (Failure::ClosedPipe | Failure::Said(_))) => Err(failure),
        Err(failure) if context.format == Format::Nagios => output::unknown(&failure, context),
        outcome => outcome,
    }
}

fn look(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let now = match &arguments.at {
        Some(text) => Instant::parse("--at", text, context.now)?,
        None => context.now,
    };
    let soon = Instant::parse("--expires-in", &arguments.expires_in, now)?;
    let critical = match &arguments.critical_in {
        Some(text) => Some(Instant::parse("--critical-in", text, now)?),
        None => None,
    };
    let options = Options { now, soon, max_work: arguments.max_work };
    deliver::check_one(&arguments.target, &arguments.named_files())?;
    arguments.paths.iter().try_for_each(|path| require_readable(path))?;
    let passwords = Ring::read(&arguments.password, arguments.passwords_from.as_deref(), context)?;
    let inputs = [arguments.named_files(), passwords.files().to_vec()].concat();
    deliver::check_one(&arguments.target, &inputs)?;
    let mut sink = Sink::new(&arguments.target, inputs, context);
    let (scan, of_all) = gathered(arguments, &passwords, &options, &mut sink, context)?;
    let code = sink.finish(&scan, &of_all, critical)?;
    if !matches!(context.format, Format::Json | Format::Nagios) {
        output::tell(&scan, context);
    }
    match code {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::Said(code)),
        None => arguments.fail_on.verdict(scan.findings.iter().map(|finding| finding.severity)),
    }
}

/// Everything that was found, and the findings among it that no file gave by itself. Lines are printed as
/// they come, on this thread.
fn gathered(
    arguments: &Arguments,
    passwords: &Ring,
    options: &Options,
    sink: &mut Sink<'_>,
    context: &Context,
) -> Result<(Scan, Vec<Finding>), Failure> {
    let bar = if context.is_json() { ProgressBar::hidden() } else { output::bar() };
    let output = &arguments.target.output;
    let target = if output == Path::new("-") { Replaced::default() } else { Replaced::new(output) };
    let shared = Shared { options, passwords, bar: &bar, gathered: Mutex::default(), target };
    thread::scope(|scope| {
        // A few chunks only: where they are printed slowly, the threads wait.
        let (sender, lines) = mpsc::sync_channel(16);
        let (walk, shared, as_lines) = (arguments.walk(), &shared, context.is_json());
        let work = move || walk.run(|| Looker::new(shared, as_lines.then(|| sender.clone())));
        let started = thread::Builder::new().spawn_scoped(scope, work);
        started.map_err(|source| Error::Io { action: "start a thread", source })?;
        sink.print_all(lines)
    })?;
    bar.finish_and_clear();
    if shared.target.is_input() {
        return Err(Error::OutputIsInput.in_file(output.display().to_string()).into());
    }
    let gathered = shared.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    let paths = arguments.paths.iter().map(|path| path.display().to_string()).collect();
    Ok(gathered.finish(paths, options))
}

impl Arguments {
    /// The files that are named and read.
    fn named_files(&self) -> Vec<PathBuf> {
        self.paths.iter().chain(&self.passwords_from).cloned().collect()
    }

    fn walk(&self) -> Walk {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Walk {
            paths: self.paths.clone(),
            max_depth: self.max_depth,
            one_file_system: self.one_file_system,
            exclude: self.exclude.clone(),
            threads: self.jobs.map_or(cores, usize::from).min(MOST_JOBS as usize),
        }
    }
}

/// Refuses a path that cannot be read, before anything is: whoever named it wants to know of it, and
/// not of the others alone.
fn require_readable(path: &Path) -> Result<(), Failure> {
    let io = |action| move |source| Error::io(action, path, source);
    let found = fs::metadata(path).map_err(io("open"))?;
    if found.is_dir() {
        fs::read_dir(path).map_err(io("open"))?;
    } else if found.is_file() {
        fs::File::open(path).map_err(io("open"))?;
    } else {
        let found = "a pipe, a device or a socket".into();
        let wrong = Error::WrongKind { found, expected: "a folder or a plain file", remedy: None };
        return Err(wrong.in_file(path.display().to_string()).into());
    }
    Ok(())
}
