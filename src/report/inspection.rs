//! What a file is and holds, ready for rendering.

use crate::{
    cert::{Certificate, chain, verify},
    error::Error,
    limits::WorkBudget,
    store::{Content, Format, Integrity, Key, Protected, Store},
    time::Instant,
};

/// Everything that is said of one file.
pub struct FileFacts {
    /// The name that the user gave it.
    pub file: String,
    /// Its size.
    pub octets: usize,
    /// Its format.
    pub format: Format,
    /// Whether its integrity was checked.
    pub integrity: Integrity,
    /// Whether something in it needs a password that was not given.
    pub locked: bool,
    /// Its encryptions and MACs.
    pub protections: Vec<Protected>,
    /// Its entries.
    pub entries: Vec<EntryFacts>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

/// Everything that is said of one entry.
pub struct EntryFacts {
    /// Its name in the store, where it has one.
    pub alias: Option<String>,
    /// What `--alias` takes for it.
    pub label: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its certificates, leaf first.
    pub certificates: Vec<CertificateFacts>,
    /// Whether each certificate names the next one as its issuer.
    pub chain_ordered: bool,
}

/// What an entry is.
pub enum EntryKind {
    /// A certificate by itself.
    Certificate {
        /// Whether the store marks it as trusted.
        trusted: bool,
    },
    /// A private key.
    Key {
        /// Kind and size; `None` while it is locked.
        algorithm: Option<String>,
        /// How it stands to its certificate.
        state: KeyState,
        /// SHA-256 of its SubjectPublicKeyInfo, where its public half is known.
        spki_sha256: Option<String>,
    },
    /// Something that is counted, not interpreted.
    Other {
        /// What it is.
        what: String,
        /// Its size.
        octets: usize,
    },
    /// A public key by itself.
    PublicKey {
        /// Kind and size.
        algorithm: String,
        /// SHA-256 of its SubjectPublicKeyInfo.
        spki_sha256: String,
    },
}

/// How a private key stands to its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Its own parts do not agree.
    Damaged(String),
    /// It is not the certificate's.
    Differs,
    /// It is the certificate's.
    Fits,
    /// It could not be opened without a password.
    Locked,
    /// There is no certificate to compare it with.
    NoCertificate,
    /// So many keys were judged before it that the file's work budget is spent.
    Unchecked,
    /// Its public half cannot be computed here.
    Unknown,
}

/// A certificate at a moment.
pub struct CertificateFacts {
    /// The certificate.
    pub certificate: Certificate,
    /// Whole days from then to the end of its validity; negative when that is past.
    pub days_left: i64,
    /// Where that moment lies in its validity.
    pub currency: verify::Currency,
}

impl FileFacts {
    /// Looks at a store that was read from `file`, at the moment `now`.
    #[must_use]
    pub fn of(file: &str, octets: usize, store: &Store, now: Instant) -> Self {
        let mut budget = WorkBudget::new(store.work_left);
        let entries: Vec<EntryFacts> =
            (0..store.entries.len()).map(|index| entry(store, index, now, &mut budget)).collect();
        let mut notes = store.notes.clone();
        let is_unchecked =
            |facts: &&EntryFacts| matches!(facts.kind, EntryKind::Key { state: KeyState::Unchecked, .. });
        let unchecked = entries.iter().filter(is_unchecked).count();
        if unchecked > 0 {
            notes.push(format!(
                "{unchecked} private keys were not checked: so many cost more work than the limit (--max-work)"
            ));
        }
        Self {
            file: file.to_owned(),
            octets,
            format: store.format,
            integrity: store.integrity,
            locked: store.needs_password(),
            protections: store.protections.clone(),
            entries,
            notes,
        }
    }
}

fn entry(store: &Store, index: usize, now: Instant, budget: &mut WorkBudget) -> EntryFacts {
    let entry = &store.entries[index];
    let (kind, chain): (EntryKind, &[Certificate]) = match &entry.content {
        Content::Key { key, chain } => (key_kind(key, chain, budget), chain),
        Content::Certificate { certificate, trusted } => {
            (EntryKind::Certificate { trusted: *trusted }, std::slice::from_ref(certificate))
        }
        Content::Opaque { what, octets } => (EntryKind::Other { what: what.clone(), octets: *octets }, &[]),
        Content::PublicKey(key) => (
            EntryKind::PublicKey { algorithm: key.algorithm().to_string(), spki_sha256: key.spki_sha256() },
            &[],
        ),
    };
    EntryFacts {
        alias: entry.alias.clone(),
        label: store.label(index),
        kind,
        certificates: chain.iter().map(|certificate| facts(certificate, now)).collect(),
        chain_ordered: chain::is_ordered(chain),
    }
}

fn key_kind(key: &Key, chain: &[Certificate], budget: &mut WorkBudget) -> EntryKind {
    let Key::Open(key) = key else {
        return EntryKind::Key { algorithm: None, state: KeyState::Locked, spki_sha256: None };
    };
    let judged = budget.spend(key.check_work()).is_ok();
    let state = match chain.first().filter(|_| judged).map(|leaf| verify::fit(key, leaf)) {
        None if !judged => KeyState::Unchecked,
        None => match key.check() {
            Ok(()) => KeyState::NoCertificate,
            Err(error) => KeyState::Damaged(error.to_string()),
        },
        Some(Ok(verify::Fit::Fits)) => KeyState::Fits,
        Some(Ok(verify::Fit::Differs)) => KeyState::Differs,
        Some(Ok(verify::Fit::Unknown)) => KeyState::Unknown,
        Some(Err(Error::Damaged { detail, .. })) => KeyState::Damaged(detail),
        Some(Err(other)) => KeyState::Damaged(other.to_string()),
    };
    EntryKind::Key {
        algorithm: Some(key.algorithm().to_string()),
        state,
        spki_sha256: key.public().map(crate::key::PublicKey::spki_sha256),
    }
}

fn facts(certificate: &Certificate, now: Instant) -> CertificateFacts {
    CertificateFacts {
        days_left: certificate.not_after().days_since(now),
        currency: verify::currency(certificate, now),
        certificate: certificate.clone(),
    }
}
