//! `rotate`: the successor of a credential, in the same forms, and the order of the change-over.
//!
//! Files arrive read: those of the same line beside the store, and those in the archive. What has to be
//! done is judged from them alone, so that a run that was killed is taken up where it ended, and two
//! runs make one successor.

mod archive;
mod beside;
mod choose;
mod form;
mod job;
mod make;
mod name;
mod piece;
mod recipe;
mod watched;

use std::path::{Path, PathBuf};

use self::{
    archive::Archive,
    name::{Mark, Name},
    piece::Piece,
    recipe::Recipe,
    watched::Watched,
};
pub use self::{
    job::{Job, Move},
    make::Made,
    piece::File,
};
use crate::{
    cert::{Certificate, verify},
    error::{Error, Result},
    key::PrivateKey,
    ops::Input,
    report::rotate::{Outcome, Succession},
    store::{Store, Unlock, pkcs12::Compat},
    time::Instant,
};

/// What `rotate` is asked for.
#[derive(Clone, Default)]
pub struct Options {
    /// Which key, where the store has several.
    pub alias: Option<String>,
    /// Days of the successor's validity; as many as the old one's without.
    pub days: Option<i64>,
    /// Nothing is done while the old one is valid for longer than so many seconds.
    pub due_within: Option<i64>,
    /// Whether another successor is made although there is one.
    pub again: bool,
    /// Whom a PFX is for; those for whom the old one is without.
    pub compat: Option<Compat>,
    /// The folder to which the old files move; without, the new ones stand beside them.
    pub archive: Option<PathBuf>,
}

/// What stands.
pub struct Standing {
    /// The store's place.
    pub path: PathBuf,
    /// The store as it was read.
    pub input: Input,
    /// The same, opened.
    pub store: Store,
    /// The other files of its line in its folder, as [`is_of_line`] tells them.
    pub beside: Vec<File>,
    /// Those in the archive.
    pub archive: Vec<File>,
    /// Whether the archive lies in the store's own folder, so that no other folder's files are in it.
    pub is_archive_own: bool,
    /// The record beside it, if there is one.
    pub record: Option<Input>,
    /// What opens them, tried one after the other.
    pub unlocks: Vec<Unlock>,
}

/// What is to be done.
pub enum Judgement {
    /// Nothing: it is not due yet, or there is a successor.
    Settled(Outcome, Box<Succession>),
    /// A successor is to be made, or completed.
    Due(Box<Job>),
}

/// A key and its certificate.
#[derive(Clone)]
struct Credential {
    key: PrivateKey,
    certificate: Certificate,
}

/// Whether a file may belong to the line of the credential in `store`, by its name.
#[must_use]
pub fn is_of_line(store: &Path, name: &str) -> bool {
    Name::parse(name).is_in_line_with(&Name::parse(&piece::file_name(store)))
}

/// Judges what is to be done.
///
/// # Errors
/// [`Error::NoKey`], [`Error::AliasAmbiguous`], [`Error::AliasUnknown`], [`Error::KeyMismatch`],
/// [`Error::PasswordMissing`] of the store; [`Error::WrongKind`] for what cannot be made again;
/// [`Error::WrongPassword`] or [`Error::PasswordMissing`], naming the file, for what may be of the same
/// credential or its successor and does not open; [`Error::BadArgument`].
pub fn judge(standing: &Standing, options: &Options, now: Instant) -> Result<Judgement> {
    let view = View::of(standing, options, now)?;
    let recipe = Recipe::of(&view.old.certificate, options.days, now)
        .map_err(|error| error.in_file(&standing.input.name))?;
    view.check_span(&recipe)?;
    // Told on the first day, not on the one on which it is due.
    let closed: Vec<&Piece<'_>> = view.line.iter().filter(|piece| piece.is_closed()).collect();
    view.refuse_closed(&closed)?;
    if let Some(archive) = &view.archive
        && let Some(unfinished) = archive.unfinished(&view, &recipe)?
    {
        return Ok(Judgement::Due(Box::new(unfinished)));
    }
    if options.due_within.is_some() && view.lasts(&view.old.certificate) {
        return Ok(Judgement::Settled(Outcome::NotDue, Box::new(view.succession())));
    }
    if !options.again {
        if let Some(judgement) = view.successor_beside(&recipe)? {
            return Ok(judgement);
        }
        // With a span, what stands is judged by that alone: it was made before the old one ended.
        if options.due_within.is_none()
            && let Some(archive) = &view.archive
            && let Some(exists) = archive.succession(&view)?
        {
            return Ok(Judgement::Settled(Outcome::Exists, Box::new(exists)));
        }
    }
    Ok(Judgement::Due(Box::new(Job::new(&view, recipe)?)))
}

