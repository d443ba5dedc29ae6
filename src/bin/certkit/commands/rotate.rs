//! `certkit rotate`.

use std::path::{Path, PathBuf};

use certkit::{
    connector::kit::RECORD,
    error::{Error, Result as LibraryResult},
    ops::{
        Input, Need,
        rotate::{self, Job, Judgement, Options, Standing},
    },
    output::{
        archive::Archived,
        folders::{Lock, place_of},
        write::{self, Existing},
    },
    report::rotate::{self as rendered, Outcome, Succession},
    secret::Password,
    store::{Store, Unlock},
    time,
};
use clap::Args;

use crate::{
    beside,
    context::{Context, rng},
    failure::Failure,
    input,
    options::{Opening, exit_codes},
    password::{self, Opener, Successors, Unlocking},
    signals,
};

/// Make the successor of a credential: a new key and certificate in the same forms.
///
/// Subject, alternative names, alias, kind of key and lifetime are the old one's, and so is the
/// password. All the files of the same name beside the store that hold the old credential get a
/// successor: keystore.pfx and keystore.cer become keystore-2026-11-22.pfx and keystore-2026-11-22.cer.
/// The old ones stay until both certificates have overlapped; the steps are printed.
///
/// Run twice it makes one successor. What a killed run left is brought to its end.
#[derive(Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Arguments {
    /// The store, key or connector JSON.
    #[arg(value_name = "STORE")]
    store: PathBuf,

    /// Do nothing while the certificate is valid for longer than this: 30d, 36h.
    #[arg(long, value_name = "SPAN", allow_hyphen_values = true)]
    if_expires_in: Option<String>,

    /// Move the old files to this folder, and give the new ones the old names.
    ///
    /// Each line of credentials needs an archive of its own, or a name of its own. A record
    /// (certkit.toml) that names the old certificate is brought up to date.
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,

    /// Make another successor although there is one.
    #[arg(long)]
    again: bool,

    /// Show what would be made, and make nothing.
    #[arg(long)]
    dry_run: bool,

    /// Which key, where the store has several.
    #[arg(long)]
    alias: Option<String>,

    /// Days of the successor's validity [default: as many as the old one's].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    days: Option<i64>,

    /// Whom a PFX is for: modern, windows-2016, java8 or macos [default: as the old one].
    #[arg(long, value_name = "TARGET")]
    compat: Option<String>,

    /// Where the successor's password comes from: env:VAR, file:PATH, fd:N, stdin, prompt or
    /// generate:PATH [default: the old one's password].
    ///
    /// generate:PATH makes a new random password and writes it to PATH; where that file is there
    /// already, from a run before this one, its password is taken.
    #[arg(long, value_name = "SOURCE")]
    new_password: Option<String>,

    #[command(flatten)]
    opening: Opening,
}

const AFTER: &str = concat!(
    "\
Examples:
  Beside the old one, with a new password:
    certkit rotate keystore.pfx --password file:pw.txt --new-password generate:new-pw.txt
  Once a day, from cron; nothing happens until 30 days before the end:
    certkit rotate /etc/connectors/contoso.json --if-expires-in 30d
  Under the old names, the old files in a folder of their own:
    certkit rotate contoso.json --archive old
",
    "\n",
    exit_codes!(),
);

