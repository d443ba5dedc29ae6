//! Judgements about a certificate and its key: values, not just yes or no.

use super::Certificate;
use crate::{
    error::{Error, Result},
    key::PrivateKey,
    time::Instant,
};

/// Whether a private key and a certificate belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The certificate certifies this key.
    Fits,
    /// It certifies another.
    Differs,
    /// The kind of key is not one whose public half can be computed here.
    Unknown,
}

/// Whether a certificate's signature is that of the key in it; `None` where it cannot be told here.
#[must_use]
pub fn is_signed_by_itself(certificate: &Certificate) -> Option<bool> {
    super::signature::signed_by(certificate, certificate)
}

/// What a certificate's signature says of the certificate itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// Its own key made it: nothing in it was changed.
    Own,
    /// It names itself as its issuer, and its key did not make the signature: something was changed.
    Broken,
    /// Another key made it, which it names: only that one's certificate can tell.
    Foreign,
    /// Its own key did not make it, and no other is named.
    Unnamed,
    /// Its algorithm is not computed here.
    Unknown,
}

/// Judges a certificate's signature without any other certificate.
#[must_use]
pub fn seal(certificate: &Certificate) -> Seal {
    match is_signed_by_itself(certificate) {
        Some(true) => Seal::Own,
        None if !super::signature::is_computed(certificate) && certificate.is_self_issued() => Seal::Unknown,
        _ if certificate.is_self_issued() => Seal::Broken,
        _ if certificate.names_another_key() => Seal::Foreign,
        _ => Seal::Unnamed,
    }
}

/// Compares the key's public half with the certificate's.
///
/// # Errors
/// [`Error::Damaged`] where the private key's own parts do not agree.
pub fn fit(key: &PrivateKey, certificate: &Certificate) -> Result<Fit> {
    key.check()?;
    Ok(match key.public() {
        Some(public) if public.same_key(certificate.public_key()) => Fit::Fits,
        Some(_) => Fit::Differs,
        None => Fit::Unknown,
    })
}

/// Requires that they belong together.
///
/// # Errors
/// [`Error::KeyMismatch`], [`Error::Damaged`].
pub fn require_fit(key: &PrivateKey, certificate: &Certificate) -> Result<()> {
    match fit(key, certificate)? {
        Fit::Fits => Ok(()),
        Fit::Differs => Err(Error::KeyMismatch {
            detail: format!(
                "the key is {}, the certificate \"{}\" certifies another {} key",
                key.algorithm(),
                certificate.subject(),
                certificate.public_key().algorithm()
            ),
        }),
        Fit::Unknown => Err(Error::UnsupportedAlgorithm {
            role: "private key",
            name: Some("a kind of which it cannot be told whether it is the certificate's"),
            oid: key.algorithm().to_string(),
        }),
    }
}

/// Where an instant lies in a certificate's validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Before its first second.
    NotYetValid,
    /// Within.
    Valid,
    /// After its last second.
    Expired,
}

/// Where `now` lies in the certificate's validity, whose ends are included.
#[must_use]
pub fn currency(certificate: &Certificate, now: Instant) -> Currency {
    if now < certificate.not_before() {
        Currency::NotYetValid
    } else if now > certificate.not_after() {
        Currency::Expired
    } else {
        Currency::Valid
    }
}
