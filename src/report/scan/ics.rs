//! For calendars: an event at every end (RFC 5545), with an alarm before it.
//!
//! An event is known by what ends, so that a later scan's file, brought into the same calendar, changes
//! events and doubles none.

use sha2::{Digest, Sha256};

use super::{ClientSecret, Distinct, Scan, Standing, Thing};
use crate::{cert::hex, report::text::clean, time::Instant};

/// What was found that ends, as a calendar.
///
/// Where a certificate says that it never ends (9999-12-31T23:59:59Z, RFC 5280 section 4.1.2.5) there is
/// no event, and what has ended has no alarm.
#[must_use]
pub fn ics(scan: &Scan) -> String {
    let mut calendar = Calendar(String::new());
    calendar.line("BEGIN", "VCALENDAR");
    calendar.line("VERSION", "2.0");
    calendar.line("PRODID", concat!("-//certkit//certkit ", env!("CARGO_PKG_VERSION"), "//EN"));
    calendar.text("NAME", "Credentials that end");
    calendar.text("X-WR-CALNAME", "Credentials that end");
    for distinct in scan.distinct() {
        if let Some(end) = distinct.ends().filter(|end| *end != Instant::LAST) {
            event(&mut calendar, scan, &distinct, end);
        }
    }
    calendar.line("END", "VCALENDAR");
    calendar.0
}

fn event(calendar: &mut Calendar, scan: &Scan, distinct: &Distinct<'_>, end: Instant) {
    let thing = distinct.thing();
    let Some((uid, category)) = identity(thing) else { return };
    let title = clean(&thing.title());
    let summary = format!("{}: {title}", if end < scan.now { "Ended" } else { "Ends" });
    calendar.line("BEGIN", "VEVENT");
    calendar.line("UID", &uid);
    calendar.line("DTSTAMP", &moment(scan.now));
    calendar.line("DTSTART", &moment(end));
    calendar.text("SUMMARY", &summary);
    calendar.text("DESCRIPTION", &description(distinct, end));
    calendar.line("CATEGORIES", category);
    calendar.line("TRANSP", "TRANSPARENT");
    if scan.standing(Some(end)) != Standing::Ended {
        calendar.line("BEGIN", "VALARM");
        calendar.line("ACTION", "DISPLAY");
        calendar.line("TRIGGER", &notice(scan.soon.unix() - scan.now.unix()));
        calendar.text("DESCRIPTION", &summary);
        calendar.line("END", "VALARM");
    }
    calendar.line("END", "VEVENT");
}

/// What the event is known by, and its kind; none for what has no end.
fn identity(thing: &Thing) -> Option<(String, &'static str)> {
    match thing {
        Thing::Certificate(certificate) => {
            Some((format!("certificate-{}@certkit", hex(&certificate.sha256)), "Certificate"))
        }
        Thing::ClientSecret(secret) => {
            Some((format!("client-secret-{}@certkit", digest(secret)), "Client secret"))
        }
        Thing::Key { .. } | Thing::Locked { .. } => None,
    }
}

/// A client secret's likeness of a thumbprint. Its end is part of it: an app may have two secrets.
fn digest(secret: &ClientSecret) -> String {
    let mut digest = Sha256::new();
    let end = secret.expires_on.map(|end| end.to_string());
    for part in [
        Some(&*secret.profile),
        Some(&*secret.app),
        secret.tenant_id.as_deref(),
        secret.client_id.as_deref(),
        end.as_deref(),
    ] {
        digest.update(part.unwrap_or_default());
        digest.update([0]);
    }
    hex(&digest.finalize())
}

fn description(distinct: &Distinct<'_>, end: Instant) -> String {
    const FILES: usize = 20;
    let mut lines = vec![clean(&distinct.thing().title()), format!("Last second: {end}")];
    match distinct.thing() {
        Thing::Certificate(certificate) => {
            lines.extend(certificate.issuer.as_ref().map(|issuer| format!("Issuer: {}", clean(issuer))));
            lines.push(format!("SHA-1 (thumbprint in the Azure portal): {}", hex(&certificate.sha1)));
            lines.push(format!("SHA-256: {}", hex(&certificate.sha256)));
        }
        Thing::ClientSecret(secret) => {
            lines.extend(secret.tenant_id.as_ref().map(|id| format!("Directory (tenant) ID: {}", clean(id))));
            lines.extend(
                secret.client_id.as_ref().map(|id| format!("Application (client) ID: {}", clean(id))),
            );
        }
        Thing::Key { .. } | Thing::Locked { .. } => {}
    }
    let files = distinct.files();
    lines.extend(files.iter().take(FILES).map(|file| format!("File: {}", clean(file))));
    if let Some(more @ 1..) = files.len().checked_sub(FILES) {
        lines.push(format!("and {more} more files"));
    }
    lines.join("\n")
}

/// A date with time in UTC (RFC 5545 section 3.3.5, form 2).
fn moment(instant: Instant) -> String {
    instant.to_string().replace(['-', ':'], "")
}

/// A duration before the event (RFC 5545 section 3.3.6).
fn notice(seconds: i64) -> String {
    const DAY: i64 = 86_400;
    let seconds = seconds.max(0);
    if seconds > 0 && seconds % DAY == 0 { format!("-P{}D", seconds / DAY) } else { format!("-PT{seconds}S") }
}

/// Content lines (RFC 5545 section 3.1).
struct Calendar(String);

impl Calendar {
    /// A property whose value is text (section 3.3.11), every line of it cleaned.
    fn text(&mut self, name: &str, text: &str) {
        let lines: Vec<String> = text.split('\n').map(clean).collect();
        let escaped = lines.join("\n").replace('\\', r"\\").replace(';', r"\;").replace(',', r"\,");
        self.line(name, &escaped.replace('\n', r"\n"));
    }

    /// A line, folded: 75 octets at most without its CRLF, and no character is cut.
    fn line(&mut self, name: &str, value: &str) {
        const LONGEST: usize = 75;
        let mut octets = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if octets + c.len_utf8() > LONGEST {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
