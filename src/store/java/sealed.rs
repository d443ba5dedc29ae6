//! The secret keys of a JCEKS: objects in Java's serialisation format, which states no length.
//!
//! They are listed, not opened: to know where one ends it is walked through by the grammar of the
//! Java Object Serialization Specification, section 6.4. Nothing is instantiated, and classes are
//! no more than lists of fields here.

use std::rc::Rc;

use super::fields::Input;
use crate::{
    error::{Error, Result},
    limits,
};

const STREAM_HEADER: [u8; 4] = [0xac, 0xed, 0, 5];

mod code {
    pub(super) const NULL: u8 = 0x70;
    pub(super) const REFERENCE: u8 = 0x71;
    pub(super) const CLASS_DESCRIPTION: u8 = 0x72;
    pub(super) const OBJECT: u8 = 0x73;
    pub(super) const STRING: u8 = 0x74;
    pub(super) const ARRAY: u8 = 0x75;
    pub(super) const CLASS: u8 = 0x76;
    pub(super) const BLOCK: u8 = 0x77;
    pub(super) const END_BLOCK: u8 = 0x78;
    pub(super) const LONG_BLOCK: u8 = 0x7a;
    pub(super) const LONG_STRING: u8 = 0x7c;
    pub(super) const ENUM: u8 = 0x7e;
}

mod flag {
    pub(super) const WRITE_METHOD: u8 = 1;
    pub(super) const SERIALIZABLE: u8 = 2;
    pub(super) const EXTERNALIZABLE: u8 = 4;
    pub(super) const BLOCK_DATA: u8 = 8;
}

/// The first number that a stream gives to an object.
const BASE_HANDLE: u32 = 0x7e_0000;

/// Passes over one serialised object at the front of `input`; the algorithm that seals it, where
/// it names one.
///
/// # Errors
/// [`Error::Damaged`], [`Error::TooMany`].
pub(super) fn skip(input: &mut Input<'_>) -> Result<Option<String>> {
    if input.take(STREAM_HEADER.len())? != STREAM_HEADER {
        return Err(input.damaged("a secret key that is no serialised Java object"));
    }
    let mut stream = Stream { input, handles: Vec::new(), seal_algorithm: None };
    let kind = stream.input.u8()?;
    stream.content(kind, 0)?;
    Ok(stream.seal_algorithm)
}

struct Stream<'a, 'b> {
    input: &'a mut Input<'b>,
    /// What the stream has numbered so far.
    handles: Vec<Handle<'b>>,
    seal_algorithm: Option<String>,
}

/// Cheap to copy: a stream may refer to one object as often as it has octets.
#[derive(Clone)]
enum Handle<'b> {
    Class(Rc<Class>),
    /// Modified UTF-8 with its length before it.
    Text(&'b [u8]),
    Other,
}

/// What is needed of a class to know the length of its objects.
struct Class {
    name: String,
    flags: u8,
    fields: Vec<Field>,
    parent: Option<Rc<Class>>,
    /// How many classes it descends from.
    depth: usize,
}

struct Field {
    kind: u8,
    name: String,
}

