//! The settings as one JSON document, `certkit.connector-settings/1`.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{Filled, Held, room};
use crate::{connector::Profile, secret::SecretBytes};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    connector: &'a str,
    place: &'a str,
    settings: Vec<SettingV1<'a>>,
    lists: Vec<ListV1<'a>>,
}

/// `value` or `values`, or, where there is none yet, what is to be filled in.
#[derive(Serialize)]
struct SettingV1<'a> {
    name: &'a str,
    value: Option<&'a str>,
    values: Option<&'a [&'a str]>,
    to_fill_in: Option<&'a str>,
    secret: bool,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ListV1<'a> {
    name: &'a str,
    values: Vec<&'a str>,
}

pub(super) fn write(profile: &Profile, filled: &[Filled<'_>]) -> SecretBytes {
    let document = Document {
        schema: "certkit.connector-settings/1",
        connector: profile.id.as_str(),
        place: &profile.output.place,
        settings: filled.iter().map(setting).collect(),
        lists: profile
            .output
            .lists
            .iter()
            .map(|list| ListV1 {
                name: &list.name,
                values: list.values.iter().map(|value| &**value).collect(),
            })
            .collect(),
    };
    let mut text = Zeroizing::new(Vec::with_capacity(room(profile, filled)));
    // Strings and lists written into memory: nothing here can fail.
    let _ = serde_json::to_writer_pretty(&mut *text, &document);
    text.push(b'\n');
    SecretBytes::from(text)
}

fn setting<'a>(filled: &'a Filled<'_>) -> SettingV1<'a> {
    let (value, values, to_fill_in) = match &filled.held {
        Held::One(value) => (Some(*value), None, None),
        Held::Many(values) => (None, Some(values.as_slice()), None),
        Held::Missing(what) | Held::Free(what) => (None, None, Some(*what)),
    };
    SettingV1 {
        name: &filled.name,
        value,
        values,
        to_fill_in,
        secret: filled.secret,
        note: filled.setting.note.as_deref(),
    }
}
