//! Strings and their escapes, with whatever quotation marks they stand in.

use zeroize::Zeroizing;

use super::{Departure, Reader, Unreadable, is_blank};

/// Double quotation marks of word processors and keyboards.
const DOUBLE: [char; 8] = ['“', '”', '„', '‟', '«', '»', '″', '＂'];

/// Single ones, and what is typed for them.
const SINGLE: [char; 11] = ['\'', '‘', '’', '‚', '‛', '‹', '›', '′', '＇', '`', '´'];

impl Reader<'_> {
    /// A string that `open` begins.
    pub(super) fn string(&mut self, open: char) -> Result<Zeroizing<String>, Unreadable> {
        if open != '"' {
            self.depart(Departure::Quote(open), self.at);
        }
        self.step(open);
        let start = self.at;
        let Some((stop, close)) = self.end_of_string(open) else {
            return self.expected("a closing quotation mark behind this");
        };
        if close != '"' {
            self.depart(Departure::Quote(close), stop);
        }
        let text = self.unescaped(start, stop);
        self.at = stop + close.len_utf8();
        Ok(text)
    }

    /// Where a string ends that `open` has begun, and by what.
    fn end_of_string(&self, open: char) -> Option<(usize, char)> {
        let rest = &self.text[self.at..];
        let mut escaped = false;
        for (offset, c) in rest.char_indices() {
            if std::mem::take(&mut escaped) {
                continue;
            }
            let ends = match c {
                '\\' => {
                    escaped = true;
                    false
                }
                '"' if open == '"' => true,
                _ if self.strict => false,
                // Where the mark is not the one that began it, what follows has to make sense.
                c if same_kind(open, c) => is_followed_well(&rest[offset + c.len_utf8()..]),
                _ => false,
            };
            if ends {
                return Some((self.at + offset, c));
            }
        }
        None
    }

    /// What a string says (RFC 8259 section 7).
    fn unescaped(&mut self, start: usize, stop: usize) -> Zeroizing<String> {
        let raw = &self.text[start..stop];
        // No escape is shorter than what it stands for: this never grows, and leaves no copy behind.
        let mut text = Zeroizing::new(String::with_capacity(raw.len()));
        let mut at = 0;
        while let Some(c) = raw[at..].chars().next() {
            if c == '\\' {
                let (meant, length) = escape(&raw[at..]);
                match meant {
                    Some(meant) => text.push(meant),
                    None => {
                        let after = raw[at + 1..].chars().next().unwrap_or('\\');
                        self.depart(Departure::BadEscape(after), start + at);
                        // JavaScript takes such a character for itself. Digits that name none stay.
                        if after == 'u' {
                            text.push('\\');
                        }
                    }
                }
                at += length;
                continue;
            }
            match c {
                '\n' => self.depart(Departure::RawLineBreak, start + at),
                // A CRLF is one line break.
                '\r' if raw[at + 1..].starts_with('\n') => {}
                '\r' => self.depart(Departure::RawLineBreak, start + at),
                c if u32::from(c) < 0x20 => self.depart(Departure::Control(c), start + at),
                _ => {}
            }
            text.push(c);
            at += c.len_utf8();
        }
        text
    }
}

/// The character that an escape stands for, and how many octets it takes; the backslash alone where it
/// stands for none.
fn escape(text: &str) -> (Option<char>, usize) {
    let short = |c| (Some(c), 2);
    match text.as_bytes().get(1) {
        Some(b'"') => short('"'),
        Some(b'\\') => short('\\'),
        Some(b'/') => short('/'),
        Some(b'b') => short('\u{8}'),
        Some(b'f') => short('\u{c}'),
        Some(b'n') => short('\n'),
        Some(b'r') => short('\r'),
        Some(b't') => short('\t'),
        Some(b'u') => match (unit(text), unit(text.get(6..).unwrap_or_default())) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                (char::from_u32(code), 12)
            }
            (Some(code), _) => match char::from_u32(code) {
                Some(c) => (Some(c), 6),
                None => (None, 1),
            },
            (None, _) => (None, 1),
        },
        _ => (None, 1),
    }
}

/// The value of `\uXXXX` at the start of a text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|octet| octet.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Whether it is a quotation mark of any kind.
pub(super) fn is_quote(c: char) -> bool {
    c == '"' || DOUBLE.contains(&c) || SINGLE.contains(&c)
}

/// Whether one quotation mark may end what the other has begun.
fn same_kind(open: char, close: char) -> bool {
    let double = |c: char| c == '"' || DOUBLE.contains(&c);
    double(open) && double(close) || SINGLE.contains(&open) && SINGLE.contains(&close)
}

/// Whether a text goes on as behind a string.
fn is_followed_well(rest: &str) -> bool {
    let next = rest.chars().find(|c| !is_blank(*c));
    matches!(next, None | Some(':' | '：' | ',' | '，' | '}' | '｝' | ']'))
}
