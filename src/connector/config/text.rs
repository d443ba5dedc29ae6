//! The settings as text, to type or copy from: each value stands alone on its line.

use zeroize::Zeroizing;

use super::{Filled, Held, TO_FILL_IN, room};
use crate::{connector::Profile, secret::SecretBytes};

pub(super) fn write(profile: &Profile, filled: &[Filled<'_>]) -> SecretBytes {
    let mut text = Zeroizing::new(Vec::with_capacity(room(profile, filled)));
    let mut line = |parts: &[&str]| {
        parts.iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
        text.push(b'\n');
    };
    line(&[&profile.name]);
    line(&["for ", &profile.output.place]);
    for filled in filled {
        line(&[]);
        let note = filled.setting.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        line(&[&filled.name, &note, ":"]);
        match &filled.held {
            Held::One(value) => line(&["  ", value]),
            Held::Many(values) => values.iter().for_each(|value| line(&["  ", value])),
            Held::Free(what) => line(&["  (", what, ")"]),
            Held::Missing(what) => line(&["  (", TO_FILL_IN, what, ")"]),
        }
    }
    for list in &profile.output.lists {
        line(&[]);
        line(&[&list.name, ":"]);
        list.values.iter().for_each(|value| line(&["  ", value]));
    }
    SecretBytes::from(text)
}
