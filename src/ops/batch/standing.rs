//! What there is of an order already: whether its files are all there, belong together, and are what
//! the list asks for now.

use std::path::Path;

use rand_core::CryptoRng;

use crate::{
    cert::{self, Certificate, verify},
    error::{Error, Result},
    key::PrivateKey,
    ops::{
        Input,
        generate::{Emit, Options, Pair},
    },
    report::CertificateSummary,
    store::{self, Format, Store, Unlock, connector_json, pem},
    time::Instant,
};

/// How an order stands.
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
    Incomplete(Box<Incomplete>),
}

/// What an order lacks.
pub struct Incomplete {
    /// What is wrong, in words.
    pub reason: String,
    /// The files to be made.
    pub lacks: Vec<Emit>,
    /// The credential that the other files hold; without it all files have to be made anew.
    pub pair: Option<Pair>,
}

/// The password of an order's stores.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody chose it: where it opens nothing, the store is somebody's.
    Chosen,
    /// It was made for this order: where it opens nothing, an earlier run was interrupted.
    Made,
}

/// How an order stands, with its password filled in if there is one. `read` gives a file, or nothing
/// where there is none.
///
/// # Errors
/// [`Error::OutputDiffers`], naming the file, for a good credential that is not the one asked for:
/// another password, alias, subject, name or kind of key. What `read` fails with.
pub fn judge(
    options: &Options,
    password: Origin,
    read: impl Fn(&Path) -> Result<Option<Input>>,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<Standing> {
    let Found { is_absent, pieces, mut lacks, mut reasons } = Found::look(options, password, read)?;
    if is_absent {
        return Ok(Standing::Absent);
    }
    let (key, certificate) = match together(&pieces) {
        Ok(found) => found,
        Err(reason) => {
            let lacks = options.forms().collect();
            return Ok(Standing::Incomplete(Box::new(Incomplete { reason, lacks, pair: None })));
        }
    };
    if let Some(detail) = differences(options, key, certificate, rng)? {
        let file = pieces.first().map_or("", |piece| &piece.input.name);
        return Err(Error::OutputDiffers { detail }.in_file(file));
    }
    for piece in &pieces {
        if !piece.is_as_written(key, certificate)? {
            lacks.push(piece.emit);
            reasons.push(format!("{} is not as it was written", piece.input.name));
        }
    }
    if !lacks.is_empty() {
        let pair = key.cloned().zip(certificate.cloned()).map(|(key, certificate)| Pair { key, certificate });
        let reason = reasons.join(", ");
        return Ok(Standing::Incomplete(Box::new(Incomplete { reason, lacks, pair })));
    }
    let expired = |leaf: &&Certificate| verify::currency(leaf, now) == verify::Currency::Expired;
    let file = &pieces[0].input.name;
    let warning = |leaf: &Certificate| format!("{file}: the certificate expired on {}", leaf.not_after());
    Ok(Standing::Complete {
        certificate: certificate.map(|leaf| Box::new(CertificateSummary::of(leaf))),
        warnings: certificate.filter(expired).map(warning).into_iter().collect(),
    })
}

/// What was found of an order, file by file.
struct Found {
    /// Whether there is no file at all.
    is_absent: bool,
    /// The files that open.
    pieces: Vec<Piece>,
    /// The files that are missing or damaged, and why.
    lacks: Vec<Emit>,
    reasons: Vec<String>,
}

impl Found {
    fn look(
        options: &Options,
        password: Origin,
        read: impl Fn(&Path) -> Result<Option<Input>>,
    ) -> Result<Self> {
        let mut found = Self { is_absent: true, pieces: Vec::new(), lacks: Vec::new(), reasons: Vec::new() };
        for emit in options.forms() {
            let path = options.target(emit);
            let name = path.display().to_string();
            let Some(input) = read(&path)? else {
                found.lacks.push(emit);
                found.reasons.push(format!("{name} is missing"));
                continue;
            };
            found.is_absent = false;
            match Piece::read(options, emit, input) {
                Ok(piece) => found.pieces.push(piece),
                Err(error) => {
                    if let Some(detail) = somebodys(&error, password) {
                        return Err(Error::OutputDiffers { detail }.in_file(name));
                    }
                    found.lacks.push(emit);
                    found.reasons.push(format!("{name}: {error}"));
                }
            }
        }
        Ok(found)
    }
}

/// Why a file that cannot be used may be good for somebody else; `None` for one that is damaged.
fn somebodys(error: &Error, password: Origin) -> Option<String> {
    match error.cause() {
        Error::WrongPassword { .. } if password == Origin::Chosen => {
            Some("the password that is asked for does not open it".into())
        }
        Error::PasswordMissing { .. } => Some("it needs a password that is not there".into()),
        Error::AliasAmbiguous { .. } => Some("it holds several keys".into()),
        Error::OutputDiffers { detail } => Some(detail.clone()),
        Error::KdfTooCostly { .. }
        | Error::NoCertificate { .. }
        | Error::NoKey { .. }
        | Error::UnsupportedAlgorithm { .. } => Some(error.to_string()),
        _ => None,
    }
}

/// One file and what it holds.
struct Piece {
    emit: Emit,
    input: Input,
    key: Option<PrivateKey>,
    certificate: Option<Certificate>,
}

impl Piece {
    fn read(options: &Options, emit: Emit, input: Input) -> Result<Self> {
        let password = options.password.clone().filter(|_| emit.needs_password());
        let store = store::read(input.octets.expose(), &Unlock { password, ..Unlock::default() })?;
        if matches!(emit, Emit::Cer | Emit::Cert) {
            let (_, certificate, _) = store.certificate_entry(None)?;
            let certificate = Some(certificate.clone());
            return Ok(Self { emit, input, key: None, certificate });
        }
        let (index, key, chain) = store.key_entry(None)?;
        if emit.needs_password() {
            require_store(options, emit, &store, index)?;
        }
        let (key, certificate) = (Some(key.clone()), chain.first().cloned());
        Ok(Self { emit, input, key, certificate })
    }

    /// Whether the file is octet for octet what would be written of the credential. A store was opened
    /// and looked into instead: no two of them are alike.
    fn is_as_written(&self, key: Option<&PrivateKey>, certificate: Option<&Certificate>) -> Result<bool> {
        let chain = certificate.map(std::slice::from_ref).unwrap_or_default();
        Ok(match (self.emit, key, certificate) {
            (Emit::Cer, _, Some(certificate)) => self.input.octets.expose() == certificate.der(),
            (Emit::Cert, _, Some(_)) => self.input.octets.expose() == pem::certificates(chain)?.as_bytes(),
            (Emit::Json, Some(key), Some(_)) => {
                connector_json::write(key, chain)?.same_as(&self.input.octets)
            }
            (Emit::Key, Some(key), _) => pem::private_key(key)?.same_as(&self.input.octets),
            (Emit::Pfx | Emit::Jks, ..) => true,
            _ => false,
        })
    }
}

/// A store of the form that was asked for, with one entry of the right name in it and nothing around it.
fn require_store(options: &Options, emit: Emit, store: &Store, index: usize) -> Result<()> {
    let (format, alias) = match emit {
        // A JKS holds names in lower case.
        Emit::Jks => (Format::Jks, options.alias.to_lowercase()),
        _ => (Format::Pkcs12, options.alias.clone()),
    };
    if store.format != format {
        let expected = "the store that was asked for";
        return Err(Error::WrongKind { found: store.format.to_string(), expected, remedy: None });
    }
    if let Some(around) = store.wrapped {
        return Err(Error::damaged("store", format!("there is {around}")));
    }
    if store.entries.len() > 1 {
        return Err(Error::OutputDiffers { detail: "it holds more than one entry".into() });
    }
    let found = store.entries[index].alias.as_deref().unwrap_or_default();
    if found != alias {
        return Err(Error::OutputDiffers { detail: format!("its entry is \"{found}\", not \"{alias}\"") });
    }
    if store.entries[index].certificates().is_empty() {
        return Err(Error::NoCertificate { found: "a key alone".into() });
    }
    Ok(())
}

/// The key and the certificate, if all files have the same, they fit, and the certificate is its key's own.
fn together(pieces: &[Piece]) -> std::result::Result<(Option<&PrivateKey>, Option<&Certificate>), String> {
    let mut keys = pieces.iter().filter_map(|piece| Some((&piece.input.name, piece.key.as_ref()?)));
    let mut certificates =
        pieces.iter().filter_map(|piece| Some((&piece.input.name, piece.certificate.as_ref()?)));
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
    if let Some((file, certificate)) = certificate
        && verify::is_signed_by_itself(certificate) == Some(false)
    {
        return Err(format!("{file}: the certificate's signature is not its key's"));
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
    let of_certificate = certificate.map(|certificate| certificate.public_key().algorithm());
    if let Some(found) = key.map(PrivateKey::algorithm).or(of_certificate).filter(|found| **found != wanted) {
        return Ok(Some(format!("its key is {found}, not {wanted}")));
    }
    let Some(certificate) = certificate else { return Ok(None) };
    let subject = options.params.subject();
    if certificate.subject() != subject {
        return Ok(Some(format!("its subject is {}, not {subject}", certificate.subject())));
    }
    if let Some(key) = key
        && cert::self_signed(&options.params, key, rng)?.extensions() != certificate.extensions()
    {
        return Ok(Some("the certificate's names or uses are others".into()));
    }
    Ok(None)
}
