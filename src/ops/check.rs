//! `check`: what the rules say of a file, and the file as it should be.

use std::path::PathBuf;

use super::Input;
use crate::{
    check::{Mended, Obstacle, Options, Subject},
    error::{Error, Result},
    finding::Finding,
    output::plan::{PlannedFile, Purpose},
    report::check::{Checked, Fixed},
    store::Unlock,
};

/// What a look at a file came to.
pub struct Look {
    /// What the rules say.
    pub checked: Checked,
    /// The file as it should be, where it is a connector JSON that can be mended.
    pub mended: std::result::Result<Mended, Obstacle>,
}

/// Looks at a file.
///
/// # Errors
/// As [`Subject::judgeable`], naming the file. A credential that is damaged is a finding.
pub fn look(file: &Input, unlock: &Unlock, options: &Options) -> Result<Look> {
    let subject = Subject::read(&file.name, file.octets.expose(), unlock, options);
    let subject = subject.judgeable().map_err(|error| error.in_file(&file.name))?;
    let mended = subject.mend();
    let checked = Checked {
        file: file.name.clone(),
        what: subject.describe(),
        findings: subject.findings(),
        obstacle: mended.as_ref().err().copied(),
        fixed: None,
    };
    Ok(Look { checked, mended })
}

/// The mended file, to be written to `output`, and what is said of it then: what was mended, and what
/// is left.
///
/// # Errors
/// As [`look`].
pub fn fix(
    checked: Checked,
    mended: Mended,
    output: PathBuf,
    options: &Options,
) -> Result<(PlannedFile, Checked)> {
    // A new file is its owner's alone.
    let options = Options { exposed: false, ..options.clone() };
    let written = Input { name: checked.file, octets: mended.json };
    let after = look(&written, &Unlock::default(), &options)?;
    let is_left = |finding: &Finding| after.checked.findings.iter().any(|left| left.id == finding.id);
    let fixed = Fixed::Mended {
        findings: checked.findings.into_iter().filter(|finding| !is_left(finding)).collect(),
        output: output.display().to_string(),
        backup: None,
    };
    let file = PlannedFile {
        path: output,
        contents: written.octets,
        purpose: Purpose::GiveToConnector,
        proof: Box::new(move |octets| prove(octets, &options)),
    };
    Ok((file, Checked { fixed: Some(fixed), ..after.checked }))
}

/// A connector JSON is as it should be where mending it changes nothing.
fn prove(octets: &[u8], options: &Options) -> Result<()> {
    let mended = Subject::read("", octets, &Unlock::default(), options).mend();
    match mended {
        Ok(mended) if mended.json.expose() == octets => Ok(()),
        Ok(_) => Err(Error::Internal("it is not canonical".into())),
        Err(obstacle) => Err(Error::Internal(obstacle.to_string())),
    }
}
