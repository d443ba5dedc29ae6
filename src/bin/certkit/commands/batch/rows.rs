//! What the rows ask of the world, judged before the first key is made: passwords, folders, files.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use certkit::{
    error::{Class, Error},
    ops::{
        batch::{Order, Shard, list},
        generate::{Options, PLACEHOLDER},
    },
    output::write::{self, Existing},
};

use crate::{
    context::Context,
    deliver,
    failure::{Failure, RowFault},
    password,
};

/// Where the passwords of rows come from that name no source of their own.
pub(super) struct Passwords<'a> {
    text: Option<&'a str>,
    shared: password::Output,
}

impl<'a> Passwords<'a> {
    pub(super) fn new(text: Option<&'a str>) -> Result<Self, Failure> {
        let shared = password::Output::new("--password", text)?;
        let passwords = Self { text, shared };
        if passwords.shared.new_file().is_some() && passwords.of_each().is_none() {
            return Err(Failure::usage(
                format!(
                    "--password generate:PATH: every row needs a file of its own, and PATH has no {PLACEHOLDER} in it"
                ),
                format!("use --password 'generate:{PLACEHOLDER}.password.txt'"),
            ));
        }
        Ok(passwords)
    }

    /// The source that is another one for each row.
    pub(super) fn of_each(&self) -> Option<&'a str> {
        self.text.filter(|text| text.contains(PLACEHOLDER))
    }

    /// The file of the one password for all.
    fn file(&self) -> Option<PathBuf> {
        self.shared.file().filter(|_| self.of_each().is_none())
    }
}

/// A row that is ready to be made.
pub(super) struct Job {
    pub(super) line: usize,
    /// With the password, but for one that is still to be made.
    pub(super) options: Options,
    /// Where a new password goes.
    pub(super) new_password: Option<PathBuf>,
    /// The files that it reads.
    pub(super) inputs: Vec<PathBuf>,
}

impl Job {
    /// Every file that it makes.
    pub(super) fn targets(&self) -> Vec<PathBuf> {
        let mut targets = self.options.targets();
        targets.extend(self.new_password.clone());
        targets
    }

    /// The folders that it needs.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        let of_password = self.new_password.as_deref().and_then(Path::parent);
        std::iter::once(self.options.out_dir.as_path()).chain(of_password)
    }
}

/// The sources that `--password` takes here.
const SOURCES: &str =
    "'generate:{name}.password.txt', file:PATH, env:VAR, fd:N, stdin or prompt, or set CERTKIT_PASSWORD";

/// How rows become jobs.
pub(super) struct Rows<'a> {
    pub(super) list: &'a Path,
    pub(super) passwords: Passwords<'a>,
    pub(super) resume: bool,
    pub(super) force: bool,
    pub(super) context: &'a Context,
}