pub(crate) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let options = options(arguments)?;
    let new_password = password::Output::new("--new-password", arguments.new_password.as_deref())?;
    let unlocking = Unlocking::new(&arguments.opening, context);
    let mut inputs = unlocking.files();
    inputs.extend(new_password.file());
    if let Some(path) = new_password.new_file().filter(|path| path.exists()) {
        // The old password is never taken for a new one.
        let others: Vec<PathBuf> = inputs.iter().chain([&arguments.store]).cloned().collect();
        write::check([path.as_path()], &others, Existing::Replace)?;
    }
    let opener = unlocking.given()?;
    let known = new_password.known();
    let mut rotation = Rotation { arguments, options, new_password, opener, known, inputs, context };

    let job = match rotation.judge()? {
        Judgement::Due(job) => job,
        Judgement::Settled(outcome, succession) => return say(&succession, outcome, context),
    };
    if arguments.dry_run {
        return say(&job.outlook(), Outcome::Planned, context);
    }
    rotation.check(&job)?;
    let mut notes = Vec::new();
    // Nobody is asked for anything while others wait. What another run may have made meanwhile is not
    // decided before it has ended.
    let mut password = None;
    if job.needs_password() && rotation.new_password.new_file().is_none() {
        password = Some(rotation.password(&mut notes)?);
    }

    let _lock = Lock::exclusive(beside::folder_of(&arguments.store));
    rotation.known = rotation.new_password.known().or(rotation.known);
    let job = match rotation.judge()? {
        Judgement::Due(job) => job,
        Judgement::Settled(outcome, succession) => return say(&succession, outcome, context),
    };
    if job.needs_password() && password.is_none() {
        password = Some(rotation.password(&mut notes)?);
    }
    rotation.carry_out(*job, password, notes)
}

fn options(arguments: &Arguments) -> Result<Options, Failure> {
    if arguments.store == Path::new("-") {
        return Err(Failure::usage(
            "standard input has no place for a successor beside it",
            "name the store; for a new credential of its own: certkit gen",
        ));
    }
    let span = |text: &String| time::parse_span("--if-expires-in", text);
    let archive = arguments.archive.clone();
    if let Some(folder) = &archive
        && place_of(&folder.join(RECORD)) == place_of(&arguments.store.with_file_name(RECORD))
    {
        return Err(Failure::usage(
            "--archive: the old files stand in this folder already",
            "name another folder, or leave the option out: the new files then stand beside the old ones",
        ));
    }
    Ok(Options {
        alias: arguments.alias.clone(),
        days: arguments.days,
        due_within: arguments.if_expires_in.as_ref().map(span).transpose()?,
        again: arguments.again,
        compat: arguments.compat.as_deref().map(str::parse).transpose()?,
        archive,
    })
}

/// One run.
struct Rotation<'a> {
    arguments: &'a Arguments,
    options: Options,
    new_password: password::Output,
    opener: Opener,
    /// The successor's password, as soon as it is known.
    known: Option<Password>,
    /// Password files.
    inputs: Vec<PathBuf>,
    context: &'a Context,
}

