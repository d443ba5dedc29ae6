//! `certkit.scan/1`: one JSON object a line, as files are read; the summary is the last.

use serde::Serialize;

use super::{Certified, ClientSecret, Scan, Sighting, Tally, Thing, Trouble};
use crate::{
    cert::hex,
    finding::Finding,
    report::json_v1::{self, render},
    store::Format,
    time::Instant,
};

const SCHEMA: &str = "certkit.scan/1";

/// The line of a sighting; days are counted from `now`.
#[must_use]
pub fn sighting(sighting: &Sighting, now: Instant) -> String {
    let line = |kind, thing| SightingLine {
        schema: SCHEMA,
        kind,
        file: &sighting.file,
        format: format(sighting.format),
        alias: sighting.alias.as_deref(),
        thing,
    };
    let line = match &sighting.thing {
        Thing::Certificate(certified) => line("certificate", certificate(certified, now)),
        Thing::Key { algorithm } => line("key", ThingV1::Key { algorithm }),
        Thing::Locked { what } => line("locked", ThingV1::Locked { what }),
        Thing::ClientSecret(secret) => line("client-secret", client_secret(secret, now)),
    };
    render(&line, false)
}

/// The word for a format, the same that `inspect` has.
fn format(name: &'static str) -> &'static str {
    /// The formats that credentials stand in.
    const FORMATS: [Format; 13] = [
        Format::Certificate,
        Format::Pem,
        Format::Pkcs12,
        Format::Jks,
        Format::ConnectorJson,
        Format::Json,
        Format::Pkcs8,
        Format::EncryptedPkcs8,
        Format::Pkcs1,
        Format::Sec1,
        Format::Dsa,
        Format::Pkcs7,
        Format::Jceks,
    ];
    FORMATS.into_iter().find(|format| format.name() == name).map_or("kit-record", json_v1::format)
}

#[derive(Serialize)]
struct SightingLine<'a> {
    schema: &'static str,
    kind: &'static str,
    file: &'a str,
    format: &'static str,
    alias: Option<&'a str>,
    #[serde(flatten)]
    thing: ThingV1<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ThingV1<'a> {
    Certificate {
        subject: &'a str,
        issuer: Option<&'a str>,
        not_before: String,
        not_after: String,
        days_left: i64,
        has_key: bool,
        thumbprints: Thumbprints,
    },
    Key {
        algorithm: &'a str,
    },
    Locked {
        what: &'a str,
    },
    ClientSecret {
        connector: &'a str,
        app: &'a str,
        tenant_id: Option<&'a str>,
        client_id: Option<&'a str>,
        expires_on: Option<String>,
        days_left: Option<i64>,
    },
}

#[derive(Serialize)]
struct Thumbprints {
    sha1: String,
    sha256: String,
}

fn certificate(certified: &Certified, now: Instant) -> ThingV1<'_> {
    ThingV1::Certificate {
        subject: &certified.subject,
        issuer: certified.issuer.as_deref(),
        not_before: certified.not_before.to_string(),
        not_after: certified.not_after.to_string(),
        days_left: certified.not_after.days_since(now),
        has_key: certified.has_key,
        thumbprints: Thumbprints { sha1: hex(&certified.sha1), sha256: hex(&certified.sha256) },
    }
}

fn client_secret(secret: &ClientSecret, now: Instant) -> ThingV1<'_> {
    ThingV1::ClientSecret {
        connector: &secret.profile,
        app: &secret.app,
        tenant_id: secret.tenant_id.as_deref(),
        client_id: secret.client_id.as_deref(),
        expires_on: secret.expires_on.map(|end| end.to_string()),
        days_left: secret.expires_on.map(|end| end.days_since(now)),
    }
}

/// The line of a finding.
#[must_use]
pub fn finding(finding: &Finding) -> String {
    let line = FindingLine {
        schema: SCHEMA,
        kind: "finding",
        severity: finding.severity.word(),
        id: finding.id,
        file: finding.file.as_deref(),
        line: finding.place.map(|place| place.line),
        column: finding.place.map(|place| place.column),
        text: &finding.text,
        hint: finding.hint.as_deref(),
    };
    render(&line, false)
}

#[derive(Serialize)]
struct FindingLine<'a> {
    schema: &'static str,
    kind: &'static str,
    severity: &'static str,
    id: &'static str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    text: &'a str,
    hint: Option<&'a str>,
}

/// The line of what could not be looked into.
#[must_use]
pub fn trouble(trouble: &Trouble) -> String {
    render(
        &TroubleLine { schema: SCHEMA, kind: "trouble", file: &trouble.path, text: &trouble.reason },
        false,
    )
}

#[derive(Serialize)]
struct TroubleLine<'a> {
    schema: &'static str,
    kind: &'static str,
    file: &'a str,
    text: &'a str,
}

/// The last line: how many of what.
#[must_use]
pub fn summary(scan: &Scan) -> String {
    let tally = Tally::of(scan);
    let line = SummaryLine {
        schema: SCHEMA,
        kind: "summary",
        paths: &scan.paths,
        at: scan.now.to_string(),
        files: scan.files,
        certificates: tally.certificates,
        copies: tally.copies,
        keys: tally.keys,
        locked: tally.locked,
        client_secrets: tally.client_secrets,
        ended: tally.ended,
        ending_soon: tally.ending_soon,
        errors: tally.errors,
        warnings: tally.warnings,
        troubles: tally.troubles,
    };
    render(&line, false)
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    schema: &'static str,
    kind: &'static str,
    paths: &'a [String],
    at: String,
    files: u64,
    certificates: usize,
    copies: usize,
    keys: usize,
    locked: usize,
    client_secrets: usize,
    ended: usize,
    ending_soon: usize,
    errors: usize,
    warnings: usize,
    troubles: usize,
}
