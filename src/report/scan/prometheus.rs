//! For Prometheus: its text format 0.0.4, as node_exporter's textfile collector reads it.
//!
//! Names follow the conventions of Prometheus: base units as suffixes, moments as
//! `_timestamp_seconds`. Samples bear no time of their own, which the collector refuses.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{Certified, Scan, Sighting, Thing};
use crate::{finding::Severity, report::text::clean, time::Instant};

/// Samples by their labels: sorted, and each set of labels once, as the format wants it.
type Samples = BTreeMap<String, i64>;

/// What was found, as metrics.
///
/// Of one certificate that stands twice in a file under one name there is one sample. A metric without
/// a sample is left out, but for those that count.
#[must_use]
pub fn prometheus(scan: &Scan) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, samples: &Samples| {
        if samples.is_empty() {
            return;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in samples {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    };
    gauge(
        "certkit_certificate_not_after_timestamp_seconds",
        "The last second of a certificate, since 1970.",
        &certificates(scan, |certificate| certificate.not_after),
    );
    gauge(
        "certkit_certificate_not_before_timestamp_seconds",
        "The first second of a certificate, since 1970.",
        &certificates(scan, |certificate| certificate.not_before),
    );
    gauge(
        "certkit_client_secret_expires_timestamp_seconds",
        "The last second of a client secret as its record tells it, since 1970.",
        &secrets(scan),
    );
    gauge(
        "certkit_locked_files",
        "Files with something that no password at hand opens.",
        &single(locked(scan)),
    );
    gauge("certkit_findings", "What the rules find wrong with the files.", &findings(scan));
    gauge("certkit_scan_files", "Files that were read.", &single(scan.files.try_into().unwrap_or(i64::MAX)));
    gauge(
        "certkit_scan_troubles",
        "Paths that could not be looked into.",
        &single(count(scan.troubles.len())),
    );
    gauge(
        "certkit_scan_timestamp_seconds",
        "When the files were looked at, since 1970.",
        &single(scan.now.unix()),
    );
    text
}

/// A moment of every certificate.
fn certificates(scan: &Scan, moment: impl Fn(&Certified) -> Instant) -> Samples {
    let mut samples = Samples::new();
    for sighting in &scan.sightings {
        if let Thing::Certificate(certificate) = &sighting.thing {
            let labels = labels(&[
                ("file", &sighting.file),
                ("alias", sighting.alias.as_deref().unwrap_or_default()),
                ("subject", &certificate.subject),
                ("sha1", &crate::cert::hex(&certificate.sha1)),
                ("has_key", if certificate.has_key { "true" } else { "false" }),
            ]);
            earliest(&mut samples, labels, moment(certificate));
        }
    }
    samples
}

/// The end of every client secret that tells one.
fn secrets(scan: &Scan) -> Samples {
    let mut samples = Samples::new();
    for Sighting { file, thing, .. } in &scan.sightings {
        if let Thing::ClientSecret(secret) = thing
            && let Some(end) = secret.expires_on
        {
            let labels = labels(&[
                ("file", file),
                ("profile", &secret.profile),
                ("app", &secret.app),
                ("tenant_id", secret.tenant_id.as_deref().unwrap_or_default()),
                ("client_id", secret.client_id.as_deref().unwrap_or_default()),
            ]);
            earliest(&mut samples, labels, end);
        }
    }
    samples
}

/// How many findings there are of each severity that a scan tells: a zero is a sample too, which an
/// alert needs to see that all is well.
fn findings(scan: &Scan) -> Samples {
    let of = |severity: Severity| {
        let number = scan.findings.iter().filter(|finding| finding.severity == severity).count();
        (labels(&[("severity", severity.word())]), count(number))
    };
    [Severity::Warning, Severity::Error].map(of).into()
}

fn locked(scan: &Scan) -> i64 {
    let locked = scan.sightings.iter().filter(|sighting| matches!(sighting.thing, Thing::Locked { .. }));
    count(locked.map(|sighting| &*sighting.file).collect::<BTreeSet<_>>().len())
}

fn count(number: usize) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

fn single(value: i64) -> Samples {
    [(String::new(), value)].into()
}

/// Two things with the same labels (made to have one SHA-1, say) are one sample: that of the nearer end.
fn earliest(samples: &mut Samples, labels: String, moment: Instant) {
    let value = samples.entry(labels).or_insert(moment.unix());
    *value = moment.unix().min(*value);
}

/// `{name="value",…}`. In values a backslash, a quote and a line break have to be escaped; what is
/// left of control characters after cleaning is nothing.
fn labels(pairs: &[(&str, &str)]) -> String {
    let escaped = |value: &str| clean(value).replace('\\', r"\\").replace('"', "\\\"");
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", pairs.join(","))
}
