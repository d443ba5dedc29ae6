//! `certkit batch`.

mod progress;
mod rows;
mod work;

use std::{
    collections::HashSet,
    io::{self, IsTerminal},
    num::NonZeroUsize,
    path::PathBuf,
    thread,
};

use certkit::{
    error::Error,
    ops::{
        batch::{
            self, Shard,
            list::{self, Form},
        },
        generate::{Item, Request},
    },
    report::batch::{self as rendered, Outcome, Status, Tally},
};
use clap::Args;

use self::{progress::Progress, rows::Rows, work::Worker};

use crate::{
    context::Context,
    credential::Credential,
    failure::{Failure, say_in_text, with_file},
    input,
    options::exit_codes,
    signals::Watch,
};

/// Make a credential for every row of a list, on all cores.
///
/// LIST is CSV with a line of column names, JSON Lines, or one name a line. The columns are gen's
/// options: name, out_dir, emit, alias, subject, cn, ou, org, locality, state, country, san, days,
/// not_after, not_before, key, compat, iterations, password; only name is needed. What a row leaves
/// open is taken from the options here, in which {name} stands for the row's name.
///
/// All rows are checked before the first key is made. Then each credential appears whole or not at
/// all, and one that fails does not stop the others. Standard output is one JSON object a line as
/// they finish, or a line of words on a terminal. Folders that are missing are made.
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
    credential: Credential,

    /// How many to make at a time [default: one for each core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Make one of N parts of the list: 0/N, 1/N and so on.
    ///
    /// Rows are dealt out in turn, so that machines that know nothing of each other share a list.
    #[arg(long, value_name = "I/N", default_value = "0/1")]
    shard: String,

    /// Skip what is complete and proven, and make the rest.
    ///
    /// Every file of a row is opened and compared first. Where some are missing or damaged, the row is
    /// made anew, and what is there is kept as FILE.bak. A good credential that is not what the list
    /// asks for is left alone, and its row fails.
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
      --password 'generate:out/{name}/password.txt' --resume >> made.jsonl
  Names from another program, without passwords:
    printf '%s\\n' contoso fabrikam | certkit batch - --emit cer,json
  A quarter of the list on each of four machines:
    certkit batch tenants.csv --emit cer,json --shard 0/4
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let form = arguments.list_format.as_deref().map(str::parse::<Form>).transpose()?;
    let shard: Shard = arguments.shard.parse()?;
    let passwords = rows::Passwords::new(arguments.credential.password.as_deref())?;
    let defaults = defaults(arguments, &passwords);

    let input = input::read(&arguments.list, context)?;
    let (orders, faults) = batch::orders(list::read(&input, form)?, &defaults, context.now)?;
    let rows =
        Rows { list: &arguments.list, passwords, resume: arguments.resume, force: arguments.force, context };
    let mut jobs = rows.jobs(orders, faults, shard).map_err(|faults| rows::refusal(&input.name, faults))?;
    if arguments.dry_run && !arguments.resume {
        return jobs.iter().try_for_each(|job| context.print(&line(&work::planned(job))));
    }
    rows.share_password(&mut jobs)?;

    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let at_a_time = arguments.jobs.map_or_else(cores, usize::from);
    let worker = Worker {
        now: context.now,
        existing: rows.existing(),
        resume: arguments.resume,
        dry_run: arguments.dry_run,
    };
    let watch = Watch::new();
    let mut told = Told::new(jobs.len(), context);
    let begun = batch::each(
        &jobs,
        at_a_time,
        || watch.came().is_some(),
        |job| worker.make(job),
        |_, outcome| told.hear(&outcome),
    )?;
    told.tally.left = jobs.len() - begun;
    let verdict = told.verdict(watch.came());
    if watch.came().is_some() {
        if let Err(failure) = verdict {
            failure.report(context.is_json());
        }
        watch.end();
        return Ok(());
    }
    verdict
}

/// What to do when rows are left.
const RESUME: &str = "run the same command again with --resume: what is there and good is skipped";

/// What rows leave open. A password that is the same for all of them is kept apart.
fn defaults(arguments: &Arguments, passwords: &rows::Passwords) -> Request {
    let mut defaults = arguments.credential.request();
    defaults.set(Item::OutDir, [&arguments.out_dir]);
    defaults.set(Item::Password, passwords.of_each());
    defaults
}

/// An outcome on standard output: for a program, or for a person who looks on.
fn line(outcome: &Outcome) -> String {
    if io::stdout().is_terminal() { rendered::text(outcome) } else { rendered::json(outcome) }
}

/// What is told of the results as they come.
struct Told<'a> {
    context: &'a Context,
    progress: Progress,
    tally: Tally,
    /// Warnings and notes that were told: a list has the same ones on every row.
    sentences: HashSet<String>,
    /// Why no more results can be told.
    deaf: Option<Failure>,
}

impl<'a> Told<'a> {
    fn new(total: usize, context: &'a Context) -> Self {
        let (tally, sentences) = (Tally::default(), HashSet::new());
        Self { context, progress: Progress::new(total), tally, sentences, deaf: None }
    }

    /// Tells one result; whether to go on.
    fn hear(&mut self, outcome: &Outcome) -> bool {
        self.tally.count(outcome.status);
        let Self { context, progress, sentences, deaf, .. } = self;
        progress.beside(|| {
            // Whoever stopped reading has not asked for fewer credentials.
            if !matches!(deaf, Some(Failure::ClosedPipe))
                && let Err(failure) = context.print(&line(outcome))
            {
                *deaf = Some(failure);
            }
            if !context.is_json() {
                tell(outcome, sentences, context);
            }
        });
        progress.step();
        matches!(deaf, None | Some(Failure::ClosedPipe))
    }

    /// What all of it came to.
    fn verdict(self, signal: Option<i32>) -> Result<(), Failure> {
        drop(self.progress);
        let (context, tally) = (self.context, self.tally);
        if let Some(failure) = self.deaf.filter(|failure| !matches!(failure, Failure::ClosedPipe)) {
            return Err(failure.after(&format!("{tally}; standard output")));
        }
        if let Some(signal) = signal {
            let code = u8::try_from(128 + signal).unwrap_or(1);
            return Err(Failure::Partial {
                code,
                kind: "interrupted",
                message: format!("interrupted: {tally}"),
                hint: RESUME,
            });
        }
        if !tally.is_good() {
            return Err(Failure::Partial {
                code: 10,
                kind: "rows-failed",
                message: tally.to_string(),
                hint: RESUME,
            });
        }
        if !context.is_json() {
            context.note(&tally.to_string());
        }
        Ok(())
    }
}

/// What a person is told of one result, on standard error.
fn tell(outcome: &Outcome, told: &mut HashSet<String>, context: &Context) {
    for warning in outcome.written.warnings.iter().filter(|warning| told.insert((*warning).clone())) {
        context.warn(&format!("{}: {warning}", outcome.name));
    }
    for note in outcome.written.notes.iter().filter(|note| told.insert((*note).clone())) {
        context.note(note);
    }
    if outcome.status == Status::Failed
        && let Some(error) = &outcome.error
    {
        say_failed(outcome, error);
    }
}

fn say_failed(outcome: &Outcome, error: &Error) {
    let place = format!("line {}, {}", outcome.line, outcome.name);
    say_in_text(&place, &with_file(error.file(), &error.to_string()), error.hint().as_deref());
}
