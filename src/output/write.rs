//! The only writer: all files or none, nothing half made, nothing overwritten unasked.
//!
//! Every file is staged beside its target under a name that starts with a dot, with its final
//! mode before the first octet, synced, read back and proven. Only when all are staged are they
//! renamed, each in one step that fails rather than replaces, passwords before what they open. An
//! old file that is replaced stays linked under a second name until all new ones are in place, so
//! that a failure puts every old file back; as a backup, or in an archive, it stays there for good.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // The one room that touches files.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use tempfile::{NamedTempFile, TempPath};

use super::{
    archive::{Archived, Kept},
    folders::{self, NewFolder, folder_of, place_of, plain},
    plan::{Plan, PlannedFile, Purpose},
};
use crate::{
    error::{Error, Result},
    secret::SecretBytes,
};

/// What to do where a target exists.
#[derive(Clone, Copy)]
pub enum Existing<'a> {
    /// Refuse, and write nothing at all.
    Refuse,
    /// Replace it, unless it is an input.
    Replace,
    /// The same, and keep the old one beside it as `FILE.bak`, or with a number after that.
    BackUp,
    /// Replace these files, which are changed in place, each while it holds what was read from it;
    /// refuse any other. A file stands here as the plan names it.
    Update(&'a [(&'a Path, &'a SecretBytes)]),
    /// The same, and keep each old file as [`Existing::BackUp`] does.
    Amend(&'a [(&'a Path, &'a SecretBytes)]),
}

impl Existing<'_> {
    /// The same for one target of the plan.
    fn at(self, target: &Path) -> Self {
        match self {
            Self::Update(files) | Self::Amend(files) if !files.iter().any(|(path, _)| *path == target) => {
                Self::Refuse
            }
            other => other,
        }
    }
}

/// Writes all files of the plan, or none. `inputs` are the files that the operation read: none of
/// them is ever written over. Returns the names of the backups.
///
/// # Errors
/// [`Error::OutputExists`], [`Error::OutputIsInput`], [`Error::OutputKind`], [`Error::OutputTwice`],
/// [`Error::NotAFolder`], [`Error::Changed`], [`Error::Io`], [`Error::ReadBack`], each naming the file.
pub fn write(plan: &Plan, inputs: &[PathBuf], existing: Existing<'_>) -> Result<Vec<PathBuf>> {
    write_keeping(plan, inputs, existing, &[])
}

/// The same, in place of old files that stay under other names: at every moment each of them stands
/// under one of its two names. Only they are replaced, each while it holds what was read from it.
///
/// # Errors
/// As [`write()`]; [`Error::OutputExists`] too where the other name is another file's.
pub fn write_archiving(plan: &Plan, inputs: &[PathBuf], archived: &[Archived<'_>]) -> Result<()> {
    let standing: Vec<_> = archived.iter().map(|file| (file.path, file.read)).collect();
    write_keeping(plan, inputs, Existing::Update(&standing), archived).map(drop)
}

fn write_keeping(
    plan: &Plan,
    inputs: &[PathBuf],
    existing: Existing<'_>,
    archived: &[Archived<'_>],
) -> Result<Vec<PathBuf>> {
    let made_folder = match &plan.folder {
        Some(folder) if folders::is_missing(folder)? => Some(NewFolder::make(folder)?),
        _ => None,
    };
    check(plan.files.iter().map(|file| file.path.as_path()), inputs, existing)?;
    let mut staged = Vec::with_capacity(plan.files.len());
    for file in &plan.files {
        staged.push((file, stage(file)?));
    }
    // A store whose password stands nowhere is lost: whatever ends the run, the password is there
    // first.
    staged.sort_by_key(|(file, _)| file.purpose != Purpose::StorePassword);
    let kept = Kept::keep(archived)?;
    let mut placed: Vec<Placed> = Vec::with_capacity(staged.len());
    for (file, temporary) in staged {
        match place(temporary, &file.path, existing.at(&file.path)) {
            Ok(done) => placed.push(done),
            Err(error) => {
                placed.into_iter().rev().for_each(Placed::undo);
                return Err(named(error, &file.path));
            }
        }
        if file.purpose == Purpose::StorePassword {
            folders::sync(folder_of(&file.path));
        }
    }
    let mut touched: Vec<&Path> = plan.files.iter().map(|file| folder_of(&file.path)).collect();
    touched.sort_unstable();
    touched.dedup();
    touched.into_iter().for_each(folders::sync);
    kept.stay();
    if let Some(folder) = made_folder {
        folder.stays();
    }
    Ok(placed.into_iter().filter_map(Placed::settle).collect())
}

/// Refuses what [`write()`] would refuse, as far as it can be known before anything is made: so
/// that nobody is asked for a password, and no key is made, for nothing.
///
/// # Errors
/// [`Error::OutputExists`], [`Error::OutputIsInput`], [`Error::OutputKind`],
/// [`Error::OutputTwice`], [`Error::Io`].
pub fn check<'a>(
    targets: impl IntoIterator<Item = &'a Path>,
    inputs: &[PathBuf],
    existing: Existing<'_>,
) -> Result<()> {
    let mut seen = HashSet::new();
    for path in targets {
        check_target(path, inputs, existing.at(path)).map_err(|error| named(error, path))?;
        if !seen.insert(place_of(path)) {
            return Err(named(Error::OutputTwice, path));
        }
    }
    Ok(())
}

fn check_target(path: &Path, inputs: &[PathBuf], existing: Existing<'_>) -> Result<()> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return folders::check(folder_of(path)),
        Err(source) => return Err(Error::Io { action: "look at", source }),
    };
    let kind = found.file_type();
    if kind.is_symlink() {
        return Err(Error::OutputKind { found: "a symbolic link" });
    }
    if kind.is_dir() {
        return Err(Error::OutputKind { found: "a folder" });
    }
    if !kind.is_file() {
        return Err(Error::OutputKind { found: "a device, pipe or socket" });
    }
    if inputs.iter().any(|input| same_file(input, path)) {
        return Err(Error::OutputIsInput);
    }
    match existing {
        Existing::Refuse => Err(Error::OutputExists),
        Existing::Replace | Existing::BackUp | Existing::Update(_) | Existing::Amend(_) => Ok(()),
    }
}

