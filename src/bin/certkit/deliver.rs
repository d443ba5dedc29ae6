//! Results to where they belong: files by the one writer, a single file to standard output.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use certkit::{
    error::Error,
    output::{
        plan::Plan,
        write::{self, Existing},
    },
    report::{Written, json_v1, text},
};

use crate::{context::Context, failure::Failure, input, options::Target, signals};

/// Refuses targets that could not be written, before anyone is asked for anything.
pub(crate) fn check(targets: &[PathBuf], inputs: &[PathBuf], force: bool) -> Result<(), Failure> {
    Ok(write::check(targets.iter().map(PathBuf::as_path), inputs, existing(force))?)
}

/// The same for one target that may be standard output.
pub(crate) fn check_one(target: &Target, inputs: &[PathBuf]) -> Result<(), Failure> {
    check(&input::files([&target.output]), inputs, target.force)
}

pub(crate) fn existing(force: bool) -> Existing<'static> {
    if force { Existing::Replace } else { Existing::Refuse }
}

/// Writes all files of a plan, then says what was written.
pub(crate) fn files(
    command: &str,
    plan: &Plan,
    mut written: Written,
    inputs: &[PathBuf],
    existing: Existing<'_>,
    context: &Context,
) -> Result<(), Failure> {
    // An interrupt would leave staged files behind.
    signals::held(|| write::write(plan, inputs, existing))?;
    written.files = plan.files.iter().map(|file| (file.path.display().to_string(), file.purpose)).collect();
    let said = if context.is_json() {
        context.print(&json_v1::written(command, &written))
    } else {
        tell(&written, context);
        context.print(&text::written(&written))
    };
    // What was asked for is done: only saying so failed.
    said.map_err(|failure| failure.after("the files are in place, but standard output"))
}

/// Writes all files of a plan, or shows the first on standard output where the target is `-`, once
/// the others are in place: then it is the only thing there.
pub(crate) fn first(
    command: &str,
    mut plan: Plan,
    written: Written,
    inputs: &[PathBuf],
    target: &Target,
    context: &Context,
) -> Result<(), Failure> {
    if target.output != Path::new("-") {
        return files(command, &plan, written, inputs, existing(target.force), context);
    }
    let file = plan.files.remove(0);
    let binary = std::str::from_utf8(file.contents.expose()).is_err();
    if io::stdout().is_terminal() && (file.purpose.is_secret() || binary) {
        let what = if binary { "binary data" } else { "a private key" };
        return Err(Error::SecretToTerminal { what }.into());
    }
    write::prove(&file, &file.contents)?;
    signals::held(|| write::write(&plan, inputs, existing(target.force)))?;
    context.print_octets(file.contents.expose()).map_err(|failure| match plan.files[..] {
        [] => failure,
        _ => failure.after("the other files are in place, but standard output"),
    })?;
    // There is no document to hold them: what was lost is not lost silently.
    tell(&written, context);
    Ok(())
}

/// Says what a person should know of what was made.
fn tell(written: &Written, context: &Context) {
    written.warnings.iter().for_each(|warning| context.warn(warning));
    written.notes.iter().for_each(|note| context.note(note));
}
