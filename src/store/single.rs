//! Files that hold one structure in DER or BER: a key, a certificate, a bundle.

use super::{Format, Store, Unlock, detect::Kind, loose::Loose};
use crate::{error::Result, limits::WorkBudget};

/// The format of a file that is one structure of this kind; `None` where no such file is read.
pub(super) fn format(kind: Kind) -> Option<Format> {
    Some(match kind {
        Kind::Certificate => Format::Certificate,
        Kind::CertificateRequest => Format::CertificateRequest,
        Kind::Crl => Format::Crl,
        Kind::Dsa => Format::Dsa,
        Kind::EncryptedPkcs8 => Format::EncryptedPkcs8,
        Kind::Pkcs1 => Format::Pkcs1,
        Kind::Pkcs7 => Format::Pkcs7,
        Kind::Pkcs8 => Format::Pkcs8,
        Kind::PublicKey => Format::PublicKey,
        Kind::RsaPublicKey => Format::RsaPublicKey,
        Kind::Sec1 => Format::Sec1,
        _ => return None,
    })
}

/// Reads such a file.
///
/// # Errors
/// As [`super::read`].
pub(super) fn read(kind: Kind, octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let mut store = Store::new(format(kind).ok_or_else(|| kind.refusal())?);
    let mut loose = Loose::default();
    loose.add_structure(kind, octets, unlock, budget)?;
    loose.require_right_password()?;
    loose.assemble(&mut store)?;
    Ok(store)
}
