//! A JSON object as people type and paste it: read for what was meant, with every departure from
//! RFC 8259 and its place.
//!
//! Only the outermost object is taken apart, for that is what a connector JSON is; values that are no
//! texts are passed over. Text that is JSON is read as JSON says, so a document without departures is
//! one that every reader understands alike.

use zeroize::Zeroizing;

use crate::secret::SecretBytes;

/// How a text departs from JSON's syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// A backslash before a character that has no escape (RFC 8259 section 7).
    BadEscape(char),
    /// A control character inside a string that is no line break.
    Control(char),
    /// A comma that nothing follows or goes before.
    ExtraComma,
    /// A brace, colon or comma of East Asian full width.
    FullWidth(char),
    /// Members with no comma between them.
    MissingComma,
    /// No closing brace at the end.
    MissingEnd,
    /// A blank that is none in JSON, such as a non-breaking space.
    OddBlank(char),
    /// A quotation mark other than `"`.
    Quote(char),
    /// A line break inside a string.
    RawLineBreak,
    /// Text before or behind the object.
    TextAround,
    /// A member's name without quotation marks.
    Unquoted,
}

/// A member of the object.
pub struct Member {
    /// Its name, as the escapes say it.
    pub name: Zeroizing<String>,
    /// Where its name stands, as an octet of the text.
    pub at: usize,
    /// Its value.
    pub value: Value,
}

/// A member's value.
pub enum Value {
    /// A string.
    Text {
        /// What the escapes say.
        text: Zeroizing<String>,
        /// Where its first character stands, as an octet of the text.
        at: usize,
    },
    /// Anything else.
    Other,
}

/// A document that could be read.
pub struct Document {
    /// The members, in order.
    pub members: Vec<Member>,
    /// What is wrong with its syntax, each with an octet of the text, in order.
    pub departures: Vec<(Departure, usize)>,
}

/// Why a text cannot be read even so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where, as an octet of the text.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

/// How many departures are told of one document.
const MOST: usize = 100;

/// Double quotation marks of word processors and keyboards.
const DOUBLE: [char; 8] = ['“', '”', '„', '‟', '«', '»', '″', '＂'];

/// Single ones, and what is typed for them.
const SINGLE: [char; 11] = ['\'', '‘', '’', '‚', '‛', '‹', '›', '′', '＇', '`', '´'];

/// Reads a document.
///
/// # Errors
/// [`Unreadable`] where what was meant is not clear.
pub fn read(text: &str) -> Result<Document, Unreadable> {
    let strict = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let mut reader = Reader { text, at: 0, strict, departures: Vec::new() };
    let members = reader.object()?;
    let mut departures = reader.departures;
    departures.sort_by_key(|(_, at)| *at);
    Ok(Document { members, departures })
}

