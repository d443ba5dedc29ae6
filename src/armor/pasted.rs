//! What mail, word processors, consoles and configuration files do to pasted PEM, undone.
//!
//! Base64 has no blanks, no backslashes and no quotation marks, so taking them out of a block
//! cannot change what it says.

use base64ct::{Base64, Base64Unpadded, Encoding};
use zeroize::Zeroizing;

/// A block's first or last line.
pub(super) struct Mark {
    /// Where it starts and stops.
    pub(super) start: usize,
    pub(super) stop: usize,
    /// Whether it is an `END`.
    pub(super) ends: bool,
    /// Whether its dashes are other than `-----`.
    pub(super) odd: bool,
    /// The words after `BEGIN` or `END`.
    pub(super) label: String,
}

/// The longest label that is taken for one.
const LABEL_OCTETS: usize = 64;

/// The dashes on either side. More of them belong to the line's neighbour, where breaks were lost.
const DASHES: usize = 5;

/// Finds the lines that begin and end blocks.
pub(super) struct Marks<'a> {
    text: &'a [u8],
    position: usize,
    /// Where the last mark stopped: its dashes are not the next one's.
    floor: usize,
}

impl<'a> Marks<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, position: 0, floor: 0 }
    }

    /// The mark whose word starts at `at`.
    fn mark(&self, at: usize, word: &[u8], ends: bool) -> Option<Mark> {
        let (start, before) = dashes_before(self.text, at, self.floor);
        let from = at + word.len();
        let (label, end, odd_blanks) = label(self.text, from)?;
        let (stop, after) = dashes_after(self.text, end);
        if before.count == 0 || after.count == 0 {
            return None;
        }
        // An option such as "--BEGIN x" is none: real marks have five, an em dash stands for two.
        if before.count < 2 && !before.odd || after.count < 2 && !after.odd {
            return None;
        }
        Some(Mark {
            start,
            stop,
            ends,
            odd: odd_blanks || before.odd || after.odd || before.count != DASHES || after.count != DASHES,
            label,
        })
    }
}

impl Iterator for Marks<'_> {
    type Item = Mark;

    fn next(&mut self) -> Option<Mark> {
        while let Some(rest) = self.text.get(self.position..) {
            // Both words begin with one of two letters; all else is passed over in one step.
            let step = rest.iter().position(|octet| *octet == b'B' || *octet == b'E')?;
            let at = self.position + step;
            self.position = at + 1;
            for (word, ends) in [(&b"BEGIN"[..], false), (&b"END"[..], true)] {
                if self.text[at..].starts_with(word)
                    && let Some(mark) = self.mark(at, word, ends)
                {
                    self.position = mark.stop;
                    self.floor = mark.stop;
                    return Some(mark);
                }
            }
        }
        None
    }
}

/// A label behind its word: a blank, then words; where it ends, and whether a blank in it is one
/// that does not break (U+00A0).
fn label(text: &[u8], from: usize) -> Option<(String, usize, bool)> {
    let mut label = String::new();
    let mut odd = false;
    let mut at = from;
    while label.len() < LABEL_OCTETS {
        match text.get(at..)? {
            [0xc2, 0xa0, ..] => {
                label.push(' ');
                odd = true;
                at += 2;
                continue;
            }
            [octet, ..] if octet.is_ascii_alphanumeric() || matches!(octet, b' ' | b'#' | b'.' | b'_') => {
                label.push(char::from(*octet));
            }
            _ => break,
        }
        at += 1;
    }
    label.starts_with(' ').then(|| (label.trim().to_owned(), at, odd))
}

struct Dashes {
    count: usize,
    /// Whether one of them is not ASCII's.
    odd: bool,
}

/// Dashes of word processors in UTF-8: U+2010 to U+2015 and U+2212.
fn is_long_dash(octets: &[u8]) -> bool {
    matches!(octets, [0xe2, 0x80, 0x90..=0x95] | [0xe2, 0x88, 0x92])
}

fn dashes_before(text: &[u8], mut at: usize, floor: usize) -> (usize, Dashes) {
    let mut found = Dashes { count: 0, odd: false };
    while found.count < DASHES {
        if at > floor && text[at - 1] == b'-' {
            at -= 1;
        } else if at >= floor + 3 && is_long_dash(&text[at - 3..at]) {
            at -= 3;
            found.odd = true;
        } else {
            break;
        }
        found.count += 1;
    }
    (at, found)
}

fn dashes_after(text: &[u8], mut at: usize) -> (usize, Dashes) {
    let mut found = Dashes { count: 0, odd: false };
    while found.count < DASHES {
        if text.get(at) == Some(&b'-') {
            at += 1;
        } else if text.get(at..at + 3).is_some_and(is_long_dash) {
            at += 3;
            found.odd = true;
        } else {
            break;
        }
        found.count += 1;
    }
    (at, found)
}

