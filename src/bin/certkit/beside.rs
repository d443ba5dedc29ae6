//! Files that lie beside each other: found by their names, and read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use certkit::{
    error::{Error, Result},
    ops::rotate::File,
};

use crate::input;

/// The files in a folder whose names are wanted, in the order of their names, each under the path that
/// `place` gives it.
pub(crate) fn files(
    folder: &Path,
    place: impl Fn(&str) -> PathBuf,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<File>> {
    let failed = |source| Error::io("list", folder, source);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        names.extend(name.into_string().ok().filter(|name| is_wanted(name)));
    }
    names.sort_unstable();
    let file = |name: &String| {
        let path = place(name);
        File { input: input::read_plain(&path), path }
    };
    Ok(names.iter().map(file).filter(|file| !is_gone(file)).collect())
}

/// A file that went between two looks.
fn is_gone(file: &File) -> bool {
    file.input.as_ref().is_err_and(Error::is_not_found)
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
