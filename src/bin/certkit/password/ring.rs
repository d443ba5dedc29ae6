//! Passwords that are tried in turn on files that nobody opens by hand.

use std::path::{Path, PathBuf};

use certkit::{error::Error, secret::Password};

use super::{
    from_variable,
    source::{Source, Use},
};
use crate::{context::Context, failure::Failure, globs::Pattern, input};

/// The option that names a list.
const LIST: &str = "--passwords-from";

/// Passwords, some of them for files of certain names.
pub(crate) struct Ring {
    by_pattern: Vec<(Pattern, Password)>,
    for_all: Vec<Password>,
    files: Vec<PathBuf>,
}

impl Ring {
    /// Reads all of them, once: the list, then the sources of `--password` in order; without either, what
    /// is in `CERTKIT_PASSWORD`.
    pub(crate) fn read(sources: &[String], list: Option<&Path>, context: &Context) -> Result<Self, Failure> {
        let mut ring = Self { by_pattern: Vec::new(), for_all: Vec::new(), files: Vec::new() };
        if let Some(list) = list {
            ring.read_list(list, context)?;
        }
        for text in sources {
            let source = Source::parse("--password", text)?;
            ring.for_all.push(source.read("--password", Use::Open, context)?);
            ring.files.extend(source.file());
        }
        if sources.is_empty() && list.is_none() {
            ring.for_all.extend(from_variable()?);
        }
        Ok(ring)
    }

    /// The password files that were read: they are inputs.
    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// What to try on a file: the password of the first pattern that fits, then those for all.
    pub(crate) fn of(&self, path: &Path) -> Vec<&Password> {
        let own = self.by_pattern.iter().find(|(pattern, _)| pattern.matches(path));
        own.map(|(_, password)| password).into_iter().chain(&self.for_all).collect()
    }

    /// Reads a list: a pattern, ` = ` and a source a line; blank lines and those with `#` say nothing.
    fn read_list(&mut self, list: &Path, context: &Context) -> Result<(), Failure> {
        let input = input::read_as("a list of password sources", list, context)?;
        let text = std::str::from_utf8(input.octets.expose()).map_err(|_| {
            let reason = "the list is not UTF-8; save it as UTF-8".into();
            Error::BadRow { reason }.in_file(&*input.name)
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let said = text.lines().map(str::trim).zip(1..);
        for (line, number) in said.filter(|(line, _)| !line.is_empty() && !line.starts_with('#')) {
            let bad = |reason| Error::BadRow { reason }.in_file(format!("{}, line {number}", input.name));
            let (pattern, source) = parsed(line, list).map_err(bad)?;
            let password = source.read(LIST, Use::Open, context).map_err(|failure| match failure {
                Failure::Error(error) if error.file().is_none() => bad(error.to_string()).into(),
                other => other,
            })?;
            self.by_pattern.push((pattern, password));
            self.files.extend(source.file());
        }
        Ok(())
    }
}

/// A line of a list; what is wrong with it, in words. What was typed for a source may be a password, and
/// is not repeated.
fn parsed(line: &str, list: &Path) -> Result<(Pattern, Source), String> {
    let expected = "expected PATTERN = SOURCE, such as: contoso/*.pfx = file:contoso.txt";
    let (pattern, source) = line.split_once(" = ").ok_or(expected)?;
    let pattern = Pattern::parse(pattern.trim())?;
    match Source::parse(LIST, source.trim()) {
        // Files are looked for beside the list, so that both can move together.
        Ok(Source::File(path)) => {
            Ok((pattern, Source::File(list.parent().unwrap_or(Path::new("")).join(path))))
        }
        Ok(source @ Source::Env(_)) => Ok((pattern, source)),
        _ => Err("expected a source of the form file:PATH or env:VAR behind the =".into()),
    }
}
