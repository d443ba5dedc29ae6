//! `--fix`: a connector JSON written anew, in its place or elsewhere.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use certkit::{
    check::Options,
    error::Error,
    finding::Severity,
    ops::{
        Input,
        check::{self, Look},
    },
    output::{
        plan::{Plan, PlannedFile},
        write::{self, Existing},
    },
    report::check::{Checked, Fixed},
};
use clap::Args;

use crate::{context::Context, deliver, failure::Failure, input, signals};

/// Mending a connector JSON.
#[derive(Args)]
#[command(next_help_heading = "Mending")]
pub(super) struct Fixing {
    /// Mend a connector JSON that was made by hand: write it anew, in canonical form.
    ///
    /// Only where its key and its certificate are known beyond doubt; otherwise it is left as it is. Says
    /// each thing that was mended, and judges the new file.
    #[arg(long, requires = "fixed")]
    pub(super) fix: bool,

    /// Put the mended JSON in the file's place; the old one is kept as FILE.bak.
    #[arg(long, requires = "fix", group = "fixed")]
    in_place: bool,

    /// Write the mended JSON to this file; `-` is standard output, and then findings go to standard
    /// error.
    #[arg(short, long, value_name = "FILE", requires = "fix", group = "fixed")]
    pub(super) output: Option<PathBuf>,

    /// Replace the file of -o if it exists.
    #[arg(long, requires = "output")]
    force: bool,
}

/// A file that is to be mended, and what a look at it came to.
pub(super) struct Pasted<'a> {
    pub(super) path: &'a Path,
    pub(super) file: &'a Input,
    pub(super) look: Look,
}

impl Fixing {
    /// Refuses targets that could not be written, before anything is read.
    pub(super) fn check_targets(&self, files: &[PathBuf], inputs: &[PathBuf]) -> Result<(), Failure> {
        if self.in_place && files.iter().any(|path| path == Path::new("-")) {
            return Err(Failure::usage(
                "standard input has no place to be written back to",
                "name the file, or write the mended one to another: -o FILE",
            ));
        }
        let Some(output) = &self.output else { return Ok(()) };
        if files.len() > 1 {
            return Err(Failure::usage(
                "-o holds one file, and several are to be mended",
                "mend them in place: --in-place keeps each old one as FILE.bak",
            ));
        }
        let inputs = [inputs, files].concat();
        deliver::check(&input::files([output]), &input::files(&inputs), self.force)
    }

    /// Mends a file where that can be done; what is said of it then. Nothing is written over `inputs`.
    pub(super) fn fix(
        &self,
        pasted: Pasted<'_>,
        options: &Options,
        inputs: &[PathBuf],
        context: &Context,
    ) -> Result<Checked, Failure> {
        let Pasted { path, file, look: Look { mut checked, mended } } = pasted;
        let mended = match mended {
            Ok(mended) => mended,
            Err(obstacle) => return Ok(Checked { fixed: Some(Fixed::Left(obstacle)), ..checked }),
        };
        let is_fixable = checked.findings.iter().any(|finding| checked.is_fixable(finding));
        if self.in_place && !is_fixable {
            return Ok(Checked { fixed: Some(Fixed::Nothing), ..checked });
        }
        let output = self.output.clone().unwrap_or_else(|| path.to_owned());
        let planned;
        (planned, checked) = check::fix(checked, mended, output, options)?;
        if planned.path == Path::new("-") {
            show(&planned, context)?;
            return Ok(checked);
        }
        let plan = Plan { files: vec![planned], folder: None };
        let standing = [(path, &file.octets)];
        // What is mended in place is the one input that is meant to be replaced.
        let inputs: Vec<PathBuf> = match self.in_place {
            true => inputs.to_vec(),
            false => inputs.iter().cloned().chain([path.to_owned()]).collect(),
        };
        let existing = if self.in_place { Existing::Amend(&standing) } else { deliver::existing(self.force) };
        let backups = signals::held(|| write::write(&plan, &input::files(&inputs), existing))?;
        if let (Some(Fixed::Mended { backup, .. }), Some(name)) = (&mut checked.fixed, backups.first()) {
            *backup = Some(name.display().to_string());
            if input::exposed(name) {
                let name = name.display();
                context.warn(&format!("{name}: others than its owner may read the old file: chmod 600"));
            }
        }
        Ok(checked)
    }

    /// Whether a file that was to be mended was not.
    pub(super) fn failed(&self, checked: &Checked) -> bool {
        let is_wrong = checked.findings.iter().any(|finding| finding.severity == Severity::Error);
        matches!(checked.fixed, Some(Fixed::Left(_))) && (is_wrong || self.output.is_some())
    }
}

/// The mended file on standard output.
fn show(planned: &PlannedFile, context: &Context) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        return Err(Error::SecretToTerminal { what: "a private key" }.into());
    }
    write::prove(planned, &planned.contents)?;
    context.print_octets(planned.contents.expose())
}
