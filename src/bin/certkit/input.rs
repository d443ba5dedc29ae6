//! Input files: by name or from standard input, bounded, into memory that is wiped.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use certkit::{
    error::{Error, Result},
    limits,
    ops::Input,
    secret::SecretBytes,
};

use crate::{context::Context, failure::Failure};

/// What inputs hold, if nothing else is said.
const CREDENTIAL: &str = "a key store, certificate, private key or connector JSON";

/// Reads an input file; `-` is standard input.
pub(crate) fn read(path: &Path, context: &Context) -> std::result::Result<Input, Failure> {
    read_as(CREDENTIAL, path, context)
}

/// The same, of a file that holds something else: what is expected.
pub(crate) fn read_as(
    expected: &'static str,
    path: &Path,
    context: &Context,
) -> std::result::Result<Input, Failure> {
    if path == Path::new("-") {
        context.claim_stdin("the input \"-\"")?;
        let name = "standard input";
        let octets = bounded(io::stdin().lock(), 64 << 10)
            .and_then(within_limit)
            .map_err(|error| error.in_file(name))?;
        return Ok(Input { name: name.into(), octets });
    }
    Ok(read_file(expected, path)?)
}

/// Reads a file that was found and not named: a pipe or a device is not waited for.
pub(crate) fn read_plain(path: &Path) -> Result<Input> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() || found.is_dir() => read_file(CREDENTIAL, path),
        Ok(_) => {
            let expected = "a plain file";
            let wrong =
                Error::WrongKind { found: "a pipe, a device or a socket".into(), expected, remedy: None };
            Err(wrong.in_file(path.display().to_string()))
        }
        Err(source) => Err(Error::io("open", path, source)),
    }
}

/// Reads a file by its name, `-` included.
fn read_file(expected: &'static str, path: &Path) -> Result<Input> {
    let name = path.display().to_string();
    let read = || {
        let file = File::open(path).map_err(|source| Error::Io { action: "open", source })?;
        let found = file.metadata().map_err(|source| Error::Io { action: "look at", source })?;
        if found.is_dir() {
            return Err(Error::WrongKind {
                found: "a folder".into(),
                expected,
                remedy: Some("name a file in it".into()),
            });
        }
        // The size is known for plain files: a buffer that never grows leaves no copy behind.
        bounded(file, found.len()).and_then(within_limit)
    };
    let octets = read().map_err(|error| error.in_file(&name))?;
    Ok(Input { name, octets })
}

fn bounded(source: impl Read, expected: u64) -> Result<SecretBytes> {
    let capacity = expected.min(limits::INPUT_OCTETS) + 1;
    let mut octets = Vec::with_capacity(usize::try_from(capacity).unwrap_or(0));
    let outcome = source.take(limits::INPUT_OCTETS + 1).read_to_end(&mut octets);
    let octets = SecretBytes::new(octets);
    outcome.map(|_| octets).map_err(|source| Error::Io { action: "read", source })
}

fn within_limit(octets: SecretBytes) -> Result<SecretBytes> {
    let size = octets.len() as u64;
    if size > limits::INPUT_OCTETS {
        return Err(Error::TooLarge { size, limit: limits::INPUT_OCTETS });
    }
    Ok(octets)
}

/// The inputs that are files, for the writer to keep its hands off.
pub(crate) fn files<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Vec<PathBuf> {
    paths.into_iter().filter(|path| path.as_path() != Path::new("-")).cloned().collect()
}

/// Whether others than its owner may read a file, where modes tell.
pub(crate) fn exposed(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| is_exposed(&found))
}

/// The same of a file that was looked at.
pub(crate) fn is_exposed(found: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        found.permissions().mode() & 0o044 != 0
    }
    #[cfg(not(unix))]
    {
        let _ = found;
        false
    }
}
