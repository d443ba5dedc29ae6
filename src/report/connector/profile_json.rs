//! A profile in JSON documents: a copy of its types, so that a change there does not change the
//! documents unnoticed.

use serde::Serialize;

use crate::connector::{
    procedure::Procedure,
    profile::{
        self, Api, Audience, ConsentWay, Credential, FixedList, OutputForm, Permission, Role, Setting,
        SettingValue, Tab,
    },
};

#[derive(Serialize)]
pub(super) struct Profile<'a> {
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
pub(super) struct Source<'a> {
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

impl<'a> Profile<'a> {
    pub(super) fn of(procedure: &'a Procedure<'_>) -> Self {
        let profile = procedure.profile;
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
            traps: procedure.traps.iter().map(String::as_str).collect(),
            departures: profile.departures.iter().map(|line| &**line).collect(),
        }
    }
}

impl<'a> Source<'a> {
    pub(super) fn of(profile: &'a profile::Profile) -> Self {
        let source = &profile.source;
        Self {
            page: &source.page,
            url: source.url.as_ref().map(|url| url.as_str()),
            read: source.read.to_string(),
        }
    }
}

impl<'a> Registration<'a> {
    fn of(profile: &'a profile::Profile) -> Self {
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
    fn of(profile: &'a profile::Profile) -> Self {
        let output = &profile.output;
        let list = |list: &'a FixedList| ShownList {
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

/// The profile's own word.
pub(super) fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Multitenant => "multitenant",
        Audience::SingleTenant => "single-tenant",
    }
}

/// The profile's own words.
pub(super) fn takes(profile: &profile::Profile) -> Vec<&'static str> {
    let word = |credential: &Credential| match credential {
        Credential::Secret => "secret",
        Credential::Certificate => "certificate",
        Credential::ConnectorJson => "connector-json",
    };
    profile.credential.takes.iter().map(word).collect()
}
