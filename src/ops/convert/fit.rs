//! What of a store goes into a target, and what is said of the rest: nothing is left out without
//! a word.

use std::collections::HashSet;

use super::{Options, Part, Target};
use crate::ops::UNCHECKED;
use crate::{
    cert::{Certificate, chain, verify},
    error::{Error, Result},
    key::{PrivateKey, PublicKey},
    store::{Content, Entry, Integrity, Key, Store},
};

/// What a target does not hold as it was.
#[derive(Default)]
pub(super) struct Said {
    /// What was left out.
    pub(super) warnings: Vec<String>,
    /// Names that changed or were left out.
    pub(super) notes: Vec<String>,
}

/// What a target is made of.
pub(super) enum Material {
    Store(Store),
    Certificates(Vec<Certificate>),
    Key(PrivateKey),
    PublicKey(PublicKey),
    /// A key and its chain, leaf first.
    Pair(PrivateKey, Vec<Certificate>),
}

/// Takes from `store` what the target holds; what it does not goes into `said`.
pub(super) fn fit(store: Store, options: &Options, said: &mut Said) -> Result<Material> {
    let target = options.target;
    let store = match &options.alias {
        Some(alias) => store.only(alias)?,
        None => store,
    };
    let store = take_part(store, options.part)?;
    require_open(&store)?;
    if store.integrity == Integrity::Unchecked {
        said.warnings.push(UNCHECKED.into());
    }
    if !target.is_store() {
        say_aliases(&store, target, said);
        say_trust(&store, target, said);
    }
    match target {
        Target::Pfx | Target::Jks | Target::Jceks | Target::Pem => {
            fit_store(store, target, said).map(Material::Store)
        }
        Target::P7b => {
            let keys = store.entries.iter().filter(|entry| matches!(entry.content, Content::Key { .. }));
            say_left_out(target, keys.count(), "private key", said);
            say_others(&store, target, said);
            let certificates = certificates(store.entries);
            match certificates.is_empty() {
                true => Err(Error::NoCertificate { found: "no certificate".into() }),
                false => Ok(Material::Certificates(certificates)),
            }
        }
        Target::Pkcs8 | Target::Pkcs1 | Target::Sec1 => {
            let (index, key, chain) = store.key_entry(None)?;
            let (key, chain) = (key.clone(), chain.len());
            let others = count_certificates(&store, index);
            say_left_out(target, chain + others, "certificate", said);
            Ok(Material::Key(key))
        }
        Target::Der => fit_one(&store, target, said),
        Target::Json => {
            let (index, key, chain) = store.key_entry(None)?;
            let Some(leaf) = chain.first() else {
                return Err(Error::NoCertificate { found: store.summary() });
            };
            verify::require_fit(key, leaf)?;
            let kept = if options.chain { chain } else { &chain[..1] };
            let pair = Material::Pair(key.clone(), kept.to_vec());
            // The leaf alone is what the JSON is defined to hold; a chain is no loss there.
            say_left_out(target, count_certificates(&store, index), "certificate", said);
            Ok(pair)
        }
    }
}

/// The keys, the certificates, or all.
fn take_part(mut store: Store, part: Part) -> Result<Store> {
    match part {
        Part::All => {}
        Part::Key => {
            let found = store.summary();
            store.entries.retain(|entry| matches!(entry.content, Content::Key { .. }));
            for entry in &mut store.entries {
                if let Content::Key { chain, .. } = &mut entry.content {
                    chain.clear();
                }
            }
            if store.entries.is_empty() {
                return Err(Error::NoKey { found });
            }
        }
        Part::Certificates => {
            let found = store.summary();
            let mut seen = HashSet::new();
            store.entries = std::mem::take(&mut store.entries)
                .into_iter()
                .flat_map(|entry| certificate_entries(entry, &mut seen))
                .collect();
            if store.entries.is_empty() {
                return Err(Error::NoCertificate { found });
            }
        }
    }
    Ok(store)
}