/// A block's inside with line breaks where `\n` or `\r\n` was typed, once or escaped again and
/// again, and with `\/` (as some JSON writers escape it) as a plain solidus.
pub(super) fn typed_breaks(body: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut rest = body;
    while let Some((&octet, tail)) = rest.split_first() {
        rest = tail;
        if octet != b'\\' {
            text.push(octet);
            continue;
        }
        let more = rest.iter().take_while(|octet| **octet == b'\\').count();
        rest = &rest[more..];
        match rest.first() {
            Some(b'n') => text.push(b'\n'),
            Some(b'r' | b't') => {}
            Some(b'/') => text.push(b'/'),
            // A backslash at a line's end continues a string in several languages.
            _ => continue,
        }
        rest = &rest[1..];
    }
    text
}

/// A block's inside without what stands before and behind its lines: indentation, the marks of
/// quoted mail, quotation marks. Headers (RFC 1421) keep the blanks inside them.
pub(super) fn unindented(body: &[u8]) -> Zeroizing<Vec<u8>> {
    let body = typed_breaks(body);
    let mut text = Zeroizing::new(Vec::with_capacity(body.len() + 2));
    for line in body.split(|octet| *octet == b'\n') {
        let junk = |octet: &&u8| octet.is_ascii_whitespace() || matches!(octet, b'"' | b'\'' | b'>' | b'|');
        let start = line.iter().take_while(junk).count();
        let end = line[start..].iter().rev().take_while(junk).count();
        text.extend_from_slice(&line[start..line.len() - end]);
        text.push(b'\n');
    }
    // What comes before the first line is no blank line between headers and body.
    let blank = text.iter().take_while(|octet| **octet == b'\n').count();
    text.drain(..blank);
    text
}

/// A block whose line breaks became blanks, with its headers on lines of their own again.
pub(super) fn with_headers(body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    const DEK_INFO: &[u8] = b"DEK-Info:";
    let start = body.windows(DEK_INFO.len()).position(|window| window == DEK_INFO)?;
    let value = body[start + DEK_INFO.len()..].trim_ascii_start();
    let length = value.iter().position(u8::is_ascii_whitespace)?;
    let (value, rest) = value.split_at(length);
    let rest = bare(rest);
    Some(Zeroizing::new([b"Proc-Type: 4,ENCRYPTED\nDEK-Info: ", value, b"\n\n", &rest].concat()))
}

/// A block's inside without blanks (no-break and zero-width ones too), quotation marks and the
/// marks of quoted mail.
pub(super) fn bare(body: &[u8]) -> Zeroizing<Vec<u8>> {
    let body = typed_breaks(body);
    let mut text = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut rest = body.as_slice();
    loop {
        rest = match rest {
            [] => return text,
            // U+00A0, U+FEFF, U+200B to U+200D, U+2028 and U+2029.
            [0xc2, 0xa0, tail @ ..]
            | [0xef, 0xbb, 0xbf, tail @ ..]
            | [0xe2, 0x80, 0x8b..=0x8d | 0xa8 | 0xa9, tail @ ..] => tail,
            // U+2018, U+2019, U+201C and U+201D.
            [0xe2, 0x80, 0x98 | 0x99 | 0x9c | 0x9d, tail @ ..] => tail,
            [b'"' | b'\'' | b'`' | b'>' | b',' | b';' | b'|', tail @ ..] => tail,
            [octet, tail @ ..] => {
                if !octet.is_ascii_whitespace() && *octet != 0 {
                    text.push(*octet);
                }
                tail
            }
        };
    }
}

/// What base64 without any armour encodes: in either alphabet, padded or not, in lines of any
/// length.
pub(crate) fn base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    for octet in text {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => digits.push(*octet),
            b'-' => digits.push(b'+'),
            b'_' => digits.push(b'/'),
            octet if octet.is_ascii_whitespace() => {}
            _ => return None,
        }
    }
    let digits = std::str::from_utf8(&digits).ok()?;
    let octets = match digits.ends_with('=') {
        true => Base64::decode_vec(digits),
        false => Base64Unpadded::decode_vec(digits),
    };
    octets.ok().filter(|octets| !octets.is_empty()).map(Zeroizing::new)
}

/// Whether a text is UTF-16: by its byte order mark, or, as some editors leave that out, by a zero
/// in every other octet of its beginning.
pub(crate) fn is_utf16(text: &[u8]) -> bool {
    if matches!(text, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return true;
    }
    let plain = |octet: u8| octet.is_ascii_graphic() || octet.is_ascii_whitespace();
    text.first_chunk::<8>().is_some_and(|head| {
        head.chunks(2).all(|pair| pair[0] == 0 && plain(pair[1]))
            || head.chunks(2).all(|pair| pair[1] == 0 && plain(pair[0]))
    })
}

