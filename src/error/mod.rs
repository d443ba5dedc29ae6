//! What can go wrong, as values: each variant holds the facts, its message states them, its
//! [`Class`] decides the exit code and its hint names a command that works.
//!
//! This module prints nothing and knows no command's options beyond the words of its hints.
//! Nothing secret ever enters an error.

mod hint;
mod kind;

use std::{io, path::PathBuf};

pub use kind::Class;

/// The result of everything fallible in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that certkit refuses or fails at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Several entries qualify and none was named.
    #[error("{count} entries could be meant: {}", list(aliases))]
    AliasAmbiguous {
        /// How many entries qualify.
        count: usize,
        /// Their aliases, or positions where they have none.
        aliases: Vec<String>,
    },

    /// No entry has the alias that was asked for.
    #[error("there is no entry \"{alias}\"; there is: {}", list(aliases))]
    AliasUnknown {
        /// What was asked for.
        alias: String,
        /// What the store holds.
        aliases: Vec<String>,
    },

    /// An option's value cannot be used.
    #[error("{option} \"{value}\": {reason}")]
    BadArgument {
        /// The option, as typed.
        option: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with it and what is expected.
        reason: String,
    },

    /// A row of a list says nothing that can be made.
    #[error("{reason}")]
    BadRow {
        /// What was found and what was expected.
        reason: String,
    },

    /// A connector profile, or the record of a kit, does not hold together.
    #[error("line {line}, column {column} of the {file}: {reason}")]
    BadToml {
        /// What is being read.
        file: TomlFile,
        /// The line, from 1.
        line: usize,
        /// The character in it, from 1.
        column: usize,
        /// What was found and what was expected.
        reason: String,
    },

    /// A file that is changed in place is not the one that was read.
    #[error("it was changed by another program meanwhile and was left alone")]
    Changed,

    /// A structure was recognised but does not hold together.
    #[error("damaged {structure}: {detail}")]
    Damaged {
        /// What was being read, such as `PKCS#12 store`.
        structure: &'static str,
        /// What was found and what was expected.
        detail: String,
    },

    /// The input holds no octets at all.
    #[error("the file is empty; a key store, certificate, key or connector JSON was expected")]
    Empty,

    /// A made file did not read back as it should.
    #[error("read-back of {file} failed, nothing was written: {detail}")]
    ReadBack {
        /// The file that was about to be placed.
        file: String,
        /// What did not match.
        detail: String,
    },

    /// An error with the name of the file that it is about.
    #[error("{source}")]
    InFile {
        /// The file as the user named it.
        file: String,
        /// The error proper.
        source: Box<Error>,
    },

    /// certkit is at fault.
    #[error("internal fault: {0}; please report this")]
    Internal(String),

    /// The operating system refused.
    #[error("cannot {action}: {source}")]
    Io {
        /// What was attempted, such as `create`.
        action: &'static str,
        /// The system's answer.
        source: io::Error,
    },

    /// The file asks for more memory for one key derivation than is allowed.
    #[error("its key derivation (scrypt) asks for {octets} octets of memory; the limit is {limit}")]
    KdfMemory {
        /// Octets asked for.
        octets: u64,
        /// Octets allowed.
        limit: u64,
    },

    /// The file asks for more key-derivation work than is allowed.
    #[error("the file asks for {} of key derivation; the limit is {limit} per file", rounds(*work))]
    KdfTooCostly {
        /// Rounds asked for, counted over the whole file so far.
        work: u64,
        /// The limit.
        limit: u64,
    },

    /// The private key is not the one that the certificate certifies.
    #[error("the private key does not fit the certificate: {detail}")]
    KeyMismatch {
        /// Which key and certificate, and how they differ.
        detail: String,
    },

    /// There is no certificate where one is needed.
    #[error("it holds no certificate; found {found}")]
    NoCertificate {
        /// What was found instead.
        found: String,
    },

    /// There is no private key where one is needed.
    #[error("it holds no private key; found {found}")]
    NoKey {
        /// What was found instead.
        found: String,
    },

    /// Something else stands where a folder is needed.
    #[error("it is a file, and a folder is needed there")]
    NotAFolder,

    /// Something that is read and never written stands in a file that is to be written again.
    #[error("certkit reads {what} and does not write it, so the file was left alone")]
    NotWritten {
        /// What it is.
        what: String,
    },

    /// What stands where a list wants a credential is a good one, but not what is asked for.
    #[error("it is there already and is not what the list asks for: {detail}")]
    OutputDiffers {
        /// How it differs.
        detail: String,
    },

    /// An output already exists.
    #[error("it already exists and was left alone")]
    OutputExists,

    /// An output is one of the inputs.
    #[error("it is an input of this command and was left alone")]
    OutputIsInput,

    /// An output is a symbolic link, a folder or a device.
    #[error("it is {found}, not a file that can be replaced")]
    OutputKind {
        /// What stands there.
        found: &'static str,
    },

    /// Two outputs of one run would be one file.
    #[error("two of the files to write would be this one")]
    OutputTwice,

    /// A password is needed and there was none.
    #[error("a password is needed {purpose} and none was given")]
    PasswordMissing {
        /// What for, such as `to open it`.
        purpose: &'static str,
    },

    /// The given password cannot be used.
    #[error("the password {reason}")]
    PasswordUnusable {
        /// Why not.
        reason: String,
    },

    /// There is no connector profile of this name.
    #[error("there is no connector profile \"{id}\"; there is: {}", list(ids))]
    ProfileUnknown {
        /// What was asked for.
        id: String,
        /// Every id, the nearest first.
        ids: Vec<String>,
    },

    /// A secret would have been shown on a terminal.
    #[error("standard output is a terminal and {what} would be shown on it")]
    SecretToTerminal {
        /// What would be shown.
        what: &'static str,
    },

    /// The given client secret cannot be one, or none was given.
    #[error("the client secret {reason}")]
    SecretUnusable {
        /// Why not.
        reason: String,
    },

    /// The input is larger than any key store.
    #[error("the input has {size} octets or more; at most {limit} are read")]
    TooLarge {
        /// Octets seen.
        size: u64,
        /// Octets allowed.
        limit: u64,
    },

    /// The input holds more of something than is allowed.
    #[error("the input holds more than {limit} {what}")]
    TooMany {
        /// What was counted.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },

    /// An algorithm that certkit does not know or does not serve.
    #[error("unsupported {role}: {}{oid}", name.map(|name| format!("{name}, OID ")).unwrap_or_default())]
    UnsupportedAlgorithm {
        /// What it is used for, such as `encryption`.
        role: &'static str,
        /// Its name where known.
        name: Option<&'static str>,
        /// Its object identifier.
        oid: String,
    },

    /// The target format has no room for something.
    #[error("a {target} cannot hold {what}")]
    Unwritable {
        /// What it cannot hold.
        what: String,
        /// The format, such as `JKS key store`.
        target: &'static str,
    },

    /// A good file of the wrong kind.
    #[error("it is {found}; expected {expected}")]
    WrongKind {
        /// What the octets are.
        found: String,
        /// What was expected.
        expected: &'static str,
        /// A command that turns the one into the other, if there is one; `{file}` stands for the file.
        remedy: Option<String>,
    },

    /// The password does not open the file.
    #[error("wrong password{}", if *certain { "" } else { ", or the encrypted data is damaged" })]
    WrongPassword {
        /// Whether damage is ruled out.
        certain: bool,
    },
}

