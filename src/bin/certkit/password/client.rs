//! Client secrets: passwords that Entra makes.

use std::path::PathBuf;

use certkit::{connector::config::ClientSecret, error::Error};

use super::source::{Source, Use};
use crate::{context::Context, failure::Failure};

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
