//! `convert`: any store, key or certificate into any other form, several of them into one.

mod encode;
mod fit;
mod target;

use std::{collections::HashSet, path::PathBuf};

use rand_core::CryptoRng;

pub use target::Target;

use super::{Encoding, Origin, check_iterations, password_warnings};
use crate::{
    cert::Certificate,
    error::{Error, Result},
    key::{PrivateKey, PublicKey},
    output::plan::{PlannedFile, Purpose},
    report::CertificateSummary,
    secret::{Password, SecretBytes},
    store::{self, Content, Key, Store, Unlock, pkcs12::Compat},
    time::Instant,
};
use fit::Material;

/// What of the inputs is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Keys and certificates.
    #[default]
    All,
    /// Private keys alone.
    Key,
    /// Certificates alone.
    Certificates,
}

/// What `convert` is asked for.
pub struct Options {
    /// The format.
    pub target: Target,
    /// Which entry; all of them without.
    pub alias: Option<String>,
    /// What of it.
    pub part: Part,
    /// Whether `public_cert` of the JSON holds the whole chain. Other targets always do.
    pub chain: bool,
    /// Certificates that complete the chains, each with the file that it is from.
    pub add: Vec<(Certificate, String)>,
    /// Text or binary, where the target can be both.
    pub encoding: Option<Encoding>,
    /// The password of the new store, or of the key in it.
    pub password: Option<Password>,
    /// Whom a PFX is for.
    pub compat: Compat,
    /// Rounds of key derivation; the format's default without.
    pub iterations: Option<u32>,
    /// Where it goes.
    pub output: PathBuf,
}

impl Options {
    /// Everything that the inputs hold, into `target`, without a password.
    #[must_use]
    pub fn new(target: Target, output: PathBuf) -> Self {
        Self {
            target,
            alias: None,
            part: Part::All,
            chain: false,
            add: Vec::new(),
            encoding: None,
            password: None,
            compat: Compat::default(),
            iterations: None,
            output,
        }
    }
}

/// What `convert` made.
pub struct Converted {
    /// The file to write.
    pub file: PlannedFile,
    /// Its first certificate, for the summary.
    pub certificate: Option<CertificateSummary>,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
    /// What the user may want to know, one sentence each.
    pub notes: Vec<String>,
}

