//! What a walk leaves out, and what it leaves for later.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs, mem,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use ignore::DirEntry;

use crate::globs::Pattern;

/// What the kernel of Linux makes up: the whole machine is there again, below every process, and no file.
#[cfg(target_os = "linux")]
const MADE_UP: [&str; 3] = ["/dev", "/proc", "/sys"];
#[cfg(not(target_os = "linux"))]
const MADE_UP: [&str; 0] = [];

/// Tells which entries are walked now.
pub(super) struct Filter {
    exclude: Vec<Pattern>,
    /// The real paths of what was named, and their last names, by which most others are told at once.
    named: HashSet<PathBuf>,
    names: HashSet<OsString>,
    /// Links to folders that were come upon: how deep they are, and their paths.
    links: Mutex<Vec<(usize, PathBuf)>>,
}

impl Filter {
    pub(super) fn new(exclude: Vec<Pattern>, paths: &[PathBuf]) -> Self {
        let named: HashSet<PathBuf> = paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        let names = named.iter().filter_map(|path| path.file_name()).map(ToOwned::to_owned).collect();
        Self { exclude, named, names, links: Mutex::default() }
    }

    /// Whether an entry is walked now. `base` is how deep the walk began.
    pub(super) fn admits(&self, entry: &DirEntry, base: usize) -> bool {
        // What was named is meant.
        if entry.depth() == 0 {
            return true;
        }
        let path = entry.path();
        if self.exclude.iter().any(|pattern| pattern.matches(path)) {
            return false;
        }
        let is_link = entry.path_is_symlink();
        if !is_link && self.is_named(path) {
            // It has its own turn.
            return false;
        }
        if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        if self.is_made_up(path, is_link) {
            return false;
        }
        if is_link {
            self.found().push((base + entry.depth(), path.to_owned()));
        }
        !is_link
    }

    /// The links to folders that were come upon.
    pub(super) fn take_links(&self) -> Vec<(usize, PathBuf)> {
        mem::take(&mut *self.found())
    }

    fn found(&self) -> MutexGuard<'_, Vec<(usize, PathBuf)>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it was named itself.
    fn is_named(&self, path: &Path) -> bool {
        let is_called_so = path.file_name().is_some_and(|name| self.names.contains(name));
        is_called_so && fs::canonicalize(path).is_ok_and(|place| self.named.contains(&place))
    }

    /// Whether a folder is of the kernel's making, and nobody named it or something in it.
    fn is_made_up(&self, path: &Path, is_link: bool) -> bool {
        let may_be = |name: &Path| MADE_UP.iter().any(|made| Path::new(made).file_name() == name.file_name());
        if !is_link && !may_be(path) {
            return false;
        }
        let Ok(place) = fs::canonicalize(path) else { return false };
        let is_meant = |made: &&str| self.named.iter().any(|named| named.starts_with(made));
        MADE_UP.iter().any(|made| place.starts_with(made) && !is_meant(made))
    }
}
