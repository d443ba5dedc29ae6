//! A file as the rules look at it.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::{
    document::{self, Document, Unreadable, Value},
    rules::is_placeholder,
    shape::{self, Shape},
};
use crate::{
    armor,
    cert::Certificate,
    connector::Profile,
    error::{Class, Error, Result},
    finding::Place,
    key::{Algorithm, PrivateKey},
    limits::WorkBudget,
    store::{self, Content, Entry, Format, Key, Store, Unlock},
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
    /// Whether to look at what costs more than all else and matters to what somebody hands over: signatures of
    /// certificates without a key, and how the PEM of a file by itself is written.
    pub thorough: bool,
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

impl Wanted {
    /// Reads a thumbprint as portals and tools show it: SHA-1 or SHA-256 in hexadecimal digits of either
    /// case, with colons, dashes or blanks between them, or with the invisible mark that Windows'
    /// certificate dialog puts before them.
    ///
    /// # Errors
    /// [`Error::BadArgument`].
    pub fn thumbprint(text: &str) -> Result<Self> {
        let digits = text.strip_prefix("0x").unwrap_or(text).chars();
        let is_between = |c: &char| matches!(c, ':' | '-' | '\u{200e}' | '\u{200f}') || c.is_whitespace();
        let digits: String = digits.filter(|c| !is_between(c)).map(|c| c.to_ascii_uppercase()).collect();
        if [40, 64].contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_hexdigit()) {
            return Ok(Self::Thumbprint(digits));
        }
        let expected = "expected SHA-1 or SHA-256 in hexadecimal: 40 or 64 digits, with or without colons";
        Err(Error::argument("--thumbprint", text, expected))
    }
}

/// The members of the connector JSON, in order.
pub(super) const MEMBERS: [&str; 2] = ["private_key", "public_cert"];

/// Members of what other programs keep keys in: MSAL's credentials, key files of Google's services, what
/// Vault issues, JWKs.
const OTHERS: [&str; 11] = [
    "ca_chain",
    "client_email",
    "issuing_ca",
    "kty",
    "private_key_id",
    "private_key_type",
    "public_certificate",
    "thumbprint",
    "thumbprintSha256",
    "type",
    "x5c",
];

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
    text: Option<(Zeroizing<String>, Encoding)>,
    /// What it is as JSON, if it looks like one.
    pub(super) json: Option<Json>,
    /// What it holds: of JSON with broken syntax, what was meant.
    pub(super) store: Result<Store>,
    /// Where its PEM stands, and how that departs from its canonical form.
    pub(super) pem: Vec<Pem>,
    /// Whether a password that is not empty was given.
    pub(super) has_password: bool,
    pub(super) options: &'a Options,
}

