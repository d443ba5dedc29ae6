//! One row: whether it is there, and making it.

use std::path::{Path, PathBuf};

use certkit::{
    error::{Error, Result},
    ops::{
        Input,
        batch::standing::{self, Standing},
        generate,
    },
    output::{
        plan::Purpose,
        write::{self, Existing},
    },
    report::{
        Written,
        batch::{Outcome, Status},
    },
    time::Instant,
};
use getrandom::{SysRng, rand_core::UnwrapErr};

use super::rows::Job;
use crate::{input, password};

/// What the threads share.
pub(super) struct Worker {
    pub(super) now: Instant,
    pub(super) existing: Existing<'static>,
    pub(super) resume: bool,
    pub(super) dry_run: bool,
}

impl Worker {
    /// Makes one row, whole or not at all.
    pub(super) fn make(&self, job: &Job) -> Outcome {
        match self.attempt(job) {
            Ok((status, written)) => outcome(job, status, written, None),
            Err(error) => outcome(job, Status::Failed, Written::default(), Some(error)),
        }
    }

    fn attempt(&self, job: &Job) -> Result<(Status, Written)> {
        let mut lacks = None;
        if self.resume {
            match self.standing(job)? {
                Standing::Complete { certificate, warnings } => {
                    let certificate = certificate.map(|certificate| *certificate);
                    return Ok((Status::Skipped, Written { certificate, warnings, ..there(job) }));
                }
                Standing::Incomplete { reason } => lacks = Some(reason),
                Standing::Absent => {}
            }
        }
        if self.dry_run {
            return Ok((Status::Planned, there(job)));
        }
        let (mut written, kept) = self.generate(job)?;
        if let Some(reason) = lacks {
            let kept: Vec<String> = kept.iter().map(|path| path.display().to_string()).collect();
            let warning = format!("{reason}; it was made anew, and what was there is {}", kept.join(", "));
            written.warnings.insert(0, warning);
        }
        Ok((Status::Made, written))
    }

    /// Makes a row; the names that old files were kept under.
    fn generate(&self, job: &Job) -> Result<(Written, Vec<PathBuf>)> {
        let mut rng = UnwrapErr(SysRng);
        let mut options = job.options.clone();
        let new_password = job.new_password.clone().map(|path| (path, password::generate(&mut rng)));
        if let Some((_, password)) = &new_password {
            options.password = Some(password.clone());
        }
        let mut made = generate::generate(&options, self.now, &mut rng)?;
        made.plan.files.extend(new_password.map(|(path, password)| password::file(path, &password)));
        for folder in job.folders() {
            write::make_folders(folder)?;
        }
        let kept = write::write(&made.plan, &job.inputs, self.existing)?;
        let written = Written {
            certificate: Some(made.certificate),
            warnings: made.warnings,
            notes: made.notes,
            ..there(job)
        };
        Ok((written, kept))
    }

    /// What an earlier run has made of it.
    fn standing(&self, job: &Job) -> Result<Standing> {
        let mut options = job.options.clone();
        let mut missing = None;
        if let Some(path) = &job.new_password {
            match password::of_file(path) {
                Ok(password) => options.password = Some(password),
                Err(error) if error.is_not_found() => missing = Some(path.display().to_string()),
                Err(error) => return Err(error),
            }
        }
        let read = |path: &Path| match input::read_plain(path) {
            Ok(input) => Ok(Some(input)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        };
        if let Some(password_file) = missing {
            // Nobody can open the stores any more, if there are some.
            let found: Result<Vec<Option<Input>>> = options.targets().iter().map(|path| read(path)).collect();
            return Ok(match found?.iter().any(Option::is_some) {
                true => Standing::Incomplete { reason: format!("{password_file} is missing") },
                false => Standing::Absent,
            });
        }
        standing::judge(&options, read, self.now, &mut UnwrapErr(SysRng))
    }
}

/// A row of which nothing is there, and which nobody has asked to make yet.
pub(super) fn planned(job: &Job) -> Outcome {
    outcome(job, Status::Planned, there(job), None)
}

/// What a row's files are, without looking at them.
fn there(job: &Job) -> Written {
    let password = job.new_password.clone().map(|path| (path, Purpose::StorePassword));
    let files = job.options.purposes().chain(password);
    Written {
        files: files.map(|(path, purpose)| (path.display().to_string(), purpose)).collect(),
        alias: Some(job.options.alias.clone()),
        ..Written::default()
    }
}

fn outcome(job: &Job, status: Status, written: Written, error: Option<Error>) -> Outcome {
    Outcome { line: job.line, name: job.options.name.clone(), status, written, error }
}
