//! A file as the rules look at it.

use super::{
    document::{self, Document, Unreadable, Value},
    rules,
};
use crate::{
    armor,
    cert::Certificate,
    connector::Profile,
    error::{Error, Result},
    finding::{Finding, Place},
    key::{Algorithm, PrivateKey},
    limits::WorkBudget,
    store::{self, Content, Format, Key, Store, Unlock},
    time::Instant,
};

/// What files are judged by.
#[derive(Clone, Debug)]
pub struct Options {
    /// The time to judge validity at.
    pub now: Instant,
    /// What ends before this ends soon.
    pub soon: Instant,
    /// Whether others than its owner may read the file.
    pub exposed: bool,
    /// What the certificate has to be.
    pub wanted: Option<Wanted>,
    /// The connector that the file is for.
    pub profile: Option<Profile>,
}

/// The certificate that was uploaded.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// Itself.
    Certificate(Certificate),
    /// Its thumbprint, SHA-1 or SHA-256, in upper-case hexadecimal digits.
    Thumbprint(String),
}

/// The members of the connector JSON, in order.
pub(super) const MEMBERS: [&str; 2] = ["private_key", "public_cert"];

/// How a text is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16,
}

/// A file that looks like JSON.
pub(super) enum Json {
    Read(Document),
    Unreadable(Unreadable),
}

/// A file as the rules look at it.
pub struct Subject<'a> {
    /// Its name.
    pub(super) file: &'a str,
    /// Its text, if it is one.
    pub(super) text: Option<(String, Encoding)>,
    /// What it is as JSON, if it looks like one.
    pub(super) json: Option<Json>,
    /// What it holds: of JSON with broken syntax, what was meant.
    pub(super) store: Result<Store>,
    pub(super) options: &'a Options,
}

impl<'a> Subject<'a> {
    /// Reads a file as far as it can be.
    #[must_use]
    pub fn read(file: &'a str, octets: &[u8], unlock: &Unlock, options: &'a Options) -> Self {
        Self::read_within(file, octets, unlock, &mut unlock.budget(), options)
    }

    /// The same, drawing on a work budget that several attempts at one file share.
    pub(crate) fn read_within(
        file: &'a str,
        octets: &[u8],
        unlock: &Unlock,
        budget: &mut WorkBudget,
        options: &'a Options,
    ) -> Self {
        let text = text(octets);
        let json = text.as_ref().filter(|(text, _)| looks_like_json(text)).map(|(text, _)| {
            match document::read(text) {
                Ok(document) => Json::Read(document),
                Err(unreadable) => Json::Unreadable(unreadable),
            }
        });
        let store = match &json {
            Some(Json::Read(document)) if !document.departures.is_empty() => {
                store::read_within(document.to_json().expose(), unlock, budget)
            }
            _ => store::read_within(octets, unlock, budget),
        };
        Self { file, text, json, store, options }
    }

    /// Every finding of every rule, in the rules' order.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        rules::ALL.iter().flat_map(|rule| rule.findings(self)).collect()
    }

    /// What the file holds.
    ///
    /// # Errors
    /// As [`store::read`].
    pub fn store(&self) -> std::result::Result<&Store, &Error> {
        self.store.as_ref()
    }

    /// Takes authorities that stand by themselves for trusted ones, whether the format can say so or
    /// not: nobody signs in with them.
    pub(crate) fn trust_authorities(&mut self) {
        let Ok(store) = &mut self.store else { return };
        for entry in &mut store.entries {
            if let Content::Certificate { certificate, trusted } = &mut entry.content {
                *trusted |= certificate.is_authority();
            }
        }
    }

    /// Whether it has both members of the connector JSON: other clients' JSON has one of their names
    /// too.
    pub(crate) fn has_both_members(&self) -> bool {
        let has = |document: &Document| {
            let named = |name: &&str| document.members.iter().any(|member| member.name.as_str() == *name);
            MEMBERS.iter().all(named)
        };
        self.document().is_some_and(has)
    }

    /// The document, if it could be read.
    pub(super) fn document(&self) -> Option<&Document> {
        match &self.json {
            Some(Json::Read(document)) => Some(document),
            _ => None,
        }
    }

    /// Whether it is a connector JSON, or was meant to be one.
    pub(super) fn is_connector(&self) -> bool {
        self.document().is_some_and(|document| {
            let named = |member: &document::Member| MEMBERS.contains(&member.name.as_str());
            document.members.iter().any(named)
        }) || matches!(&self.store, Ok(store) if store.format == Format::ConnectorJson)
    }

    /// The document's members that are texts: name, text, and where it starts.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        self.document().into_iter().flat_map(|document| &document.members).filter_map(|member| match &member
            .value
        {
            Value::Text { text, at } => Some((member.name.as_str(), text.as_str(), *at)),
            Value::Other => None,
        })
    }

    /// The place of an octet of the text.
    pub(super) fn place(&self, at: usize) -> Option<Place> {
        self.text.as_ref().map(|(text, _)| Place::of(text, at))
    }

    /// Its private keys that are open.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&PrivateKey, &[Certificate])> {
        self.store.iter().flat_map(|store| &store.entries).filter_map(|entry| match &entry.content {
            Content::Key { key: Key::Open(key), chain } => Some((key, chain.as_slice())),
            _ => None,
        })
    }

    /// The kinds of its keys, of certificates where there is no key.
    pub(super) fn algorithms(&self) -> impl Iterator<Item = &Algorithm> {
        let keys = self.keys().map(|(key, _)| key.algorithm());
        let has_key = self.keys().next().is_some();
        keys.chain(self.leaves().filter(move |_| !has_key).map(|leaf| leaf.public_key().algorithm()))
    }

    /// The certificates that a client would sign in with: the first of each key, and those without one.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Certificate> {
        self.store.iter().flat_map(|store| &store.entries).filter_map(|entry| match &entry.content {
            Content::Key { chain, .. } => chain.first(),
            Content::Certificate { certificate, trusted: false, .. } => Some(certificate),
            _ => None,
        })
    }
}

fn text(octets: &[u8]) -> Option<(String, Encoding)> {
    if armor::is_utf16(octets) {
        let text = armor::from_utf16(octets);
        return Some((String::from_utf8_lossy(&text).into_owned(), Encoding::Utf16));
    }
    let (octets, encoding) = match octets.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, Encoding::Utf8WithMark),
        None => (octets, Encoding::Utf8),
    };
    std::str::from_utf8(octets).ok().map(|text| (text.to_owned(), encoding))
}

/// Whether a text is JSON, or was meant to be: it opens with a brace, or names a member of the
/// connector JSON inside one.
fn looks_like_json(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start.starts_with(['{', '｛']) || text.contains('{') && MEMBERS.iter().any(|name| text.contains(name))
}
