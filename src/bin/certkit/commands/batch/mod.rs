//! `certkit batch`.

mod passwords;
mod pool;
mod reporter;
mod tasks;
mod work;

use std::{num::NonZeroUsize, path::PathBuf, thread};

use certkit::{
    error::Error,
    key::rsa,
    ops::{
        batch::{
            self, Shard,
            list::{self, Form},
        },
        generate::{Field, Request},
    },
    output::write::Existing,
};
use clap::Args;

use self::{
    passwords::Passwords,
    reporter::Reporter,
    tasks::{Rows, Task},
    work::Worker,
};
use crate::{
    context::Context, credential::CredentialOptions, failure::Failure, input, options::exit_codes,
    signals::Watch,
};

/// Make a credential for every row of a list, on all cores.
///
/// LIST is CSV with a line of column names, JSON Lines, or one name a line. The columns are gen's
/// options: name, out_dir, emit, alias, subject, cn, ou, org, locality, state, country, san, days,
/// not_after, not_before, key, compat, iterations, password; only name is needed. What a row leaves
/// open is taken from the options here. In options and rows {name} stands for the row's name;
/// generate:PATH needs it.
///
/// All rows are checked before the first key is made. Then each credential appears whole or not at
/// all, and one that fails does not stop the others. Each row's result is one line on standard output
/// as it finishes: a JSON object, or on a terminal words. Folders that are missing are made.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The list; `-` is standard input.
    #[arg(value_name = "LIST")]
    list: PathBuf,

    /// How the list is written: csv, jsonl or names [default: as its first line looks].
    #[arg(long, value_name = "FORM")]
    list_format: Option<String>,

    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out_dir: String,

    #[command(flatten)]
    credential: CredentialOptions,

    /// How many to make at a time, 100 at most [default: one for each core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    jobs: Option<u16>,

    /// Make one of N parts of the list: 0/N, 1/N and so on.
    ///
    /// Rows are dealt out in turn, so that machines that know nothing of each other share a list.
    #[arg(long, value_name = "I/N", default_value = "0/1")]
    shard: String,

    /// Skip what is complete and proven, and make the rest.
    ///
    /// Every file of a row is opened and compared first. Files that are missing or damaged are made
    /// again from the others; where those hold no credential, the row is made anew. What is replaced is
    /// kept as FILE.bak. A good credential that is not what the list asks for is left alone, and its row
    /// fails.
    #[arg(long, conflicts_with = "force")]
    resume: bool,

    /// Check the list and say what would be made; make nothing.
    #[arg(long)]
    dry_run: bool,

    /// Replace files that exist.
    #[arg(long)]
    force: bool,
}

const AFTER: &str = concat!(
    "\
Examples:
  A thousand tenants, each in a folder of its own with a password of its own:
    certkit batch tenants.csv --out-dir 'out/{name}' --emit pfx,cer,json \\
      --password 'generate:out/{name}/password.txt' > made.jsonl
  The same again after an interrupt, or with new rows:
    certkit batch tenants.csv --out-dir 'out/{name}' --emit pfx,cer,json \\
      --password 'generate:out/{name}/password.txt' --resume > made.jsonl
  Names from another program, without passwords:
    printf '%s\\n' contoso fabrikam | certkit batch - --emit cer,json
  A quarter of the list on each of four machines:
    certkit batch tenants.csv --emit cer,json --shard 0/4
",
    "\n",
    exit_codes!(),
);

/// The most at a time: each holds the files that it writes open, and systems commonly allow 1024.
const MOST_JOBS: i64 = 100;

/// What becomes of files that are there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// They are faults.
    Fresh,
    /// They are replaced.
    Replace,
    /// They are looked at, and left alone where they are good.
    Resume,
}

impl Mode {
    fn existing(self) -> Existing<'static> {
        match self {
            Self::Fresh => Existing::Refuse,
            Self::Replace => Existing::Replace,
            Self::Resume => Existing::BackUp,
        }
    }

    /// How rows are made that were not.
    fn rest(self) -> &'static str {
        match self {
            Self::Fresh => {
                "mend what failed, then run the same command with --resume: what is there and good is skipped"
            }
            Self::Resume => {
                "mend what failed, then run the same command again: what is there and good is skipped"
            }
            Self::Replace => "mend what failed, then make a list of the rows that are left",
        }
    }
}

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let form = arguments.list_format.as_deref().map(str::parse::<Form>).transpose()?;
    let shard: Shard = arguments.shard.parse()?;
    let passwords = Passwords::new(arguments.credential.password.as_deref())?;
    let mode = match (arguments.resume, arguments.force) {
        (true, _) => Mode::Resume,
        (false, true) => Mode::Replace,
        (false, false) => Mode::Fresh,
    };

    let input = input::read_as("a list of credentials to make", &arguments.list, context)?;
    let defaults = defaults(arguments, &passwords);
    let (orders, faults) = batch::orders(list::read(&input, form)?, &defaults, context.now)?;
    let rows = Rows { list: &arguments.list, name: &input.name, passwords: &passwords, mode, context };
    let mut tasks = rows.tasks(orders, faults, shard)?;
    if tasks.iter().any(Task::shares_password) {
        tasks::share(&passwords.shared(context)?, &mut tasks)?;
    }

    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = arguments.jobs.map_or(cores, usize::from).min(MOST_JOBS as usize);
    let search = rsa::Options { alone: arguments.jobs.is_some() || tasks.len() > 1, ..Default::default() };
    let worker = Worker { now: context.now, mode, dry_run: arguments.dry_run, search };
    let watch = Watch::new();
    let mut reporter = Reporter::new(tasks.len(), mode, context);
    let record = |outcome| reporter.record(&outcome);
    pool::each(&tasks, threads, || watch.came().is_some(), |task| worker.make(task), record)
        .map_err(|source| Error::Io { action: "start a thread", source })?;
    let verdict = reporter.finish(watch.came());
    if let Err(failure @ Failure::Interrupted { .. }) = verdict {
        let code = failure.cause().code;
        failure.report(context.is_json());
        watch.end();
        return Err(Failure::Said(code));
    }
    verdict
}

/// What rows leave open. A password that is the same for all of them is kept apart.
fn defaults(arguments: &Arguments, passwords: &Passwords<'_>) -> Request {
    let mut defaults = arguments.credential.request();
    defaults.ask(Field::OutDir, [&arguments.out_dir]);
    defaults.ask(Field::Password, passwords.of_each());
    defaults
}
