//! What of a store goes into a target, and what is said of the rest: nothing is left out without
//! a word.

use std::collections::{HashMap, HashSet};

use super::{Options, Part, Target};
use crate::{
    cert::{Certificate, verify},
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

/// How many sentences are said one by one.
const SENTENCES: usize = 40;

impl Said {
    fn warn(&mut self, sentence: String) {
        say(&mut self.warnings, sentence);
    }

    fn note(&mut self, sentence: String) {
        say(&mut self.notes, sentence);
    }
}

/// A large store could say something of each of its entries: the first ones are enough.
fn say(sentences: &mut Vec<String>, sentence: String) {
    match sentences.len() {
        0..SENTENCES => sentences.push(sentence),
        SENTENCES => sentences.push("the same holds for more entries".into()),
        _ => {}
    }
}

/// What a target is made of.
pub(super) enum Material {
    Store {
        store: Store,
        /// Whether every chain comes back as it is: some formats keep certificates apart from keys.
        keeps_chains: bool,
    },
    Certificates(Vec<Certificate>),
    Key(PrivateKey),
    PublicKey(PublicKey),
    /// A key and its chain, leaf first.
    Pair(PrivateKey, Vec<Certificate>),
}

/// Refuses what must not be passed on: keys that were not opened, that nobody has checked, that are
/// damaged, or that are not their certificate's.
pub(super) fn check(store: &Store, options: &Options) -> Result<()> {
    if options.part == Part::Certificates || options.target == Target::P7b {
        return if store.locked_parts > 0 { Err(Error::store_locked()) } else { Ok(()) };
    }
    require_open(store)?;
    for entry in &store.entries {
        let Content::Key { key: Key::Open(key), chain } = &entry.content else { continue };
        match chain.first() {
            Some(leaf) if options.part == Part::All => match verify::require_fit(key, leaf) {
                Ok(()) | Err(Error::UnsupportedAlgorithm { .. }) => {}
                Err(misfit) => return Err(misfit),
            },
            _ => match key.check() {
                Ok(()) | Err(Error::UnsupportedAlgorithm { .. }) => {}
                Err(damaged) => return Err(damaged),
            },
        }
    }
    Ok(())
}

/// Takes from `store` what the target holds; what it does not goes into `said`.
pub(super) fn fit(store: Store, options: &Options, said: &mut Said) -> Result<Material> {
    let target = options.target;
    let store = match &options.alias {
        Some(alias) => store.only(alias)?,
        None => store,
    };
    let all_keys = store.key_count();
    let part = if target == Target::P7b { Part::Certificates } else { options.part };
    let store = take_part(store, part)?;
    say_others(&store, target, said);
    if !target.is_store() {
        say_aliases(&store, target, said);
        say_trust(&store, target, said);
    }
    match target {
        Target::Pfx | Target::Jks | Target::Jceks | Target::Pem => fit_store(store, options, said),
        Target::P7b => {
            if options.part == Part::All {
                say_left_out(target, all_keys, "private key", said);
            }
            // Only certificates are left, each once, chains in order.
            Ok(Material::Certificates(store.entries.iter().flat_map(Entry::certificates).cloned().collect()))
        }
        Target::Pkcs8 | Target::Pkcs1 | Target::Sec1 => {
            let (index, key, chain) = store.key_entry(None)?;
            let others = count_certificates(&store, index);
            say_left_out(target, chain.len() + others, "certificate", said);
            Ok(Material::Key(key.clone()))
        }
        Target::Der => fit_one(&store, options, said),
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
            store.entries.retain(Entry::is_key);
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
        return Err(Error::store_locked());
    }
    for entry in &store.entries {
        match &entry.content {
            Content::Key { key: Key::Locked(_), .. } => return Err(Error::key_locked()),
            // A key from a store whose integrity nobody has checked is not passed on.
            Content::Key { .. } if store.integrity == Integrity::Unchecked => {
                return Err(Error::store_locked());
            }
            _ => {}
        }
    }
    Ok(())
}

fn fit_store(mut store: Store, options: &Options, said: &mut Said) -> Result<Material> {
    let target = options.target;
    let java = matches!(target, Target::Jks | Target::Jceks);
    let found = store.summary();
    let chained = store.chained();
    store.entries.retain(|entry| match &entry.content {
        Content::Opaque { .. } => false,
        Content::PublicKey(_) => target == Target::Pem,
        // An issuer in a chain that has a name of its own (as keytool gives it): by itself it would
        // be written twice, and be trusted in a Java store.
        Content::Certificate { certificate, trusted: false } if chained.contains(certificate.der()) => {
            let name = entry.alias.as_deref().unwrap_or_default();
            said.note(format!(
                "the certificate named \"{name}\" stands in a key's chain, where it has no name"
            ));
            false
        }
        _ => true,
    });
    if store.entries.is_empty() {
        return Err(Error::NoKey { found });
    }
    if options.part == Part::All {
        say_pairs(&store, said);
    }
    let mut keeps_chains = true;
    let linked = if java { Vec::new() } else { store.chains_that_link() };
    for (index, entry) in store.entries.iter().enumerate() {
        if let Content::Key { chain, .. } = &entry.content {
            if java && chain.is_empty() {
                let what = format!("the private key \"{}\" without its certificate", store.label(index));
                return Err(Error::Unwritable { what, target: target.describe() });
            }
            if linked.get(index) == Some(&false) {
                keeps_chains = false;
                said.warn(format!(
                    "the chain of \"{}\" is not the one that its certificates make: a {} keeps them, not their order",
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
        store.entries.sort_by_key(|entry| !entry.is_key());
    }
    Ok(Material::Store { store, keeps_chains })
}

/// Java's stores know entries by name, without regard to case.
fn name_for_java(store: &mut Store, target: Target, said: &mut Said) {
    let mut taken = HashSet::new();
    // Where to go on for a name that stands more than once.
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut newly_trusted = 0;
    for (index, entry) in store.entries.iter_mut().enumerate() {
        let old = entry.alias.take().filter(|alias| !alias.is_empty());
        let base = old.as_deref().map_or_else(|| (index + 1).to_string(), str::to_lowercase);
        let mut name = base.clone();
        let number = next.entry(base.clone()).or_insert(2);
        while !taken.insert(name.clone()) {
            name = format!("{base}-{number}");
            *number += 1;
        }
        match old {
            Some(old) if old != name => {
                said.note(format!("\"{old}\" is \"{name}\" in a {}", target.describe()));
            }
            Some(_) => {}
            None => said.note(format!("an entry without a name is \"{name}\" in a {}", target.describe())),
        }
        entry.alias = Some(name);
        if let Content::Certificate { trusted, .. } = &mut entry.content {
            newly_trusted += usize::from(!*trusted);
            *trusted = true;
        }
    }
    if newly_trusted > 0 {
        let which =
            if newly_trusted == 1 { "a certificate by itself is" } else { "certificates by themselves are" };
        said.note(format!(
            "{which} trusted in a {}, which has no others: {newly_trusted}",
            target.describe()
        ));
    }
}

/// Keys that have no certificate although there are some, and pairs that cannot be judged.
fn say_pairs(store: &Store, said: &mut Said) {
    let has_certificates = store.entries.iter().any(|entry| !entry.certificates().is_empty());
    for (index, entry) in store.entries.iter().enumerate() {
        let Content::Key { key: Key::Open(key), chain } = &entry.content else { continue };
        let label = store.label(index);
        if chain.is_empty() && has_certificates {
            said.warn(format!("none of the certificates is that of the private key {label}"));
        } else if !chain.is_empty() && key.public().is_none() {
            let kind = key.algorithm();
            said.warn(format!("whether the {kind} key {label} is its certificate's cannot be told here"));
        }
    }
}

/// One certificate or key by itself.
fn fit_one(store: &Store, options: &Options, said: &mut Said) -> Result<Material> {
    let target = options.target;
    if store.entries.iter().any(|entry| !entry.certificates().is_empty()) {
        if options.password.is_some() {
            let reason = "a certificate is written, which has no key to encrypt; --key-only writes the key";
            return Err(Error::argument("--to", "der", reason));
        }
        let (index, leaf, rest) = store.certificate_entry(None)?;
        say_left_out(target, store.key_count(), "private key", said);
        say_left_out(target, rest.len() + count_certificates(store, index), "certificate", said);
        return Ok(Material::Certificates(vec![leaf.clone()]));
    }
    if let [Entry { content: Content::PublicKey(key), .. }] = &store.entries[..] {
        return Ok(Material::PublicKey(key.clone()));
    }
    let (_, key, _) = store.key_entry(None)?;
    Ok(Material::Key(key.clone()))
}

/// How many certificates stand in entries other than `index`.
fn count_certificates(store: &Store, index: usize) -> usize {
    let others = store.entries.iter().enumerate().filter(|(position, _)| *position != index);
    others.map(|(_, entry)| entry.certificates().len()).sum()
}

fn say_left_out(target: Target, count: usize, what: &str, said: &mut Said) {
    match count {
        0 => {}
        1 => said.warn(format!("1 {what} was left out: a {} has no room for it", target.describe())),
        n => said.warn(format!("{n} {what}s were left out: a {} has no room for them", target.describe())),
    }
}

fn say_others(store: &Store, target: Target, said: &mut Said) {
    for (index, entry) in store.entries.iter().enumerate() {
        let what = match &entry.content {
            Content::Opaque { what, .. } => what.as_str(),
            // A DER file holds one thing, and this may be it.
            Content::PublicKey(_) if target == Target::Der && store.entries.len() == 1 => continue,
            Content::PublicKey(_) if target != Target::Pem => "public key",
            _ => continue,
        };
        let label = store.label(index);
        said.warn(format!("entry {label} was left out: a {} does not hold {what}", target.describe()));
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
        let shown = aliases.iter().take(SENTENCES).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if aliases.len() > SENTENCES { ", …" } else { "" };
        said.note(format!("a {} has no aliases; left out: {shown}{more}", target.describe()));
    }
}

/// Marks of trust that a target does not keep.
fn say_trust(store: &Store, target: Target, said: &mut Said) {
    let trusted = |entry: &&Entry| matches!(entry.content, Content::Certificate { trusted: true, .. });
    let count = store.entries.iter().filter(trusted).count();
    if count > 0 {
        said.note(format!(
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
            said.warn(format!("two entries are named \"{alias}\": keytool shows only one of them"));
        }
    }
}
