//! Walking through folders on several threads: every plain file below them, whatever git thinks of it.
//!
//! Symbolic links are followed. What cannot be looked into is handed on like a file, for it is part of
//! what a walk finds.

use std::{
    collections::HashSet,
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::globs::Pattern;

/// Where to walk.
pub(crate) struct Walk {
    /// Where it begins: folders, and files too.
    pub(crate) paths: Vec<PathBuf>,
    /// How many folders deep; 0 is the paths themselves.
    pub(crate) max_depth: Option<usize>,
    /// Whether other file systems are left out.
    pub(crate) one_file_system: bool,
    /// What is left out, with all that is below it.
    pub(crate) exclude: Vec<Pattern>,
    /// How many threads.
    pub(crate) threads: usize,
}

/// What looks at the files of one thread.
pub(crate) trait Visitor: Send {
    /// A plain file. Breaks where nothing further is wanted, on any thread.
    fn file(&mut self, path: &Path) -> ControlFlow<()>;

    /// Something that cannot be looked into, and why.
    fn trouble(&mut self, path: &Path, reason: String);
}

impl Walk {
    /// Walks, with a visitor for each thread.
    pub(crate) fn run<V: Visitor>(self, visitor: impl Fn() -> V) {
        let Some((first, rest)) = self.paths.split_first() else { return };
        let mut walk = WalkBuilder::new(named(first));
        rest.iter().for_each(|path| {
            walk.add(named(path));
        });
        let (exclude, entered) = (self.exclude, Entered::default());
        walk.standard_filters(false)
            .follow_links(true)
            .max_depth(self.max_depth)
            .same_file_system(self.one_file_system)
            .threads(self.threads)
            .filter_entry(move |entry| {
                // What was named is meant.
                entry.depth() == 0
                    || !exclude.iter().any(|pattern| pattern.matches(entry.path())) && entered.is_first(entry)
            });
        walk.build_parallel().run(|| {
            let mut visitor = visitor();
            Box::new(move |entry| match entry {
                Ok(entry) if !entry.file_type().is_some_and(|kind| kind.is_file()) => WalkState::Continue,
                Ok(entry) => match visitor.file(entry.path()) {
                    ControlFlow::Continue(()) => WalkState::Continue,
                    ControlFlow::Break(()) => WalkState::Quit,
                },
                Err(error) => {
                    let (path, reason) = reason(&error);
                    let path = path.unwrap_or(Path::new(""));
                    let is_gone =
                        error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
                    let to_nothing = is_gone && path.is_symlink();
                    visitor
                        .trouble(path, if to_nothing { "a symbolic link to nothing".into() } else { reason });
                    WalkState::Continue
                }
            })
        });
    }
}

/// A path as the walk takes it, for which `-` is standard input.
fn named(path: &Path) -> PathBuf {
    if path == Path::new("-") { Path::new(".").join(path) } else { path.to_owned() }
}

/// The folders that links led into. Links to each other's folders would otherwise make more paths than
/// anyone can walk; a link back to a folder that it stands in is a trouble of its own.
#[derive(Clone, Default)]
struct Entered(Arc<Mutex<HashSet<(u64, u64)>>>);

impl Entered {
    /// Whether nothing has led there yet, if it is a folder behind a link.
    fn is_first(&self, entry: &DirEntry) -> bool {
        if !entry.path_is_symlink() || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        let Some(identity) = identity(entry) else { return true };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(identity)
    }
}

#[cfg(unix)]
fn identity(entry: &DirEntry) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    entry.metadata().ok().map(|found| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(_: &DirEntry) -> Option<(u64, u64)> {
    None
}

/// What cannot be looked into, and why.
fn reason(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), reason(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => reason(err),
        ignore::Error::Loop { ancestor, child } => {
            (Some(child), format!("a symbolic link back to {}, in which it stands", ancestor.display()))
        }
        ignore::Error::Io(error) => (None, error.to_string()),
        other => (None, other.to_string()),
    }
}
