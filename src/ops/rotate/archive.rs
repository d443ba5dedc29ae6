//! The archive: what moved there, and a change-over that was interrupted.

use std::path::{Path, PathBuf};

use super::{
    Credential, Mark, Recipe, View,
    job::{Job, Move, Source},
    piece::Piece,
    recipe::may_follow,
};
use crate::{
    cert::{Certificate, verify},
    error::{Error, Result},
    report::{CertificateSummary, rotate::Succession},
    time::Instant,
};

/// The folder of the old files, and those in it of the same line.
pub(super) struct Archive<'a> {
    pub(super) folder: &'a Path,
    pub(super) pieces: Vec<Piece<'a>>,
    /// Whether it lies in the store's own folder.
    pub(super) is_own: bool,
}

impl Archive<'_> {
    /// The job that an interrupted run left: one credential stands under some of the names, and the
    /// other, which is in the archive too, still under the rest.
    ///
    /// # Errors
    /// [`Error::WrongPassword`] or [`Error::PasswordMissing`], naming the file, where the key of the one
    /// that is to be completed does not open; [`Error::WrongKind`] for a file that cannot be made again.
    pub(super) fn unfinished(&self, view: &View<'_>, recipe: &Recipe) -> Result<Option<Job>> {
        let standing = &view.old;
        if let Some(key) = &view.bare_key {
            let source = Source::Key(key.clone(), recipe.clone());
            return Job::finishing(view, self, &standing.certificate, source).map(Some);
        }
        if self.holds(&standing.certificate) {
            let newer = |leaf: &&Certificate| may_follow(leaf, &standing.certificate) && !self.holds(leaf);
            let Some(leaf) = view.line.iter().flat_map(Piece::leaves).find(newer) else { return Ok(None) };
            let Some(key) = view.line.iter().find_map(|piece| piece.key_of(leaf)) else {
                return view.refuse_closed(&view.holding(leaf)).map(|()| None);
            };
            let new = Credential { key: key.clone(), certificate: leaf.clone() };
            let source = Source::Left(Box::new(new));
            return Job::finishing(view, self, &standing.certificate, source).map(Some);
        }
        let mut predecessors = self.pieces.iter().flat_map(Piece::leaves);
        let old = predecessors.find(|leaf| {
            may_follow(&standing.certificate, leaf)
                && (!view.holding(leaf).is_empty()
                    || view.record.as_ref().is_some_and(|record| record.names(leaf)))
        });
        let left = || Source::Left(Box::new(standing.clone()));
        old.map(|old| Job::finishing(view, self, old, left())).transpose()
    }

    /// The credential that stands here whole, and of which the certificate alone still stands in the line.
    pub(super) fn left_behind(&self, line: &[Piece<'_>]) -> Option<Credential> {
        line.iter().flat_map(Piece::leaves).filter(|leaf| self.holds(leaf)).find_map(|leaf| {
            let key = self.pieces.iter().find_map(|piece| piece.key_of(leaf))?;
            Some(Credential { key: key.clone(), certificate: leaf.clone() })
        })
    }

    /// The succession that is over: the predecessor is here, and the time for the next one has not come.
    ///
    /// # Errors
    /// [`Error::WrongKind`], naming the file, where it cannot be told whether it is the predecessor;
    /// [`Error::WrongPassword`] or [`Error::PasswordMissing`] where it does not open.
    pub(super) fn succession(&self, view: &View<'_>) -> Result<Option<Succession>> {
        let new = &view.old.certificate;
        if !is_valid(new, view.now) {
            return Ok(None);
        }
        let moved_by =
            |piece: &&Piece<'_>, moment| piece.name.mark.as_ref().is_some_and(|mark| mark.is_by(moment));
        // A file that moved here after the new one began made way for another one.
        let mut earlier = self.pieces.iter().filter(|piece| moved_by(piece, new.not_before()));
        let is_predecessor = |leaf: &&Certificate| {
            may_follow(new, leaf) && (is_valid(leaf, view.now) || is_in_first_half(new, view.now))
        };
        let found = earlier.find_map(|piece| Some((piece, piece.leaves().find(is_predecessor)?)));
        let Some((piece, old)) = found else {
            let of_that_day = |piece: &&Piece<'_>| {
                piece.is_closed()
                    && moved_by(piece, new.not_before())
                    && piece.name.mark.as_ref().is_some_and(|mark| mark.is_since(new.not_before()))
            };
            let closed: Vec<&Piece<'_>> = self.pieces.iter().filter(of_that_day).collect();
            return view.refuse_closed(&closed).map(|()| None);
        };
        if !self.is_own {
            return Err(undecided(piece));
        }
        Ok(Some(self.over(view, old)))
    }

    fn over(&self, view: &View<'_>, old: &Certificate) -> Succession {
        let new = &view.old.certificate;
        let files = view
            .holding(new)
            .into_iter()
            .filter_map(|piece| Some((piece.shown(), piece.form(new).ok()?.purpose())));
        let old_files = self.pieces.iter().filter(|piece| piece.holds(old)).map(Piece::shown);
        Succession {
            new: Some(CertificateSummary::of(new)),
            files: files.collect(),
            old_files: old_files.collect(),
            names_stay: true,
            ..Succession::of(old, old.not_after().days_since(view.now))
        }
    }

    /// Where a file moves to.
    pub(super) fn move_of(&self, piece: &Piece<'_>, mark: &Mark) -> Option<Move> {
        let octets = piece.octets?.clone();
        Some(Move { path: piece.path.to_owned(), octets, to: self.place(piece, mark) })
    }

    /// The mark under which a certificate stands here.
    pub(super) fn mark_of(&self, certificate: &Certificate) -> Option<Mark> {
        self.pieces.iter().filter(|piece| piece.holds(certificate)).find_map(|piece| piece.name.mark.clone())
    }

    /// A mark for files that move here: the one under which some of them stand already and none of
    /// another content, as an interrupted run leaves them; else a new one.
    pub(super) fn mark_for(&self, files: &[&Piece<'_>], now: Instant) -> Mark {
        let mut marks: Vec<Mark> = self.pieces.iter().filter_map(|piece| piece.name.mark.clone()).collect();
        marks.sort_unstable();
        let begun = marks.iter().rev().find(|mark| {
            let copies: Vec<bool> = files
                .iter()
                .filter_map(|file| {
                    let place = self.place(file, mark);
                    let copy = self.pieces.iter().find(|piece| piece.path == place)?;
                    Some(copy.octets.zip(file.octets).is_some_and(|(copy, file)| copy.same_as(file)))
                })
                .collect();
            !copies.is_empty() && copies.iter().all(|is_copy| *is_copy)
        });
        begun.cloned().unwrap_or_else(|| Mark::next(now, marks))
    }

    fn place(&self, piece: &Piece<'_>, mark: &Mark) -> PathBuf {
        self.folder.join(piece.name.with(Some(mark.clone())).to_string())
    }

    fn holds(&self, certificate: &Certificate) -> bool {
        self.pieces.iter().any(|piece| piece.holds(certificate))
    }
}

/// An archive elsewhere may serve several folders, and nothing in it says from which a file came.
fn undecided(piece: &Piece<'_>) -> Error {
    let wrong = Error::WrongKind {
        found:
            "an older credential of the same name and subject, which may have come here from another folder"
                .into(),
        expected: "an archive in the store's own folder, where it is surely the predecessor",
        remedy: Some(
            "nothing is to be done if it was this store's; if it was not, add --again to make the successor"
                .into(),
        ),
    };
    wrong.in_file(piece.shown())
}

fn is_in_first_half(certificate: &Certificate, now: Instant) -> bool {
    let passed = now.unix().saturating_sub(certificate.not_before().unix());
    passed < certificate.not_after().unix().saturating_sub(now.unix())
}

fn is_valid(certificate: &Certificate, now: Instant) -> bool {
    verify::currency(certificate, now) != verify::Currency::Expired
}