/// A file in TOML that certkit reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TomlFile {
    /// A connector's profile.
    Profile,
    /// The record of a kit.
    Record,
}

impl std::fmt::Display for TomlFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Profile => "connector profile",
            Self::Record => "record",
        })
    }
}

impl Error {
    /// The same error, said of a file. An error that already names a file keeps it.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        match self {
            named @ Self::InFile { .. } => named,
            source => Self::InFile { file: file.into(), source: Box::new(source) },
        }
    }

    /// The file this error is about, as the user named it.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::InFile { file, .. } | Self::ReadBack { file, .. } => Some(file),
            _ => None,
        }
    }

    /// The error without the name of the file around it.
    #[must_use]
    pub fn cause(&self) -> &Self {
        match self {
            Self::InFile { source, .. } => source.cause(),
            other => other,
        }
    }

    /// Whether a file was not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.cause(), Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether a password was needed and there was none.
    #[must_use]
    pub fn is_password_missing(&self) -> bool {
        matches!(self.cause(), Self::PasswordMissing { .. })
    }

    pub(crate) fn damaged(structure: &'static str, detail: impl Into<String>) -> Self {
        Self::Damaged { structure, detail: shortened(detail.into()) }
    }

    pub(crate) fn argument(
        option: &'static str,
        value: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self::BadArgument { option, value: value.into(), reason: reason.into() }
    }

    /// A store that cannot be looked into, or not be relied on, without its password.
    #[must_use]
    pub fn store_locked() -> Self {
        Self::PasswordMissing { purpose: "to open it" }
    }

    /// A private key that cannot be opened without its password.
    #[must_use]
    pub fn key_locked() -> Self {
        let purpose = "to open the private key (--key-password SOURCE, where it is not the store's)";
        Self::PasswordMissing { purpose }
    }

    /// What an option's word stands for.
    ///
    /// # Errors
    /// [`Error::BadArgument`], naming every word.
    pub(crate) fn parse_word<T: Copy>(option: &'static str, word: &str, all: &[(&str, T)]) -> Result<T> {
        all.iter().find(|(name, _)| *name == word).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            Self::argument(option, word, format!("expected one of {}", names.join(", ")))
        })
    }

    /// An I/O error with what was attempted and on which path.
    #[must_use]
    pub fn io(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { action, source }.in_file(path.into().display().to_string())
    }
}

/// What a file says of itself, cut to what a person reads.
pub(crate) fn shortened(mut text: String) -> String {
    const LONGEST: usize = 400;
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn rounds(work: u64) -> String {
    if work == u64::MAX { "more rounds than can be counted".into() } else { format!("{work} rounds") }
}

fn list(words: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = words.iter().take(SHOWN).map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
    if words.len() > SHOWN {
        text.push_str(&format!(" and {} more", words.len() - SHOWN));
    }
    if words.is_empty() { "nothing".into() } else { text }
}