/// An entry's certificates as entries of their own, each once.
fn certificate_entries(entry: Entry, seen: &mut HashSet<Vec<u8>>) -> Vec<Entry> {
    let (chain, trusted) = match entry.content {
        Content::Key { chain, .. } => (chain, false),
        Content::Certificate { certificate, trusted } => (vec![certificate], trusted),
        Content::Opaque { .. } | Content::PublicKey(_) => return Vec::new(),
    };
    let mut alias = entry.alias;
    chain
        .into_iter()
        .filter(|certificate| seen.insert(certificate.der().to_vec()))
        .map(|certificate| Entry {
            alias: alias.take(),
            content: Content::Certificate { certificate, trusted },
        })
        .collect()
}

/// Whatever is to be written must have been opened.
fn require_open(store: &Store) -> Result<()> {
    if store.locked_parts > 0 {
        return Err(Error::PasswordMissing { purpose: "to open it" });
    }
    for entry in &store.entries {
        match &entry.content {
            Content::Key { key: Key::Locked(_), .. } => {
                return Err(Error::PasswordMissing {
                    purpose: "to open the private key (--key-password SOURCE, where it is not the store's)",
                });
            }
            // A key from a store whose integrity nobody has checked is not passed on.
            Content::Key { .. } if store.integrity == Integrity::Unchecked => {
                return Err(Error::PasswordMissing { purpose: "to open it" });
            }
            _ => {}
        }
    }
    Ok(())
}

fn fit_store(mut store: Store, target: Target, said: &mut Said) -> Result<Store> {
    let java = matches!(target, Target::Jks | Target::Jceks);
    require_fits(&store)?;
    say_others(&store, target, said);
    store.entries.retain(|entry| match entry.content {
        Content::Opaque { .. } => false,
        Content::PublicKey(_) => target == Target::Pem,
        _ => true,
    });
    if store.entries.is_empty() {
        return Err(Error::NoKey { found: "nothing that it can hold".into() });
    }
    for (index, entry) in store.entries.iter().enumerate() {
        if let Content::Key { chain, .. } = &entry.content {
            if java && chain.is_empty() {
                let what = format!("the private key \"{}\" without its certificate", store.label(index));
                return Err(Error::Unwritable { what, target: target.describe() });
            }
            if !java && !chain::is_ordered(chain) {
                said.warnings.push(format!(
                    "the chain of \"{}\" does not link up: a {} keeps its certificates, not their order",
                    store.label(index),
                    target.describe()
                ));
            }
        }
    }
    match target {
        Target::Jks | Target::Jceks => name_for_java(&mut store, target, said),
        Target::Pem => store.entries.iter_mut().for_each(|entry| entry.alias = None),
        _ => say_equal_names(&store, said),
    }
    if !java {
        // Both are read back with their keys first.
        store.entries.sort_by_key(|entry| !matches!(entry.content, Content::Key { .. }));
    }
    Ok(store)
}

/// Java's stores know entries by name, without regard to case.
fn name_for_java(store: &mut Store, target: Target, said: &mut Said) {
    let mut taken = HashSet::new();
    for (index, entry) in store.entries.iter_mut().enumerate() {
        let old = entry.alias.take().filter(|alias| !alias.is_empty());
        let base = old.as_deref().map_or_else(|| (index + 1).to_string(), str::to_lowercase);
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        match old {
            Some(old) if old != name => {
                said.notes.push(format!("\"{old}\" is \"{name}\" in a {}", target.describe()));
            }
            Some(_) => {}
            None => {
                said.notes.push(format!("an entry without a name is \"{name}\" in a {}", target.describe()))
            }
        }
        entry.alias = Some(name);
        if let Content::Certificate { trusted, .. } = &mut entry.content {
            if !*trusted {
                said.notes.push(format!(
                    "the certificate \"{}\" is a trusted one in a {}, which has no others",
                    entry.alias.as_deref().unwrap_or_default(),
                    target.describe()
                ));
            }
            *trusted = true;
        }
    }
}