/// What stands, looked into.
struct View<'a> {
    standing: &'a Standing,
    options: &'a Options,
    now: Instant,
    /// The store's name.
    own: Name,
    /// The credential that is to be succeeded.
    old: Credential,
    /// The key in the store, where an interrupted run put it there before its certificate.
    bare_key: Option<PrivateKey>,
    /// The files under the store's own base, the store first.
    line: Vec<Piece<'a>>,
    /// Those before and after it.
    others: Vec<Piece<'a>>,
    archive: Option<Archive<'a>>,
    /// The record of the kit that they are in.
    record: Option<Watched>,
}

impl<'a> View<'a> {
    fn of(standing: &'a Standing, options: &'a Options, now: Instant) -> Result<Self> {
        let store = Piece::of_store(standing);
        let own = store.name.clone();
        let open = |file: &'a File| Piece::open(file, &standing.unlocks);
        let (mut line, others): (Vec<_>, Vec<_>) =
            standing.beside.iter().map(open).partition(|piece| piece.name.mark == own.mark);
        line.insert(0, store);
        let archive = options.archive.as_deref().map(|folder| {
            let pieces = standing.archive.iter().map(open).collect();
            Archive { folder, pieces, is_own: standing.is_archive_own }
        });
        let (old, bare_key) = credential_of(standing, options, &line, archive.as_ref())
            .map_err(|error| error.in_file(&standing.input.name))?;
        let record = Watched::of(standing, options.archive.is_some())?;
        Ok(Self { standing, options, now, own, old, bare_key, line, others, archive, record })
    }

    /// A span as long as the successor's own life would make another one at every run.
    fn check_span(&self, recipe: &Recipe) -> Result<()> {
        match self.options.due_within {
            Some(span) if span >= recipe.lifetime() => {
                let reason = "the successor itself would not be valid for so long; give a shorter span, or more --days";
                Err(Error::argument("--if-expires-in", format!("{}d", span / 86_400), reason))
            }
            _ => Ok(()),
        }
    }

    /// Whether a certificate is valid, and for longer than was asked about.
    fn lasts(&self, certificate: &Certificate) -> bool {
        let left = certificate.not_after().unix() - self.now.unix();
        verify::currency(certificate, self.now) != verify::Currency::Expired
            && left > self.options.due_within.unwrap_or(0)
    }

    /// The files of the line that hold a certificate or its key, the store before the others.
    fn holding(&self, certificate: &Certificate) -> Vec<&Piece<'a>> {
        self.line.iter().filter(|piece| piece.holds(certificate)).collect()
    }

    /// What stands under the store's name, for a report.
    fn succession(&self) -> Succession {
        let old_files = self.holding(&self.old.certificate).iter().map(|piece| piece.shown()).collect();
        let days_left = self.old.certificate.not_after().days_since(self.now);
        Succession { old_files, ..Succession::of(&self.old.certificate, days_left) }
    }

    /// A place in the store's folder.
    fn place(&self, name: &Name) -> PathBuf {
        self.standing.path.with_file_name(name.to_string())
    }
}

/// The store's key and certificate; where it holds a key alone, the certificate from a file beside it.
/// Where that is still the old one's, the old credential, and the new key.
fn credential_of(
    standing: &Standing,
    options: &Options,
    line: &[Piece<'_>],
    archive: Option<&Archive<'_>>,
) -> Result<(Credential, Option<PrivateKey>)> {
    let (_, key, chain) = standing.store.key_entry(options.alias.as_deref())?;
    let beside = || line.iter().flat_map(Piece::leaves).find(|leaf| piece::fits(key, leaf));
    if let Some(certificate) = chain.first().or_else(beside).cloned() {
        verify::require_fit(key, &certificate)?;
        return Ok((Credential { key: key.clone(), certificate }, None));
    }
    if let Some(old) = archive.and_then(|archive| archive.left_behind(line)) {
        return Ok((old, Some(key.clone())));
    }
    Err(Error::WrongKind {
        found: "a private key, and its certificate stands neither in it nor beside it".into(),
        expected: "a key with its certificate, in one file or beside it under the same name, such as NAME.cer",
        remedy: Some("put the two together: certkit convert {file} CERT.cer --to pem -o NAME.pem".into()),
    })
}