impl Document {
    /// The members that are texts, as JSON (RFC 8259).
    #[must_use]
    pub fn to_json(&self) -> SecretBytes {
        let texts = || {
            self.members.iter().filter_map(|member| match &member.value {
                Value::Text { text, .. } => Some((member.name.as_str(), text.as_str())),
                Value::Other => None,
            })
        };
        // An escape has six characters at most: what never grows leaves no copy of a key behind.
        let room = texts().map(|(name, text)| 6 * (name.len() + text.len()) + 6).sum::<usize>() + 2;
        let mut json = Zeroizing::new(Vec::with_capacity(room));
        json.push(b'{');
        for (index, (name, text)) in texts().enumerate() {
            json.extend_from_slice(if index == 0 { b"" } else { b"," });
            // Into memory, and of strings: neither can fail.
            let _ = serde_json::to_writer(&mut *json, name);
            json.push(b':');
            let _ = serde_json::to_writer(&mut *json, text);
        }
        json.push(b'}');
        SecretBytes::from(json)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Whether it is JSON: then other quotation marks are characters like any.
    strict: bool,
    departures: Vec<(Departure, usize)>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn step(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn depart(&mut self, departure: Departure, at: usize) {
        if self.departures.len() < MOST {
            self.departures.push((departure, at));
        }
    }

    fn expected<T>(&self, expected: &'static str) -> Result<T, Unreadable> {
        Err(Unreadable { at: self.at, expected })
    }

    /// Passes over blanks.
    fn blanks(&mut self) {
        while let Some(c) = self.peek().filter(|c| is_blank(*c)) {
            if !matches!(c, ' ' | '\t' | '\n' | '\r') {
                self.depart(Departure::OddBlank(c), self.at);
            }
            self.step(c);
        }
    }

    /// Takes a punctuation mark, in full width too.
    fn takes(&mut self, mark: char) -> bool {
        let wide = char::from_u32(u32::from(mark) + 0xfee0);
        match self.peek() {
            Some(c) if c == mark => self.step(c),
            Some(c) if Some(c) == wide => {
                self.depart(Departure::FullWidth(c), self.at);
                self.step(c);
            }
            _ => return false,
        }
        true
    }

    fn object(&mut self) -> Result<Vec<Member>, Unreadable> {
        self.blanks();
        if !self.takes('{') {
            let Some(start) = self.text.find('{') else { return self.expected("an opening brace {") };
            self.depart(Departure::TextAround, self.at);
            self.at = start + 1;
        }
        let mut members = Vec::new();
        loop {
            self.blanks();
            if self.peek().is_none() {
                self.depart(Departure::MissingEnd, self.at);
                return Ok(members);
            }
            if self.takes('}') {
                break;
            }
            let comma = self.at;
            if self.takes(',') {
                self.depart(Departure::ExtraComma, comma);
                continue;
            }
            members.push(self.member()?);
            self.separator()?;
        }
        self.blanks();
        if self.at < self.text.len() {
            self.depart(Departure::TextAround, self.at);
        }
        Ok(members)
    }

    /// What stands between two members, or before the end.
    fn separator(&mut self) -> Result<(), Unreadable> {
        self.blanks();
        let comma = self.at;
        if self.takes(',') {
            self.blanks();
            if matches!(self.peek(), Some('}' | '｝') | None) {
                self.depart(Departure::ExtraComma, comma);
            }
            return Ok(());
        }
        match self.peek() {
            Some('}' | '｝') | None => Ok(()),
            Some(c) if is_quote(c) => {
                self.depart(Departure::MissingComma, self.at);
                Ok(())
            }
            Some(_) => self.expected("a comma, or the closing brace }"),
        }
    }

    fn member(&mut self) -> Result<Member, Unreadable> {
        let at = self.at;
        let name = self.name()?;
        self.blanks();
        if !self.takes(':') {
            return self.expected("a colon behind the member's name");
        }
        self.blanks();
        let value = match self.peek() {
            Some(c) if is_quote(c) => {
                let at = self.at + c.len_utf8();
                Value::Text { text: self.string(c)?, at }
            }
            Some('{' | '[') => self.nested()?,
            Some(c) if c.is_alphanumeric() || c == '-' => {
                while let Some(c) = self.peek().filter(|c| !matches!(c, ',' | '}' | ']') && !is_blank(*c)) {
                    self.step(c);
                }
                Value::Other
            }
            _ => return self.expected("a value in quotation marks"),
        };
        Ok(Member { name, at, value })
    }

    fn name(&mut self) -> Result<Zeroizing<String>, Unreadable> {
        match self.peek() {
            Some(c) if is_quote(c) => self.string(c),
            Some(c) if c.is_alphabetic() || c == '_' => {
                let start = self.at;
                self.depart(Departure::Unquoted, start);
                while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
                    self.step(c);
                }
                Ok(Zeroizing::new(self.text[start..self.at].to_owned()))
            }
            _ => self.expected("a member's name in quotation marks"),
        }
    }

    /// Passes over an object or a list inside.
    fn nested(&mut self) -> Result<Value, Unreadable> {
        let mut depth = 0usize;
        while let Some(c) = self.peek() {
            match c {
                '{' | '[' => depth += 1,
                '}' | ']' => depth -= 1,
                '"' => {
                    self.string(c)?;
                    continue;
                }
                _ => {}
            }
            self.step(c);
            if depth == 0 {
                return Ok(Value::Other);
            }
        }
        self.expected("the end of a list or an object")
    }

    /// A string that `open` begins.
    fn string(&mut self, open: char) -> Result<Zeroizing<String>, Unreadable> {
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

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

fn is_quote(c: char) -> bool {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::Place;

    /// The members that are texts, and the departures with their places.
    fn reading(text: &str) -> (Vec<(String, String)>, Vec<(Departure, Place)>) {
        let document = read(text).unwrap();
        let texts = document.members.iter().filter_map(|member| match &member.value {
            Value::Text { text, .. } => Some(((*member.name).clone(), (**text).clone())),
            Value::Other => None,
        });
        let places = document.departures.iter().map(|(what, at)| (*what, Place::of(text, *at))).collect();
        (texts.collect(), places)
    }

    fn place(line: usize, column: usize) -> Place {
        Place { line, column }
    }

    #[test]
    fn what_was_meant_is_read_and_what_is_wrong_is_told() {
        let meant = vec![("a".to_owned(), "x\ny".to_owned()), ("b".to_owned(), "z".to_owned())];
        for (text, expected) in [
            ("{\"a\":\"x\\ny\",\"b\":\"z\"}", vec![]),
            (
                "{“a”:\"x\\ny\",\"b\":\"z\"}",
                vec![(Departure::Quote('“'), place(1, 2)), (Departure::Quote('”'), place(1, 4))],
            ),
            (
                "{\"a”: “x\\ny\",\"b\":\"z\"}",
                vec![(Departure::Quote('”'), place(1, 4)), (Departure::Quote('“'), place(1, 7))],
            ),
            (
                "{'a':\"x\\ny\",\"b\":'z'}",
                [2, 4, 17, 19].map(|at| (Departure::Quote('\''), place(1, at))).into(),
            ),
            ("{\"a\":\"x\ny\",\"b\":\"z\"}", vec![(Departure::RawLineBreak, place(1, 8))]),
            ("{\"a\":\"x\\ny\",\"b\":\"z\",}", vec![(Departure::ExtraComma, place(1, 20))]),
            ("{\"a\":\"x\\ny\"\n\"b\":\"z\"}", vec![(Departure::MissingComma, place(2, 1))]),
            ("{\"a\":\"x\\ny\",\"b\":\"z\"", vec![(Departure::MissingEnd, place(1, 20))]),
            ("{\u{a0}\"a\":\"x\\ny\",\"b\":\"z\"}", vec![(Departure::OddBlank('\u{a0}'), place(1, 2))]),
            ("{a:\"x\\ny\",\"b\":\"z\"}", vec![(Departure::Unquoted, place(1, 2))]),
            (
                "{\"a\"：\"x\\ny\"，\"b\":\"z\"}",
                vec![(Departure::FullWidth('：'), place(1, 5)), (Departure::FullWidth('，'), place(1, 12))],
            ),
            (
                "json:\n{\"a\":\"x\\ny\",\"b\":\"z\"};",
                vec![(Departure::TextAround, place(1, 1)), (Departure::TextAround, place(2, 21))],
            ),
            ("{\"a\":\"x\\ny\",\"n\":[1,{\"}\":2}],\"b\":\"z\",\"t\":true}", vec![]),
        ] {
            let (texts, departures) = reading(text);
            assert_eq!(texts, meant, "{text}");
            assert_eq!(departures, expected, "{text}");
        }
        assert_eq!(reading("{\"a\":\"\\-\\u00e9\\ud83d\\ude00\\ud800\"}").0[0].1, "-é😀\\ud800");
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        for (text, at) in
            [("", 0), ("x", 0), ("{\"a\" 3}", 5), ("{\"a\":\"x", 6), ("{\"a\":}", 5), ("{\"a\":\"x\" & }", 9)]
        {
            assert_eq!(read(text).err().map(|error| error.at), Some(at), "{text}");
        }
    }

    proptest! {
        /// What is JSON is read as any reader reads it, and nothing is wrong with it.
        #[test]
        fn json_is_read_as_json(members in prop::collection::btree_map("\\PC{0,8}", "[\\PC\\n\\t\"“”'\\\\]{0,40}", 0..5)) {
            let text = serde_json::to_string(&members).unwrap();
            let (texts, departures) = reading(&text);
            prop_assert_eq!(departures, vec![]);
            prop_assert_eq!(texts.into_iter().collect::<std::collections::BTreeMap<_, _>>(), members);
        }

        /// Any text is read to an end, and every place is in it.
        #[test]
        fn any_text_comes_to_an_end(text in "[{}\\[\\]\",:'“”a1\\\\u\\n \\PC]{0,80}") {
            match read(&text) {
                Ok(document) => prop_assert!(document.departures.iter().all(|(_, at)| *at <= text.len())),
                Err(unreadable) => prop_assert!(unreadable.at <= text.len()),
            }
        }
    }
}
