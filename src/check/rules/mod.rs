//! The rules, one file each, and what they have in common.

mod bare_base64;
mod certificate_authority;
mod certificate_damaged;
mod certificate_expired;
mod certificate_expires_soon;
mod certificate_form;
mod certificate_long_lived;
mod certificate_not_yet_valid;
mod certificate_serial;
mod certificate_signature;
mod chain_unwanted;
mod file_permissions;
mod json_blanks;
mod json_escapes;
mod json_line_breaks;
mod json_punctuation;
mod json_quotes;
mod json_syntax;
mod json_text_around;
mod key_damaged;
mod key_encrypted;
mod key_form;
mod key_kind;
mod key_mismatch;
mod key_strength;
mod member_missing;
mod member_order;
mod member_repeated;
mod member_unknown;
mod members_swapped;
mod not_canonical;
mod not_uploaded;
mod pem_armour;
mod pem_crlf;
mod pem_dashes;
mod pem_escaped;
mod pem_final_newline;
mod pem_line_breaks;
mod pem_lines;
mod pem_text_around;
mod placeholder;
mod profile_mismatch;
mod store_encryption;
mod store_locked;
mod store_old_windows;
mod store_without_password;
mod text_encoding;
mod unreadable;

pub(super) use not_canonical::obstacle;
pub(super) use placeholder::is_placeholder;

use super::{Subject, document::Departure, shape::Shape};
use crate::{
    finding::{Finding, Place, Severity},
    quote,
};

/// A rule: what it finds, and why that matters.
pub struct Rule {
    /// A short stable name, such as `json-quotes`.
    pub id: &'static str,
    /// How bad a finding is, at the worst.
    pub severity: Severity,
    /// What it finds.
    pub finds: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do; `FILE` stands for the file's name.
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
    member_missing::RULE,
    member_unknown::RULE,
    member_repeated::RULE,
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
    certificate_damaged::RULE,
    certificate_expired::RULE,
    certificate_not_yet_valid::RULE,
    certificate_expires_soon::RULE,
    certificate_long_lived::RULE,
    certificate_signature::RULE,
    certificate_serial::RULE,
    certificate_authority::RULE,
    key_damaged::RULE,
    key_mismatch::RULE,
    key_strength::RULE,
    key_kind::RULE,
    key_form::RULE,
    certificate_form::RULE,
    key_encrypted::RULE,
    pem_armour::RULE,
    bare_base64::RULE,
    chain_unwanted::RULE,
    not_canonical::RULE,
    file_permissions::RULE,
    store_encryption::RULE,
    store_old_windows::RULE,
    store_without_password::RULE,
    store_locked::RULE,
    profile_mismatch::RULE,
    not_uploaded::RULE,
];

impl Rule {
    /// The rule of a name.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|rule| rule.id == id)
    }

    pub(super) fn findings(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let remedy = || self.remedy.replace("FILE", &quote::argument(subject.file));
        (self.look)(subject)
            .into_iter()
            .map(|found| Finding {
                severity: found.severity.map_or(self.severity, |milder| milder.min(self.severity)),
                id: self.id,
                file: Some(subject.file.to_owned()),
                place: found.place,
                text: found.text,
                hint: Some(remedy()),
            })
            .collect()
    }
}

/// What a rule found in one place.
struct Found {
    /// How bad it is, where that is less than the rule's own severity.
    severity: Option<Severity>,
    place: Option<Place>,
    text: String,
}

impl Found {
    fn new(text: impl Into<String>) -> Self {
        Self::at(None, text)
    }

    fn at(place: Option<Place>, text: impl Into<String>) -> Self {
        Self { severity: None, place, text: text.into() }
    }

    fn no_worse_than(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// The departures from JSON's syntax that a rule has words for.
    fn departures(subject: &Subject<'_>, words: impl Fn(Departure) -> Option<String>) -> Vec<Self> {
        let departures = subject.document().into_iter().flat_map(|document| &document.departures);
        departures
            .filter_map(|(departure, at)| Some(Self::at(subject.place(*at), words(*departure)?)))
            .collect()
    }

    /// The PEM that departs from its canonical form in one way. `elsewhere` is how bad that is outside
    /// a connector JSON: there most programs read what is not canonical.
    fn shapes(subject: &Subject<'_>, shape: Shape, elsewhere: Severity, words: &str) -> Vec<Self> {
        let departing = subject.pem.iter().filter(|pem| pem.shapes.contains(&shape));
        departing
            .map(|pem| match &pem.member {
                Some(member) => Self::at(subject.place(pem.at), format!("{member}: {words}")),
                None => Self::new(words).no_worse_than(elsewhere),
            })
            .collect()
    }
}
