//! The successor that stands beside the old files already, whole or not.

use super::{
    Credential, Judgement, Mark, View,
    job::{Job, Target},
    piece::Piece,
};
use crate::{
    cert::Certificate,
    error::{Error, Result},
    report::{CertificateSummary, rotate::Succession},
};

impl<'a> View<'a> {
    /// What has to be done about the newest good successor; nothing where there is none.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], naming the file, for files of which it cannot be told.
    pub(super) fn successor_beside(&self) -> Result<Option<Judgement>> {
        let mut marks: Vec<&Option<Mark>> = self.others.iter().map(|piece| &piece.name.mark).collect();
        marks.sort_unstable();
        marks.dedup();
        for mark in marks.into_iter().rev() {
            let files: Vec<&Piece<'_>> =
                self.others.iter().filter(|piece| piece.name.mark == *mark).collect();
            let certificate =
                files.iter().flat_map(|piece| piece.leaves()).find(|leaf| self.is_newer(leaf, mark));
            match certificate {
                Some(certificate) if self.lasts(certificate) => {
                    return Ok(Some(self.judge_successor(mark, &files, certificate)));
                }
                None if *mark > self.own.mark
                    && files.iter().all(|piece| piece.leaves().next().is_none()) =>
                {
                    refuse_closed(&files)?;
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Whether a certificate under a mark came after the store's, in its place.
    fn is_newer(&self, leaf: &Certificate, mark: &Option<Mark>) -> bool {
        let old = &self.old.certificate;
        leaf != old
            && leaf.subject() == old.subject()
            && (leaf.not_before(), mark) > (old.not_before(), &self.own.mark)
    }

    /// Whole as it stands, or to be completed from its own key.
    fn judge_successor(
        &self,
        mark: &Option<Mark>,
        files: &[&Piece<'_>],
        certificate: &Certificate,
    ) -> Judgement {
        let key = files.iter().find_map(|piece| piece.key_of(certificate));
        let (mut there, mut missing, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for piece in self.holding(&self.old.certificate) {
            let Ok(form) = piece.form() else { continue };
            let path = self.place(&piece.name.with(mark.clone()));
            let shown = path.display().to_string();
            match files.iter().find(|file| file.path == path) {
                None => missing.push(Target { path, form }),
                Some(file) => {
                    if let Some(reason) = file.reason() {
                        warnings.push(format!("{shown} was not looked into: {reason}"));
                    } else if !file.holds(certificate) {
                        warnings.push(format!("{shown} holds something else and was left alone"));
                    }
                    there.push((shown, form.purpose()));
                }
            }
        }
        let new = CertificateSummary::of(certificate);
        let succession = Succession { new: Some(new), files: there, warnings, ..self.succession() };
        match key {
            _ if missing.is_empty() => Judgement::Exists(succession),
            Some(key) => {
                let alias = self.old.alias.clone();
                let new = Credential { alias, key: key.clone(), certificate: certificate.clone() };
                Judgement::Due(Box::new(Job::completing(self, succession, new, missing)))
            }
            None => Judgement::Exists(without_key(succession, &missing)),
        }
    }
}

/// The key was taken to where it is used: that is no reason for another one.
fn without_key(mut succession: Succession, missing: &[Target]) -> Succession {
    let names: Vec<String> = missing.iter().map(|target| target.path.display().to_string()).collect();
    let key = "and no file here holds the key to make it from; --again makes another successor";
    succession.warnings.push(format!("not here: {}, {key}", names.join(", ")));
    succession
}

/// A store under the name of a successor that does not open may be one.
fn refuse_closed(files: &[&Piece<'_>]) -> Result<()> {
    match files.iter().find(|piece| piece.is_closed()) {
        Some(piece) => Err(Error::WrongPassword { certain: false }.in_file(piece.shown())),
        None => Ok(()),
    }
}