impl Rotation<'_> {
    /// Looks at what stands, and judges what is to be done.
    fn judge(&mut self) -> Result<Judgement, Failure> {
        let path = &self.arguments.store;
        let input = input::read(path, self.context)?;
        let store = self.open(&input)?;
        let in_line = |name: &str| rotate::is_of_line(path, name);
        let mut beside = beside::files(beside::folder_of(path), |name| path.with_file_name(name), in_line)?;
        beside.retain(|file| file.path != *path);
        let archive = match &self.options.archive {
            Some(folder) if folder.exists() => beside::files(folder, |name| folder.join(name), in_line)?,
            _ => Vec::new(),
        };
        let record = match input::read_plain(&path.with_file_name(RECORD)) {
            Ok(record) => Some(record),
            // Without an archive it is only spoken of.
            Err(error) if self.options.archive.is_none() || error.is_not_found() => None,
            Err(error) => return Err(error.into()),
        };
        let mut unlocks = vec![self.opener.unlock().clone()];
        unlocks.extend(self.known.clone().map(Unlock::with));
        let is_archive_own = self.is_archive_own();
        let path = path.clone();
        let standing = Standing { path, input, store, beside, archive, is_archive_own, record, unlocks };
        rotate::judge(&standing, &self.options, self.context.now).map_err(|error| match error.cause() {
            Error::WrongPassword { .. } if error.file() != Some(&standing.input.name) => {
                let hint = "it may hold the same credential or its successor: give its password with --new-password file:PATH, or move it away";
                Failure::Hinted { error, hint: hint.into() }
            }
            Error::NoKey { .. } => {
                let hint = "name the file with the key: the certificate beside it, under the same name, is found";
                Failure::Hinted { error, hint: hint.into() }
            }
            _ => error.into(),
        })
    }

    /// Whether the archive is, or will be, in the folder of the store.
    fn is_archive_own(&self) -> bool {
        let place = |path: &Path| place_of(path).parent().map(Path::to_owned);
        let own = place(&self.arguments.store.with_file_name(RECORD));
        let archive = self.options.archive.as_ref().and_then(|folder| place(&folder.join(RECORD)));
        own.zip(archive).is_some_and(|(own, archive)| archive.starts_with(own))
    }

    /// Opens the store; where an earlier run has put a successor in its place, by that one's password.
    fn open(&mut self, input: &Input) -> LibraryResult<Store> {
        match (self.opener.open(Need::Key, input), &self.known) {
            (Err(error), Some(known)) if matches!(error.cause(), Error::WrongPassword { .. }) => {
                input.open(&Unlock::with(known.clone())).map_err(|_| error)
            }
            (opened, _) => opened,
        }
    }

    /// Refuses what could not be written, and options that make no difference.
    fn check(&self, job: &Job) -> Result<(), Failure> {
        let useless = |option: &str, why: &str| {
            Err(Failure::usage(format!("{option}: {why}"), format!("leave {option} out")))
        };
        // The rest of what an earlier run began may need less than the command that began it.
        if job.is_new() && self.options.compat.is_some() && !job.makes_pfx() {
            return useless("--compat", "no PFX is made");
        }
        if job.is_new() && self.arguments.new_password.is_some() && !job.needs_password() {
            return useless("--new-password", "nothing that is made has a password");
        }
        if self.arguments.new_password.is_none() {
            job.require_one_password()?;
        }
        let mut targets = job.targets();
        targets.extend(self.new_password.missing_file());
        let standing: Vec<_> = job.moves().iter().map(|one| (one.path.as_path(), &one.octets)).collect();
        write::check(targets.iter().map(PathBuf::as_path), &self.inputs, Existing::Update(&standing))
            .map_err(hinted)
    }

    /// The successor's password.
    fn password(&mut self, notes: &mut Vec<String>) -> Result<Successors, Failure> {
        let new = self.new_password.for_successor(&self.opener, notes, self.context)?;
        if self.arguments.opening.key_password.is_some() {
            notes.push("the key's own password is not kept: it is the store's".into());
        }
        self.known = Some(new.password.clone());
        Ok(new)
    }

    /// Makes the files and says what there is then.
    fn carry_out(self, mut job: Job, new: Option<Successors>, notes: Vec<String>) -> Result<(), Failure> {
        let moves = job.take_moves();
        let made = job.make(new.as_ref().map(|new| &new.password), self.context.now, &mut rng());
        let mut made = made.map_err(|error| self.new_password.hint_unusable(error))?;
        if let Some(Successors { password, file: Some(path) }) = new {
            let file = password::planned_file(path, &password);
            made.succession.files.push((file.path.display().to_string(), file.purpose));
            made.plan.files.push(file);
        }
        made.plan.folder = self.options.archive.clone().filter(|_| !moves.is_empty());
        let archived: Vec<Archived<'_>> =
            moves.iter().map(|one| Archived { path: &one.path, read: &one.octets, name: &one.to }).collect();
        signals::held(|| write::write_archiving(&made.plan, &self.inputs, &archived)).map_err(hinted)?;
        made.succession.notes.splice(0..0, notes);
        say(&made.succession, Outcome::Made, self.context)
            .map_err(|failure| failure.after("the files are in place, but standard output"))
    }
}

/// There is no option that replaces what is in the way.
fn hinted(error: Error) -> Failure {
    match error.cause() {
        Error::OutputExists => {
            let hint =
                "move it away, or run the same command again if another program has just made it".into();
            Failure::Hinted { error, hint }
        }
        _ => error.into(),
    }
}

fn say(succession: &Succession, outcome: Outcome, context: &Context) -> Result<(), Failure> {
    if context.is_json() {
        return context.print(&rendered::json(succession, outcome));
    }
    succession.warnings.iter().for_each(|warning| context.warn(warning));
    succession.notes.iter().for_each(|note| context.note(note));
    context.print(&rendered::text(succession, outcome))
}
