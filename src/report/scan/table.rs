//! A scan for a person: a table by expiry, what is wrong, and one line that says how many of what.
//!
//! A certificate that stands in several files is one row with its files below it.

use super::{Distinct, Scan, Sighting, Standing, Tally, Thing};
use crate::{
    cert::{hex, name::DistinguishedName},
    finding::{Finding, Severity},
    report::text::{clean, counted},
    time::Instant,
};

/// A line and how it may be coloured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says, without its end.
    pub text: String,
    /// How it may be coloured.
    pub tone: Tone,
}

/// What a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing out of the ordinary.
    Plain,
    /// Something that has ended, or is wrong.
    Bad,
    /// Something that ends soon, or may go wrong.
    Soon,
    /// Something beside the point.
    Aside,
}

/// Widths of the days and of the date, and the blanks behind each.
const DAYS: usize = 6;
const DATE: usize = 10;
const GAP: &str = "  ";
const INDENT: usize = DAYS + DATE + 2 * GAP.len();

/// Digits of a SHA-1 thumbprint.
const THUMBPRINT: usize = 40;

/// The narrowest column for names.
const NARROWEST: usize = 18;

/// Findings that say what the rows of the table say.
const SAID: [&str; 6] = [
    "certificate-expired",
    "certificate-expires-soon",
    "certificate-not-yet-valid",
    "secret-expired",
    "secret-expires-soon",
    "trusted-expired",
];

/// The lines of a scan, for a place of so many columns. Files are never cut.
#[must_use]
pub fn table(scan: &Scan, width: usize) -> Vec<Line> {
    let names = width.saturating_sub(INDENT + GAP.len() + THUMBPRINT).max(NARROWEST);
    let mut lines = Vec::new();
    let rows = scan.distinct();
    if !rows.is_empty() {
        let heading =
            format!("{:>DAYS$}{GAP}{:DATE$}{GAP}{:names$}{GAP}SHA-1 thumbprint", "days", "ends", "what");
        lines.push(Line { text: heading, tone: Tone::Aside });
    }
    lines.extend(rows.iter().flat_map(|distinct| row(distinct, scan, names)));
    let of_row = |finding: &&Finding| finding.place.is_none() && SAID.contains(&finding.id);
    lines.extend(scan.findings.iter().filter(|finding| !of_row(finding)).map(finding_line));
    lines.extend(scan.troubles.iter().map(|trouble| Line {
        text: format!("not looked into: {}: {}", clean(&trouble.path), clean(&trouble.reason)),
        tone: Tone::Soon,
    }));
    lines.push(Line { text: closing(scan), tone: Tone::Plain });
    lines
}

/// A row: the thing, then its files.
fn row(distinct: &Distinct<'_>, scan: &Scan, names: usize) -> Vec<Line> {
    let end = distinct.ends();
    let days = end.map(|end| end.days_since(scan.now).to_string()).unwrap_or_default();
    let date = end.map(day).unwrap_or_default();
    let early = is_early(distinct.thing(), scan);
    let what = [clean(&title(distinct.first)).as_str(), if early { " (not valid yet)" } else { "" }].concat();
    let what = match distinct.thing() {
        Thing::Certificate(certificate) => {
            format!("{:names$}{GAP}{}", fitted(&what, names), hex(&certificate.sha1))
        }
        _ => fitted(&what, names + GAP.len() + THUMBPRINT),
    };
    let tone = match scan.standing(end) {
        _ if early => Tone::Bad,
        Standing::Ended => Tone::Bad,
        Standing::Soon => Tone::Soon,
        Standing::Later | Standing::Undated => Tone::Plain,
    };
    let mut lines = vec![Line { text: format!("{days:>DAYS$}{GAP}{date:DATE$}{GAP}{what}"), tone }];
    lines.extend(distinct.sightings().map(place));
    lines
}

/// Whether a certificate has not begun.
fn is_early(thing: &Thing, scan: &Scan) -> bool {
    matches!(thing, Thing::Certificate(certificate) if certificate.not_before > scan.now)
}

fn day(end: Instant) -> String {
    end.to_string().split('T').next().unwrap_or_default().to_owned()
}

/// What it is, in a few words: of a certificate the common name, if it has one.
fn title(sighting: &Sighting) -> String {
    match &sighting.thing {
        Thing::Certificate(certificate) => {
            let subject = DistinguishedName::parse(&certificate.subject).ok();
            let name = subject.as_ref().and_then(DistinguishedName::common_name).map(str::to_owned);
            name.unwrap_or_else(|| sighting.thing.title())
        }
        Thing::Locked { what } => format!("locked {}: {what}", sighting.format),
        Thing::Key { .. } | Thing::ClientSecret(_) => sighting.thing.title(),
    }
}

/// A text cut to its column.
fn fitted(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.to_owned(),
        Some(_) => text.chars().take(width - 1).chain(['…']).collect(),
    }
}

/// Where it stands.
fn place(sighting: &Sighting) -> Line {
    let alias = sighting.alias.as_deref().map(|alias| format!(" \"{}\"", clean(alias))).unwrap_or_default();
    let key = match &sighting.thing {
        Thing::Certificate(certificate) if certificate.has_key => ", with its key",
        _ => "",
    };
    let text = format!("{:INDENT$}{}{alias}{key}", "", clean(&sighting.file));
    Line { text, tone: Tone::Aside }
}

fn finding_line(finding: &Finding) -> Line {
    let file = finding.file.as_deref().map(clean).unwrap_or_default();
    let place = finding.place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
    let text = format!("{}: {file}{place}: {}", finding.severity.word(), clean(&finding.text));
    Line { text, tone: if finding.severity == Severity::Error { Tone::Bad } else { Tone::Soon } }
}

/// How many of what.
fn closing(scan: &Scan) -> String {
    let tally = Tally::of(scan);
    let found = [
        some(tally.certificates, "certificate"),
        some(tally.client_secrets, "client secret"),
        some(tally.keys, "key"),
        some(tally.locked, "locked part"),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    let found = if found.is_empty() { "nothing".into() } else { found.join(", ") };
    let files = some(usize::try_from(scan.files).unwrap_or(usize::MAX), "file");
    let dates = format!("{} expired, {} ending soon", tally.ended, tally.ending_soon);
    let verdict = [some(tally.errors, "error"), some(tally.warnings, "warning")];
    let verdict: Vec<String> = verdict.into_iter().flatten().collect();
    let verdict = if verdict.is_empty() { "no findings".into() } else { verdict.join(", ") };
    format!("{found} in {}; {dates}; {verdict}", files.unwrap_or_else(|| "no files".into()))
}

/// How many of what there are, where there are any.
fn some(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| counted(count, what))
}
