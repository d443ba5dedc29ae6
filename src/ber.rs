//! A tolerant reader of ASN.1 in BER, of which DER is the strict form (ITU-T X.690).
//!
//! Key stores are BER in the wild: NSS, Firefox and BouncyCastle write indefinite lengths and
//! OCTET STRINGs in pieces. The reader borrows; an element knows its octets as they stand in the
//! file, which is what a MAC is computed over. It knows no structure beyond tag and length.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;

use crate::{
    error::{Error, Result},
    limits,
};

/// Identifier octets that this crate meets: class, constructed bit and number in one octet.
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const TELETEX_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    const CONSTRUCTED: u8 = 0x20;

    /// `[n]`, constructed: an explicit tag.
    pub(crate) const fn context(number: u8) -> u8 {
        0x80 | CONSTRUCTED | number
    }

    /// `[n]`, primitive: an implicit tag on a primitive type.
    pub(crate) const fn context_primitive(number: u8) -> u8 {
        0x80 | number
    }

    pub(crate) const fn is_constructed(identifier: u8) -> bool {
        identifier & CONSTRUCTED != 0
    }
}

/// One tag-length-value, borrowed from the input.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    /// The identifier octet. Multi-octet identifiers do not occur in what certkit reads.
    pub(crate) tag: u8,
    /// The content octets, without the end-of-contents octets of an indefinite length.
    pub(crate) content: &'a [u8],
    /// All octets of the element, as they stand.
    pub(crate) raw: &'a [u8],
    structure: &'static str,
    depth: usize,
    /// How many elements of indefinite length it is inside of, itself included.
    indefinite: usize,
}

/// Reads the elements of one level, in order.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    structure: &'static str,
    depth: usize,
    indefinite: usize,
}

impl<'a> Reader<'a> {
    /// A reader over `octets`; `structure` names them in errors, such as `PKCS#12 store`.
    pub(crate) fn new(octets: &'a [u8], structure: &'static str) -> Self {
        Self { rest: octets, structure, depth: 0, indefinite: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element's identifier octet, without reading it.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Element<'a>>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (element, used) = self.split_first()?;
        self.rest = &self.rest[used..];
        Ok(Some(element))
    }

    /// The next element, which must carry `tag`; `what` names it in the error.
    pub(crate) fn expect(&mut self, tag: u8, what: &str) -> Result<Element<'a>> {
        match self.next()? {
            Some(element) if element.tag == tag => Ok(element),
            // A constructed OCTET STRING stands where a primitive one is expected.
            Some(element) if element.tag == tag | 0x20 && tag == tag::OCTET_STRING => Ok(element),
            Some(element) => {
                Err(self.damaged(format!("expected {what} (tag {tag:#04x}), found tag {:#04x}", element.tag)))
            }
            None => Err(self.damaged(format!("expected {what}, found the end"))),
        }
    }

    /// The next element if it carries `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>> {
        if self.peek() == Some(tag) { self.next() } else { Ok(None) }
    }

    /// The next element, an OBJECT IDENTIFIER.
    pub(crate) fn oid(&mut self, what: &str) -> Result<ObjectIdentifier> {
        self.expect(tag::OID, what)?.oid()
    }

    /// The next element, a SEQUENCE, as a reader over its elements.
    pub(crate) fn sequence(&mut self, what: &str) -> Result<Reader<'a>> {
        self.expect(tag::SEQUENCE, what)?.children()
    }

    fn damaged(&self, detail: impl Into<String>) -> Error {
        Error::damaged(self.structure, detail)
    }

    /// The first element and how many octets it takes.
    fn split_first(&self) -> Result<(Element<'a>, usize)> {
        let octets = self.rest;
        let identifier = octets[0];
        if identifier & 0x1f == 0x1f {
            return Err(self.damaged("found a multi-octet tag, which no key store holds"));
        }
        let first = *octets.get(1).ok_or_else(|| self.damaged("cut off inside a length"))?;
        let (header, length) = match first {
            0x80 if tag::is_constructed(identifier) => {
                let inside = self.indefinite + 1;
                if inside > limits::INDEFINITE_NESTING {
                    let what = "elements of indefinite length in each other";
                    return Err(Error::TooMany { what, limit: limits::INDEFINITE_NESTING });
                }
                let body = Self { rest: &octets[2..], indefinite: inside, ..*self };
                let length = body.until_end_of_contents(self.depth + 1)?;
                let element = self.element(identifier, &octets[2..2 + length], &octets[..length + 4]);
                return Ok((Element { indefinite: inside, ..element }, length + 4));
            }
            0x80 => return Err(self.damaged("indefinite length on a primitive element")),
            short @ 0..=0x7f => (2, usize::from(short)),
            long => {
                let count = usize::from(long & 0x7f);
                let digits =
                    octets.get(2..2 + count).ok_or_else(|| self.damaged("cut off inside a length"))?;
                let significant = &digits[digits.iter().take_while(|d| **d == 0).count()..];
                if significant.len() > 4 {
                    return Err(self.damaged("a length of more than 4 GiB"));
                }
                let length = significant.iter().fold(0u64, |n, d| n << 8 | u64::from(*d));
                (2 + count, usize::try_from(length).unwrap_or(usize::MAX))
            }
        };
        let available = octets.len() - header;
        if length > available {
            return Err(
                self.damaged(format!("cut off: an element of {length} octets has only {available} left"))
            );
        }
        let end = header + length;
        Ok((self.element(identifier, &octets[header..end], &octets[..end]), end))
    }

    fn element(&self, tag: u8, content: &'a [u8], raw: &'a [u8]) -> Element<'a> {
        Element {
            tag,
            content,
            raw,
            structure: self.structure,
            depth: self.depth,
            indefinite: self.indefinite,
        }
    }

    /// Octets before the end-of-contents octets that close an indefinite length.
    fn until_end_of_contents(mut self, depth: usize) -> Result<usize> {
        if depth > limits::NESTING {
            return Err(Error::TooMany { what: "levels of nesting", limit: limits::NESTING });
        }
        self.depth = depth;
        let start = self.rest.len();
        loop {
            if self.rest.starts_with(&[0, 0]) {
                return Ok(start - self.rest.len());
            }
            if self.rest.is_empty() {
                return Err(self.damaged("cut off: an indefinite length never ends"));
            }
            let (_, used) = self.split_first()?;
            self.rest = &self.rest[used..];
        }
    }
}