impl<'b> Stream<'_, 'b> {
    fn content(&mut self, kind: u8, depth: usize) -> Result<Handle<'b>> {
        if depth > limits::NESTING {
            return Err(Error::TooMany { what: "levels of nesting", limit: limits::NESTING });
        }
        match kind {
            code::NULL => Ok(Handle::Other),
            code::REFERENCE => self.reference(),
            code::CLASS_DESCRIPTION => self.class_description(depth).map(Handle::Class),
            code::OBJECT => {
                let class = self.class(depth)?;
                self.handles.push(Handle::Other);
                self.object(&class, depth)?;
                Ok(Handle::Other)
            }
            code::STRING => {
                let start = self.input.rest;
                let length = self.input.u16()?;
                self.input.take(length.into())?;
                let text = Handle::Text(&start[..2 + usize::from(length)]);
                self.handles.push(text.clone());
                Ok(text)
            }
            code::LONG_STRING => {
                if self.input.u32()? != 0 {
                    return Err(self.input.damaged("a text longer than the file"));
                }
                self.input.sized()?;
                self.handles.push(Handle::Other);
                Ok(Handle::Other)
            }
            code::ARRAY => {
                let class = self.class(depth)?;
                self.handles.push(Handle::Other);
                let count = self.input.u32()?;
                let element = class.name.as_bytes().get(1).copied().unwrap_or_default();
                match width(element) {
                    Some(octets) => drop(self.input.take(octets.saturating_mul(count as usize))?),
                    // Each element takes an octet at least, so a false count ends at the file's end.
                    None => (0..count).try_for_each(|_| self.next(depth + 1).map(drop))?,
                }
                Ok(Handle::Other)
            }
            code::CLASS => {
                self.class(depth)?;
                self.handles.push(Handle::Other);
                Ok(Handle::Other)
            }
            code::ENUM => {
                self.class(depth)?;
                self.handles.push(Handle::Other);
                self.next(depth + 1)
            }
            code::BLOCK => {
                let length = self.input.u8()?;
                self.input.take(length.into())?;
                Ok(Handle::Other)
            }
            code::LONG_BLOCK => {
                self.input.sized()?;
                Ok(Handle::Other)
            }
            other => Err(self.input.damaged(format!("a serialised object of unknown kind {other:#04x}"))),
        }
    }

    fn next(&mut self, depth: usize) -> Result<Handle<'b>> {
        let kind = self.input.u8()?;
        self.content(kind, depth)
    }

    fn reference(&mut self) -> Result<Handle<'b>> {
        let number = self.input.u32()?;
        let index = number.checked_sub(BASE_HANDLE).map(|index| index as usize);
        let known = index.and_then(|index| self.handles.get(index)).cloned();
        known.ok_or_else(|| self.input.damaged("a reference to an object that is not there"))
    }

    /// A class that an object cannot do without.
    fn class(&mut self, depth: usize) -> Result<Rc<Class>> {
        match self.next(depth + 1)? {
            Handle::Class(class) => Ok(class),
            _ => Err(self.input.damaged("a serialised object without a class")),
        }
    }

    fn class_description(&mut self, depth: usize) -> Result<Rc<Class>> {
        let name = self.input.text()?;
        self.input.take(8)?; // serialVersionUID
        // The number is given here, before the class is known in full: nothing refers to it yet.
        let position = self.handles.len();
        self.handles.push(Handle::Other);
        let flags = self.input.u8()?;
        let count = self.input.u16()?;
        let mut fields = Vec::new();
        for _ in 0..count {
            let kind = self.input.u8()?;
            let name = self.input.text()?;
            if width(kind).is_none() {
                self.next(depth + 1)?; // The name of the field's class.
            }
            fields.push(Field { kind, name });
        }
        self.annotation(depth)?;
        let parent = match self.next(depth + 1)? {
            Handle::Class(class) => Some(class),
            _ => None,
        };
        let ancestors = parent.as_ref().map_or(0, |parent| parent.depth + 1);
        if ancestors > limits::NESTING {
            return Err(Error::TooMany { what: "ancestors of a class", limit: limits::NESTING });
        }
        let class = Rc::new(Class { name, flags, fields, parent, depth: ancestors });
        self.handles[position] = Handle::Class(Rc::clone(&class));
        Ok(class)
    }

    /// The values of an object, its most distant ancestor's first.
    fn object(&mut self, class: &Rc<Class>, depth: usize) -> Result<()> {
        if let Some(parent) = &class.parent {
            self.object(parent, depth)?;
        }
        if class.flags & flag::SERIALIZABLE != 0 {
            for field in &class.fields {
                match width(field.kind) {
                    Some(octets) => drop(self.input.take(octets)?),
                    None => {
                        let value = self.next(depth + 1)?;
                        if let (0, "sealAlg", Handle::Text(text)) = (depth, field.name.as_str(), value) {
                            let mut input = Input { rest: text, structure: self.input.structure };
                            self.seal_algorithm = Some(input.text()?);
                        }
                    }
                }
            }
        }
        let own_words = class.flags & (flag::SERIALIZABLE | flag::WRITE_METHOD)
            == flag::SERIALIZABLE | flag::WRITE_METHOD;
        match class.flags & (flag::EXTERNALIZABLE | flag::BLOCK_DATA) {
            flag::EXTERNALIZABLE => {
                Err(self.input.damaged("a serialised object whose length only its class knows"))
            }
            mask if own_words || mask & flag::EXTERNALIZABLE != 0 => self.annotation(depth),
            _ => Ok(()),
        }
    }

    /// Whatever stands before the mark that ends it.
    fn annotation(&mut self, depth: usize) -> Result<()> {
        loop {
            match self.input.u8()? {
                code::END_BLOCK => return Ok(()),
                kind => drop(self.content(kind, depth + 1)?),
            }
        }
    }
}

