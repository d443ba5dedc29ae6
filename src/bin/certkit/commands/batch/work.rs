//! One row: what there is of it, and making it.

use std::path::{Path, PathBuf};

use certkit::{
    error::{Error, Result},
    key::rsa,
    ops::{
        batch::standing::{self, Incomplete, Origin, Standing},
        generate::{self, Emit, Generated, Options},
    },
    output::{
        folders::{self, Lock},
        plan::Purpose,
        write::{self, Existing},
    },
    report::{
        Written,
        batch::{Fate, Outcome},
    },
    time::Instant,
};

use super::{Mode, tasks::Task};
use crate::{context::rng, input, password};

/// What the threads share.
pub(super) struct Worker {
    pub(super) now: Instant,
    pub(super) mode: Mode,
    pub(super) dry_run: bool,
    /// How RSA keys are searched for.
    pub(super) search: rsa::Options,
}

impl Worker {
    /// Makes one row, whole or not at all.
    pub(super) fn make(&self, task: &Task) -> Outcome {
        let fate = self.attempt(task).unwrap_or_else(Fate::Failed);
        Outcome { line: task.line, name: task.options.name.clone(), fate }
    }

    fn attempt(&self, task: &Task) -> Result<Fate> {
        let standing = match self.mode {
            Mode::Resume => self.standing(task)?,
            Mode::Fresh | Mode::Replace => Standing::Absent,
        };
        match standing {
            _ if self.dry_run => Ok(seen(task, standing)),
            Standing::Complete { .. } => Ok(seen(task, standing)),
            Standing::Incomplete(_) => self.mend(task),
            Standing::Absent if self.mode == Mode::Resume => match self.make_anew(task, Existing::Refuse) {
                // Another run was faster.
                Err(error) if matches!(error.cause(), Error::OutputExists) => self.mend(task),
                made => made.map(Fate::Made),
            },
            Standing::Absent => self.make_anew(task, self.mode.existing()).map(Fate::Made),
        }
    }

    /// Brings a row to its end while nobody else writes into its folder.
    fn mend(&self, task: &Task) -> Result<Fate> {
        let _lock = Lock::exclusive(&task.options.out_dir);
        match self.standing(task)? {
            Standing::Absent => self.make_anew(task, Existing::BackUp).map(Fate::Made),
            Standing::Incomplete(lack) => self.complete(task, *lack).map(Fate::Made),
            complete @ Standing::Complete { .. } => Ok(seen(task, complete)),
        }
    }

    /// Makes what is missing or damaged: from the credential that the other files hold, or all of it
    /// anew where they hold none.
    fn complete(&self, task: &Task, lack: Incomplete) -> Result<Written> {
        let Incomplete { reason, lacks, pair } = lack;
        let (how, (mut written, backups)) = match pair {
            None => (
                "all of it was made anew",
                self.write(task, None, Existing::BackUp, |options| self.generate(options))?,
            ),
            Some(pair) => {
                let files = |options: &Options| generate::files_of(options, pair, self.now, &mut rng());
                ("made again from the other files", self.write(task, Some(lacks), Existing::BackUp, files)?)
            }
        };
        let backups: Vec<String> = backups.iter().map(|path| path.display().to_string()).collect();
        let kept = match backups.is_empty() {
            true => String::new(),
            false => format!("; what was there: {}", backups.join(", ")),
        };
        written.warnings.insert(0, format!("{reason}; {how}{kept}"));
        Ok(written)
    }

    /// Makes a new credential.
    fn make_anew(&self, task: &Task, existing: Existing<'_>) -> Result<Written> {
        self.write(task, None, existing, |options| self.generate(options)).map(|(written, _)| written)
    }

    fn generate(&self, options: &Options) -> Result<Generated> {
        generate::generate_with(options, self.search, self.now, &mut rng())
    }

    /// Writes the files of a credential, `only` some of them if they are named; and its password, unless
    /// there is a file with one. The names of the backups.
    fn write(
        &self,
        task: &Task,
        only: Option<Vec<Emit>>,
        existing: Existing<'_>,
        files: impl FnOnce(&Options) -> Result<Generated>,
    ) -> Result<(Written, Vec<PathBuf>)> {
        let mut options = task.options.clone();
        options.emit = only.unwrap_or(options.emit);
        let mut new_password = None;
        if let Some(path) = task.new_password.as_ref().filter(|_| options.needs_password()) {
            if self.mode == Mode::Resume {
                options.password = password::of_file(path).ok();
            }
            // What the file holds may be none that a store could have.
            if options.check_password().is_err() {
                let password = password::generate();
                options.password = Some(password.clone());
                new_password = Some(password::planned_file(path.clone(), &password));
            }
        }
        let mut made = files(&options)?;
        made.plan.files.extend(new_password);
        for folder in task.folders() {
            folders::make(folder)?;
        }
        // Whoever keeps backups has the folder to himself already.
        let shared = !matches!(existing, Existing::BackUp);
        let _lock = shared.then(|| Lock::shared(&options.out_dir));
        let backups = write::write(&made.plan, &task.inputs, existing)?;
        let (warnings, notes) = (made.warnings, made.notes);
        Ok((Written { certificate: Some(made.certificate), warnings, notes, ..there(task) }, backups))
    }

    /// What an earlier run has made of it.
    fn standing(&self, task: &Task) -> Result<Standing> {
        let mut options = task.options.clone();
        let mut origin = Origin::Chosen;
        if let Some(path) = &task.new_password {
            origin = Origin::Made;
            match password::of_file(path) {
                Ok(password) => options.password = Some(password),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        let read = |path: &Path| match input::read_plain(path) {
            Ok(input) => Ok(Some(input)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        };
        standing::judge(&options, origin, read, self.now, &mut rng())
    }
}

/// What is to be said of a row that nothing is done about.
fn seen(task: &Task, standing: Standing) -> Fate {
    match standing {
        Standing::Absent => Fate::Planned(there(task)),
        Standing::Incomplete(lack) => Fate::Planned(Written { warnings: vec![lack.reason], ..there(task) }),
        Standing::Complete { certificate, warnings } => {
            let certificate = certificate.map(|certificate| *certificate);
            Fate::Skipped(Written { certificate, warnings, ..there(task) })
        }
    }
}

/// What a row's files are, without looking at them.
fn there(task: &Task) -> Written {
    let password = task.new_password.clone().map(|path| (path, Purpose::StorePassword));
    let files = task.options.purposes().chain(password);
    Written {
        files: files.map(|(path, purpose)| (path.display().to_string(), purpose)).collect(),
        alias: Some(task.options.alias.clone()),
        ..Written::default()
    }
}
