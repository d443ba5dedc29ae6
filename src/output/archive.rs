//! Old files that are kept under another name before new ones take their place.
#![allow(clippy::disallowed_methods)] // With the writer, the room that touches files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    folders::{self, folder_of, plain},
    write::{copy_of, named, read_back},
};
use crate::{
    error::{Error, Result},
    secret::SecretBytes,
};

/// An old file and the name that keeps it.
#[derive(Clone, Copy)]
pub struct Archived<'a> {
    /// Its name, which a new file is to get.
    pub path: &'a Path,
    /// What was read from it.
    pub read: &'a SecretBytes,
    /// The name that it keeps, in a folder that is there.
    pub name: &'a Path,
}

/// The second names that were made; they go again unless they are to stay.
#[derive(Default)]
pub(super) struct Kept(Vec<PathBuf>);

impl Kept {
    /// Gives every old file its second name, and makes the names last.
    ///
    /// # Errors
    /// [`Error::Changed`] for a file that is not what was read, [`Error::OutputExists`] for a name that
    /// another file has, [`Error::Io`], each naming the file.
    pub(super) fn keep(files: &[Archived<'_>]) -> Result<Self> {
        let mut kept = Self::default();
        for file in files {
            kept.keep_one(file)?;
        }
        let mut folders: Vec<&Path> = files.iter().map(|file| folder_of(file.name)).collect();
        folders.dedup();
        for folder in folders {
            // The folder's own name may be as new as those in it.
            folders::sync(folder);
            folders::sync(folder_of(folder));
        }
        Ok(kept)
    }

    fn keep_one(&mut self, file: &Archived<'_>) -> Result<()> {
        let is_copy = || read_back(file.name, file.read.len()).is_ok_and(|kept| kept.same_as(file.read));
        match second_name(file) {
            Ok(()) => self.0.push(file.name.to_owned()),
            // An earlier run was interrupted behind this.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_copy() => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(named(Error::OutputExists, file.name));
            }
            Err(source) => return Err(Error::io("keep the old file as", file.name, plain(source))),
        }
        if is_copy() { Ok(()) } else { Err(named(Error::Changed, file.path)) }
    }

    /// Leaves the names there.
    pub(super) fn stay(mut self) {
        self.0.clear();
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        for name in &self.0 {
            drop(fs::remove_file(name));
        }
    }
}

/// A hard link, which no interruption leaves half made; a copy where the folder is on another file
/// system, or links are not to be had.
fn second_name(file: &Archived<'_>) -> io::Result<()> {
    match fs::hard_link(file.path, file.name) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {
            let copy = copy_of(file.path, folder_of(file.name))?;
            copy.persist_noclobber(file.name).map(drop).map_err(|error| error.error)
        }
        linked => linked,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn octets(text: &str) -> SecretBytes {
        SecretBytes::new(text.as_bytes().to_vec())
    }

    #[test]
    fn a_second_name_goes_again_unless_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (path, name) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "old").unwrap();
        let read = octets("old");
        let file = [Archived { path: &path, read: &read, name: &name }];
        drop(Kept::keep(&file).unwrap());
        assert!(!name.exists());
        Kept::keep(&file).unwrap().stay();
        // What an earlier run kept is as good, and does not go again.
        drop(Kept::keep(&file).unwrap());
        assert_eq!(fs::read_to_string(&name).unwrap(), "old");
    }

    #[test]
    fn another_content_is_refused_on_either_side() {
        let folder = tempfile::tempdir().unwrap();
        let (path, name) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "changed").unwrap();
        let read = octets("old");
        let file = [Archived { path: &path, read: &read, name: &name }];
        let error = Kept::keep(&file).err().unwrap();
        assert!(matches!(error.cause(), Error::Changed) && !name.exists(), "{error}");
        fs::write(&name, "somebody's").unwrap();
        let error = Kept::keep(&file).err().unwrap();
        assert!(matches!(error.cause(), Error::OutputExists), "{error}");
        assert_eq!(fs::read_to_string(&name).unwrap(), "somebody's");
    }
}
