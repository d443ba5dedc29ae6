//! The passwords of what is made.

use std::path::PathBuf;

use certkit::{
    error::Error,
    output::plan::{Plan, PlannedFile, Purpose},
    secret::{Password, SecretBytes},
};
use rand_core::Rng;
use zeroize::Zeroize;

use super::{
    from_variable,
    opening::Opener,
    source::{ROW, Source, Use, of_file},
};
use crate::{
    context::{Context, rng},
    failure::Failure,
    prompt,
};

/// Letters and digits without those that look alike; 24 of them carry 138 bits.
const ALPHABET: &[u8; 54] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz234567";
const GENERATED_LENGTH: usize = 24;

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

    /// The source that a row names. Descriptors, standard input and the terminal can be read once only,
    /// so a row may not name them.
    pub(crate) fn of_row(text: &str) -> Result<Self, Failure> {
        let source = Source::parse(ROW, text)?;
        if matches!(source, Source::Fd(_) | Source::Stdin | Source::Prompt) {
            return Err(Failure::usage(
                format!("{ROW}: a row's password comes from env:VAR, file:PATH or generate:PATH"),
                "for one password for all rows use --password",
            ));
        }
        Ok(Self { option: ROW, source: Some(source) })
    }

    /// The password file that is read: it is an input.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.source.as_ref().and_then(Source::file)
    }

    /// The password file that is made: it is a target.
    pub(crate) fn new_file(&self) -> Option<PathBuf> {
        self.source.as_ref().and_then(Source::new_file)
    }

    /// The password, if it can be had without asking and without making one.
    pub(crate) fn known(&self) -> Option<Password> {
        match self.source.as_ref()? {
            // What a pipe holds can be read once.
            Source::File(path) | Source::Generate(path) if path.is_file() => of_file(path).ok(),
            Source::Env(name) => std::env::var(name).ok().map(Password::new),
            _ => None,
        }
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

    /// The same for the successor of a store. A password file that an earlier run made is taken as it is,
    /// which is noted: its store may have got a name too.
    pub(crate) fn for_successor(
        &self,
        opener: &Opener,
        notes: &mut Vec<String>,
        context: &Context,
    ) -> Result<Successors, Failure> {
        let file = self.missing_file();
        let password = match self.new_file() {
            Some(path) if file.is_none() => {
                notes.push(format!("its password is the one in {}, which was there", path.display()));
                of_file(&path)?
            }
            _ => self.for_store(opener, notes, context)?,
        };
        Ok(Successors { password, file })
    }

    /// The password file that is still to be made.
    pub(crate) fn missing_file(&self) -> Option<PathBuf> {
        self.new_file().filter(|path| !path.exists())
    }

    /// Adds the file of a password that was made to the plan.
    pub(crate) fn plan(&self, password: Option<&Password>, plan: &mut Plan) {
        plan.files.extend(self.new_file().zip(password).map(|(path, password)| planned_file(path, password)));
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
        let sources = match self.option {
            ROW => "env:VAR, file:PATH or generate:PATH",
            _ => "file:PATH, env:VAR, fd:N, stdin, prompt or generate:PATH",
        };
        failure.hint_password(self.option, sources)
    }
}

/// The password of a successor.
pub(crate) struct Successors {
    pub(crate) password: Password,
    /// Where it is to be written, if it was made.
    pub(crate) file: Option<PathBuf>,
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
        Some(Source::Generate(_)) => Ok(generate()),
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
pub(crate) fn planned_file(path: PathBuf, password: &Password) -> PlannedFile {
    let line = [password.expose().as_bytes(), b"\n"].concat();
    PlannedFile {
        path,
        contents: SecretBytes::new(line),
        purpose: Purpose::StorePassword,
        // The octets themselves are compared by the writer; there is no structure to prove.
        proof: Box::new(|_| Ok(())),
    }
}

/// A new random password.
pub(crate) fn generate() -> Password {
    let mut rng = rng();
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
