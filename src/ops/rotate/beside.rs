//! The successor that stands beside the old files already, whole or not.

use super::{
    Credential, Judgement, Mark, Recipe, View,
    job::{Job, Source, Target},
    piece::Piece,
};
use crate::{
    cert::Certificate,
    error::{Error, Result},
    key::PrivateKey,
    output::plan::Purpose,
    report::{CertificateSummary, rotate::Succession},
};

impl<'a> View<'a> {
    /// What has to be done about the newest good successor; nothing where there is none.
    ///
    /// # Errors
    /// [`Error::WrongPassword`], naming the file, for files of which it cannot be told.
    pub(super) fn successor_beside(&self, recipe: &Recipe) -> Result<Option<Judgement>> {
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
                    if let Some(job) = self.bare_successor(mark, &files, recipe) {
                        return Ok(Some(Judgement::Due(Box::new(job))));
                    }
                    refuse_closed(&files)?;
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Where key and certificate have a file each, an interrupted run may have left the key alone.
    fn bare_successor(&self, mark: &Option<Mark>, files: &[&Piece<'_>], recipe: &Recipe) -> Option<Job> {
        let members = self.holding(&self.old.certificate);
        if members.iter().any(|piece| piece.form(&self.old.certificate).is_ok_and(|form| form.is_whole())) {
            return None;
        }
        let same_kind = |key: &&PrivateKey| key.algorithm() == self.old.key.algorithm();
        let key = files.iter().flat_map(|piece| piece.keys()).find(same_kind)?;
        let (there, missing, warnings) =
            self.compare(mark, files, |file| key.public().is_some_and(|public| file.has_key(public)));
        let succession = Succession { files: there, warnings, ..self.succession() };
        Some(Job::completing(self, succession, Source::Key(key.clone(), recipe.clone()), missing))
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
        let (there, missing, warnings) = self.compare(mark, files, |file| file.holds(certificate));
        let new = CertificateSummary::of(certificate);
        let succession = Succession { new: Some(new), files: there, warnings, ..self.succession() };
        match files.iter().find_map(|piece| piece.key_of(certificate)) {
            _ if missing.is_empty() => Judgement::Exists(succession),
            Some(key) => {
                let new = Credential { key: key.clone(), certificate: certificate.clone() };
                let source = Source::Left(Box::new(new));
                Judgement::Due(Box::new(Job::completing(self, succession, source, missing)))
            }
            None => Judgement::Exists(without_key(succession, &missing)),
        }
    }

    /// The forms of the old files under another mark: those that are there, those that are missing, and
    /// what is to be said of those that do not hold what they should.
    fn compare(
        &self,
        mark: &Option<Mark>,
        files: &[&Piece<'_>],
        holds: impl Fn(&Piece<'_>) -> bool,
    ) -> (Vec<(String, Purpose)>, Vec<Target>, Vec<String>) {
        let (mut there, mut missing, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for piece in self.holding(&self.old.certificate) {
            let Ok(form) = piece.form(&self.old.certificate) else { continue };
            let path = self.place(&piece.name.with(mark.clone()));
            let Some(file) = files.iter().find(|file| file.path == path) else {
                missing.push(Target { path, form });
                continue;
            };
            let shown = file.shown();
            if let Some(reason) = file.reason() {
                warnings.push(format!("{shown} was not looked into: {reason}"));
            } else if !holds(file) {
                warnings.push(format!("{shown} holds something else and was left alone"));
            }
            there.push((shown, form.purpose()));
        }
        (there, missing, warnings)
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
