//! Password sources: `env:VAR`, `file:PATH`, `fd:N`, `stdin`, `prompt`, and `generate:PATH` where
//! a store is made. Never an argument: arguments are visible to every user of the machine and
//! stay in the shell's history.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use certkit::{
    connector::config::ClientSecret,
    error::{Error, Result as LibraryResult},
    ops::{Input, Need},
    output::plan::{Plan, PlannedFile, Purpose},
    secret::{Password, SecretBytes},
    store::{Store, Unlock},
};
use rand_core::Rng;
use zeroize::{Zeroize, Zeroizing};

use crate::{context::Context, failure::Failure, harden, options::Opening, prompt};

/// The variable used where no source is named.
const VARIABLE: &str = "CERTKIT_PASSWORD";

/// The longest password file read, in octets, and so the longest password.
const LONGEST: usize = 4096;

/// Letters and digits without those that look alike; 24 of them carry 138 bits.
const ALPHABET: &[u8; 54] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz234567";
const GENERATED_LENGTH: usize = 24;

/// A source as the user named it.
enum Source {
    Env(String),
    File(PathBuf),
    Fd(u32),
    Stdin,
    Prompt,
    Generate(PathBuf),
}

/// What a password is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
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
    fn parse(option: &'static str, text: &str) -> Result<Self, Failure> {
        let refuse = |reason: &str| {
            Failure::usage(
                format!("{option}: {reason}"),
                format!("use {option} file:PATH, env:VAR, fd:N, stdin or prompt"),
            )
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
            Some(("pass", _)) => Err(refuse(
                "pass:TEXT is refused: every user of the machine can read a program's arguments, and the shell keeps them",
            )),
            _ => Err(refuse(
                "this is no password source (a password itself is not taken here: arguments are visible to others)",
            )),
        }
    }

    /// The password file that is read: it is an input.
    fn file(&self) -> Option<PathBuf> {
        if let Self::File(path) = self { Some(path.clone()) } else { None }
    }

    /// The password file that is made.
    fn new_file(&self) -> Option<PathBuf> {
        if let Self::Generate(path) = self { Some(path.clone()) } else { None }
    }

    fn read(&self, option: &'static str, purpose: Use, context: &Context) -> Result<Password, Failure> {
        match self {
            Self::Env(name) => match std::env::var(name) {
                Ok(text) => Ok(Password::new(text)),
                Err(std::env::VarError::NotPresent) => {
                    Err(Error::PasswordUnusable { reason: format!("variable {name} is not set") }.into())
                }
                Err(std::env::VarError::NotUnicode(_)) => Err(not_utf8().into()),
            },
            Self::File(path) => {
                let file = File::open(path).map_err(|source| Error::io("open", path, source))?;
                if file.metadata().is_ok_and(|found| found.is_dir()) {
                    let expected = "a file whose first line is the password";
                    let folder = Error::WrongKind { found: "a folder".into(), expected, remedy: None };
                    return Err(folder.in_file(path.display().to_string()).into());
                }
                first_line(file).map_err(|error| error.in_file(path.display().to_string()).into())
            }
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

/// A client secret, as an option names its source.
pub(crate) struct Client {
    option: &'static str,
    source: Source,
}

impl Client {
    /// The option's spelling is checked before any work is done.
    pub(crate) fn new(option: &'static str, text: &str) -> Result<Self, Failure> {
        match Source::parse(option, text)? {
            Source::Generate(_) => Err(Failure::usage(
                format!("{option} generate:PATH: a client secret is made by Entra, not here"),
                format!("use {option} file:PATH with the Value that the portal showed"),
            )),
            source => Ok(Self { option, source }),
        }
    }

    /// The file that is read: it is an input.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.source.file()
    }

    /// Reads it.
    pub(crate) fn read(&self, context: &Context) -> Result<ClientSecret, Failure> {
        let read = self.source.read(self.option, Use::Client, context).map_err(of_client_secret)?;
        ClientSecret::new(read).map_err(|error| match self.file() {
            Some(file) => error.in_file(file.display().to_string()).into(),
            None => error.into(),
        })
    }
}

/// A fault of a password source, said of a client secret.
fn of_client_secret(failure: Failure) -> Failure {
    match failure {
        Failure::Error(Error::PasswordUnusable { reason }) => Error::SecretUnusable { reason }.into(),
        Failure::Error(Error::InFile { file, source }) => match *source {
            Error::PasswordUnusable { reason } => Error::SecretUnusable { reason }.in_file(file).into(),
            other => other.in_file(file).into(),
        },
        other => other,
    }
}

/// What the options say of opening the stores of a command.
pub(crate) struct Unlocking<'a> {
    opening: &'a Opening,
    context: &'a Context,
}

