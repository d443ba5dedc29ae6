//! The fields that Java's files are made of: big-endian numbers, and text in Java's modified
//! UTF-8 behind a 16-bit length.

use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    limits,
};

/// Big-endian fields from the front of a slice.
pub(super) struct Input<'a> {
    pub(super) rest: &'a [u8],
    /// What is being read, for messages.
    pub(super) structure: &'static str,
}

impl<'a> Input<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| {
            self.damaged(format!("cut off: {length} octets expected, {} left", self.rest.len()))
        })?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn damaged(&self, detail: impl Into<String>) -> Error {
        Error::damaged(self.structure, detail)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        Ok(self.take(2)?.iter().fold(0, |n, octet| n << 8 | u16::from(*octet)))
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        Ok(self.take(4)?.iter().fold(0, |n, octet| n << 8 | u32::from(*octet)))
    }

    pub(super) fn sized(&mut self) -> Result<&'a [u8]> {
        let length = self.u32()? as usize;
        self.take(length)
    }

    /// Java's modified UTF-8: zero as C0 80, characters outside the basic plane as two surrogates
    /// of three octets each. A surrogate without its partner is replaced, so that a name never
    /// costs the store.
    pub(super) fn text(&mut self) -> Result<String> {
        let length = usize::from(self.u16()?);
        let octets = self.take(length)?;
        let mut units = Vec::with_capacity(length);
        let mut rest = octets;
        while let Some((&first, tail)) = rest.split_first() {
            let (value, used) = match (first, tail) {
                (0..=0x7f, _) => (u16::from(first), 0),
                (0xc0..=0xdf, [a, ..]) => (u16::from(first & 0x1f) << 6 | u16::from(a & 0x3f), 1),
                (0xe0..=0xef, [a, b, ..]) => {
                    (u16::from(first & 0x0f) << 12 | u16::from(a & 0x3f) << 6 | u16::from(b & 0x3f), 2)
                }
                _ => return Err(self.damaged("a name that is not modified UTF-8")),
            };
            units.push(value);
            rest = &tail[used..];
        }
        Ok(String::from_utf16_lossy(&units))
    }
}

/// Big-endian fields to the end of a buffer.
pub(super) struct Output {
    pub(super) octets: Zeroizing<Vec<u8>>,
}

impl Output {
    pub(super) fn u32(&mut self, value: u32) {
        self.octets.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn count(&mut self, count: usize) -> Result<()> {
        self.u32(
            u32::try_from(count).map_err(|_| Error::TooMany { what: "entries", limit: limits::ENTRIES })?,
        );
        Ok(())
    }

    pub(super) fn sized(&mut self, octets: &[u8]) -> Result<()> {
        self.count(octets.len())?;
        self.octets.extend_from_slice(octets);
        Ok(())
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        let mut encoded = Vec::with_capacity(text.len());
        for unit in text.encode_utf16() {
            // Each push keeps the low octet of a value that the mask has made to fit.
            match unit {
                1..=0x7f => encoded.push(unit as u8),
                0 | 0x80..=0x7ff => encoded.extend([(0xc0 | unit >> 6) as u8, (0x80 | unit & 0x3f) as u8]),
                _ => encoded.extend([
                    (0xe0 | unit >> 12) as u8,
                    (0x80 | unit >> 6 & 0x3f) as u8,
                    (0x80 | unit & 0x3f) as u8,
                ]),
            }
        }
        const LONGEST: usize = u16::MAX as usize;
        let length = u16::try_from(encoded.len())
            .map_err(|_| Error::TooMany { what: "octets in an alias", limit: LONGEST })?;
        self.octets.extend_from_slice(&length.to_be_bytes());
        self.octets.extend_from_slice(&encoded);
        Ok(())
    }
}
