//! For Nagios and what understands its plugins (Icinga, Naemon, Checkmk, Sensu): a line that says how
//! it stands, figures behind a bar, then a line for each thing to do something about.
//!
//! Source: the Monitoring Plugins Development Guidelines, "Plugin Output for Nagios".

use std::collections::HashSet;

use super::{Distinct, Scan, Standing, Tally, Trouble};
use crate::{
    finding::{Finding, Severity},
    report::text::{clean, counted},
    time::Instant,
};

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
/// an error; a warning is what ends before [`Scan::soon`], and an authority that has ended where it is
/// only trusted; unknown is a path that could not be looked
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
    let unread =
        |trouble: &Trouble| (Level::Unknown, format!("{}: {}", plain(&trouble.path), plain(&trouble.reason)));
    let mut problems = ends(scan, distinct, critical);
    problems.extend(errors(scan, distinct));
    problems.extend(scan.troubles.iter().map(unread));
    problems
}

/// What has ended or will before long.
fn ends(scan: &Scan, distinct: &[Distinct<'_>], critical: Option<Instant>) -> Vec<(Level, String)> {
    let trusted = files_with(scan, |finding| finding.id == TRUSTED);
    let expired = files_with(scan, is_expired);
    let ends = distinct.iter().filter_map(|distinct| {
        let end = distinct.ends()?;
        let is_merely_trusted =
            || distinct.files().iter().all(|file| trusted.contains(file) && !expired.contains(file));
        let (level, verb) = match scan.standing(Some(end)) {
            Standing::Ended if is_merely_trusted() => (Level::Warning, "ended"),
            Standing::Ended => (Level::Critical, "ended"),
            _ if critical.is_some_and(|critical| end < critical) => (Level::Critical, "ends"),
            Standing::Soon => (Level::Warning, "ends"),
            _ => return None,
        };
        let what = plain(&distinct.thing().title());
        Some((level, format!("{verb} {}: {what} ({})", scan.distance(end), files(distinct))))
    });
    ends.collect()
}

/// Findings that are errors, but for those about an end that has a line of its own.
fn errors(scan: &Scan, distinct: &[Distinct<'_>]) -> Vec<(Level, String)> {
    let ended = distinct.iter().filter(|distinct| scan.standing(distinct.ends()) == Standing::Ended);
    let told: HashSet<&str> = ended.flat_map(Distinct::files).collect();
    let is_error = |finding: &&Finding| {
        let is_told = is_expired(finding) && finding.file.as_deref().is_some_and(|file| told.contains(file));
        finding.severity == Severity::Error && !is_told
    };
    let line = |finding: &Finding| {
        let file = finding.file.as_deref().map_or_else(String::new, |file| format!("{}: ", plain(file)));
        (Level::Critical, file + &plain(&finding.text))
    };
    scan.findings.iter().filter(is_error).map(line).collect()
}

/// The finding about an authority that has ended where it is trusted: no sign-in fails for it.
const TRUSTED: &str = "trusted-expired";

/// Whether this is an error for a credential that has ended.
fn is_expired(finding: &Finding) -> bool {
    finding.severity == Severity::Error && finding.id.ends_with("-expired")
}

/// The files that have a finding of some kind.
fn files_with(scan: &Scan, wanted: impl Fn(&Finding) -> bool) -> HashSet<&str> {
    scan.findings
        .iter()
        .filter(|finding| wanted(finding))
        .filter_map(|finding| finding.file.as_deref())
        .collect()
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
    let tally = Tally::of(scan);
    if tally.errors > 0 {
        parts.push(counted(tally.errors, "error"));
    }
    if tally.troubles > 0 {
        parts.push(format!("{} not read", counted(tally.troubles, "path")));
    }
    if let Some((next, end)) = next(scan, distinct) {
        parts.push(format!("next {}: {}", scan.distance(end), plain(&next.thing().title())));
    }
    parts.join(", ")
}

/// What ends next.
fn next<'a, 'b>(scan: &Scan, distinct: &'b [Distinct<'a>]) -> Option<(&'b Distinct<'a>, Instant)> {
    let mut dated = distinct.iter().filter_map(|distinct| Some((distinct, distinct.ends()?)));
    dated.find(|(_, end)| *end >= scan.now)
}

/// Performance data: `label=value[unit];[warn];[crit];[min];[max]`, ranges as the guidelines have them
/// (`N:` is "below N", a bare `0` is "not 0").
fn figures(scan: &Scan, distinct: &[Distinct<'_>], critical: Option<Instant>) -> String {
    let mut figures = Vec::new();
    let until = |moment: Instant| moment.unix() - scan.now.unix();
    if let Some((_, end)) = next(scan, distinct) {
        let critical = critical.map_or_else(String::new, |critical| format!(";{}:", until(critical).max(0)));
        figures.push(format!("time_left={}s;{}:{critical}", until(end), until(scan.soon)));
    }
    let tally = Tally::of(scan);
    figures.extend([
        format!("ended={};0;;0", scan.number(distinct, Standing::Ended)),
        format!("soon={};0;;0", scan.number(distinct, Standing::Soon)),
        format!("errors={};;0;0", tally.errors),
        format!("not_read={};;;0", tally.troubles),
        format!("locked={};;;0", tally.locked),
        format!("watched={};;;0", distinct.len()),
        format!("files={};;;0", scan.files),
    ]);
    figures.join(" ")
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