impl<'a> Unlocking<'a> {
    pub(crate) fn new(opening: &'a Opening, context: &'a Context) -> Self {
        Self { opening, context }
    }

    /// What was given: by option, or in `CERTKIT_PASSWORD`. Never a prompt that was not asked for.
    pub(crate) fn given(&self) -> Result<Opener, Failure> {
        let read = |option: &'static str, text: &Option<String>| {
            let source = text.as_deref().map(|text| Source::parse(option, text)).transpose()?;
            source.map(|source| source.read(option, Use::Open, self.context)).transpose()
        };
        let (password, origin) = match read("--password", &self.opening.password)? {
            Some(password) => (Some(password), "that of --password"),
            None => (from_variable()?, "that of CERTKIT_PASSWORD"),
        };
        let key_password = read("--key-password", &self.opening.key_password).map_err(|failure| {
            failure.hint_password("--key-password", "file:PATH, env:VAR, fd:N, stdin or prompt")
        })?;
        let unlock = Unlock { password, key_password, max_work: Some(self.opening.max_work) };
        Ok(Opener { unlock, origin })
    }

    /// Password files that were read: they are inputs too.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let sources =
            [("--password", &self.opening.password), ("--key-password", &self.opening.key_password)];
        sources
            .into_iter()
            .filter_map(|(option, text)| Source::parse(option, text.as_deref()?).ok()?.file())
            .collect()
    }
}

/// What opens the stores of a run: what was given, and once it was asked for, what was typed.
pub(crate) struct Opener {
    unlock: Unlock,
    /// Where the password came from, in words.
    origin: &'static str,
}

impl Opener {
    /// What there is without asking.
    pub(crate) fn unlock(&self) -> &Unlock {
        &self.unlock
    }

    /// Opens a file. A terminal is asked once, when a file has turned out to need a password and none
    /// was given; what was typed then serves the files after it.
    ///
    /// # Errors
    /// As [`Input::open_for`].
    pub(crate) fn open(&mut self, need: Need, file: &Input) -> LibraryResult<Store> {
        let mut typed = None;
        let store = file.open_for(need, &self.unlock, || {
            if !prompt::has_terminal() {
                return Err(Error::store_locked());
            }
            let password = Some(prompt::existing()?);
            typed.clone_from(&password);
            Ok(Unlock { password, ..self.unlock.clone() })
        })?;
        if typed.is_some() {
            self.unlock.password = typed;
            self.origin = "the one that was typed";
        }
        Ok(store)
    }
}

/// The password of what is made, as an option names its source.
pub(crate) struct Output {
    option: &'static str,
    source: Option<Source>,
}

impl Output {
    /// The option's spelling is checked before any work is done.
    pub(crate) fn new(option: &'static str, text: Option<&str>) -> Result<Self, Failure> {
        let source = text.map(|text| Source::parse(option, text)).transpose()?;
        Ok(Self { option, source })
    }