impl<'a> Element<'a> {
    /// A reader over the elements inside.
    pub(crate) fn children(&self) -> Result<Reader<'a>> {
        if self.depth >= limits::NESTING {
            return Err(Error::TooMany { what: "levels of nesting", limit: limits::NESTING });
        }
        Ok(Reader {
            rest: self.content,
            structure: self.structure,
            depth: self.depth + 1,
            indefinite: self.indefinite,
        })
    }

    /// The value of an OCTET STRING, its pieces joined where it comes in pieces
    /// (X.690 section 8.7).
    pub(crate) fn octets(&self) -> Result<Cow<'a, [u8]>> {
        if !tag::is_constructed(self.tag) {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut joined = Vec::with_capacity(self.content.len());
        self.join_into(&mut joined)?;
        Ok(Cow::Owned(joined))
    }

    fn join_into(&self, joined: &mut Vec<u8>) -> Result<()> {
        let mut pieces = self.children()?;
        while let Some(piece) = pieces.next()? {
            if tag::is_constructed(piece.tag) {
                piece.join_into(joined)?;
            } else {
                joined.extend_from_slice(piece.content);
            }
        }
        Ok(())
    }

    pub(crate) fn oid(&self) -> Result<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(self.content)
            .map_err(|_| Error::damaged(self.structure, "an object identifier that is not one"))
    }

    /// A non-negative INTEGER that fits 64 bits; `None` for a negative or larger one.
    pub(crate) fn unsigned(&self) -> Option<u64> {
        let digits = self.content;
        if digits.is_empty() || digits[0] & 0x80 != 0 {
            return None;
        }
        let significant = &digits[digits.iter().take_while(|d| **d == 0).count()..];
        (significant.len() <= 8).then(|| significant.iter().fold(0, |n, d| n << 8 | u64::from(*d)))
    }
}

/// The octets of an INTEGER's value without leading zeros: the magnitude of a positive one.
pub(crate) fn magnitude(content: &[u8]) -> &[u8] {
    &content[content.iter().take_while(|d| **d == 0).count()..]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn first(octets: &[u8]) -> Result<Element<'_>> {
        Reader::new(octets, "test").next().map(Option::unwrap)
    }

    #[test]
    fn indefinite_lengths_end_where_they_should() {
        // SEQUENCE (indefinite) { OCTET STRING (indefinite, two pieces) }, then one trailing octet.
        let octets = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 2, 8, 9, 0, 0, 0, 0, 5];
        let mut reader = Reader::new(&octets, "test");
        let sequence = reader.next().unwrap().unwrap();
        assert_eq!(sequence.raw.len(), 15);
        assert_eq!(reader.rest, [5]);
        let string = sequence.children().unwrap().expect(tag::OCTET_STRING, "a string").unwrap();
        assert_eq!(*string.octets().unwrap(), [7, 8, 9]);
    }

    #[test]
    fn lies_about_length_are_damage() {
        for octets in [
            &[0x30][..],
            &[0x30, 0x80],
            &[0x04, 0x80, 0, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            &[0x1f, 0x81, 0x01, 0x00],
            &[0x30, 5, 1],
        ] {
            assert!(matches!(first(octets).err(), Some(Error::Damaged { .. })), "{octets:x?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let indefinite = [0x30, 0x80].repeat(100_000);
        assert!(matches!(first(&indefinite).err(), Some(Error::TooMany { .. })));
    }

    /// What ends an indefinite length is looked for once for each element around it.
    #[test]
    fn indefinite_lengths_in_each_other_are_bounded() {
        let nested = |depth: usize| {
            let mut octets = vec![4, 0];
            (0..depth).for_each(|_| octets = [&[0x24, 0x80], &octets[..], &[0, 0]].concat());
            first(&octets).and_then(|string| string.octets().map(|joined| joined.len()))
        };
        assert_eq!(nested(limits::INDEFINITE_NESTING).ok(), Some(0));
        let refused = nested(limits::INDEFINITE_NESTING + 1).err().map(|error| error.kind());
        assert_eq!(refused, Some("too-many"));
    }

    #[test]
    fn integers() {
        let integer = |content: &'static [u8]| {
            let element =
                Element { tag: 2, content, raw: content, structure: "test", depth: 0, indefinite: 0 };
            element.unsigned()
        };
        assert_eq!(integer(&[0]), Some(0));
        assert_eq!(integer(&[0, 0xff]), Some(255));
        assert_eq!(integer(&[0xff]), None);
        assert_eq!(integer(&[]), None);
        assert_eq!(integer(&[1, 0, 0, 0, 0, 0, 0, 0, 0]), None);
    }
}