/// Makes the file. `inputs` are stores with the names of their files.
///
/// # Errors
/// [`Error::BadArgument`], [`Error::NoKey`], [`Error::NoCertificate`],
/// [`Error::AliasAmbiguous`], [`Error::AliasUnknown`], [`Error::KeyMismatch`],
/// [`Error::PasswordMissing`], [`Error::PasswordUnusable`], [`Error::Unwritable`].
pub fn convert(
    inputs: Vec<(Store, String)>,
    options: &Options,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<Converted> {
    check_iterations(options.iterations)?;
    let name = inputs.first().map(|(_, name)| name.clone()).unwrap_or_default();
    for (store, name) in &inputs {
        // With an alias the rest of a file is of no concern; what it names is judged below.
        let judged = if options.alias.is_none() { fit::check(store, options) } else { Ok(()) };
        judged.map_err(|error| error.in_file(name))?;
    }
    let mut origin = Origin::default();
    inputs.iter().for_each(|(store, name)| origin.add(store, name));
    let mut store = Store::combined(inputs.into_iter().map(|(store, _)| store).collect())?;
    complete(&mut store, &options.add)?;
    if let Some(alias) = &options.alias {
        let only = store.clone().only(alias).and_then(|store| fit::check(&store, options));
        only.map_err(|error| error.in_file(&name))?;
    }
    let mut said = fit::Said { warnings: origin.warnings, notes: origin.notes };
    let material = fit::fit(store, options, &mut said).map_err(|error| error.in_file(&name))?;
    if let Some(password) = &options.password {
        said.warnings.extend(password_warnings(password, options.target.is_store())?);
    }
    if options.target == Target::Pfx {
        said.notes.extend(options.compat.unread_by().map(str::to_owned));
    }
    let contents = encode::encode(&material, options, now, rng).map_err(|error| match error {
        unfit @ Error::Unwritable { .. } => unfit.in_file(&name),
        other => other,
    })?;
    let wanted = Wanted::of(&material);
    let unlock = Unlock { password: options.password.clone(), ..Unlock::default() };
    Ok(Converted {
        certificate: wanted.certificates.first().map(CertificateSummary::of),
        file: PlannedFile {
            path: options.output.clone(),
            contents,
            purpose: purpose(&material, options),
            proof: Box::new(move |octets| wanted.prove(octets, &unlock)),
        },
        warnings: said.warnings,
        notes: said.notes,
    })
}

/// Completes the chains; each certificate that was asked for must find its place.
fn complete(store: &mut Store, add: &[(Certificate, String)]) -> Result<()> {
    if add.is_empty() {
        return Ok(());
    }
    let all: Vec<Certificate> = add.iter().map(|(certificate, _)| certificate.clone()).collect();
    store.complete_chains(&all);
    let placed = store.chained();
    for (certificate, file) in add {
        if !placed.contains(certificate.der()) {
            let reason = format!(
                "\"{}\" issued no certificate in a chain here; to keep it as an entry of its own, name the file as another input",
                certificate.subject()
            );
            return Err(Error::argument("--add", file, reason));
        }
    }
    Ok(())
}

fn purpose(material: &Material, options: &Options) -> Purpose {
    match material {
        Material::Pair(..) => Purpose::GiveToConnector,
        Material::Key(_) => Purpose::KeepSecret,
        Material::Store { store, .. } if options.target.is_store() || store.key_count() > 0 => {
            Purpose::KeepSecret
        }
        Material::Store { .. } | Material::Certificates(_) | Material::PublicKey(_) => Purpose::Public,
    }
}

/// What must be found in the file when it is read back.
#[derive(Default)]
struct Wanted {
    keys: Vec<WantedKey>,
    /// Every certificate.
    certificates: Vec<Certificate>,
    /// Names and marks of certificates by themselves, where the format has them.
    marks: Vec<(Option<String>, bool)>,
    public_keys: Vec<PublicKey>,
    /// Whether the format keeps no more of the chains than their leaves; that was said.
    leaves_only: bool,
}

struct WantedKey {
    alias: Option<String>,
    key: SecretBytes,
    chain: Vec<Certificate>,
}

impl Wanted {
    fn of(material: &Material) -> Self {
        let mut wanted = Self::default();
        match material {
            Material::Store { store, keeps_chains } => {
                wanted.leaves_only = !keeps_chains;
                wanted.add_store(store);
            }
            Material::Certificates(certificates) => wanted.certificates.clone_from(certificates),
            Material::Key(key) => wanted.add_key(None, key, &[]),
            Material::PublicKey(key) => wanted.public_keys.push(key.clone()),
            Material::Pair(key, chain) => wanted.add_key(None, key, chain),
        }
        wanted
    }

    fn add_key(&mut self, alias: Option<String>, key: &PrivateKey, chain: &[Certificate]) {
        self.keys.push(WantedKey { alias, key: key.pkcs8_der().clone(), chain: chain.to_vec() });
        self.certificates.extend(chain.iter().cloned());
    }

    fn add_store(&mut self, store: &Store) {
        for entry in &store.entries {
            match &entry.content {
                Content::Key { key: Key::Open(key), chain } => self.add_key(entry.alias.clone(), key, chain),
                Content::Certificate { certificate, trusted } => {
                    self.certificates.push(certificate.clone());
                    self.marks.push((entry.alias.clone(), *trusted));
                }
                Content::PublicKey(key) => self.public_keys.push(key.clone()),
                Content::Key { .. } | Content::Opaque { .. } => {}
            }
        }
    }

    /// The same keys with the same names and chains, and the same certificates.
    fn prove(&self, octets: &[u8], unlock: &Unlock) -> Result<()> {
        let mut found = Self::default();
        found.add_store(&store::read(octets, unlock)?);
        let same_keys = self.keys.len() == found.keys.len()
            && self.keys.iter().zip(&found.keys).all(|(wanted, found)| {
                let chain = match self.leaves_only {
                    false => wanted.chain == found.chain,
                    true => wanted.chain.first() == found.chain.first(),
                };
                wanted.alias == found.alias && wanted.key.same_as(&found.key) && chain
            });
        let set = |all: &[Certificate]| -> HashSet<Vec<u8>> {
            all.iter().map(|certificate| certificate.der().to_vec()).collect()
        };
        let same = same_keys
            && set(&self.certificates) == set(&found.certificates)
            && self.marks.iter().all(|mark| mark.0.is_none() || found.marks.contains(mark))
            && self.public_keys == found.public_keys;
        if same { Ok(()) } else { Err(Error::Internal("it holds other keys or certificates".into())) }
    }
}
