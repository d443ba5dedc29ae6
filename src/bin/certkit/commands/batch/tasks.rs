//! What the rows ask of the world, judged before the first key is made: passwords, folders, files.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use certkit::{
    error::Error,
    ops::{
        batch::{Order, Shard, list::Fault},
        generate::Options,
    },
    output::{folders, write},
    report::json_v1::BadRow,
    secret::Password,
};

use super::{Mode, passwords::Passwords};
use crate::{context::Context, failure::Failure, password};

/// A row that is ready to be made.
pub(super) struct Task {
    pub(super) line: usize,
    /// With the password, but for one that is still to be made.
    pub(super) options: Options,
    /// Where a new password goes.
    pub(super) new_password: Option<PathBuf>,
    /// The files that it reads.
    pub(super) inputs: Vec<PathBuf>,
}

impl Task {
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

    /// Whether its password is the one for all rows.
    pub(super) fn shares_password(&self) -> bool {
        self.options.needs_password() && self.new_password.is_none() && self.options.password.is_none()
    }

    fn bad_row(&self, failure: &Failure) -> BadRow {
        BadRow { line: self.line, cause: failure.cause() }
    }
}

/// How rows become tasks.
pub(super) struct Rows<'a> {
    /// The list's file, and its name in messages.
    pub(super) list: &'a Path,
    pub(super) name: &'a str,
    pub(super) passwords: &'a Passwords<'a>,
    pub(super) mode: Mode,
    pub(super) context: &'a Context,
}

impl Rows<'_> {
    /// The tasks of one part of the list.
    ///
    /// # Errors
    /// [`Failure::BadRows`] with all that is wrong with the whole list, and with the files of that part.
    pub(super) fn tasks(
        &self,
        orders: Vec<Order>,
        faults: Vec<Fault>,
        shard: Shard,
    ) -> Result<Vec<Task>, Failure> {
        let of_fault = |fault: Fault| BadRow { line: fault.line, cause: Failure::from(fault.error).cause() };
        let mut bad: Vec<BadRow> = faults.into_iter().map(of_fault).collect();
        let mut tasks = Vec::with_capacity(orders.len());
        for order in orders {
            let line = order.line;
            match self.task(order) {
                Ok(task) => tasks.push(task),
                Err(failure) => bad.push(BadRow { line, cause: failure.cause() }),
            }
        }
        bad.extend(claimed_twice(&tasks));
        let of_part = tasks.into_iter().enumerate().filter(|(position, _)| shard.takes(*position));
        let tasks: Vec<Task> = of_part.map(|(_, task)| task).collect();
        bad.extend(tasks.iter().filter_map(|task| Some(task.bad_row(&self.check(task).err()?))));
        if bad.is_empty() {
            return Ok(tasks);
        }
        bad.sort_by_key(|row| row.line);
        Err(Failure::BadRows { list: self.name.to_owned(), rows: bad })
    }

    fn task(&self, order: Order) -> Result<Task, Failure> {
        let Order { line, mut options, password_source } = order;
        let mut inputs: Vec<PathBuf> = Vec::new();
        if self.list != Path::new("-") {
            inputs.push(self.list.to_owned());
        }
        let Some(text) = password_source else {
            inputs.extend(self.passwords.file());
            return Ok(Task { line, options, new_password: None, inputs });
        };
        let source = password::Output::of_row(&text)?;
        let new_password = source.new_file();
        if new_password.is_none() {
            options.password = Some(source.password(self.context)?);
            options.check_password()?;
        }
        inputs.extend(source.file());
        Ok(Task { line, options, new_password, inputs })
    }

    /// Refuses what could not be written.
    fn check(&self, task: &Task) -> Result<(), Failure> {
        for folder in task.folders() {
            folders::missing(folder)?;
        }
        let folder_is_there = |target: &&PathBuf| {
            target.parent().is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
        };
        let targets = task.targets();
        let there = targets.iter().filter(folder_is_there).map(PathBuf::as_path);
        write::check(there, &task.inputs, self.mode.existing()).map_err(|error| match error.cause() {
            Error::OutputExists => {
                let hint =
                    "add --resume to skip what is complete; --force replaces the files of every row".into();
                Failure::Hinted { error, hint }
            }
            _ => error.into(),
        })
    }
}

/// Files that two rows would make, or that one makes and another reads.
fn claimed_twice(tasks: &[Task]) -> Vec<BadRow> {
    let read: HashSet<PathBuf> =
        tasks.iter().flat_map(|task| &task.inputs).map(|input| folders::place_of(input)).collect();
    let folders: HashSet<PathBuf> = tasks.iter().flat_map(Task::folders).map(folders::place_of).collect();
    let mut made = HashMap::new();
    let mut bad = Vec::new();
    for task in tasks {
        for target in task.targets() {
            let place = folders::place_of(&target);
            let error = if read.contains(&place) {
                Error::OutputIsInput
            } else if folders.contains(&place) {
                Error::BadRow { reason: "the list wants a file and a folder of this name".into() }
            } else {
                match made.insert(place, task.line) {
                    None => continue,
                    Some(line) if line == task.line => Error::OutputTwice,
                    Some(line) => Error::BadRow {
                        reason: format!(
                            "line {line} makes the same file; give one of them another name or out_dir"
                        ),
                    },
                }
            };
            bad.push(task.bad_row(&error.in_file(target.display().to_string()).into()));
            // One fault tells enough of a row.
            break;
        }
    }
    bad
}

/// Gives the one password for all to the tasks that have none of their own.
pub(super) fn share(password: &Password, tasks: &mut [Task]) -> Result<(), Failure> {
    for task in tasks.iter_mut().filter(|task| task.shares_password()) {
        task.options.password = Some(password.clone());
        task.options.check_password()?;
    }
    Ok(())
}
