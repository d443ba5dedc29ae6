//! A successor that is to be made, or completed: what it is made from, and which files.

use std::path::PathBuf;

use super::{
    Archive, Credential, Mark, Recipe, View, choose::Chosen, form::Form, piece::Piece, watched::Watched,
};
use crate::{
    cert::Certificate,
    connector::kit::Record,
    error::{Error, Result},
    key::PrivateKey,
    report::rotate::{RecordState, Succession},
    secret::SecretBytes,
};

/// A file to be made.
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) form: Form,
}

/// An old file and where it moves to.
pub struct Move {
    /// Its name, which a new file gets.
    pub path: PathBuf,
    /// What was read from it.
    pub octets: SecretBytes,
    /// Its name in the archive.
    pub to: PathBuf,
}

/// What a job makes the files of.
pub(super) enum Source {
    /// A new key.
    New(Recipe),
    /// The key that an interrupted run left before its certificate had a name.
    Key(PrivateKey, Recipe),
    /// The credential that an interrupted run left.
    Left(Box<Credential>),
}

impl Source {
    /// Whether a file holds it already.
    fn is_in(&self, piece: &Piece<'_>) -> bool {
        match self {
            Self::New(_) => false,
            Self::Key(key, _) => key.public().is_some_and(|public| piece.has_key(public)),
            Self::Left(credential) => piece.holds(&credential.certificate),
        }
    }
}

/// A successor to be made.
pub struct Job {
    pub(super) old: Certificate,
    pub(super) source: Source,
    pub(super) targets: Vec<Target>,
    moves: Vec<Move>,
    /// The record that names the old certificate, to be written anew.
    pub(super) record: Option<(PathBuf, Record)>,
    /// The old store whose key has a password of its own.
    key_apart: Option<String>,
    /// What is known before it is made; its files are filled in.
    pub(super) succession: Succession,
}

impl Job {
    /// A new credential: beside the old one, or in its place.
    pub(super) fn new(view: &View<'_>, recipe: Recipe) -> Result<Self> {
        let old = &view.old.certificate;
        let (files, warnings) = view.succeeded()?;
        let key_apart = key_apart(&files);
        let mut succession = Succession { warnings, ..view.succession() };
        let mut job = match &view.archive {
            Some(archive) => {
                let pieces: Vec<&Piece<'_>> = files.iter().map(|(piece, _)| *piece).collect();
                let place = (archive, archive.mark_for(&pieces, view.now));
                Self::in_place(view, place, old, Source::New(recipe), &files, succession)
            }
            None => {
                let marks = view.line.iter().chain(&view.others).filter_map(|piece| piece.name.mark.clone());
                let mark = Mark::next(view.now, marks);
                let record = view.record.as_ref().filter(|record| record.names(old));
                succession.record = record.map(|record| RecordState::ToEdit(record.shown()));
                let target = |(piece, form): (&Piece<'_>, Form)| Target {
                    path: view.place(&piece.name.with(Some(mark.clone()))),
                    form,
                };
                let targets = files.into_iter().map(target).collect();
                Self::with(old, Source::New(recipe), targets, succession)
            }
        };
        for target in &mut job.targets {
            view.options.compat.into_iter().for_each(|compat| target.form.for_others(compat));
        }
        Ok(Self { key_apart, ..job })
    }

    /// The rest of a successor that stands beside the old one.
    pub(super) fn completing(
        view: &View<'_>,
        mut succession: Succession,
        source: Source,
        missing: Vec<Target>,
    ) -> Self {
        let names: Vec<String> = missing.iter().map(|target| target.path.display().to_string()).collect();
        let reason = "was missing; it was made from the successor's own key";
        succession.warnings.insert(0, format!("{} {reason}", names.join(", ")));
        Self::with(&view.old.certificate, source, missing, succession)
    }