impl Rows<'_> {
    /// What becomes of files that are there.
    pub(super) fn existing(&self) -> Existing<'static> {
        if self.resume { Existing::Keep } else { deliver::existing(self.force) }
    }

    /// The jobs of one part of the list; or everything that is wrong with the whole list, and with the
    /// files of that part.
    pub(super) fn jobs(
        &self,
        orders: Vec<Order>,
        faults: Vec<list::Fault>,
        shard: Shard,
    ) -> Result<Vec<Job>, Vec<RowFault>> {
        let mut faults: Vec<RowFault> = faults
            .into_iter()
            .map(|fault| RowFault { line: fault.line, failure: fault.error.into() })
            .collect();
        let mut jobs = Vec::with_capacity(orders.len());
        for (position, order) in orders.into_iter().enumerate() {
            let line = order.line;
            match self.job(order) {
                Ok(job) => jobs.push((position, job)),
                Err(failure) => faults.push(RowFault { line, failure }),
            }
        }
        let read = jobs.iter().flat_map(|(_, job)| &job.inputs).map(|input| write::place_of(input)).collect();
        let mut made = HashMap::new();
        jobs.retain(|(position, job)| {
            let own = shard.takes(*position);
            let checked =
                claim(job, &read, &mut made).and_then(|()| if own { self.check(job) } else { Ok(()) });
            faults.extend(checked.err().map(|failure| RowFault { line: job.line, failure }));
            own
        });
        let jobs = jobs.into_iter().map(|(_, job)| job).collect();
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() { Ok(jobs) } else { Err(faults) }
    }

    fn job(&self, order: Order) -> Result<Job, Failure> {
        let Order { line, mut options, password } = order;
        let own = password.as_deref().map(password::Output::of_row).transpose()?;
        let new_password = own.as_ref().and_then(password::Output::new_file);
        if let Some(own) = own.as_ref().filter(|_| new_password.is_none()) {
            options.password = Some(own.password(self.context)?);
            options.warnings()?;
        }
        let shared = Some(&self.passwords).filter(|_| own.is_none()).and_then(Passwords::file);
        let list = (self.list != Path::new("-")).then(|| self.list.to_owned());
        let own = own.and_then(|own| own.file());
        Ok(Job { line, options, new_password, inputs: own.into_iter().chain(shared).chain(list).collect() })
    }

    /// Refuses what could not be written.
    fn check(&self, job: &Job) -> Result<(), Failure> {
        for folder in job.folders() {
            write::missing_folders(folder)?;
        }
        let folder_is_there = |target: &&PathBuf| {
            target.parent().is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
        };
        let targets = job.targets();
        let there = targets.iter().filter(folder_is_there).map(PathBuf::as_path);
        write::check(there, &job.inputs, self.existing()).map_err(|error| match error.cause() {
            Error::OutputExists => {
                let hint = "add --resume to skip what is complete, or --force to replace it".into();
                Failure::Hinted { error, hint }
            }
            _ => error.into(),
        })
    }

    /// Gives the one password for all to the jobs that have none of their own.
    pub(super) fn share_password(&self, jobs: &mut [Job]) -> Result<(), Failure> {
        let mut without: Vec<&mut Options> = jobs
            .iter_mut()
            .filter(|job| job.new_password.is_none() && job.options.needs_password())
            .map(|job| &mut job.options)
            .filter(|options| options.password.is_none())
            .collect();
        if without.is_empty() {
            return Ok(());
        }
        let password = password::for_new_store(&self.passwords.shared, self.context)
            .map_err(|failure| failure.hint_password("--password", SOURCES))?;
        without.iter_mut().for_each(|options| options.password = Some(password.clone()));
        without[0].warnings()?;
        Ok(())
    }
}

/// Refuses a file that two rows would make, or that one makes and another reads.
fn claim(job: &Job, read: &HashSet<PathBuf>, made: &mut HashMap<PathBuf, usize>) -> Result<(), Failure> {
    for target in job.targets() {
        let place = write::place_of(&target);
        if read.contains(&place) {
            return Err(Error::OutputIsInput.in_file(target.display().to_string()).into());
        }
        if let Some(other) = made.insert(place, job.line) {
            let reason = match other {
                other if other == job.line => "two of the row's files would be this one".into(),
                other => {
                    format!("line {other} makes the same file; give one of them another name or out_dir")
                }
            };
            return Err(Error::BadRow { reason }.in_file(target.display().to_string()).into());
        }
    }
    Ok(())
}

/// Everything that is wrong with a list.
pub(super) fn refusal(list: &str, faults: Vec<RowFault>) -> Failure {
    let codes: Vec<u8> = faults.iter().map(|fault| fault.failure.exit_code()).collect();
    // Where all of them have one cause, it is the list's; else the list is not what it should be.
    let code = match codes.iter().all(|code| *code == codes[0]) {
        // What is bad usage on the command line is bad input in a list.
        true if codes[0] != Class::Usage.exit_code() => codes[0],
        _ => Class::Input.exit_code(),
    };
    Failure::Rows { list: list.to_owned(), code, faults }
}
