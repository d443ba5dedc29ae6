//! For Nagios and what understands its plugins (Icinga, Naemon, Checkmk, Sensu): a line that says how
//! it stands, figures behind a bar, then a line for each thing to do something about.
//!
//! Source: the Monitoring Plugins Development Guidelines, "Plugin Output for Nagios".

use std::collections::HashSet;

use super::{Distinct, Scan, Standing, Thing, standing::counted};
use crate::{finding::Severity, report::text::clean, time::Instant};

/// How much Nagios reads of a plugin at least; what follows may be cut off.
const OCTETS: usize = 4096;

/// What a plugin says and how it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nagios {
    /// The lines for standard output.
    pub text: String,
    /// The exit code: 0 ok, 1 warning, 2 critical, 3 unknown.
    pub code: u8,
}

/// How it stands, each worse than those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Ok,
    Unknown,
    Warning,
    Critical,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Unknown => "UNKNOWN",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }
}

/// What was found, as a plugin says it.
///
/// Critical is what has ended, what ends before `critical` where that is given, and a finding that is
/// an error; a warning is what ends before [`Scan::soon`]; unknown is a path that could not be looked
/// into, and a scan that found nothing, which would otherwise stay well for ever.
#[must_use]
pub fn nagios(scan: &Scan, critical: Option<Instant>) -> Nagios {
    let distinct = scan.distinct();
    let mut problems = problems(scan, &distinct, critical);
    if distinct.is_empty() && problems.is_empty() {
        problems.push((Level::Unknown, "nothing to watch was found".into()));
    }
    // The sort is stable: within a level the nearest end stays first.
    problems.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    let level = problems.first().map_or(Level::Ok, |(level, _)| *level);
    let mut text = format!(
        "CERTKIT {} - {} | {}\n",
        level.word(),
        summary(scan, &distinct),
        figures(scan, &distinct, critical)
    );
    let lines: Vec<String> =
        problems.iter().map(|(level, line)| format!("[{}] {line}\n", level.word())).collect();
    append(&mut text, &lines);
    Nagios { text, code: level.code() }
}

/// What a plugin says that could not do its work.
#[must_use]
pub fn unknown(reason: &str) -> Nagios {
    let level = Level::Unknown;
    Nagios { text: format!("CERTKIT {} - {}\n", level.word(), plain(reason)), code: level.code() }
}

/// What something has to be done about.
fn problems(scan: &Scan, distinct: &[Distinct<'_>], critical: Option<Instant>) -> Vec<(Level, String)> {
    let ends = distinct.iter().filter_map(|distinct| {
        let end = distinct.ends()?;
        let (level, verb) = match scan.standing(Some(end)) {
            Standing::Ended => (Level::Critical, "ended"),
            _ if critical.is_some_and(|critical| end < critical) => (Level::Critical, "ends"),
            Standing::Soon => (Level::Warning, "ends"),
            _ => return None,
        };
        let what = plain(&distinct.thing().title());
        Some((level, format!("{verb} {}: {what} ({})", scan.distance(end), files(distinct))))
    });
    let ended = distinct.iter().filter(|distinct| scan.standing(distinct.ends()) == Standing::Ended);
    let told: HashSet<&str> = ended.flat_map(Distinct::files).collect();
    let errors = scan.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors = errors.filter_map(|finding| {
        let file = finding.file.as_deref().unwrap_or_default();
        // Its end has a line of its own.
        let is_told = finding.id.ends_with("-expired") && told.contains(file);
        (!is_told).then(|| (Level::Critical, format!("{}: {}", plain(file), plain(&finding.text))))
    });
    let troubles = scan
        .troubles
        .iter()
        .map(|trouble| (Level::Unknown, format!("{}: {}", plain(&trouble.path), plain(&trouble.reason))));
    ends.chain(errors).chain(troubles).collect()
}

/// The first few files.
fn files(distinct: &Distinct<'_>) -> String {
    const SHOWN: usize = 3;
    let files = distinct.files();
    let mut shown: Vec<String> = files.iter().take(SHOWN).map(|file| plain(file)).collect();
    if let Some(more @ 1..) = files.len().checked_sub(SHOWN) {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

/// The words of the first line.
fn summary(scan: &Scan, distinct: &[Distinct<'_>]) -> String {
    let mut parts = vec![match distinct {
        [] => format!("nothing was found in {}", counted(scan.files, "file")),
        _ => scan.verdict(distinct),
    }];
    let errors = errors(scan);
    if errors > 0 {
        parts.push(counted(errors, "error"));
    }
    if !scan.troubles.is_empty() {
        parts.push(format!("{} not read", counted(count(scan.troubles.len()), "path")));
    }
    let next = distinct.iter().find(|distinct| distinct.ends().is_some_and(|end| end >= scan.now));
    if let Some((next, end)) = next.and_then(|next| Some((next, next.ends()?))) {
        parts.push(format!("next {}: {}", scan.distance(end), plain(&next.thing().title())));
    }
    parts.join(", ")
}

/// Performance data: `label=value[unit];[warn];[crit];[min];[max]`, ranges as the guidelines have them
/// (`N:` is "below N", a bare `0` is "not 0").
fn figures(scan: &Scan, distinct: &[Distinct<'_>], critical: Option<Instant>) -> String {
    let mut figures = Vec::new();
    let until = |moment: Instant| moment.unix() - scan.now.unix();
    if let Some(end) = distinct.first().and_then(Distinct::ends) {
        let critical = critical.map_or(0, |critical| until(critical).max(0));
        figures.push(format!("time_left={}s;{}:;{critical}:", until(end), until(scan.soon)));
    }
    let locked = distinct.iter().filter(|distinct| matches!(distinct.thing(), Thing::Locked { .. })).count();
    figures.extend([
        format!("ended={};;0;0", scan.number(distinct, Standing::Ended)),
        format!("soon={};0;;0", scan.number(distinct, Standing::Soon)),
        format!("errors={};;0;0", errors(scan)),
        format!("not_read={};;;0", scan.troubles.len()),
        format!("locked={locked};;;0"),
        format!("watched={};;;0", distinct.len()),
        format!("files={};;;0", scan.files),
    ]);
    figures.join(" ")
}

fn errors(scan: &Scan) -> u64 {
    count(scan.findings.iter().filter(|finding| finding.severity == Severity::Error).count())
}

fn count(number: usize) -> u64 {
    number.try_into().unwrap_or(u64::MAX)
}

/// As many lines as are sure to be read; then how many were left out.
fn append(text: &mut String, lines: &[String]) {
    const LAST: usize = 32; // "and 18446744073709551615 more"
    for (index, line) in lines.iter().enumerate() {
        if text.len() + line.len() + LAST > OCTETS {
            text.push_str(&format!("and {} more\n", lines.len() - index));
            return;
        }
        text.push_str(line);
    }
}

/// Text without what means something to Nagios, or to the web page that shows it: a bar would begin
/// figures, an angle bracket markup. Long names are cut.
fn plain(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut plain = String::new();
    for c in clean(text).chars().take(LONGEST) {
        if matches!(c, '|' | '<' | '>') { plain.extend(c.escape_unicode()) } else { plain.push(c) }
    }
    if text.chars().count() > LONGEST {
        plain.push('…');
    }
    plain
}
