//! Which files are succeeded: those that hold the old credential. What could not be made again without
//! losing something is refused before anything is made.

use super::{View, form::Form, piece::Piece};
use crate::{
    cert::Certificate,
    error::{Error, Result},
};

/// A file with its form.
pub(super) type Chosen<'v, 'a> = (&'v Piece<'a>, Form);

impl<'a> View<'a> {
    /// The files that are succeeded, the store first, and what is to be said of the others of its name.
    ///
    /// # Errors
    /// [`Error::WrongKind`], naming the file, for one that cannot be made again as it is.
    pub(super) fn succeeded(&self) -> Result<(Vec<Chosen<'_, 'a>>, Vec<String>)> {
        let (mut files, mut warnings) = (Vec::new(), Vec::new());
        for piece in &self.line {
            let shown = piece.shown();
            if let Some(reason) = piece.reason() {
                warnings.push(format!("{shown} was left alone: {reason}"));
                continue;
            }
            if !piece.holds(&self.old.certificate) {
                warnings.push(format!("{shown} holds another credential and was left alone"));
                continue;
            }
            let form = form_of(piece, &self.old.certificate)?;
            if piece.is_locked && form.is_sealed {
                warnings.push(format!(
                    "{shown} has a password of its own; its successor gets that of the others"
                ));
            }
            match piece.entry_count() {
                0 | 1 => {}
                count if self.archive.is_some() => return Err(several(piece, count)),
                count => {
                    warnings.push(format!("{shown} holds {count} entries, and its successor this one alone"));
                }
            }
            files.push((piece, form));
        }
        Ok((files, warnings))
    }

    /// The files that hold a certificate or its key.
    ///
    /// # Errors
    /// The same.
    pub(super) fn forms_of(&self, old: &Certificate) -> Result<Vec<Chosen<'_, 'a>>> {
        self.holding(old).into_iter().map(|piece| Ok((piece, form_of(piece, old)?))).collect()
    }
}

/// The form of a file that can be made again without losing anything.
pub(super) fn form_of(piece: &Piece<'_>, old: &Certificate) -> Result<Form> {
    let form = piece.form(old).map_err(|found| {
        let expected = "a PFX, a JKS or JCEKS, PEM, a key in DER, or the connector JSON";
        let remedy = "rotate a file of one of these forms, alone under its name, and make this one from its successor: certkit export-json --help";
        refused(piece, found, expected, remedy)
    })?;
    let further = piece.further_members();
    if further.is_empty() {
        return Ok(form);
    }
    let found = format!("a connector JSON with more members: {}", further.join(", "));
    let expected = "private_key and public_cert alone: its successor would not have the others";
    let remedy = "make one without them and rotate that: certkit export-json {file} -o NEW.json; beside another store, move this one away first";
    Err(refused(piece, found, expected, remedy))
}

fn several(piece: &Piece<'_>, count: usize) -> Error {
    let expected = "one that holds nothing besides: what else is in it would stand in the archive alone";
    let remedy = "leave --archive out, and the successor stands beside it";
    refused(piece, format!("a store with {count} entries"), expected, remedy)
}

fn refused(piece: &Piece<'_>, found: String, expected: &'static str, remedy: &str) -> Error {
    Error::WrongKind { found, expected, remedy: Some(remedy.into()) }.in_file(piece.shown())
}
