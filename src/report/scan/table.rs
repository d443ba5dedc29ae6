//! A scan for a person: a table by expiry, what is wrong, and one line that says how many of what.
//!
//! A certificate that stands in several files is one row with its files below it.

use std::collections::HashMap;

use super::{Certified, Scan, Sighting, Tally, Thing};
use crate::{
    cert::{hex, name::DistinguishedName},
    finding::{Finding, Severity},
    report::text::clean,
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
    let rows = rows(&scan.sightings);
    if !rows.is_empty() {
        let heading =
            format!("{:>DAYS$}{GAP}{:DATE$}{GAP}{:names$}{GAP}SHA-1 thumbprint", "days", "ends", "what");
        lines.push(Line { text: heading, tone: Tone::Aside });
    }
    for row in rows {
        lines.extend(row_lines(&row, scan, names));
    }
    let of_row = |finding: &&Finding| finding.place.is_none() && SAID.contains(&finding.id);
    lines.extend(scan.findings.iter().filter(|finding| !of_row(finding)).map(finding_line));
    lines.extend(scan.troubles.iter().map(|trouble| Line {
        text: format!("not looked into: {}: {}", clean(&trouble.path), clean(&trouble.reason)),
        tone: Tone::Soon,
    }));
    lines.push(Line { text: closing(scan), tone: Tone::Plain });
    lines
}

/// Sightings of one thing, in the order of the first of each.
fn rows(sightings: &[Sighting]) -> Vec<Vec<&Sighting>> {
    let mut rows: Vec<Vec<&Sighting>> = Vec::new();
    let mut known: HashMap<&[u8; 32], usize> = HashMap::new();
    for sighting in sightings {
        let Thing::Certificate(certificate) = &sighting.thing else {
            rows.push(vec![sighting]);
            continue;
        };
        match known.get(&certificate.sha256) {
            Some(row) => rows[*row].push(sighting),
            None => {
                known.insert(&certificate.sha256, rows.len());
                rows.push(vec![sighting]);
            }
        }
    }
    rows
}

/// A row: the thing, then its files.
fn row_lines(row: &[&Sighting], scan: &Scan, names: usize) -> Vec<Line> {
    let Some(first) = row.first() else { return Vec::new() };
    let (days, date, tone) = match first.ends() {
        Some(end) => (end.days_since(scan.now).to_string(), day(end), tone(first, end, scan)),
        None => (String::new(), String::new(), Tone::Plain),
    };
    let what = clean(&what(first, scan.now));
    let what = match &first.thing {
        Thing::Certificate(certificate) => {
            format!("{:names$}{GAP}{}", fitted(&what, names), hex(&certificate.sha1))
        }
        _ => fitted(&what, names + GAP.len() + THUMBPRINT),
    };
    let text = format!("{days:>DAYS$}{GAP}{date:DATE$}{GAP}{what}");
    let mut lines = vec![Line { text, tone }];
    lines.extend(row.iter().map(|sighting| place(sighting)));
    lines
}

fn tone(sighting: &Sighting, end: Instant, scan: &Scan) -> Tone {
    let early =
        matches!(&sighting.thing, Thing::Certificate(certificate) if certificate.not_before > scan.now);
    match end {
        end if end < scan.now || early => Tone::Bad,
        end if end < scan.soon => Tone::Soon,
        _ => Tone::Plain,
    }
}

fn day(end: Instant) -> String {
    end.to_string().split('T').next().unwrap_or_default().to_owned()
}

/// What it is, in a few words.
fn what(sighting: &Sighting, now: Instant) -> String {
    match &sighting.thing {
        Thing::Certificate(certificate) if certificate.not_before > now => {
            format!("{} (not valid yet)", name(certificate))
        }
        Thing::Certificate(certificate) => name(certificate),
        Thing::ClientSecret(secret) => format!("client secret of {}", secret.app),
        Thing::Key { algorithm } => format!("private key, {algorithm}"),
        Thing::Locked { what } => format!("locked {}: {what}", sighting.format),
    }
}

/// The common name, else all of the subject.
fn name(certificate: &Certified) -> String {
    let parsed = DistinguishedName::parse(&certificate.subject).ok();
    let common = parsed.as_ref().and_then(DistinguishedName::common_name);
    match common {
        Some(name) => name.to_owned(),
        None if certificate.subject.is_empty() => "a certificate without a subject".into(),
        None => certificate.subject.to_string(),
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
        counted(tally.certificates, "certificate"),
        counted(tally.client_secrets, "client secret"),
        counted(tally.keys, "key"),
        counted(tally.locked, "locked part"),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    let found = if found.is_empty() { "nothing".into() } else { found.join(", ") };
    let files = counted(usize::try_from(scan.files).unwrap_or(usize::MAX), "file");
    let dates = format!("{} expired, {} soon to", tally.ended, tally.ending_soon);
    let verdict = [counted(tally.errors, "error"), counted(tally.warnings, "warning")];
    let verdict: Vec<String> = verdict.into_iter().flatten().collect();
    let verdict = if verdict.is_empty() { "no findings".into() } else { verdict.join(", ") };
    format!("{found} in {}; {dates}; {verdict}", files.unwrap_or_else(|| "no files".into()))
}

fn counted(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
}
