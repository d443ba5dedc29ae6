//! What a command needs of the world: the format asked for, the clock, the random generator, and
//! standard output.

use std::{
    cell::Cell,
    io::{self, Write},
};

use certkit::{error::Error, time::Instant};
use getrandom::{SysRng, rand_core::UnwrapErr};

use crate::{failure::Failure, options::Format};

/// The world as one run of a command sees it.
pub(crate) struct Context {
    /// How results are written.
    pub(crate) format: Format,
    /// The grammar of the whole command line, for the commands that print it.
    pub(crate) grammar: fn() -> clap::Command,
    /// When the run began.
    pub(crate) now: Instant,
    /// Who has claimed standard input, so that nobody else waits for it.
    stdin_user: Cell<Option<&'static str>>,
}

impl Context {
    pub(crate) fn new(format: Format, grammar: fn() -> clap::Command) -> Result<Self, Failure> {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .and_then(Instant::from_unix)
            .ok_or_else(|| Error::Internal("the clock shows a time before 1970 or after 9999".into()))?;
        Ok(Self { format, grammar, now, stdin_user: Cell::new(None) })
    }

    /// Takes standard input for `user`; fails if something else has taken it already.
    pub(crate) fn claim_stdin(&self, user: &'static str) -> Result<(), Failure> {
        match self.stdin_user.replace(Some(user)) {
            None => Ok(()),
            Some(other) if other == user => Err(Failure::usage(
                format!("{user} stands twice, and standard input can be read once"),
                "give a file name for one of them",
            )),
            Some(other) => Err(Failure::usage(
                format!("both {other} and {user} would be read from standard input"),
                "give one of them as a file: file:PATH for a password, a file name for an input",
            )),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Where lines of text are broken on standard output, in characters: at the terminal's edge, and
    /// at 100 where it is none.
    pub(crate) fn width(&self) -> usize {
        terminal_size::terminal_size_of(io::stdout()).map_or(100, |(width, _)| usize::from(width.0))
    }

    /// Writes a result to standard output.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        self.print_octets(text.as_bytes())
    }

    /// Writes octets to standard output. A reader that has gone is no failure.
    pub(crate) fn print_octets(&self, octets: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(octets).and_then(|()| out.flush()).map_err(|source| match source.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Error::io("write to", "standard output", source).into(),
        })
    }

    /// Warns the person, on standard error.
    pub(crate) fn warn(&self, sentence: &str) {
        say("warning", anstyle::AnsiColor::Yellow, sentence);
    }

    /// Tells the person something that is no cause for worry, on standard error.
    pub(crate) fn note(&self, sentence: &str) {
        say("note", anstyle::AnsiColor::Cyan, sentence);
    }
}

/// The operating system's random generator. There is no other, and no seed.
pub(crate) fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

fn say(word: &str, colour: anstyle::AnsiColor, sentence: &str) {
    let style = colour.on_default().bold();
    let text = certkit::report::text::clean(sentence);
    let line = format!("certkit: {style}{word}:{style:#} {text}\n");
    // Where standard error is gone there is nobody to tell.
    let _ = anstream::stderr().write_all(line.as_bytes());
}
