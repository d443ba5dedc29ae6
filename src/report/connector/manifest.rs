//! What an app registration lacks for a connector, and what it has too much.

use serde::Serialize;

use crate::{
    connector::{
        Profile,
        manifest::{Diff, Row},
    },
    report::{
        json_v1::render,
        text::{clean, line},
    },
};

#[derive(Serialize)]
struct DiffDocument<'a> {
    schema: &'static str,
    connectors: Vec<&'a str>,
    complete: bool,
    held: usize,
    missing: Vec<RowV1<'a>>,
    extra: Vec<RowV1<'a>>,
}

#[derive(Serialize)]
struct RowV1<'a> {
    api: &'a str,
    api_name: Option<&'a str>,
    id: &'a str,
    kind: &'static str,
    value: Option<&'a str>,
    note: Option<&'a str>,
}

impl<'a> RowV1<'a> {
    fn of(row: &'a Row) -> Self {
        let Row { api, api_name, access, value, note } = row;
        Self {
            api: api.as_str(),
            api_name: api_name.as_deref(),
            id: access.id.as_str(),
            kind: access.kind.word(),
            value: value.as_deref(),
            note: note.as_deref(),
        }
    }
}

/// `certkit.connector-manifest-diff/1`
#[must_use]
pub fn diff_json(profiles: &[&Profile], diff: &Diff) -> String {
    let Diff { missing, extra, held } = diff;
    let document = DiffDocument {
        schema: "certkit.connector-manifest-diff/1",
        connectors: profiles.iter().map(|profile| profile.id.as_str()).collect(),
        complete: missing.is_empty(),
        held: *held,
        missing: missing.iter().map(RowV1::of).collect(),
        extra: extra.iter().map(RowV1::of).collect(),
    };
    render(&document, true)
}

/// The same for a terminal: by API, one permission per line.
#[must_use]
pub fn diff_text(diff: &Diff) -> String {
    let mut text = String::new();
    let count = diff.held + diff.missing.len();
    line(&mut text, 0, &format!("{} of {count} permissions are there", diff.held));
    rows(&mut text, "missing", &diff.missing);
    rows(&mut text, "not needed", &diff.extra);
    text
}

fn rows(text: &mut String, title: &str, rows: &[Row]) {
    let mut api = None;
    let name = |row: &Row| row.value.clone().unwrap_or_else(|| "(name not known here)".into());
    let widest = rows.iter().map(|row| name(row).chars().count()).max().unwrap_or(0);
    for row in rows {
        if api != Some(row.api) {
            api = Some(row.api);
            let known = row.api_name.as_deref().map_or_else(String::new, |name| format!("{name}, "));
            line(text, 0, &clean(&format!("{title}: {known}{}", row.api)));
        }
        let note = row.note.as_deref().map_or_else(String::new, |note| format!("; {note}"));
        let words = format!("{:widest$}  {:5}  {}{note}", name(row), row.access.kind.word(), row.access.id);
        line(text, 1, &clean(&words));
    }
}
