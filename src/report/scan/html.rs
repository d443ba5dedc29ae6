//! For a browser: one page that needs nothing else, for a person who has to renew things in time.
//!
//! The picture says the same as the table, which can be read without it. Without scripts the table is
//! whole and by its ends; the script sorts and filters it. What files say is text: askama escapes it.

use askama::Template;

use super::{Distinct, Scan, Sighting, Standing, Thing, timeline::Timeline};
use crate::{
    cert::hex,
    finding::{Finding, Severity},
    report::{
        page,
        text::{clean, counted},
    },
    time::Instant,
};

const STYLE: &str = concat!(include_str!("../templates/page.css"), include_str!("templates/scan.css"));
const SCRIPT: &str = include_str!("templates/scan.js");

/// Tables with more rows are laid out only where they are in sight.
const LONG: usize = 500;

/// What was found, as one HTML page.
#[must_use]
pub fn html(scan: &Scan) -> String {
    let distinct = scan.distinct();
    let standings = [Standing::Ended, Standing::Soon, Standing::Later, Standing::Undated];
    let mut findings: Vec<&Finding> = scan.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let page = Page {
        scan,
        verdict: scan.verdict(&distinct),
        paths: scan.paths.iter().map(|path| clean(path)).collect(),
        notice: scan.notice(),
        files: counted(scan.files, "file"),
        counts: standings.map(|standing| (standing, scan.number(&distinct, standing))),
        timeline: Timeline::of(scan, &distinct),
        rows: distinct.iter().map(|distinct| Row::of(scan, distinct)).collect(),
        findings: findings.into_iter().map(Said::of).collect(),
        troubles: scan
            .troubles
            .iter()
            .map(|trouble| (clean(&trouble.path), clean(&trouble.reason)))
            .collect(),
        policy: page::policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
    };
    page::rendered(&page)
}

#[derive(Template)]
#[template(path = "scan.html")]
struct Page<'a> {
    scan: &'a Scan,
    verdict: String,
    paths: Vec<String>,
    notice: String,
    files: String,
    counts: [(Standing, usize); 4],
    timeline: Option<Timeline>,
    rows: Vec<Row>,
    findings: Vec<Said>,
    troubles: Vec<(String, String)>,
    policy: String,
    style: &'static str,
    script: &'static str,
}

impl Standing {
    /// What style and script know it by.
    fn class(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Soon => "soon",
            Self::Later => "later",
            Self::Undated => "undated",
        }
    }
}

/// A row of the table: one thing and the files that it is in.
struct Row {
    standing: Standing,
    end: Option<End>,
    title: String,
    /// What else there is to say of it.
    about: String,
    places: Vec<Place>,
    sha1: Option<String>,
}

struct End {
    instant: Instant,
    date: String,
    distance: String,
}

/// Where it was seen.
struct Place {
    file: String,
    /// Its name there and what the file is.
    about: String,
}

impl Row {
    fn of(scan: &Scan, distinct: &Distinct<'_>) -> Self {
        let thing = distinct.thing();
        let end = |instant: Instant| End {
            instant,
            date: instant.to_string().chars().take(10).collect(),
            distance: scan.distance(instant),
        };
        Self {
            standing: scan.standing(distinct.ends()),
            end: distinct.ends().map(end),
            title: clean(&thing.title()),
            about: about(scan, distinct).join(" · "),
            places: distinct.sightings().map(Place::of).collect(),
            sha1: match thing {
                Thing::Certificate(certificate) => Some(hex(&certificate.sha1)),
                _ => None,
            },
        }
    }

    /// The places that are always shown, and those that are behind a click where there are many.
    fn shown(&self) -> (&[Place], &[Place]) {
        const SHOWN: usize = 3;
        self.places.split_at(if self.places.len() > SHOWN + 1 { SHOWN } else { self.places.len() })
    }
}

impl Place {
    fn of(sighting: &Sighting) -> Self {
        let about = match sighting.alias.as_deref() {
            Some(alias) => format!("“{}”, {}", clean(alias), sighting.format),
            None => sighting.format.into(),
        };
        Self { file: clean(&sighting.file), about }
    }
}

fn about(scan: &Scan, distinct: &Distinct<'_>) -> Vec<String> {
    match distinct.thing() {
        Thing::Certificate(certificate) => {
            let mut about = Vec::new();
            let has_key = |sighting: &Sighting| matches!(&sighting.thing, Thing::Certificate(c) if c.has_key);
            if distinct.sightings().any(has_key) {
                about.push("with its private key".into());
            }
            match &certificate.issuer {
                Some(issuer) => about.push(format!("issued by {}", clean(issuer))),
                None => about.push("self-signed".into()),
            }
            if certificate.not_before > scan.now {
                about.push(format!("not valid before {}", certificate.not_before));
            }
            about
        }
        Thing::ClientSecret(secret) => {
            let mut about = Vec::new();
            about
                .extend(secret.client_id.as_ref().map(|id| format!("Application (client) ID {}", clean(id))));
            about.extend(secret.tenant_id.as_ref().map(|id| format!("Directory (tenant) ID {}", clean(id))));
            about
        }
        Thing::Key { .. } => vec!["without a certificate".into()],
        Thing::Locked { .. } => vec!["no password at hand opens it".into()],
    }
}

/// A finding's row.
struct Said {
    severity: Severity,
    id: &'static str,
    file: String,
    text: String,
    hint: Option<String>,
}

impl Said {
    fn of(finding: &Finding) -> Self {
        let file = finding.file.as_deref().map(clean).unwrap_or_default();
        Self {
            severity: finding.severity,
            id: finding.id,
            file: match finding.place {
                Some(place) => format!("{file}:{}:{}", place.line, place.column),
                None => file,
            },
            text: clean(&finding.text),
            hint: finding.hint.as_deref().map(clean),
        }
    }
}
