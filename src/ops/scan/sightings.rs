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
    let mut add = |alias: &Option<String>, thing| {
        let alias = alias.as_deref().map(Into::into);
        sightings.push(Sighting { file: Arc::clone(&file), format: store.format.name(), alias, thing });
    };
    for Entry { alias, content } in &store.entries {
        match content {
            Content::Certificate { certificate, .. } => add(alias, certified(certificate, false)),
            Content::Key { key, chain } => {
                let Some((leaf, rest)) = chain.split_first() else {
                    add(alias, lone(key));
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
    if store.locked_parts > 0 {
        add(&None, Thing::Locked { what: locked_parts(store).into() });
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

/// A key without a certificate.
fn lone(key: &Key) -> Thing {
    match key {
        Key::Open(key) => Thing::Key { algorithm: key.algorithm().to_string().into() },
        Key::Locked(by) => Thing::Locked { what: format!("private key, {}", by.algorithm).into() },
    }
}

/// What is known of the parts that are closed.
fn locked_parts(store: &Store) -> String {
    let mut ways: Vec<&str> = Vec::new();
    for protected in store.protections.iter().filter(|protected| protected.part != "integrity") {
        if !ways.contains(&protected.by.algorithm.as_str()) {
            ways.push(&protected.by.algorithm);
        }
    }
    let parts = match store.locked_parts {
        1 => "1 encrypted part".to_owned(),
        count => format!("{count} encrypted parts"),
    };
    [vec![parts.as_str()], ways].concat().join(", ")
}
