//! What an earlier run has made of an order: whether its files are all there, belong together, and
//! are what the list asks for now.

use std::path::Path;

use rand_core::CryptoRng;

use crate::{
    cert::{self, Certificate, verify},
    error::{Error, Result},
    key::PrivateKey,
    ops::{
        Input,
        generate::{Emit, Options},
    },
    report::CertificateSummary,
    store::{self, Content, Unlock},
    time::Instant,
};

/// How an order stands.
#[derive(Debug)]
pub enum Standing {
    /// There is nothing of it.
    Absent,
    /// All of it is there, and proven: each file opens, key and certificate are one pair and the same
    /// in all of them, and they are what is asked for.
    Complete {
        /// The certificate; none where none is asked for.
        certificate: Option<Box<CertificateSummary>>,
        /// What the user should know, one sentence each.
        warnings: Vec<String>,
    },
    /// Some of it is missing or damaged.
    Incomplete {
        /// What.
        reason: String,
    },
}

/// How an order stands, with its password filled in. `read` gives a file, or nothing where there is
/// none.
///
/// # Errors
/// [`Error::OutputDiffers`], naming the file, for a good credential that is not the one asked for:
/// another password, alias, subject, name or kind of key. What `read` fails with.
pub fn judge(
    options: &Options,
    read: impl Fn(&Path) -> Result<Option<Input>>,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<Standing> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for emit in options.forms() {
        let path = options.target(emit);
        match read(&path)? {
            Some(input) => found.push((emit, input)),
            None => missing.push(path.display().to_string()),
        }
    }
    if found.is_empty() {
        return Ok(Standing::Absent);
    }
    let mut pieces = Vec::with_capacity(found.len());
    for (emit, input) in &found {
        match piece(options, *emit, input) {
            Ok(piece) => pieces.push((input.name.as_str(), piece)),
            Err(error @ Error::OutputDiffers { .. }) => return Err(error.in_file(&input.name)),
            Err(error) => return Ok(incomplete(format!("{}: {error}", input.name))),
        }
    }
    if !missing.is_empty() {
        return Ok(incomplete(format!("{} is missing", missing.join(", "))));
    }
    let (key, certificate) = match together(&pieces) {
        Ok(pair) => pair,
        Err(reason) => return Ok(incomplete(reason)),
    };
    let differs = differences(options, key, certificate, rng)?;
    if let Some(detail) = differs {
        return Err(Error::OutputDiffers { detail }.in_file(&found[0].1.name));
    }
    let expired = certificate.filter(|leaf| verify::currency(leaf, now) == verify::Currency::Expired);
    Ok(Standing::Complete {
        certificate: certificate.map(|leaf| Box::new(CertificateSummary::of(leaf))),
        warnings: expired
            .map(|leaf| format!("the certificate expired on {}", leaf.not_after()))
            .into_iter()
            .collect(),
    })
}

fn incomplete(reason: String) -> Standing {
    Standing::Incomplete { reason }
}

/// What one file holds.
#[derive(Default)]
struct Piece {
    key: Option<PrivateKey>,
    certificate: Option<Certificate>,
}

fn piece(options: &Options, emit: Emit, input: &Input) -> Result<Piece> {
    let password = options.password.clone().filter(|_| emit.needs_password());
    let opened = store::read(input.octets.expose(), &Unlock { password, ..Unlock::default() });
    let store = opened.map_err(|error| match error {
        Error::WrongPassword { .. } => {
            Error::OutputDiffers { detail: "the password that is asked for does not open it".into() }
        }
        other => other,
    })?;
    if matches!(emit, Emit::Cer | Emit::Cert) {
        let certificate = store.entries.into_iter().find_map(|entry| match entry.content {
            Content::Certificate { certificate, .. } => Some(certificate),
            _ => None,
        });
        return Ok(Piece { key: None, certificate });
    }
    let (index, key, chain) = store.key_entry(None)?;
    let alias = store.entries[index].alias.as_deref().unwrap_or_default();
    // A JKS holds names in lower case.
    if emit.needs_password() && alias.to_lowercase() != options.alias.to_lowercase() {
        let detail = format!("its entry is \"{alias}\", not \"{}\"", options.alias);
        return Err(Error::OutputDiffers { detail });
    }
    Ok(Piece { key: Some(key.clone()), certificate: chain.first().cloned() })
}

/// The key and the certificate, if all files have the same.
fn together<'a>(
    pieces: &'a [(&str, Piece)],
) -> std::result::Result<(Option<&'a PrivateKey>, Option<&'a Certificate>), String> {
    let mut keys = pieces.iter().filter_map(|(name, piece)| Some((*name, piece.key.as_ref()?)));
    let mut certificates =
        pieces.iter().filter_map(|(name, piece)| Some((*name, piece.certificate.as_ref()?)));
    let (key, certificate) = (keys.next(), certificates.next());
    if let Some((first, key)) = key
        && let Some((other, _)) = keys.find(|(_, other)| !other.pkcs8_der().same_as(key.pkcs8_der()))
    {
        return Err(format!("{first} and {other} hold different keys"));
    }
    if let Some((first, certificate)) = certificate
        && let Some((other, _)) = certificates.find(|(_, other)| *other != certificate)
    {
        return Err(format!("{first} and {other} hold different certificates"));
    }
    if let (Some((key_file, key)), Some((file, certificate))) = (key, certificate)
        && let Err(error) = verify::require_fit(key, certificate)
    {
        return Err(format!("{key_file} and {file}: {error}"));
    }
    Ok((key.map(|(_, key)| key), certificate.map(|(_, certificate)| certificate)))
}

/// How a credential differs from what is asked for. With its key, the certificate is made anew and
/// compared: all but the validity, which counts from the moment it is made, and the serial number.
fn differences(
    options: &Options,
    key: Option<&PrivateKey>,
    certificate: Option<&Certificate>,
    rng: &mut dyn CryptoRng,
) -> Result<Option<String>> {
    let wanted = options.key.algorithm();
    let found = match (key, certificate) {
        (Some(key), _) => Some(key.algorithm()),
        (None, Some(certificate)) => Some(certificate.public_key().algorithm()),
        (None, None) => None,
    };
    if let Some(found) = found.filter(|found| **found != wanted) {
        return Ok(Some(format!("its key is {found}, not {wanted}")));
    }
    let (Some(key), Some(certificate)) = (key, certificate) else { return Ok(None) };
    let again = cert::self_signed(&options.params, key, rng)?;
    if again.subject() != certificate.subject() {
        return Ok(Some(format!("its subject is {}, not {}", certificate.subject(), again.subject())));
    }
    if again.extensions() != certificate.extensions() {
        return Ok(Some("the certificate's names or uses are others".into()));
    }
    Ok(None)
}
