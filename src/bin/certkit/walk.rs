//! Walking through folders on several threads: every plain file below them, whatever git thinks of it.
//!
//! Symbolic links are followed. What cannot be looked into is handed on like a file, for it is part of
//! what a walk finds.

mod filter;
mod links;

use std::{
    collections::HashSet,
    fs, io, mem,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ignore::{WalkBuilder, WalkState};

use self::{filter::Filter, links::Links};
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
    /// Walks, with a visitor for each thread. Each path is walked once, however often it was named, and
    /// no other's walk goes into it.
    pub(crate) fn run<V: Visitor>(mut self, visitor: impl Fn() -> V) {
        self.paths = distinct(&self.paths);
        let mut links = Links::new(!self.exclude.is_empty());
        for path in self.paths.iter().filter(|path| path.is_symlink()) {
            links.is_first(path);
        }
        let filter = Arc::new(Filter::new(mem::take(&mut self.exclude), &self.paths));
        let mut next = Some((0, self.paths.clone()));
        while let Some((depth, paths)) = next {
            if self.round(depth, &paths, &filter, &visitor).is_break() {
                return;
            }
            for (depth, link) in filter.take_links() {
                // A link at the greatest depth, or to another file system, leads to nothing that is wanted.
                if self.max_depth.is_some_and(|most| depth >= most) || !self.stays(&link) {
                    continue;
                }
                if let Err((link, reason)) = links.add(depth, link) {
                    visitor().trouble(&link, reason);
                }
            }
            next = links.next();
        }
    }

    /// Walks from some paths that are equally deep, but for the folders that links lead to.
    fn round<V: Visitor>(
        &self,
        depth: usize,
        paths: &[PathBuf],
        filter: &Arc<Filter>,
        visitor: &impl Fn() -> V,
    ) -> ControlFlow<()> {
        let Some((first, rest)) = paths.split_first() else { return ControlFlow::Continue(()) };
        let mut walk = WalkBuilder::new(named(first));
        rest.iter().for_each(|path| {
            walk.add(named(path));
        });
        let filter = Arc::clone(filter);
        walk.standard_filters(false)
            .follow_links(true)
            .max_depth(self.max_depth.map(|most| most.saturating_sub(depth)))
            .same_file_system(self.one_file_system)
            .threads(self.threads)
            .filter_entry(move |entry| filter.admits(entry, depth));
        let is_over = AtomicBool::new(false);
        walk.build_parallel().run(|| {
            let mut visitor = visitor();
            let is_over = &is_over;
            Box::new(move |entry| match visit(&mut visitor, entry) {
                ControlFlow::Continue(()) => WalkState::Continue,
                ControlFlow::Break(()) => {
                    is_over.store(true, Ordering::Relaxed);
                    WalkState::Quit
                }
            })
        });
        if is_over.into_inner() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Whether a link leads to the file system that it stands on, or to where it may.
    #[cfg(unix)]
    fn stays(&self, link: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        let device = |found: io::Result<fs::Metadata>| found.ok().map(|found| found.dev());
        !self.one_file_system || device(fs::metadata(link)) == device(fs::symlink_metadata(link))
    }

    #[cfg(not(unix))]
    fn stays(&self, _: &Path) -> bool {
        true
    }
}

/// Hands on what a walk has come upon.
fn visit(visitor: &mut impl Visitor, entry: Result<ignore::DirEntry, ignore::Error>) -> ControlFlow<()> {
    match entry {
        Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => visitor.file(entry.path()),
        Ok(_) => ControlFlow::Continue(()),
        Err(error) => {
            let (path, reason) = reason(&error);
            let path = path.unwrap_or(Path::new(""));
            let is_gone = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
            let to_nothing = is_gone && path.is_symlink();
            visitor.trouble(path, if to_nothing { "a symbolic link to nothing".into() } else { reason });
            ControlFlow::Continue(())
        }
    }
}

/// The paths in order, each place once: by the first of its names.
fn distinct(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut paths = paths.to_vec();
    paths.sort();
    let mut seen = HashSet::new();
    paths.retain(|path| fs::canonicalize(path).map_or(true, |place| seen.insert(place)));
    paths
}

/// A path as the walk takes it, for which `-` is standard input.
fn named(path: &Path) -> PathBuf {
    if path == Path::new("-") { Path::new(".").join(path) } else { path.to_owned() }
}

/// What cannot be looked into, and why.
fn reason(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), reason(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => reason(err),
        ignore::Error::Loop { ancestor, child } => (Some(child), links::back_to(ancestor)),
        ignore::Error::Io(error) => (None, error.to_string()),
        other => (None, other.to_string()),
    }
}
