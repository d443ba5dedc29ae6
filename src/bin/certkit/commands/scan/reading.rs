//! Reading one file after another into one buffer: open, look at, read, close, and nothing else.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    path::Path,
};

use certkit::{limits, ops::scan::may_begin_so};
use zeroize::{Zeroize, Zeroizing};

use crate::input::is_exposed;

/// How much of a larger file is read before it is known whether the rest is worth it.
const HEAD: usize = 64 << 10;

/// The most room that is kept from one file to the next.
const KEPT: usize = 1 << 20;

/// A buffer that is wiped, for file after file.
#[derive(Default)]
pub(super) struct Reader(Zeroizing<Vec<u8>>);

/// What was read.
pub(super) enum Contents<'a> {
    /// A file that holds no credential by its beginning or its size, or no plain file after all.
    Nothing,
    /// All of it.
    Whole {
        /// The octets.
        octets: &'a [u8],
        /// Whether others than its owner may read it.
        exposed: bool,
    },
    /// It is larger than any input.
    TooLarge {
        /// How it begins.
        head: &'a [u8],
        /// How large it is.
        size: u64,
    },
}

impl Reader {
    /// Reads a file, if its beginning looks like something.
    pub(super) fn read(&mut self, path: &Path) -> io::Result<Contents<'_>> {
        let mut file = open(path)?;
        let found = file.metadata()?;
        // Files of no size are those of /proc, which may have no end, and those that hold nothing.
        if !found.is_file() || found.len() == 0 {
            return Ok(Contents::Nothing);
        }
        let size = usize::try_from(found.len()).unwrap_or(usize::MAX);
        let mut filled = self.fill(&mut file, 0, size.min(HEAD))?;
        if size > HEAD {
            if !may_begin_so(&self.0[..filled]) {
                return Ok(Contents::Nothing);
            }
            if found.len() > limits::INPUT_OCTETS {
                return Ok(Contents::TooLarge { head: &self.0[..filled], size: found.len() });
            }
            filled = self.fill(&mut file, filled, size)?;
        }
        Ok(Contents::Whole { octets: &self.0[..filled], exposed: is_exposed(&found) })
    }

    /// Wipes what was read.
    pub(super) fn wipe(&mut self) {
        if self.0.capacity() > KEPT {
            self.0 = Zeroizing::default();
        } else {
            self.0.as_mut_slice().zeroize();
        }
    }

    /// Fills the buffer from `start` up to `end`, or to the file's end; where it stopped.
    fn fill(&mut self, file: &mut File, start: usize, end: usize) -> io::Result<usize> {
        if self.0.capacity() < end {
            // Growing would leave a copy behind.
            let mut larger = Zeroizing::new(Vec::with_capacity(end.max(HEAD)));
            larger.extend_from_slice(&self.0[..start]);
            self.0 = larger;
        }
        self.0.resize(end, 0);
        let mut filled = start;
        while filled < end {
            match file.read(&mut self.0[filled..end]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// Opens a file. Should it have become a pipe meanwhile, nobody waits for a writer.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        use rustix::fs::OFlags;
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
        options.custom_flags(flags.cast_signed());
    }
    options.read(true).open(path)
}