/// Whether two names are one file, through links too.
fn same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (fs::metadata(one), fs::metadata(other)) {
            (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        match (fs::canonicalize(one), fs::canonicalize(other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        }
    }
}

/// Whether an open file is the one that has a name now.
fn is_file_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (file.metadata(), fs::symlink_metadata(path)) {
            (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// A synced, proven file beside its target.
fn stage(file: &PlannedFile) -> Result<NamedTempFile> {
    let folder = folder_of(&file.path);
    let mut temporary = new_file(folder, file.purpose.is_secret())
        .map_err(|source| Error::io("write to this folder", folder, plain(source)))?;
    let written = temporary.write_all(file.contents.expose()).and_then(|()| temporary.as_file().sync_all());
    written.map_err(|source| Error::io("write", &file.path, plain(source)))?;
    let back = read_back(temporary.path(), file.contents.len())
        .map_err(|source| Error::io("read back", &file.path, source))?;
    prove(file, &back)?;
    Ok(temporary)
}

/// Compares octets that were read back with what was meant, and runs the file's own proof.
///
/// # Errors
/// [`Error::ReadBack`].
pub fn prove(file: &PlannedFile, back: &SecretBytes) -> Result<()> {
    let fail = |detail: String| Error::ReadBack { file: file.path.display().to_string(), detail };
    if !back.same_as(&file.contents) {
        return Err(fail("the octets on the disk are not those that were written".into()));
    }
    (file.proof)(back.expose()).map_err(|error| fail(error.to_string()))
}

/// A new file with its final mode before the first octet, whatever the umask: 0600 for secrets,
/// 0644 for public certificates. On other systems the folder's access list applies.
fn new_file(folder: &Path, secret: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".certkit-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let temporary = builder.permissions(fs::Permissions::from_mode(0o600)).tempfile_in(folder)?;
        let mode = if secret { 0o600 } else { 0o644 };
        temporary.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
        Ok(temporary)
    }
    #[cfg(not(unix))]
    {
        let _ = secret;
        builder.tempfile_in(folder)
    }
}

pub(super) fn read_back(path: &Path, length: usize) -> io::Result<SecretBytes> {
    let mut octets = Vec::with_capacity(length + 1);
    File::open(path)?.take(length as u64 + 1).read_to_end(&mut octets)?;
    Ok(SecretBytes::new(octets))
}

/// A file under its final name, and how to take it back.
enum Placed {
    New { path: PathBuf, file: File },
    Replaced { path: PathBuf, old: Old },
}

/// An old file under another name.
enum Old {
    /// A name for as long as the new files are not all in place; goes away when dropped.
    Second(TempPath),
    /// A name that stays.
    Backup(PathBuf),
}

impl Old {
    /// Takes the other name away: the old file still has its own.
    fn discard(self) {
        match self {
            Self::Second(name) => drop(name),
            Self::Backup(name) => drop(fs::remove_file(name)),
        }
    }
}

impl Placed {
    /// Leaves it there. The name of the old file, where there is a backup.
    fn settle(self) -> Option<PathBuf> {
        match self {
            Self::Replaced { old: Old::Backup(path), .. } => Some(path),
            Self::New { .. } | Self::Replaced { old: Old::Second(_), .. } => None,
        }
    }

    /// Takes it back as well as can be: there is nobody left to tell of a failure here.
    fn undo(self) {
        match self {
            // Only what was placed: another run may have replaced it in between.
            Self::New { path, file } if is_file_at(&file, &path) => drop(fs::remove_file(path)),
            Self::New { .. } => {}
            // An old file that cannot get its name back keeps its second one: it is never lost.
            Self::Replaced { path, old: Old::Second(old) } => {
                if let Err(error) = old.persist(path) {
                    drop(error.path.keep());
                }
            }
            Self::Replaced { path, old: Old::Backup(old) } => drop(fs::rename(old, path)),
        }
    }
}

fn place(temporary: NamedTempFile, path: &Path, existing: Existing<'_>) -> Result<Placed> {
    let io_error = |source| Error::Io { action: "name", source };
    let replaces = match existing {
        Existing::Refuse => false,
        Existing::Replace | Existing::BackUp => fs::symlink_metadata(path).is_ok(),
        // Where it has gone, keeping it fails.
        Existing::Update(_) | Existing::Amend(_) => true,
    };
    if replaces {
        keep_owner(&temporary, path);
        let kept = match existing {
            Existing::BackUp | Existing::Amend(_) => back_up(path).map(Old::Backup),
            _ => keep_old(path).map(Old::Second),
        };
        let old = match (kept, existing) {
            (Err(error), Existing::Update(_) | Existing::Amend(_))
                if error.kind() == io::ErrorKind::NotFound =>
            {
                return Err(Error::Changed);
            }
            (old, _) => old.map_err(io_error)?,
        };
        // The last moment: between this look and the new name is one system call.
        if let Existing::Update(files) | Existing::Amend(files) = existing
            && !files.iter().any(|(known, read)| {
                *known == path && read_back(path, read.len()).is_ok_and(|now| now.same_as(read))
            })
        {
            old.discard();
            return Err(Error::Changed);
        }
        return match temporary.persist(path) {
            Ok(_) => Ok(Placed::Replaced { path: path.to_owned(), old }),
            Err(error) => {
                old.discard();
                Err(io_error(error.error))
            }
        };
    }
    match temporary.persist_noclobber(path) {
        Ok(file) => Ok(Placed::New { path: path.to_owned(), file }),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(Error::OutputExists),
        Err(error) => Err(io_error(error.error)),
    }
}

/// Leaves a file that is replaced to whom it belonged: a service's store that root gives a new
/// password is still the service's. Whoever may not give files away owns what he writes.
fn keep_owner(temporary: &NamedTempFile, path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        if let (Ok(old), Ok(new)) = (fs::symlink_metadata(path), temporary.as_file().metadata())
            && (old.uid(), old.gid()) != (new.uid(), new.gid())
        {
            drop(fchown(temporary.as_file(), Some(old.uid()), Some(old.gid())));
        }
    }
    #[cfg(not(unix))]
    let _ = (temporary, path);
}

/// The old file under a second name, removed when dropped. A hard link costs nothing and leaves
/// the old name in place throughout; where the file system has none, a copy serves.
fn keep_old(path: &Path) -> io::Result<TempPath> {
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".certkit-").suffix(".old");
    match builder.make_in(folder, |name| fs::hard_link(path, name)) {
        Ok(link) => Ok(link.into_temp_path()),
        Err(_) => Ok(copy_of(path, folder)?.into_temp_path()),
    }
}

/// The old file under a name that tells what it is, the first that is free.
fn back_up(path: &Path) -> io::Result<PathBuf> {
    for number in 0..1000 {
        let mut name = path.as_os_str().to_owned();
        name.push(".bak");
        if number > 0 {
            name.push(number.to_string());
        }
        let name = PathBuf::from(name);
        let linked = fs::hard_link(path, &name).or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Err(error),
            // There are file systems without links.
            _ => copy_of(path, folder_of(path))?
                .persist_noclobber(&name)
                .map(drop)
                .map_err(|error| error.error),
        });
        match linked {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "a thousand old ones are kept beside it"))
}

/// A copy of a file in a folder, with its mode and owner.
pub(super) fn copy_of(path: &Path, folder: &Path) -> io::Result<NamedTempFile> {
    let copy = new_file(folder, true)?;
    keep_owner(&copy, path);
    // The mode comes with the octets. The original is about to go.
    fs::copy(path, copy.path())?;
    copy.as_file().sync_all()?;
    Ok(copy)
}

pub(super) fn named(error: Error, path: &Path) -> Error {
    error.in_file(path.display().to_string())
}
