//! Folders that files go to: whether they are there, making them, and making names in them last.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // With the writer, the room that touches files.

use std::{
    fs::{self, File},
    io,
    path::{Component, Path, PathBuf},
};

use crate::error::{Error, Result};

/// Whether a plan's folder is still to be made; its own folder has to be there.
///
/// # Errors
/// [`Error::NotAFolder`], [`Error::OutputKind`], [`Error::Io`].
pub fn is_missing(path: &Path) -> Result<bool> {
    let folders = missing(path)?;
    match folders.first() {
        Some(outermost) if *outermost != path => check(folder_of(path)).map(|()| true),
        first => Ok(first.is_some()),
    }
}

/// The folders that have to be made so that `folder` exists, the outermost first.
///
/// # Errors
/// [`Error::NotAFolder`], or [`Error::OutputKind`] for a link to nothing, where something else is in the
/// way; [`Error::Io`], also for `..` behind a folder that is not there.
pub fn missing(folder: &Path) -> Result<Vec<&Path>> {
    let mut missing = Vec::new();
    for ancestor in folder.ancestors().filter(|ancestor| !ancestor.as_os_str().is_empty()) {
        match fs::metadata(ancestor) {
            Ok(found) if found.is_dir() => break,
            Ok(_) => return Err(named(Error::NotAFolder, ancestor)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if fs::symlink_metadata(ancestor).is_ok() {
                    return Err(named(Error::OutputKind { found: "a symbolic link to nothing" }, ancestor));
                }
                if ancestor.file_name().is_none() {
                    return Err(Error::io("write to this folder", ancestor, plain(error)));
                }
                missing.push(ancestor);
            }
            Err(source) => return Err(Error::io("look at", ancestor, source)),
        }
    }
    missing.reverse();
    Ok(missing)
}

/// Makes the folders on the way to one that are missing, for their owner alone. Another thread or
/// machine may make the same ones.
///
/// # Errors
/// As [`missing`].
pub fn make(folder: &Path) -> Result<()> {
    for missing in missing(folder)? {
        match NewFolder::make(missing) {
            Ok(made) => made.stays(),
            // Its name lasts before anything in it is told of.
            Err(_) if missing.is_dir() => sync(folder_of(missing)),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A folder that was made for a plan; it goes again unless it is kept.
pub(super) struct NewFolder<'a>(&'a Path);

impl<'a> NewFolder<'a> {
    /// Makes it, for its owner alone: secrets come into it.
    pub(super) fn make(path: &'a Path) -> Result<Self> {
        #[cfg(unix)]
        let made = std::os::unix::fs::DirBuilderExt::mode(&mut fs::DirBuilder::new(), 0o700).create(path);
        #[cfg(not(unix))]
        let made = fs::DirBuilder::new().create(path);
        made.map_err(|source| Error::io("make the folder", path, plain(source)))?;
        Ok(Self(path))
    }

    /// Leaves it there.
    pub(super) fn stays(self) {
        sync(folder_of(self.0));
        std::mem::forget(self);
    }
}

impl Drop for NewFolder<'_> {
    fn drop(&mut self) {
        // Only while it is empty: what somebody else put there stays.
        drop(fs::remove_dir(self.0));
    }
}

/// A new file needs a folder that is there.
pub(super) fn check(folder: &Path) -> Result<()> {
    match fs::metadata(folder) {
        Err(error) => Err(Error::io("write to this folder", folder, plain(error))),
        Ok(_) => Ok(()),
    }
}

/// A target's place: the same for two spellings of one target, whether its folder is there yet or
/// not. Where file systems commonly take upper and lower case for one, so does this, for ASCII.
#[must_use]
pub fn place_of(path: &Path) -> PathBuf {
    let place = folder_of(path).ancestors().find_map(|ancestor| {
        let (looked_at, prefix) = match ancestor.as_os_str().is_empty() {
            true => (Path::new("."), ancestor),
            false => (ancestor, ancestor),
        };
        let mut place = fs::canonicalize(looked_at).ok()?;
        for part in folder_of(path).strip_prefix(prefix).ok()?.components() {
            match part {
                // What is not there is no link: its parent is where it would be.
                Component::ParentDir => drop(place.pop()),
                Component::CurDir => {}
                other => place.push(other),
            }
        }
        Some(place)
    });
    let place =
        place.map_or_else(|| path.to_owned(), |place| place.join(path.file_name().unwrap_or_default()));
    match cfg!(any(windows, target_os = "macos")) {
        true => place.as_os_str().to_ascii_lowercase().into(),
        false => place,
    }
}

/// Keeps runs apart that write into one folder, in this process or another, for as long as it lives.
///
/// Where the system or the file system knows no locks on folders, nothing does.
pub struct Lock {
    _folder: Option<File>,
}

impl Lock {
    /// For writing files that are not there yet: any number at a time, for none of them replaces anything.
    #[must_use]
    pub fn shared(folder: &Path) -> Self {
        Self { _folder: locked(folder, File::lock_shared) }
    }

    /// For looking at files and replacing them: nobody else writes meanwhile.
    #[must_use]
    pub fn exclusive(folder: &Path) -> Self {
        Self { _folder: locked(folder, File::lock) }
    }
}

fn locked(folder: &Path, lock: fn(&File) -> io::Result<()>) -> Option<File> {
    let folder = File::open(folder).ok()?;
    lock(&folder).ok().map(|()| folder)
}

/// The folder that a file lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes the names last through a power cut. Some file systems cannot sync a folder, and the
/// files are in place: nothing is gained by failing here.
pub(super) fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        drop(folder.sync_all());
    }
}

/// The commonest reasons in plain words: tempfile adds to the system's a name that nobody chose.
pub(super) fn plain(error: io::Error) -> io::Error {
    let words = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::QuotaExceeded => "the disk quota is used up",
        _ => return error,
    };
    io::Error::new(error.kind(), words)
}

fn named(error: Error, path: &Path) -> Error {
    error.in_file(path.display().to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_spelling() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| place_of(&root.path().join(path));
        fs::create_dir(root.path().join("there")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("there", root.path().join("link")).unwrap();
        for same in ["there/x", "./there/x", "there/../there/x", "not/../there/x", "there/no/./../x"] {
            assert_eq!(at(same), at("there/x"), "{same}");
        }
        #[cfg(unix)]
        assert_eq!(at("link/x"), at("there/x"));
        assert_eq!(at("not/x"), at("./not/./no/../x"));
        assert_ne!(at("not/x"), at("x"));
        assert_eq!(place_of(Path::new("x")), place_of(Path::new("./x")));
    }

    #[test]
    fn what_is_in_the_way_of_a_folder_is_told() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("file"), "").unwrap();
        let missing_of = |path: &str| missing(&root.path().join(path)).map(|folders| folders.len());
        assert_eq!(missing_of("").unwrap(), 0);
        assert_eq!(missing_of("a/b/c").unwrap(), 3);
        assert!(matches!(missing_of("file").unwrap_err().cause(), Error::NotAFolder));
        assert!(matches!(missing_of("a/../b").unwrap_err().cause(), Error::Io { .. }));
        assert!(missing_of("file/x").is_err());
        make(&root.path().join("a/b/c")).unwrap();
        assert_eq!(missing_of("a/b/c").unwrap(), 0);
    }
}