    /// The password file that is read: it is an input.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.source.as_ref().and_then(Source::file)
    }

    /// The password file that is made: it is a target.
    pub(crate) fn new_file(&self) -> Option<PathBuf> {
        self.source.as_ref().and_then(Source::new_file)
    }

    /// From the source, else from a terminal.
    pub(crate) fn password(&self, context: &Context) -> Result<Password, Failure> {
        for_output(self.option, self.source.as_ref(), context).map_err(|failure| self.hint(failure))
    }

    /// The same for a store that is made from others: without a source it is the one that opened
    /// them, which is noted.
    pub(crate) fn for_store(
        &self,
        opener: &Opener,
        notes: &mut Vec<String>,
        context: &Context,
    ) -> Result<Password, Failure> {
        match &opener.unlock.password {
            Some(password) if self.source.is_none() && !password.is_empty() => {
                notes.push(format!("its password is {}", opener.origin));
                Ok(password.clone())
            }
            _ => self.password(context),
        }
    }

    /// Adds the file of a password that was made to the plan.
    pub(crate) fn plan(&self, password: Option<&Password>, plan: &mut Plan) {
        plan.files.extend(self.new_file().zip(password).map(|(path, password)| file(path, password)));
    }

    /// A password that turned out not to do is this option's, where an operation found it out. That
    /// one is missing is said there of the files that are read.
    pub(crate) fn hint_unusable(&self, error: Error) -> Failure {
        match error.cause() {
            Error::PasswordUnusable { .. } => self.hint(error.into()),
            _ => error.into(),
        }
    }

    fn hint(&self, failure: Failure) -> Failure {
        failure.hint_password(self.option, "file:PATH, env:VAR, fd:N, stdin, prompt or generate:PATH")
    }
}

/// The password for a new store: from the source of `--password`, else from `CERTKIT_PASSWORD`, else
/// from a terminal.
pub(crate) fn for_new_store(output: &Output, context: &Context) -> Result<Password, Failure> {
    let variable = if output.source.is_none() { from_variable()? } else { None };
    match variable {
        Some(password) => Ok(password),
        None => for_output(output.option, output.source.as_ref(), context),
    }
}

fn for_output(option: &'static str, source: Option<&Source>, context: &Context) -> Result<Password, Failure> {
    match source {
        Some(Source::Generate(_)) => Ok(generate(context)),
        Some(source) => source.read(option, Use::Make, context),
        None if prompt::has_terminal() => Ok(prompt::new()?),
        None => {
            let purpose = match option {
                "--password" => "for the new store",
                "--new-password" => "to set (--new-password SOURCE)",
                _ => "for the new store (--out-password SOURCE)",
            };
            Err(Error::PasswordMissing { purpose }.into())
        }
    }
}

/// The file that keeps a generated password: one line.
fn file(path: PathBuf, password: &Password) -> PlannedFile {
    let line = [password.expose().as_bytes(), b"\n"].concat();
    PlannedFile {
        path,
        contents: SecretBytes::new(line),
        purpose: Purpose::StorePassword,
        // The octets themselves are compared by the writer; there is no structure to prove.
        proof: Box::new(|_| Ok(())),
    }
}

fn generate(context: &Context) -> Password {
    let mut rng = context.rng();
    let mut text = String::with_capacity(GENERATED_LENGTH);
    let mut octet = [0];
    while text.len() < GENERATED_LENGTH {
        rng.fill_bytes(&mut octet);
        // 216 is the largest multiple of 54 in an octet: beyond it the choice would be uneven.
        if octet[0] < 216 {
            text.push(char::from(ALPHABET[usize::from(octet[0]) % ALPHABET.len()]));
        }
    }
    octet.zeroize();
    Password::new(text)
}

fn from_variable() -> Result<Option<Password>, Failure> {
    match std::env::var(VARIABLE) {
        Ok(text) => Ok(Some(Password::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(not_utf8().into()),
    }
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

fn not_utf8() -> Error {
    Error::PasswordUnusable { reason: "is not valid UTF-8".into() }
}
