//! One operation per command: options in, a plan or a report out. No I/O, no clock, no terminal:
//! files arrive as [`Input`]s, the time and the random generator as arguments.

pub mod batch;
pub mod check;
pub mod connector;
pub mod convert;
pub mod export_cer;
pub mod export_json;
pub mod generate;
pub mod inspect;
pub mod passwd;
pub mod rotate;
pub mod scan;

use crate::{
    cert::{Certificate, verify},
    error::{Error, Result},
    key::Algorithm,
    secret::{Password, SecretBytes},
    store::{self, Integrity, Store, Unlock},
    time::Instant,
};

/// Text or binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// DER, binary.
    Der,
    /// PEM, text.
    Pem,
}

/// What of a file is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Its certificates.
    Certificate,
    /// Its private keys too.
    Key,
}

/// A file that was read, under the name that the user gave it.
pub struct Input {
    /// The name, for messages.
    pub name: String,
    /// The octets.
    pub octets: SecretBytes,
}

impl Input {
    /// Reads it as a store.
    ///
    /// # Errors
    /// As [`store::read`], naming the file.
    pub fn open(&self, unlock: &Unlock) -> Result<Store> {
        store::read(self.octets.expose(), unlock).map_err(|error| error.in_file(&self.name))
    }

    /// Reads it as a store: with what `unlock` has, and, where that is no password, with the one
    /// that `ask` gives if what is needed of the file turns out to need one. Where there is nobody
    /// to ask and only the store's own check needs a password, it is read unchecked.
    ///
    /// # Errors
    /// As [`store::read`], and what `ask` fails with.
    pub fn open_for(
        &self,
        need: Need,
        unlock: &Unlock,
        ask: impl FnOnce() -> Result<Unlock>,
    ) -> Result<Store> {
        let store = self.open(unlock)?;
        let certificates_open = store.locked_parts == 0;
        let open = match need {
            Need::Certificate => certificates_open && store.integrity != Integrity::Unchecked,
            Need::Key => !store.needs_password(),
        };
        if open || unlock.password.is_some() {
            return Ok(store);
        }
        match ask() {
            Ok(unlock) => self.open(&unlock),
            Err(Error::PasswordMissing { .. })
                if certificates_open && (need == Need::Certificate || !store.has_locked_key()) =>
            {
                Ok(store)
            }
            Err(error) => Err(error.in_file(&self.name)),
        }
    }
}

/// Proof of a store: it opens, and holds this key under this alias with this chain.
fn prove_store(
    octets: &[u8],
    unlock: &Unlock,
    alias: Option<&str>,
    key: &SecretBytes,
    chain: &[Certificate],
) -> Result<()> {
    let store = store::read(octets, unlock)?;
    let (index, found, found_chain) = store.key_entry(None)?;
    let same = found.pkcs8_der().same_as(key)
        && found_chain == chain
        && store.entries[index].alias.as_deref() == alias;
    if same { Ok(()) } else { Err(Error::Internal("it holds another key, chain or alias".into())) }
}

/// Proof of a certificate file, DER or PEM.
fn prove_certificates(octets: &[u8], expected: &[Certificate]) -> Result<()> {
    let store = store::read(octets, &Unlock::default())?;
    let same = store.entries.len() == expected.len()
        && store.entries.iter().zip(expected).all(|(entry, expected)| {
            matches!(&entry.content, store::Content::Certificate { certificate, .. } if certificate == expected)
        });
    if same { Ok(()) } else { Err(Error::Internal("it holds other certificates".into())) }
}

/// What is to be said of a store that something was taken from, whatever was made of it.
#[derive(Default)]
struct Origin {
    warnings: Vec<String>,
    notes: Vec<String>,
}

impl Origin {
    fn add(&mut self, store: &Store, name: &str) {
        self.warnings.extend(unchecked(store).map(str::to_owned));
        self.notes.extend(store.notes.iter().map(|note| format!("{name}: {note}")));
    }
}

/// What is to be said of a store whose own check was left out.
#[must_use]
pub fn unchecked(store: &Store) -> Option<&'static str> {
    (store.integrity == Integrity::Unchecked).then_some(UNCHECKED)
}

/// Said of what comes from a store whose own check needs a password that was not given.
const UNCHECKED: &str = "the integrity of the store was not checked: no password was given";

/// What is to be said of a password that a store or key gets; `for_store` where keytool is to open
/// it.
///
/// # Errors
/// [`Error::PasswordUnusable`] for one that nothing can be opened with.
fn password_warnings(password: &Password, for_store: bool) -> Result<Vec<String>> {
    if password.is_empty() {
        return Err(Error::PasswordUnusable { reason: "is empty; a store needs one that is not".into() });
    }
    if password.expose().chars().any(char::is_control) {
        let reason = "holds a control character, which no prompt can take".into();
        return Err(Error::PasswordUnusable { reason });
    }
    let mut warnings = Vec::new();
    if for_store && !password.expose().is_ascii() {
        warnings.push("the password is not ASCII: keytool cannot open the store".into());
    }
    if for_store && password.expose().chars().count() < 6 {
        warnings.push(
            "the password has fewer than 6 characters: keytool refuses to change or add to the store".into(),
        );
    }
    Ok(warnings)
}

/// Whether a count of key-derivation rounds is one that certkit writes.
///
/// # Errors
/// [`Error::BadArgument`].
fn check_iterations(iterations: Option<u32>) -> Result<()> {
    use store::pkcs12::{LEAST_ITERATIONS, MOST_ITERATIONS};
    match iterations {
        Some(count) if !(LEAST_ITERATIONS..=MOST_ITERATIONS).contains(&count) => {
            let reason = format!("expected {LEAST_ITERATIONS} to {MOST_ITERATIONS}");
            Err(Error::argument("--iterations", count.to_string(), reason))
        }
        _ => Ok(()),
    }
}

/// What Microsoft Entra ID would refuse or dislike about a certificate.
fn credential_warnings(leaf: &Certificate, now: Instant) -> Vec<String> {
    let mut warnings = Vec::new();
    match verify::currency(leaf, now) {
        verify::Currency::Expired => {
            warnings.push(format!("the certificate expired on {}: Entra refuses it", leaf.not_after()));
        }
        verify::Currency::NotYetValid => {
            warnings.push(format!("the certificate is valid only from {} on", leaf.not_before()));
        }
        verify::Currency::Valid => {}
    }
    match leaf.public_key().algorithm() {
        Algorithm::Rsa(bits) if *bits < 2048 => {
            warnings.push(format!("the RSA key has {bits} bits; Entra recommends 2048 or more"));
        }
        Algorithm::Rsa(_) => {}
        other => warnings.push(format!("the key is {other}; Microsoft Entra ID takes RSA keys only")),
    }
    warnings
}
