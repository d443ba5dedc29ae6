//! As versioned JSON documents: copies of the types, so that a change there does not change them
//! unnoticed. Fields are added, never renamed or given another meaning.

use serde::Serialize;

use crate::{
    connector::{
        Profile, Registry,
        procedure::{Part, Procedure, Step, Value},
        profile::{
            Api, Audience, ConsentWay, Credential, OutputForm, Permission, Role, Setting, SettingValue, Tab,
        },
    },
    report::json_v1::render,
};

/// `certkit.connector-list/1`
#[must_use]
pub fn list(registry: &Registry) -> String {
    let connectors = registry.iter().map(Listed::of).collect();
    render(&ListDocument { schema: "certkit.connector-list/1", connectors }, true)
}

/// `certkit.connector-show/1`
#[must_use]
pub fn procedure(procedure: &Procedure<'_>) -> String {
    let document = ShowDocument {
        schema: "certkit.connector-show/1",
        profile: ShownProfile::of(procedure.profile),
        steps: procedure.steps.iter().map(ShownStep::of).collect(),
    };
    render(&document, true)
}

#[derive(Serialize)]
struct ListDocument<'a> {
    schema: &'static str,
    connectors: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    vendor: &'a str,
    summary: &'a str,
    audience: &'static str,
    takes: Vec<&'static str>,
    source: Source<'a>,
}

impl<'a> Listed<'a> {
    fn of(profile: &'a Profile) -> Self {
        let Profile { id, name, vendor, summary, .. } = profile;
        Self {
            id: id.as_str(),
            name,
            vendor,
            summary,
            audience: audience(profile.registration.audience),
            takes: takes(profile),
            source: Source::of(profile),
        }
    }
}

#[derive(Serialize)]
struct ShowDocument<'a> {
    schema: &'static str,
    profile: ShownProfile<'a>,
    steps: Vec<ShownStep<'a>>,
}

#[derive(Serialize)]
struct ShownProfile<'a> {
    id: &'a str,
    name: &'a str,
    vendor: &'a str,
    summary: &'a str,
    source: Source<'a>,
    registration: Registration<'a>,
    takes: Vec<&'static str>,
    consent: Consent<'a>,
    apis: Vec<ShownApi<'a>>,
    roles: Vec<ShownRole<'a>>,
    output: ShownOutput<'a>,
    traps: Vec<&'a str>,
    departures: Vec<&'a str>,
}

#[derive(Serialize)]
struct Source<'a> {
    page: &'a str,
    url: Option<&'a str>,
    read: String,
}

#[derive(Serialize)]
struct Registration<'a> {
    app: &'a str,
    audience: &'static str,
    redirect: Option<Redirect<'a>>,
}

#[derive(Serialize)]
struct Redirect<'a> {
    what: &'a str,
    uri: Option<&'a str>,
    example: Option<&'a str>,
}

#[derive(Serialize)]
struct Consent<'a> {
    by: &'static str,
    state: Option<&'a str>,
    role: Option<&'a str>,
}

#[derive(Serialize)]
struct ShownApi<'a> {
    name: &'a str,
    id: &'a str,
    tile: &'a str,
    page_name: Option<&'a str>,
    tab: &'static str,
    note: Option<&'a str>,
    permissions: Vec<ShownPermission<'a>>,
}