/// One certificate or key by itself.
fn fit_one(store: &Store, target: Target, said: &mut Said) -> Result<Material> {
    let has = |wanted: fn(&Content) -> bool| store.entries.iter().any(|entry| wanted(&entry.content));
    let certificate = |content: &Content| match content {
        Content::Certificate { .. } => true,
        Content::Key { chain, .. } => !chain.is_empty(),
        _ => false,
    };
    if has(certificate) {
        let (index, leaf, rest) = store.certificate_entry(None)?;
        let keys = store.entries.iter().filter(|entry| matches!(entry.content, Content::Key { .. }));
        say_left_out(target, keys.count(), "private key", said);
        say_left_out(target, rest.len() + count_certificates(store, index), "certificate", said);
        return Ok(Material::Certificates(vec![leaf.clone()]));
    }
    if let [Entry { content: Content::PublicKey(key), .. }] = &store.entries[..] {
        return Ok(Material::PublicKey(key.clone()));
    }
    let (_, key, _) = store.key_entry(None)?;
    Ok(Material::Key(key.clone()))
}

/// Every certificate once, chains in order.
fn certificates(entries: Vec<Entry>) -> Vec<Certificate> {
    let mut seen = HashSet::new();
    let all = entries.into_iter().flat_map(|entry| certificate_entries(entry, &mut seen));
    let one = |entry: Entry| match entry.content {
        Content::Certificate { certificate, .. } => Some(certificate),
        _ => None,
    };
    all.filter_map(one).collect()
}

/// How many certificates stand in entries other than `index`.
fn count_certificates(store: &Store, index: usize) -> usize {
    let count = |content: &Content| match content {
        Content::Certificate { .. } => 1,
        Content::Key { chain, .. } => chain.len(),
        Content::Opaque { .. } | Content::PublicKey(_) => 0,
    };
    let others = store.entries.iter().enumerate().filter(|(position, _)| *position != index);
    others.map(|(_, entry)| count(&entry.content)).sum()
}

fn say_left_out(target: Target, count: usize, what: &str, said: &mut Said) {
    match count {
        0 => {}
        1 => said.warnings.push(format!("1 {what} was left out: a {} has no room for it", target.describe())),
        n => said
            .warnings
            .push(format!("{n} {what}s were left out: a {} has no room for them", target.describe())),
    }
}

fn say_others(store: &Store, target: Target, said: &mut Said) {
    for (index, entry) in store.entries.iter().enumerate() {
        let what = match &entry.content {
            Content::Opaque { what, .. } => what.as_str(),
            Content::PublicKey(_) if target != Target::Pem => "public key",
            _ => continue,
        };
        let label = store.label(index);
        said.warnings
            .push(format!("entry {label} was left out: a {} does not hold a {what}", target.describe()));
    }
}

/// Names that a target does not keep.
fn say_aliases(store: &Store, target: Target, said: &mut Said) {
    let aliases: Vec<String> = store
        .entries
        .iter()
        .filter_map(|entry| entry.alias.as_ref())
        .map(|alias| format!("\"{alias}\""))
        .collect();
    if !aliases.is_empty() {
        said.notes.push(format!("a {} has no aliases; left out: {}", target.describe(), aliases.join(", ")));
    }
}

/// Marks of trust that a target does not keep.
fn say_trust(store: &Store, target: Target, said: &mut Said) {
    let trusted = |entry: &&Entry| matches!(entry.content, Content::Certificate { trusted: true, .. });
    let count = store.entries.iter().filter(trusted).count();
    if count > 0 {
        said.notes.push(format!(
            "a {} does not say which certificates are trusted: {count} were",
            target.describe()
        ));
    }
}

/// Names that some readers take for one.
fn say_equal_names(store: &Store, said: &mut Said) {
    let mut seen = HashSet::new();
    for alias in store.entries.iter().filter_map(|entry| entry.alias.as_deref()) {
        if !seen.insert(alias.to_lowercase()) {
            said.warnings.push(format!("two entries are named \"{alias}\": keytool shows only one of them"));
        }
    }
}

/// A key and the certificate beside it that is not its own is no entry to pass on.
fn require_fits(store: &Store) -> Result<()> {
    for entry in &store.entries {
        if let Content::Key { key: Key::Open(key), chain } = &entry.content
            && let Some(leaf) = chain.first()
        {
            match verify::require_fit(key, leaf) {
                Ok(()) | Err(Error::UnsupportedAlgorithm { .. }) => {}
                Err(misfit) => return Err(misfit),
            }
        }
    }
    Ok(())
}