/// Octets of a primitive value; `None` for objects and arrays.
fn width(kind: u8) -> Option<usize> {
    match kind {
        b'B' | b'Z' => Some(1),
        b'C' | b'S' => Some(2),
        b'F' | b'I' => Some(4),
        b'D' | b'J' => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(octets: &[u8]) -> Result<(Option<String>, usize)> {
        let mut input = Input { rest: octets, structure: "JCEKS key store" };
        let algorithm = skip(&mut input)?;
        Ok((algorithm, input.rest.len()))
    }

    /// An object of a class `T` with the given fields and values.
    fn object(fields: &[u8], values: &[u8]) -> Vec<u8> {
        let head = [&STREAM_HEADER[..], b"\x73\x72\0\x01T\0\0\0\0\0\0\0\0\x02"].concat();
        [&head, fields, b"\x78\x70", values].concat()
    }

    #[test]
    fn an_object_ends_where_its_fields_end() {
        let fields = b"\0\x02I\0\x01n[\0\x01a\x74\0\x02[B";
        let array = b"\x75\x72\0\x02[B\0\0\0\0\0\0\0\0\x02\0\0\x78\x70\0\0\0\x03abc";
        let octets = object(fields, &[&[0, 0, 0, 7], &array[..], b"rest"].concat());
        assert_eq!(skipped(&octets).ok(), Some((None, 4)));
    }

    #[test]
    fn the_sealing_algorithm_is_found() {
        let fields = b"\0\x01L\0\x07sealAlg\x74\0\x12Ljava/lang/String;";
        let octets = object(fields, b"\x74\0\x03AES");
        assert_eq!(skipped(&octets).ok(), Some((Some("AES".into()), 0)));
    }

    #[test]
    fn hostile_streams_end() {
        let deep = [&STREAM_HEADER[..], &[code::OBJECT; 100_000]].concat();
        assert!(matches!(skipped(&deep), Err(Error::Damaged { .. } | Error::TooMany { .. })));
        let nested_class = b"\x72\0\0\0\0\0\0\0\0\0\0\x02\0\0\x78".repeat(10_000);
        let descent = [&STREAM_HEADER[..], b"\x73", &nested_class].concat();
        assert!(matches!(skipped(&descent), Err(Error::TooMany { .. })));
        let fields = b"\0\x01[\0\x01a\x74\0\x02[B";
        let huge = object(fields, b"\x75\x72\0\x02[B\0\0\0\0\0\0\0\0\x02\0\0\x78\x70\xff\xff\xff\xff");
        assert!(matches!(skipped(&huge), Err(Error::Damaged { .. })));
        let dangling = [&STREAM_HEADER[..], b"\x71\0\x7e\0\0"].concat();
        assert!(matches!(skipped(&dangling), Err(Error::Damaged { .. })));
    }
}