#[derive(Serialize)]
struct ShownPermission<'a> {
    value: &'a str,
    id: &'a str,
    kind: &'static str,
    why: Vec<&'a str>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ShownRole<'a> {
    name: &'a str,
    id: &'a str,
    why: &'a str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ShownOutput<'a> {
    form: &'static str,
    place: &'a str,
    steps: Vec<&'a str>,
    settings: Vec<ShownSetting<'a>>,
    lists: Vec<ShownList<'a>>,
}

#[derive(Serialize)]
struct ShownSetting<'a> {
    name: &'a str,
    value: &'static str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ShownList<'a> {
    name: &'a str,
    values: Vec<&'a str>,
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

impl<'a> ShownProfile<'a> {
    fn of(profile: &'a Profile) -> Self {
        Self {
            id: profile.id.as_str(),
            name: &profile.name,
            vendor: &profile.vendor,
            summary: &profile.summary,
            source: Source::of(profile),
            registration: Registration::of(profile),
            takes: takes(profile),
            consent: Consent {
                by: match profile.consent.by {
                    ConsentWay::Address => "address",
                    ConsentWay::Portal => "portal",
                },
                state: profile.consent.state.as_deref(),
                role: profile.consent.role.as_deref(),
            },
            apis: profile.apis.iter().map(ShownApi::of).collect(),
            roles: profile.roles.iter().map(ShownRole::of).collect(),
            output: ShownOutput::of(profile),
            traps: profile.traps.iter().map(|line| &**line).collect(),
            departures: profile.departures.iter().map(|line| &**line).collect(),
        }
    }
}

impl<'a> Source<'a> {
    fn of(profile: &'a Profile) -> Self {
        let source = &profile.source;
        Self { page: &source.page, url: source.url.as_deref(), read: source.read.to_string() }
    }
}

impl<'a> Registration<'a> {
    fn of(profile: &'a Profile) -> Self {
        let registration = &profile.registration;
        Self {
            app: &registration.app,
            audience: audience(registration.audience),
            redirect: registration.redirect.as_ref().map(|redirect| Redirect {
                what: &redirect.what,
                uri: redirect.uri.as_ref().map(|uri| uri.as_str()),
                example: redirect.example.as_ref().map(|uri| uri.as_str()),
            }),
        }
    }
}

impl<'a> ShownApi<'a> {
    fn of(api: &'a Api) -> Self {
        Self {
            name: &api.name,
            id: api.id.as_str(),
            tile: &api.tile,
            page_name: api.page_name.as_deref(),
            tab: match api.tab {
                Tab::Microsoft => "microsoft",
                Tab::Organization => "organization",
            },
            note: api.note.as_deref(),
            permissions: api.permissions.iter().map(ShownPermission::of).collect(),
        }
    }
}

impl<'a> ShownPermission<'a> {
    fn of(permission: &'a Permission) -> Self {
        Self {
            value: &permission.value,
            id: permission.id.as_str(),
            kind: permission.kind.word(),
            why: permission.why.iter().map(|line| &**line).collect(),
            note: permission.note.as_deref(),
        }
    }
}

impl<'a> ShownRole<'a> {
    fn of(role: &'a Role) -> Self {
        Self { name: &role.name, id: role.id.as_str(), why: &role.why, note: role.note.as_deref() }
    }
}

impl<'a> ShownOutput<'a> {
    fn of(profile: &'a Profile) -> Self {
        let output = &profile.output;
        let list = |list: &'a crate::connector::profile::FixedList| ShownList {
            name: &list.name,
            values: list.values.iter().map(|line| &**line).collect(),
        };
        Self {
            form: match output.form {
                OutputForm::Settings => "settings",
                OutputForm::Yaml => "yaml",
            },
            place: &output.place,
            steps: output.steps.iter().map(|line| &**line).collect(),
            settings: output.settings.iter().map(ShownSetting::of).collect(),
            lists: output.lists.iter().map(list).collect(),
        }
    }
}

impl<'a> ShownSetting<'a> {
    fn of(setting: &'a Setting) -> Self {
        let value = match setting.value {
            SettingValue::ClientId => "client-id",
            SettingValue::ClientSecret => "client-secret",
            SettingValue::ConnectorJson => "connector-json",
            SettingValue::Domains => "domains",
            SettingValue::Name => "name",
            SettingValue::TenantId => "tenant-id",
        };
        Self { name: &setting.name, value, note: setting.note.as_deref() }
    }
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

fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Multitenant => "multitenant",
        Audience::SingleTenant => "single-tenant",
    }
}

fn takes(profile: &Profile) -> Vec<&'static str> {
    let word = |credential: &Credential| match credential {
        Credential::Secret => "secret",
        Credential::Certificate => "certificate",
        Credential::ConnectorJson => "connector-json",
    };
    profile.credential.takes.iter().map(word).collect()
}
