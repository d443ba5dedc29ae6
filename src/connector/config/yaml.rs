//! The settings as a YAML file (YAML 1.2, and read alike by parsers of 1.1): every value a
//! double-quoted scalar, so that no secret is taken for a number, a comment or an alias.

use zeroize::Zeroizing;

use super::{Filled, Held, TO_FILL_IN, room};
use crate::{connector::Profile, secret::SecretBytes};

pub(super) fn write(profile: &Profile, filled: &[Filled<'_>]) -> SecretBytes {
    let mut text = Zeroizing::new(Vec::with_capacity(room(profile, filled)));
    for filled in filled {
        match &filled.held {
            Held::One(value) => {
                push(&mut text, &[&filled.name, ": "]);
                push_scalar(&mut text, value);
                text.push(b'\n');
            }
            Held::Many(values) => push_list(&mut text, &filled.name, values.iter().copied()),
            Held::Free(what) => push(&mut text, &["# ", &filled.name, ": ", what, "\n"]),
            // A comment, so that the file cannot be mistaken for a complete one.
            Held::Missing(what) => push(&mut text, &["# ", &filled.name, ": ", TO_FILL_IN, what, "\n"]),
        }
    }
    for list in &profile.output.lists {
        push_list(&mut text, &list.name, list.values.iter().map(|value| &**value));
    }
    SecretBytes::from(text)
}

fn push(text: &mut Vec<u8>, parts: &[&str]) {
    parts.iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
}

fn push_list<'a>(text: &mut Vec<u8>, name: &str, values: impl Iterator<Item = &'a str>) {
    push(text, &[name, ":\n"]);
    for value in values {
        push(text, &["  - "]);
        push_scalar(text, value);
        text.push(b'\n');
    }
}

/// A double-quoted scalar (YAML 1.2 section 7.3.1). What parsers call not printable (section 5.1) is
/// escaped.
fn push_scalar(text: &mut Vec<u8>, value: &str) {
    text.push(b'"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend_from_slice(&[b'\\', c as u8]),
            // Digit by digit: a formatted copy of a secret's character would stay behind.
            c if unprintable(c) => {
                text.extend_from_slice(b"\\U");
                for shift in (0..8).rev() {
                    let digit = (u32::from(c) >> (4 * shift)) & 0xf;
                    text.push(b"0123456789ABCDEF"[digit as usize]);
                }
            }
            c => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    text.push(b'"');
}

fn unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
