//! What a store holds, as a scan tells it.

use std::{collections::HashSet, sync::Arc};

use crate::{
    cert::Certificate,
    report::scan::{Certified, Sighting, Thing},
    store::{Content, Entry, Key, Store},
};

/// Every certificate and private key, and what is locked. Public keys, requests and revocation lists
/// are left out: none of them is a credential.
pub(super) fn of(store: &Store, file: &str) -> Vec<Sighting> {
    let file: Arc<str> = file.into();
    let mut sightings = Vec::with_capacity(store.entries.len());
    let mut issuers = HashSet::new();
    let mut locked_keys = Vec::new();
    let mut add = |alias: &Option<String>, thing| {
        let alias = alias.as_deref().map(Into::into);
        sightings.push(Sighting { file: Arc::clone(&file), format: store.format.name(), alias, thing });
    };
    for Entry { alias, content } in &store.entries {
        match content {
            Content::Certificate { certificate, .. } => add(alias, certified(certificate, false)),
            Content::Key { key, chain } => {
                let Some((leaf, rest)) = chain.split_first() else {
                    match key {
                        Key::Open(key) => {
                            add(alias, Thing::Key { algorithm: key.algorithm().to_string().into() })
                        }
                        Key::Locked(by) => locked_keys.push((alias, by.algorithm.as_str())),
                    }
                    continue;
                };
                add(alias, certified(leaf, true));
                // An issuer that many keys share is there once.
                for issuer in rest.iter().filter(|issuer| issuers.insert(issuer.der())) {
                    add(alias, certified(issuer, false));
                }
            }
            Content::Opaque { .. } | Content::PublicKey(_) => {}
        }
    }
    // One line says it of a store, however many keys are in it.
    if store.locked_parts > 0 || !locked_keys.is_empty() {
        let alias = match locked_keys[..] {
            [(alias, _)] if store.locked_parts == 0 => alias,
            _ => &None,
        };
        let ways: Vec<&str> = locked_keys.iter().map(|(_, way)| *way).collect();
        add(alias, Thing::Locked { what: locked(store, ways).into() });
    }
    sightings
}

fn certified(certificate: &Certificate, has_key: bool) -> Thing {
    let issuer = (!certificate.is_self_issued()).then(|| certificate.issuer().to_string().into());
    Thing::Certificate(Box::new(Certified {
        subject: certificate.subject().to_string().into(),
        issuer,
        sha1: certificate.sha1(),
        sha256: certificate.sha256(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        has_key,
    }))
}

/// What is known of what is closed: how much there is, and how keys without certificates and closed parts
/// are encrypted.
fn locked<'a>(store: &'a Store, mut ways: Vec<&'a str>) -> String {
    let count = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(what.to_owned()),
        count => Some(format!("{count} {what}s")),
    };
    let mut words = Vec::new();
    words.extend(count(ways.len(), "private key"));
    words.extend(count(store.locked_parts, "encrypted part"));
    if store.locked_parts > 0 {
        let parts = store.protections.iter().filter(|protected| protected.part != "integrity");
        ways.extend(parts.map(|protected| protected.by.algorithm.as_str()));
    }
    let mut said = HashSet::new();
    words.extend(ways.into_iter().filter(|way| said.insert(*way)).map(str::to_owned));
    words.join(", ")
}
