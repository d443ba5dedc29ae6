//! The rules, one file each, and what they have in common.

mod certificate_authority;
mod certificate_expired;
mod certificate_expires_soon;
mod certificate_lifetime;
mod certificate_not_yet_valid;
mod certificate_serial;
mod certificate_signature;
mod chain;
mod exposed;
mod json_blanks;
mod json_escapes;
mod json_line_breaks;
mod json_punctuation;
mod json_quotes;
mod json_syntax;
mod json_text_around;
mod key_encrypted;
mod key_form;
mod key_kind;
mod key_mismatch;
mod key_strength;
mod member_names;
mod member_order;
mod members_swapped;
mod pem_armour;
mod pem_crlf;
mod pem_dashes;
mod pem_escaped;
mod pem_final_newline;
mod pem_line_breaks;
mod pem_lines;
mod pem_text_around;
mod placeholder;
mod store_encryption;
mod store_old_windows;
mod text_encoding;
mod unreadable;
mod uploaded;

use super::{
    Subject,
    document::Departure,
    shape::{self, Shape},
};
use crate::{
    finding::{Finding, Place, Severity},
    store::pem,
};

/// A rule: what it finds, and why that matters.
pub struct Rule {
    /// A short stable name, such as `json-quotes`.
    pub id: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it finds.
    pub finds: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// Whether `check --fix` can do it.
    pub fixable: bool,
    look: fn(&Subject<'_>) -> Vec<Found>,
}

/// Every rule, in the order of their findings.
pub static ALL: &[Rule] = &[
    unreadable::RULE,
    json_syntax::RULE,
    json_quotes::RULE,
    json_blanks::RULE,
    json_punctuation::RULE,
    json_line_breaks::RULE,
    json_escapes::RULE,
    json_text_around::RULE,
    text_encoding::RULE,
    member_names::RULE,
    member_order::RULE,
    members_swapped::RULE,
    placeholder::RULE,
    pem_escaped::RULE,
    pem_line_breaks::RULE,
    pem_crlf::RULE,
    pem_final_newline::RULE,
    pem_text_around::RULE,
    pem_dashes::RULE,
    pem_lines::RULE,
    certificate_expired::RULE,
    certificate_not_yet_valid::RULE,
    certificate_expires_soon::RULE,
    certificate_lifetime::RULE,
    certificate_signature::RULE,
    certificate_serial::RULE,
    certificate_authority::RULE,
    key_mismatch::RULE,
    key_strength::RULE,
    key_kind::RULE,
    key_form::RULE,
    key_encrypted::RULE,
    pem_armour::RULE,
    chain::RULE,
    exposed::RULE,
    store_encryption::RULE,
    store_old_windows::RULE,
    uploaded::RULE,
];

impl Rule {
    /// The rule of a name.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|rule| rule.id == id)
    }

    pub(super) fn findings(&self, subject: &Subject<'_>) -> Vec<Finding> {
        (self.look)(subject)
            .into_iter()
            .map(|found| Finding {
                severity: self.severity,
                id: self.id,
                file: Some(subject.file.to_owned()),
                place: found.place,
                text: found.text,
                hint: Some(self.remedy.to_owned()),
            })
            .collect()
    }
}

/// What a rule found in one place.
struct Found {
    place: Option<Place>,
    text: String,
}

impl Found {
    fn new(text: impl Into<String>) -> Self {
        Self { place: None, text: text.into() }
    }

    fn at(place: Option<Place>, text: impl Into<String>) -> Self {
        Self { place, text: text.into() }
    }

    /// The departures from JSON's syntax that a rule has words for.
    fn departures(subject: &Subject<'_>, words: impl Fn(Departure) -> Option<String>) -> Vec<Self> {
        let departures = subject.document().into_iter().flat_map(|document| &document.departures);
        departures
            .filter_map(|(departure, at)| Some(Self::at(subject.place(*at), words(*departure)?)))
            .collect()
    }

    /// The members of a connector JSON whose PEM departs from its canonical form in one way.
    fn shapes(subject: &Subject<'_>, shape: Shape, words: &str) -> Vec<Self> {
        // Most files are no JSON, and have no members to compare.
        let (Ok(store), Some(_)) = (&subject.store, subject.document()) else { return Vec::new() };
        let Ok((_, key, chain)) = store.key_entry(None) else { return Vec::new() };
        let Ok(key) = pem::private_key(key) else { return Vec::new() };
        let Ok(certificate) = pem::certificates(chain) else { return Vec::new() };
        let departs = |(name, text, at): (&str, &str, usize)| {
            let canonical = if text.contains("PRIVATE KEY") { key.expose() } else { certificate.as_bytes() };
            let canonical = std::str::from_utf8(canonical).ok()?;
            (text.contains("BEGIN") && shape::departures(text, canonical).contains(&shape))
                .then(|| Self::at(subject.place(at), format!("{name}: {words}")))
        };
        subject.texts().filter_map(departs).collect()
    }
}
