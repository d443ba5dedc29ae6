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
}

impl Ring {
    /// Reads all of them, once: the list, then the sources of `--password` in order; without either, what
    /// is in `CERTKIT_PASSWORD`.
    pub(crate) fn read(sources: &[String], list: Option<&Path>, context: &Context) -> Result<Self, Failure> {
        let by_pattern = list.map(|list| read_list(list, context)).transpose()?.unwrap_or_default();
        let read = |text: &String| Source::parse("--password", text)?.read("--password", Use::Open, context);
        let mut for_all = sources.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if sources.is_empty() && list.is_none() {
            for_all.extend(from_variable()?);
        }
        Ok(Self { by_pattern, for_all })
    }

    /// What to try on a file: the password of the first pattern that fits, then those for all.
    pub(crate) fn of(&self, path: &Path) -> Vec<&Password> {
        let own = self.by_pattern.iter().find(|(pattern, _)| pattern.matches(path));
        own.map(|(_, password)| password).into_iter().chain(&self.for_all).collect()
    }
}

/// Reads a list: a pattern, ` = ` and a source a line; blank lines and those with `#` say nothing.
fn read_list(list: &Path, context: &Context) -> Result<Vec<(Pattern, Password)>, Failure> {
    let input = input::read_as("a list of password sources", list, context)?;
    let folder = list.parent().unwrap_or(Path::new(""));
    let text = std::str::from_utf8(input.octets.expose()).map_err(|_| {
        let reason = "the list is not UTF-8; save it as UTF-8".into();
        Error::BadRow { reason }.in_file(&*input.name)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let said = text.lines().map(str::trim).zip(1..);
    let said = said.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    said.map(|(line, number)| {
        let bad = |reason: String| {
            Failure::Error(Error::BadRow { reason }.in_file(format!("{}, line {number}", input.name)))
        };
        let (pattern, source) = line.split_once(" = ").ok_or_else(|| {
            bad("expected PATTERN = SOURCE, such as: contoso/*.pfx = file:contoso.txt".into())
        })?;
        let pattern = Pattern::parse(pattern.trim()).map_err(&bad)?;
        let password = password(source.trim(), folder, context, &bad)?;
        Ok((pattern, password))
    })
    .collect()
}

/// The password of a line. Files are looked for beside the list, so that both can move together.
fn password(
    text: &str,
    folder: &Path,
    context: &Context,
    bad: &impl Fn(String) -> Failure,
) -> Result<Password, Failure> {
    let source = match Source::parse(LIST, text) {
        Ok(Source::File(path)) => Source::File(beside(folder, path)),
        Ok(source @ Source::Env(_)) => source,
        // What was typed may be a password, and is not repeated.
        _ => return Err(bad("expected a source of the form file:PATH or env:VAR behind the =".into())),
    };
    source.read(LIST, Use::Open, context).map_err(|failure| match failure {
        Failure::Error(error) if error.file().is_none() => bad(error.to_string()),
        other => other,
    })
}

fn beside(folder: &Path, path: PathBuf) -> PathBuf {
    // Joining an absolute path gives that path.
    folder.join(path)
}