/// PEM in a file.
pub(super) struct Pem {
    /// The member of a connector JSON that holds it; none where it is a file by itself.
    pub(super) member: Option<String>,
    /// Where it begins, as an octet of the text.
    pub(super) at: usize,
    /// The labels of its blocks, in order.
    pub(super) labels: Vec<String>,
    /// How it departs.
    pub(super) shapes: Vec<Shape>,
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
        let has_password = unlock.password.as_ref().is_some_and(|password| !password.is_empty());
        let mut subject = Self { file, text, json, store, pem: Vec::new(), has_password, options };
        subject.pem = subject.find_pem();
        subject
    }

    /// The same, unless there is nothing to judge.
    ///
    /// # Errors
    /// Whatever it cannot be read for but damage: [`Error::WrongPassword`], what is no credential at all
    /// ([`Error::WrongKind`], [`Error::Empty`]), what is not read here or costs too much.
    pub fn judgeable(self) -> Result<Self> {
        let is_json = matches!(self.json, Some(Json::Unreadable(_))) || self.is_connector();
        match self.store {
            Err(error) if error.class() == Class::Password => Err(error),
            Err(error) if !is_json && !matches!(error.cause(), Error::Damaged { .. }) => Err(error),
            store => Ok(Self { store, ..self }),
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.store {
            _ if self.is_connector() => Format::ConnectorJson.to_string(),
            Ok(store) => store.format.to_string(),
            Err(_) if self.json.is_some() => "JSON".into(),
            Err(_) => "unreadable".into(),
        }
    }

    /// The PEM of a connector JSON's members, or that of the file.
    fn find_pem(&self) -> Vec<Pem> {
        let pem = |member: Option<&str>, text: &str, at: usize| {
            let (labels, shapes) = shape::departures(text)?;
            Some(Pem { member: member.map(str::to_owned), at, labels, shapes })
        };
        if self.is_connector() {
            return self.texts().filter_map(|(name, text, at)| pem(Some(name), text, at)).collect();
        }
        match (&self.store, &self.text) {
            (Ok(store), Some((text, _)))
                if self.options.thorough && store.format == Format::Pem && self.json.is_none() =>
            {
                pem(None, text, 0).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Its text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_ref().map(|(text, _)| text.as_str())
    }

    /// How its text is written down, if it is one.
    pub(super) fn encoding(&self) -> Option<Encoding> {
        self.text.as_ref().map(|(_, encoding)| *encoding)
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

    /// Whether it is a connector JSON, or was meant to be one: it has both members; or, with none that
    /// tells it is for somebody else, `public_cert`, or `private_key` and a certificate or nothing else,
    /// or two members of other names, a key and a certificate.
    pub(super) fn is_connector(&self) -> bool {
        let Some(document) = self.document() else { return false };
        let named =
            |names: &[&str]| document.members.iter().any(|member| names.contains(&member.name.as_str()));
        if self.has_both_members() {
            return true;
        }
        if named(&OTHERS) {
            return false;
        }
        let holds = |what: &str| self.texts().any(|(_, text, _)| text.contains(what));
        let only_texts = self.texts().count() == document.members.len();
        named(&MEMBERS[1..])
            || named(&MEMBERS[..1]) && (document.members.len() == 1 || holds("CERTIFICATE"))
            || document.members.len() == 2 && only_texts && holds("PRIVATE KEY") && holds("CERTIFICATE")
    }

    /// The connector's members that stand there more than once.
    pub(super) fn repeated(&self) -> impl Iterator<Item = &document::Member> {
        let members = self.document().map(|document| &document.members[..]).unwrap_or_default();
        let of = move |name: &'static str| {
            members.iter().filter(move |member| member.name.as_str() == name).skip(1)
        };
        MEMBERS.into_iter().flat_map(of).take(document::MOST)
    }

    /// The connector's members that hold a template's placeholder, and where.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = (&str, usize)> {
        let is_pem = |at: usize| self.pem.iter().any(|pem| pem.at == at);
        let left = self
            .texts()
            .filter(move |(name, text, at)| MEMBERS.contains(name) && !is_pem(*at) && is_placeholder(text));
        left.map(|(name, _, at)| (name, at))
    }

    /// The document's members that are texts: name, text, and where it starts.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        self.document().into_iter().flat_map(|document| &document.members).filter_map(|member| match &member
            .value
        {
            Value::Text { text, at } => Some((member.name.as_str(), text.as_str(), *at)),
            Value::Nested | Value::Other => None,
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

    /// The certificates that a client would sign in with: the first of each key; where no key has one,
    /// those that issued no other.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Certificate> {
        let own: Vec<&Certificate> = self.entries().filter_map(own_certificate).collect();
        if !own.is_empty() {
            return own.into_iter();
        }
        let lone = self.entries().filter_map(|entry| match &entry.content {
            Content::Certificate { certificate, trusted: false } => Some(certificate),
            _ => None,
        });
        let lone: Vec<&Certificate> = lone.collect();
        let issued = lone.iter().filter(|certificate| !certificate.is_self_issued());
        let issuers: HashSet<String> = issued.map(|certificate| certificate.issuer().to_string()).collect();
        let issued_none =
            |one: &&Certificate| issuers.is_empty() || !issuers.contains(&one.subject().to_string());
        lone.into_iter().filter(issued_none).collect::<Vec<_>>().into_iter()
    }

    /// Every certificate in it.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.entries().flat_map(Entry::certificates)
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.store.iter().flat_map(|store| &store.entries)
    }
}

/// The certificate of a key, open or not.
fn own_certificate(entry: &Entry) -> Option<&Certificate> {
    match &entry.content {
        Content::Key { chain, .. } => chain.first(),
        _ => None,
    }
}

fn text(octets: &[u8]) -> Option<(Zeroizing<String>, Encoding)> {
    let utf16 = armor::is_utf16(octets).then(|| armor::from_utf16(octets));
    let (octets, encoding) = match (&utf16, octets.strip_prefix(b"\xef\xbb\xbf")) {
        (Some(text), _) => (&text[..], Encoding::Utf16),
        (None, Some(rest)) => (rest, Encoding::Utf8WithMark),
        (None, None) => (octets, Encoding::Utf8),
    };
    let text = std::str::from_utf8(octets).ok()?;
    Some((Zeroizing::new(text.to_owned()), encoding))
}

/// Whether a text is an object of JSON, or was meant to be one: it opens with a brace; or its first brace
/// stands behind a few words at most, with a member of the connector JSON in it. A program or a page that
/// mentions such an object is none.
fn looks_like_json(text: &str) -> bool {
    const FEW: usize = 100;
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let Some(brace) = start.find(['{', '｛']) else { return false };
    let (before, inside) = start.split_at(brace);
    let inside = inside.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '}');
    let is_list = || start.starts_with('[') && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok();
    before.is_empty()
        || before.len() <= FEW
            && !before.contains("BEGIN ")
            && MEMBERS.iter().any(|name| inside.starts_with(name))
            && !is_list()
}
