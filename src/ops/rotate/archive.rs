//! The archive: what moved there, and a change-over that was interrupted.

use std::path::{Path, PathBuf};

use super::{
    Credential, Mark, Recipe, View,
    job::{Job, Move, Source},
    piece::Piece,
};
use crate::{
    cert::{Certificate, verify},
    report::{CertificateSummary, rotate::Succession},
    time::Instant,
};

/// The folder of the old files, and those in it of the same line.
pub(super) struct Archive<'a> {
    pub(super) folder: &'a Path,
    pub(super) pieces: Vec<Piece<'a>>,
}

impl Archive<'_> {
    /// The job that an interrupted run left: one credential stands under some of the names, and the
    /// other, which is in the archive too, still under the rest.
    pub(super) fn unfinished(&self, view: &View<'_>, recipe: &Recipe) -> Option<Job> {
        let standing = &view.old;
        if let Some(key) = &view.bare_key {
            let source = Source::Key(key.clone(), recipe.clone());
            return Some(Job::finishing(view, self, &standing.certificate, source));
        }
        let same_line = |leaf: &&Certificate| {
            leaf.subject() == standing.certificate.subject() && **leaf != standing.certificate
        };
        if self.holds(&standing.certificate) {
            let newer = |leaf: &&Certificate| {
                leaf.not_before() >= standing.certificate.not_before() && !self.holds(leaf)
            };
            let leaf = view.line.iter().flat_map(Piece::leaves).filter(same_line).find(newer)?;
            let key = view.line.iter().find_map(|piece| piece.key_of(leaf))?;
            let new = Credential { key: key.clone(), certificate: leaf.clone() };
            let source = Source::Left(Box::new(new));
            return Some(Job::finishing(view, self, &standing.certificate, source));
        }
        let predecessors = self.pieces.iter().flat_map(Piece::leaves).filter(same_line);
        let mut older = predecessors.filter(|leaf| leaf.not_before() <= standing.certificate.not_before());
        let old = older.find(|leaf| {
            !view.holding(leaf).is_empty() || view.record.as_ref().is_some_and(|record| record.names(leaf))
        })?;
        Some(Job::finishing(view, self, old, Source::Left(Box::new(standing.clone()))))
    }

    /// The credential that stands here whole, and of which the certificate alone still stands in the line.
    pub(super) fn left_behind(&self, line: &[Piece<'_>]) -> Option<Credential> {
        line.iter().flat_map(Piece::leaves).filter(|leaf| self.holds(leaf)).find_map(|leaf| {
            let key = self.pieces.iter().find_map(|piece| piece.key_of(leaf))?;
            Some(Credential { key: key.clone(), certificate: leaf.clone() })
        })
    }

    /// The succession that is over: the predecessor is here, and still valid.
    pub(super) fn succession(&self, view: &View<'_>) -> Option<Succession> {
        let new = &view.old.certificate;
        let is_predecessor = |leaf: &&Certificate| {
            leaf.subject() == new.subject()
                && *leaf != new
                && leaf.not_before() <= new.not_before()
                && is_valid(leaf, view.now)
        };
        let old = self
            .pieces
            .iter()
            .flat_map(Piece::leaves)
            .filter(|_| is_valid(new, view.now))
            .find(is_predecessor)?;
        let files = view
            .holding(new)
            .into_iter()
            .filter_map(|piece| Some((piece.shown(), piece.form(new).ok()?.purpose())));
        let old_files = self.pieces.iter().filter(|piece| piece.holds(old)).map(Piece::shown);
        Some(Succession {
            new: Some(CertificateSummary::of(new)),
            files: files.collect(),
            old_files: old_files.collect(),
            names_stay: true,
            ..Succession::of(old, old.not_after().days_since(view.now))
        })
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

fn is_valid(certificate: &Certificate, now: Instant) -> bool {
    verify::currency(certificate, now) != verify::Currency::Expired
}
