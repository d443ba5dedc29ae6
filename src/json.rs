//! JSON that holds private keys: written into one buffer that never grows, and wiped once read.

use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::secret::SecretBytes;

/// One object with these members, in order: UTF-8, no byte order mark, no blanks, one final
/// newline after it. Names and values are PEM or plain words, in which `\n`, `"` and `\` are all
/// that JSON wants escaped.
pub(crate) fn object(members: &[(&str, &str)]) -> SecretBytes {
    let length: usize = members.iter().map(|(name, value)| name.len() + value.len()).sum();
    // Room for everything, escapes included, so that growing leaves no copy of the key behind.
    let mut text = Zeroizing::new(Vec::with_capacity(2 * length + 6 * members.len() + 3));
    for (index, (name, value)) in members.iter().enumerate() {
        text.push(if index == 0 { b'{' } else { b',' });
        push_string(&mut text, name);
        text.push(b':');
        push_string(&mut text, value);
    }
    text.extend_from_slice(b"}\n");
    SecretBytes::from(text)
}

fn push_string(text: &mut Vec<u8>, value: &str) {
    text.push(b'"');
    for octet in value.bytes() {
        match octet {
            b'\n' => text.extend_from_slice(b"\\n"),
            b'"' | b'\\' => text.extend_from_slice(&[b'\\', octet]),
            octet => text.push(octet),
        }
    }
    text.push(b'"');
}

/// A member's name for a message. What is no plain word may be a part of a key, pasted where a name
/// belongs, and is not shown.
pub(crate) fn shown(name: &str) -> &str {
    const LONGEST: usize = 40;
    let is_plain = |c: char| c.is_alphanumeric() || "_-.@$# ".contains(c);
    if name.len() <= LONGEST && name.chars().all(is_plain) { name } else { "(a long or odd name)" }
}

/// A document that was read. Every text in it is wiped on drop.
pub(crate) struct Document(Value);

impl Document {
    /// Reads JSON.
    ///
    /// # Errors
    /// Where the syntax is broken; the error holds the place and none of the text.
    pub(crate) fn parse(text: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(text).map(Self)
    }

    /// What it holds.
    pub(crate) fn value(&self) -> &Value {
        &self.0
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_back_and_the_buffer_never_grows() {
        let worst = "\n\"\\".repeat(1000);
        let made = object(&[("a", &worst), ("b\n", "plain"), ("c", "")]);
        let read = Document::parse(made.expose()).unwrap();
        assert_eq!(read.value()["a"], worst);
        assert_eq!(read.value()["b\n"], "plain");
        assert_eq!(read.value()["c"], "");
        assert!(made.len() <= 2 * (worst.len() + 9) + 6 * 3 + 3);
        assert_eq!(object(&[("a", "b")]).expose(), b"{\"a\":\"b\"}\n");
    }
}
