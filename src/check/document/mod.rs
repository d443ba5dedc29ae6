//! A JSON object as people type and paste it: read for what was meant, with every departure from
//! RFC 8259 and its place.
//!
//! Only the outermost object is taken apart, for that is what a connector JSON is; values that are no
//! texts are passed over. Text that is JSON is read as JSON says, so a document without departures is
//! one that every reader understands alike.

mod strings;

use zeroize::Zeroizing;

use self::strings::is_quote;
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
    /// An object or a list.
    Nested,
    /// Anything else.
    Other,
}

/// A document that could be read.
pub struct Document {
    /// The members, in order.
    pub members: Vec<Member>,
    /// What is wrong with its syntax, each with an octet of the text, in order.
    pub departures: Vec<(Departure, usize)>,
    /// Whether more stands behind it than marks that close something.
    pub has_another: bool,
}

/// Why a text cannot be read even so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where, as an octet of the text.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

/// How many departures of one kind are told of one document.
pub(super) const MOST: usize = 100;

/// Reads a document.
///
/// # Errors
/// [`Unreadable`] where what was meant is not clear.
pub fn read(text: &str) -> Result<Document, Unreadable> {
    let strict = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let mut reader = Reader { text, at: 0, strict, departures: Vec::new(), has_another: false };
    let members = reader.object()?;
    let Reader { mut departures, has_another, .. } = reader;
    departures.sort_by_key(|(_, at)| *at);
    Ok(Document { members, departures, has_another })
}

impl Document {
    /// The members that are texts, as JSON (RFC 8259).
    #[must_use]
    pub fn to_json(&self) -> SecretBytes {
        let texts = || {
            self.members.iter().filter_map(|member| match &member.value {
                Value::Text { text, .. } => Some((member.name.as_str(), text.as_str())),
                Value::Nested | Value::Other => None,
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
    has_another: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn step(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn depart(&mut self, departure: Departure, at: usize) {
        let kind = std::mem::discriminant(&departure);
        let same = self.departures.iter().filter(|(other, _)| std::mem::discriminant(other) == kind);
        if same.count() < MOST {
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
            self.has_another |= is_more_behind(&self.text[self.at..]);
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
                return Ok(Value::Nested);
            }
        }
        self.expected("the end of a list or an object")
    }
}

/// Whether what stands behind the object is more than marks that close something.
fn is_more_behind(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() || matches!(c, '{' | '｛'))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
