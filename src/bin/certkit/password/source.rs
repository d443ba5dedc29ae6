//! Where a password comes from, as an option names it.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use certkit::{
    error::{Error, Result as LibraryResult},
    secret::Password,
};
use zeroize::Zeroizing;

use crate::{context::Context, failure::Failure, harden, prompt};

/// The longest password file read, in octets, and so the longest password.
const LONGEST: usize = 4096;

/// What a source is called that stands in a row of a list.
pub(super) const ROW: &str = "password";

/// A source as the user named it.
pub(super) enum Source {
    Env(String),
    File(PathBuf),
    Fd(u32),
    Stdin,
    Prompt,
    Generate(PathBuf),
}

/// What a password is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To open something that exists.
    Open,
    /// To make something: asked for twice.
    Make,
    /// A client secret, which only the vendor can try.
    Client,
}

impl Source {
    /// Reads `--password`'s value. The value itself never enters an error: it may be a password
    /// that was typed in the wrong place.
    pub(super) fn parse(option: &'static str, text: &str) -> Result<Self, Failure> {
        let in_list = option == ROW;
        let refuse = |reason: &str| {
            let hint = match in_list {
                true => "name a source: env:VAR, file:PATH or generate:PATH".into(),
                false => format!("use {option} file:PATH, env:VAR, fd:N, stdin or prompt"),
            };
            Failure::usage(format!("{option}: {reason}"), hint)
        };
        let filled = |value: &str| {
            if value.is_empty() {
                Err(refuse("nothing stands after the colon"))
            } else {
                Ok(value.to_owned())
            }
        };
        match text.split_once(':') {
            None if text == "stdin" => Ok(Self::Stdin),
            None if text == "prompt" => Ok(Self::Prompt),
            Some(("env", name)) => filled(name).map(Self::Env),
            Some(("file", path)) => filled(path).map(|path| Self::File(path.into())),
            Some(("fd", number)) => {
                number.parse().map(Self::Fd).map_err(|_| refuse("fd: takes the number of an open descriptor"))
            }
            Some(("generate", path)) => filled(path).map(|path| Self::Generate(path.into())),
            Some(("pass", _)) if in_list => {
                Err(refuse("pass:TEXT is refused: whoever reads the list has it"))
            }
            Some(("pass", _)) => Err(refuse(
                "pass:TEXT is refused: every user of the machine can read a program's arguments, and the shell keeps them",
            )),
            _ if in_list => Err(refuse(
                "this is no password source (a password itself is not taken here: whoever reads the list has it)",
            )),
            _ => Err(refuse(
                "this is no password source (a password itself is not taken here: arguments are visible to others)",
            )),
        }
    }

    /// The password file that is read: it is an input.
    pub(super) fn file(&self) -> Option<PathBuf> {
        if let Self::File(path) = self { Some(path.clone()) } else { None }
    }

    /// The password file that is made.
    pub(super) fn new_file(&self) -> Option<PathBuf> {
        if let Self::Generate(path) = self { Some(path.clone()) } else { None }
    }

    pub(super) fn read(
        &self,
        option: &'static str,
        purpose: Use,
        context: &Context,
    ) -> Result<Password, Failure> {
        match self {
            Self::Env(name) => match std::env::var(name) {
                Ok(text) => Ok(Password::new(text)),
                Err(std::env::VarError::NotPresent) => {
                    Err(Error::PasswordUnusable { reason: format!("variable {name} is not set") }.into())
                }
                Err(std::env::VarError::NotUnicode(_)) => Err(not_utf8().into()),
            },
            Self::File(path) => Ok(of_file(path)?),
            Self::Fd(0) | Self::Stdin => {
                context.claim_stdin(option)?;
                Ok(first_line(io::stdin().lock()).map_err(|error| error.in_file("standard input"))?)
            }
            Self::Fd(number) => Ok(descriptor(*number)?),
            Self::Prompt if !prompt::has_terminal() => Err(Failure::Error(Error::PasswordUnusable {
                reason: format!("was to be asked for ({option} prompt), and there is no terminal to ask on"),
            })),
            Self::Prompt => Ok(match purpose {
                Use::Open => prompt::existing(),
                Use::Make => prompt::new(),
                Use::Client => prompt::client_secret(),
            }?),
            Self::Generate(_) => Err(Failure::usage(
                format!(
                    "{option} generate:PATH makes a new password, and this command opens an existing store"
                ),
                format!("use {option} file:PATH with the file that holds the password"),
            )),
        }
    }
}

/// The password that a file holds.
pub(crate) fn of_file(path: &Path) -> LibraryResult<Password> {
    let file = File::open(path).map_err(|source| Error::io("open", path, source))?;
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        let expected = "a file whose first line is the password";
        let folder = Error::WrongKind { found: "a folder".into(), expected, remedy: None };
        return Err(folder.in_file(path.display().to_string()));
    }
    first_line(file).map_err(|error| error.in_file(path.display().to_string()))
}

/// The first line, without its line end (LF or CRLF) and without a byte order mark.
fn first_line(mut source: impl Read) -> LibraryResult<Password> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    let mut octet = Zeroizing::new([0]);
    // Octet by octet up to the line's end: whoever writes into a pipe may keep it open.
    loop {
        match source.read(&mut *octet) {
            Ok(0) => break,
            Ok(_) if octet[0] == b'\n' => break,
            Ok(_) => line.push(octet[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(Error::Io { action: "read", source }),
        }
        if line.len() > LONGEST {
            let reason = format!("source's first line is longer than {LONGEST} octets");
            return Err(Error::PasswordUnusable { reason });
        }
    }
    let line = line.as_slice();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let text = std::str::from_utf8(line).map_err(|_| not_utf8())?;
    Ok(Password::new(text.to_owned()))
}

fn descriptor(number: u32) -> LibraryResult<Password> {
    let name = format!("/dev/fd/{number}");
    if cfg!(not(unix)) {
        return Err(Error::PasswordUnusable { reason: "source fd:N exists on Unix only".into() });
    }
    let file = harden::with_own_descriptors(|| File::open(&name))
        .map_err(|source| Error::io("open", &name, source))?;
    first_line(file).map_err(|error| error.in_file(name))
}

pub(super) fn not_utf8() -> Error {
    Error::PasswordUnusable { reason: "is not valid UTF-8".into() }
}
