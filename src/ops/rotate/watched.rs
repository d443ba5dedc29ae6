//! The record of the kit that a credential is in.

use std::path::PathBuf;

use super::Standing;
use crate::{
    cert::Certificate,
    connector::kit::{RECORD, Record},
    error::Result,
    secret::SecretBytes,
};

/// A record that may name the old certificate.
pub(super) struct Watched {
    pub(super) path: PathBuf,
    pub(super) octets: SecretBytes,
    read: Record,
}

impl Watched {
    /// The one beside the store. Where it is to be kept in step it has to be readable.
    pub(super) fn of(standing: &Standing, is_needed: bool) -> Result<Option<Self>> {
        let Some(input) = &standing.record else { return Ok(None) };
        let read = match Record::read(input.octets.expose()) {
            Ok(read) => read,
            Err(error) if is_needed => return Err(error.in_file(&*input.name)),
            Err(_) => return Ok(None),
        };
        let path = standing.path.with_file_name(RECORD);
        Ok(Some(Self { path, octets: input.octets.clone(), read }))
    }

    /// Whether it is a certificate's.
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        let recorded = self.read.certificate.as_ref();
        recorded.is_some_and(|recorded| recorded.thumbprint.as_str() == certificate.fingerprints().sha1)
    }

    /// Its place in words.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// What is to be written anew.
    pub(super) fn to_update(&self) -> (PathBuf, Record) {
        (self.path.clone(), self.read.clone())
    }
}
