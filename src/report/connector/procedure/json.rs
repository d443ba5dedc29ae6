//! As a versioned JSON document: a copy of the types, so that a change there does not change it
//! unnoticed. Fields are added, never renamed or given another meaning.

use serde::Serialize;

use crate::{
    connector::procedure::{Part, Procedure, Step, Value},
    report::{connector::profile_json::Profile, json_v1::render},
};

/// `certkit.connector-show/1`
#[must_use]
pub fn json(procedure: &Procedure<'_>) -> String {
    let document = ShowDocument {
        schema: "certkit.connector-show/1",
        connector: procedure.profile.id.as_str(),
        profile: Profile::of(procedure),
        steps: procedure.steps.iter().map(ShownStep::of).collect(),
    };
    render(&document, true)
}

#[derive(Serialize)]
struct ShowDocument<'a> {
    schema: &'static str,
    connector: &'a str,
    profile: Profile<'a>,
    steps: Vec<ShownStep<'a>>,
}

#[derive(Serialize)]
struct ShownStep<'a> {
    id: &'static str,
    title: &'a str,
    who: Option<&'a str>,
    parts: Vec<ShownPart<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "part", rename_all = "kebab-case")]
enum ShownPart<'a> {
    Command { command: &'a str },
    Do { actions: &'a [String] },
    Permissions { api: &'a str, kind: &'static str, permissions: Vec<&'a str> },
    Roles { roles: Vec<&'a str> },
    Say { text: &'a str },
    Value { name: &'a str, known: Option<&'a str>, missing: Option<&'a str>, note: Option<&'a str> },
    Warning { text: &'a str },
}

impl<'a> ShownStep<'a> {
    fn of(step: &'a Step<'a>) -> Self {
        Self {
            id: step.id,
            title: &step.title,
            who: step.who.as_deref(),
            parts: step.parts.iter().map(ShownPart::of).collect(),
        }
    }
}

impl<'a> ShownPart<'a> {
    fn of(part: &'a Part<'a>) -> Self {
        match part {
            Part::Command(command) => Self::Command { command },
            Part::Do(actions) => Self::Do { actions },
            Part::Permissions { api, kind, rows } => Self::Permissions {
                api: api.id.as_str(),
                kind: kind.word(),
                permissions: rows.iter().map(|row| &*row.value).collect(),
            },
            Part::Roles(roles) => Self::Roles { roles: roles.iter().map(|role| &*role.name).collect() },
            Part::Say(text) => Self::Say { text },
            Part::Value { name, value, note } => {
                let (known, missing) = match value {
                    Value::Known(text) => (Some(text.as_str()), None),
                    Value::Missing(place) => (None, Some(place.as_str())),
                };
                Self::Value { name, known, missing, note: note.as_deref() }
            }
            Part::Warning(text) => Self::Warning { text },
        }
    }
}