    /// The rest of a change-over in place.
    pub(super) fn finishing(
        view: &View<'_>,
        archive: &Archive<'_>,
        old: &Certificate,
        source: Source,
    ) -> Result<Self> {
        let mark = archive.mark_of(old);
        let stale = view.forms_of(old)?;
        let there = view.line.iter().filter(|piece| source.is_in(piece));
        let there = there.filter_map(|piece| Some((piece.shown(), piece.form(old).ok()?.purpose())));
        let mut succession = Succession::of(old, old.not_after().days_since(view.now));
        succession.files = there.collect();
        succession.warnings.push("an earlier run was interrupted; it was brought to its end".into());
        let pieces: Vec<&Piece<'_>> = stale.iter().map(|(piece, _)| *piece).collect();
        let mark = mark.unwrap_or_else(|| archive.mark_for(&pieces, view.now));
        let key_apart = key_apart(&stale);
        let job = Self::in_place(view, (archive, mark), old, source, &stale, succession);
        Ok(Self { key_apart, ..job })
    }

    /// New files under the old names; the old ones move to the archive.
    fn in_place(
        view: &View<'_>,
        (archive, mark): (&Archive<'_>, Mark),
        old: &Certificate,
        source: Source,
        files: &[(&Piece<'_>, Form)],
        mut succession: Succession,
    ) -> Self {
        let record = view.record.as_ref().filter(|record| record.names(old));
        let mut moves: Vec<Move> =
            files.iter().filter_map(|(piece, _)| archive.move_of(piece, &mark)).collect();
        moves.extend(record.map(|record| Move {
            path: record.path.clone(),
            octets: record.octets.clone(),
            to: archive.folder.join(view.own.record(&mark)),
        }));
        let archived = archive.pieces.iter().filter(|piece| piece.holds(old)).map(Piece::shown);
        let moved = moves.iter().map(|one| one.to.display().to_string());
        succession.old_files = archived.chain(moved).collect();
        succession.old_files.sort_unstable();
        succession.old_files.dedup();
        succession.names_stay = true;
        if let Some(record) = record {
            succession.record = Some(RecordState::Updated(record.shown()));
        }
        let target =
            |(piece, form): &(&Piece<'_>, Form)| Target { path: piece.path.to_owned(), form: form.clone() };
        let targets = files.iter().map(target).collect();
        let record = record.map(Watched::to_update);
        Self { moves, record, ..Self::with(old, source, targets, succession) }
    }

    fn with(old: &Certificate, source: Source, mut targets: Vec<Target>, succession: Succession) -> Self {
        targets.sort_by_key(|target| target.form.turn());
        let old = old.clone();
        Self { old, source, targets, moves: Vec::new(), record: None, key_apart: None, succession }
    }

    /// Whether it is a new credential, not the rest of one that an earlier run began.
    #[must_use]
    pub fn is_new(&self) -> bool {
        matches!(self.source, Source::New(_))
    }

    /// Refuses a store whose key has a password of its own: the successor gets one password for both.
    ///
    /// # Errors
    /// [`Error::WrongKind`], naming the store.
    pub fn require_one_password(&self) -> Result<()> {
        let Some(store) = &self.key_apart else { return Ok(()) };
        let wrong = Error::WrongKind {
            found: "a store whose key has a password of its own".into(),
            expected: "one password for both, which is what the successor gets",
            remedy: Some(
                "say which one the connector is to be given for both: --new-password file:PATH".into(),
            ),
        };
        Err(wrong.in_file(store.as_str()))
    }

    /// Whether a password is needed for it.
    #[must_use]
    pub fn needs_password(&self) -> bool {
        self.targets.iter().any(|target| target.form.is_sealed)
    }

    /// Whether a PFX is among its files.
    #[must_use]
    pub fn makes_pfx(&self) -> bool {
        self.targets.iter().any(|target| target.form.is_pfx())
    }

    /// The files that it makes, in order.
    #[must_use]
    pub fn targets(&self) -> Vec<PathBuf> {
        let record = self.record.iter().map(|(path, _)| path.clone());
        self.targets.iter().map(|target| target.path.clone()).chain(record).collect()
    }

    /// The old files that it moves.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Takes them from it: they are made by whoever writes its files.
    #[must_use]
    pub fn take_moves(&mut self) -> Vec<Move> {
        std::mem::take(&mut self.moves)
    }
}

/// The first store among files whose key has a password of its own.
fn key_apart(files: &[Chosen<'_, '_>]) -> Option<String> {
    files.iter().find(|(piece, form)| piece.is_key_apart && form.is_store()).map(|(piece, _)| piece.shown())
}