/// UTF-16 as UTF-8, without a byte order mark. What is no character is replaced.
pub(crate) fn from_utf16(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let big_endian = matches!(text, [0xfe, 0xff, ..] | [0, ..]);
    let text = match text {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => rest,
        rest => rest,
    };
    let units = text.chunks_exact(2).map(|pair| match big_endian {
        true => u16::from_be_bytes([pair[0], pair[1]]),
        false => u16::from_le_bytes([pair[0], pair[1]]),
    });
    // Three octets of UTF-8 at the most for one unit: the buffer never grows.
    let mut utf8 = Zeroizing::new(Vec::with_capacity(text.len() / 2 * 3 + 3));
    for character in char::decode_utf16(units) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        utf8.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    utf8
}

#[cfg(test)]
mod tests {
    use crate::armor::decode;

    const BODY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\n\
                        MDEyMzQ1Njc4OTo7PD0+Pw==";

    fn octets(text: &str) -> Option<Vec<u8>> {
        let found = decode(text.as_bytes()).ok()?;
        found.broken.is_empty().then(|| found.blocks.first().map(|block| block.der.expose().to_vec()))?
    }

    #[test]
    fn pasted_blocks_are_read() {
        let good = format!("-----BEGIN X-----\n{BODY}\n-----END X-----\n");
        let expected: Vec<u8> = (0..64).collect();
        let damaged = [
            good.clone(),
            good.replace('\n', "\r\n"),
            good.replace('\n', "\r"),
            good.replace('\n', " "),
            good.replace('\n', ""),
            good.replace('\n', "\\n"),
            good.replace('\n', "\\r\\n"),
            good.replace('\n', "\\\\n"),
            format!("KEY=\"{}\"", good.replace('\n', "\\n")),
            good.replace('\n', "\n> "),
            good.replace('\n', "\n        "),
            good.replace('\n', "\u{a0}\n"),
            good.replace("-----", "\u{2014}\u{2014}-"),
            good.replace("-----", "\u{2013}----"),
            good.replace("-----", "----"),
            good.replace('\n', "\\\n"),
            format!("\u{feff}{good}"),
            format!("some text\n{good}more text"),
        ];
        for text in damaged {
            assert_eq!(octets(&text).as_deref(), Some(&expected[..]), "{text}");
        }
        for text in [good.clone(), good.replace('\n', "\r\n"), format!("Bag\n  a: b\n{good}\n{good}")] {
            assert!(!decode(text.as_bytes()).expect("few blocks").mended, "{text}");
        }
        for text in [good.replace('\n', " "), good.replace('\n', ""), good.replace('\n', "\\n")] {
            assert!(decode(text.as_bytes()).expect("few blocks").mended, "{text}");
        }
    }

    #[test]
    fn what_is_no_block_is_none() {
        for text in ["-----BEGIN X-----END X-----", "-----BEGIN X----------END X-----"] {
            let found = decode(text.as_bytes()).expect("few blocks");
            assert!(found.blocks.is_empty() && found.broken.len() == 1, "{text}");
        }
        for text in ["", "BEGIN X", "-BEGIN X-", "--begin X--", "-----BEGIN -----END"] {
            let found = decode(text.as_bytes()).expect("few blocks");
            assert!(found.blocks.is_empty(), "{text}");
        }
    }

    /// A key whose first line was not copied is a broken block, not text around the others.
    #[test]
    fn a_lost_first_line_is_said() {
        let good = format!("-----BEGIN X-----\n{BODY}\n-----END X-----\n");
        for (text, blocks) in [
            ("-----END Y-----".to_owned(), 0),
            (format!("{BODY}\n-----END Y-----\n{good}"), 1),
            (format!("{good}{BODY}\n-----END Y-----\n"), 1),
        ] {
            let found = decode(text.as_bytes()).expect("few blocks");
            let broken: Vec<_> = found.broken.iter().map(|one| (&*one.label, &*one.detail)).collect();
            assert_eq!(broken, [("Y", "it has no \"-----BEGIN Y-----\"")], "{text}");
            assert_eq!(found.blocks.len(), blocks, "{text}");
        }
    }

    #[test]
    fn words_between_other_dashes_are_text() {
        let good = format!("-----BEGIN X-----\n{BODY}\n-----END X-----\n");
        let text = format!("--BEGIN OF FILE--\n{good}--END OF FILE--\n");
        let found = decode(text.as_bytes()).expect("few blocks");
        assert_eq!((found.blocks.len(), found.broken.len()), (1, 0));
    }

    #[test]
    fn a_broken_block_costs_no_other() {
        let good = format!("-----BEGIN X-----\n{BODY}\n-----END X-----\n");
        let text = format!("-----BEGIN Y-----\nAAEC\n{good}-----BEGIN Z-----\n!!\n-----END Z-----\n{good}");
        let found = decode(text.as_bytes()).expect("few blocks");
        assert_eq!((found.blocks.len(), found.broken.len()), (2, 2));
    }
}
