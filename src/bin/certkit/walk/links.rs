//! Folders behind symbolic links: in which order a walk enters them, and which of them at all.
//!
//! They are entered after everything else, those nearest to where the walk began first, and by name: so it
//! does not depend on threads which of several links to a folder is followed, and what is too deep behind
//! one is found behind another.

use std::{
    collections::{BTreeSet, HashSet},
    fs, mem,
    path::{Path, PathBuf},
};

/// Links to folders that a walk has come upon.
#[derive(Default)]
pub(super) struct Links {
    /// How deep each is, and its path.
    waiting: BTreeSet<(usize, PathBuf)>,
    entered: HashSet<PathBuf>,
    /// Whether something may be left out behind one link that is not behind another to the same folder.
    each: bool,
}

impl Links {
    /// None yet. With `each` every link is followed once, else one of those to the same folder: links to
    /// each other's folders would otherwise make more paths than anyone can walk.
    pub(super) fn new(each: bool) -> Self {
        Self { each, ..Self::default() }
    }

    /// Takes one in. Why it is not followed, if it leads back.
    pub(super) fn add(&mut self, depth: usize, path: PathBuf) -> Result<(), (PathBuf, String)> {
        match leads_back(depth, &path) {
            Some(ancestor) => Err((path, back_to(&ancestor))),
            None => {
                self.waiting.insert((depth, path));
                Ok(())
            }
        }
    }

    /// Those to be entered next, all equally deep, in order.
    pub(super) fn next(&mut self) -> Option<(usize, Vec<PathBuf>)> {
        while let Some((depth, _)) = self.waiting.first() {
            let depth = *depth;
            let deeper = self.waiting.split_off(&(depth + 1, PathBuf::new()));
            let these = mem::replace(&mut self.waiting, deeper);
            let paths: Vec<PathBuf> =
                these.into_iter().map(|(_, path)| path).filter(|path| self.is_first(path)).collect();
            if !paths.is_empty() {
                return Some((depth, paths));
            }
        }
        None
    }

    /// Whether nothing has led there yet.
    pub(super) fn is_first(&mut self, link: &Path) -> bool {
        let place = if self.each { own_place(link) } else { fs::canonicalize(link).ok() };
        place.is_none_or(|place| self.entered.insert(place))
    }
}

/// Where a link stands, however the folders above it are called.
fn own_place(link: &Path) -> Option<PathBuf> {
    let (folder, name) = (link.parent()?, link.file_name()?);
    Some(
        fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
            .ok()?
            .join(name),
    )
}

/// The folder that a link stands in and leads to, if it does.
fn leads_back(depth: usize, link: &Path) -> Option<PathBuf> {
    let target = fs::canonicalize(link).ok()?;
    let is_target = |folder: &&Path| fs::canonicalize(folder).is_ok_and(|folder| folder == target);
    link.ancestors().skip(1).take(depth).find(is_target).map(Path::to_owned)
}

/// Why such a link is not followed.
pub(super) fn back_to(ancestor: &Path) -> String {
    format!("a symbolic link back to {}, in which it stands", ancestor.display())
}
