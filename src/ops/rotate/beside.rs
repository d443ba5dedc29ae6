//! The successor that stands beside the old files already, whole or not.

use super::{
    Credential, Judgement, Mark, Recipe, View,
    choose::form_of,
    job::{Job, Source, Target},
    piece::Piece,
    recipe::may_follow,
};
use crate::{
    cert::Certificate,
    error::{Error, Result},
    key::PrivateKey,
    output::plan::Purpose,
    report::{
        CertificateSummary,
        rotate::{Outcome, Succession},
    },
};

/// The forms of the old files under another mark.
#[derive(Default)]
struct Compared {
    /// Those that are there, with what they are for.
    there: Vec<(String, Purpose)>,
    missing: Vec<Target>,
    /// What is to be said of those that do not hold what they should.
    warnings: Vec<String>,
}

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
                files.iter().flat_map(|piece| piece.leaves()).find(|leaf| self.is_newer(leaf, mark, &files));
            match certificate {
                Some(certificate) if self.lasts(certificate) => {
                    return self.judge_successor(mark, &files, certificate).map(Some);
                }
                None if self.may_be_later(mark)
                    && files.iter().all(|piece| piece.leaves().next().is_none()) =>
                {
                    if let Some(job) = self.bare_successor(mark, &files, recipe)? {
                        return Ok(Some(Judgement::Due(Box::new(job))));
                    }
                    self.refuse_closed(&files)?;
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Where key and certificate have a file each, an interrupted run may have left the key alone.
    fn bare_successor(
        &self,
        mark: &Option<Mark>,
        files: &[&Piece<'_>],
        recipe: &Recipe,
    ) -> Result<Option<Job>> {
        let members = self.holding(&self.old.certificate);
        if members.iter().any(|piece| piece.form(&self.old.certificate).is_ok_and(|form| form.is_whole())) {
            return Ok(None);
        }
        let same_kind = |key: &&PrivateKey| key.algorithm() == self.old.key.algorithm();
        let Some(key) = files.iter().flat_map(|piece| piece.keys()).find(same_kind) else { return Ok(None) };
        let Compared { there, missing, warnings } =
            self.compare(mark, files, |file| key.public().is_some_and(|public| file.has_key(public)))?;
        let succession = Succession { files: there, warnings, ..self.succession() };
        let source = Source::Key(key.clone(), recipe.clone());
        Ok(Some(Job::completing(self, succession, source, missing)))
    }

    /// Whether a certificate in files under another mark came after the store's, in its place: where they
    /// give its entry a name, it is the old one's.
    fn is_newer(&self, leaf: &Certificate, mark: &Option<Mark>, files: &[&Piece<'_>]) -> bool {
        let old = &self.old.certificate;
        let alias = |piece: &Piece<'_>, certificate| piece.form(certificate).ok().and_then(|form| form.alias);
        let has_its_alias = |file: &&Piece<'_>| match alias(file, leaf) {
            Some(new) => self
                .holding(old)
                .into_iter()
                .filter(|piece| piece.name.with(file.name.mark.clone()) == file.name)
                .filter_map(|piece| alias(piece, old))
                .all(|old| old == new),
            None => true,
        };
        let is_later = (leaf.not_before(), mark.as_ref()) > (old.not_before(), self.mark_of_making());
        is_later && may_follow(leaf, old) && files.iter().filter(|file| file.holds(leaf)).all(has_its_alias)
    }

    /// The store's own mark, where it is the day on which its certificate begins: another one was not
    /// given by a run, may be the end, and says nothing of the order.
    fn mark_of_making(&self) -> Option<&Mark> {
        let begin = self.old.certificate.not_before();
        self.own.mark.as_ref().filter(|own| own.is_by(begin) && own.is_since(begin))
    }

    /// Whether files under a mark, in which no certificate tells it, may have been made after the store.
    fn may_be_later(&self, mark: &Option<Mark>) -> bool {
        let begin = self.old.certificate.not_before().min(self.now);
        let since = |mark: &Mark| self.mark_of_making().is_none() && mark.is_since(begin);
        *mark > self.own.mark || mark.as_ref().is_some_and(since)
    }

    /// Whole as it stands, or to be completed from its own key.
    fn judge_successor(
        &self,
        mark: &Option<Mark>,
        files: &[&Piece<'_>],
        certificate: &Certificate,
    ) -> Result<Judgement> {
        let Compared { there, missing, warnings } =
            self.compare(mark, files, |file| file.holds(certificate))?;
        let new = CertificateSummary::of(certificate);
        let succession = Succession { new: Some(new), files: there, warnings, ..self.succession() };
        Ok(match files.iter().find_map(|piece| piece.key_of(certificate)) {
            _ if missing.is_empty() => Judgement::Settled(Outcome::Exists, Box::new(succession)),
            Some(key) => {
                let new = Credential { key: key.clone(), certificate: certificate.clone() };
                let source = Source::Left(Box::new(new));
                Judgement::Due(Box::new(Job::completing(self, succession, source, missing)))
            }
            None => {
                self.refuse_closed(files)?;
                Judgement::Settled(Outcome::Exists, Box::new(without_key(succession, &missing)))
            }
        })
    }

    /// Looks for every form of the old files under another mark.
    ///
    /// # Errors
    /// [`Error::WrongKind`], naming the old file, for a missing one that cannot be made.
    fn compare(
        &self,
        mark: &Option<Mark>,
        files: &[&Piece<'_>],
        holds: impl Fn(&Piece<'_>) -> bool,
    ) -> Result<Compared> {
        let Compared { mut there, mut missing, mut warnings } = Compared::default();
        for piece in self.holding(&self.old.certificate) {
            let path = self.place(&piece.name.with(mark.clone()));
            let Some(file) = files.iter().find(|file| file.path == path) else {
                missing.push(Target { path, form: form_of(piece, &self.old.certificate)? });
                continue;
            };
            let Ok(form) = piece.form(&self.old.certificate) else { continue };
            let shown = file.shown();
            if let Some(reason) = file.reason() {
                warnings.push(format!("{shown} was not looked into: {reason}"));
            } else if !holds(file) {
                warnings.push(format!("{shown} holds something else and was left alone"));
            }
            there.push((shown, form.purpose()));
        }
        Ok(Compared { there, missing, warnings })
    }

    /// A store of the line that does not open may be the same credential's, or its successor's.
    pub(super) fn refuse_closed(&self, files: &[&Piece<'_>]) -> Result<()> {
        let Some(piece) = files.iter().find(|piece| piece.is_closed() || piece.has_locked_key()) else {
            return Ok(());
        };
        let error = match self.standing.unlocks.iter().any(|unlock| unlock.password.is_some()) {
            true => Error::WrongPassword { certain: false },
            false => Error::PasswordMissing { purpose: "to tell whether it holds the same credential" },
        };
        Err(error.in_file(piece.shown()))
    }
}

/// The key was taken to where it is used: that is no reason for another one.
fn without_key(mut succession: Succession, missing: &[Target]) -> Succession {
    let names: Vec<String> = missing.iter().map(|target| target.path.display().to_string()).collect();
    let key = "and no file here holds the key to make it from; --again makes another successor";
    succession.warnings.push(format!("not here: {}, {key}", names.join(", ")));
    succession
}
