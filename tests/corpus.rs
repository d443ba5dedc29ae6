//! Real key stores from public projects, where a collection of them is at hand: `CERTKIT_CORPUS`
//! names its folder. Their licences differ, so none of them is part of this project.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests read files and say what they skip.

mod common;

use std::{collections::BTreeMap, fs, path::PathBuf};

use certkit::{
    secret::Password,
    store::{self, Unlock},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Member {
    file: String,
    format: String,
    password: Option<String>,
    keypass: Option<String>,
    expect: String,
}

/// How many of the files that must open do, by format; never fewer than before.
const FLOOR: &[(&str, usize)] = &[("pkcs12", 169), ("jks", 16), ("jceks", 14), ("pem", 26), ("pkcs8", 34)];

/// Every file that must open is opened, or its refusal counted; none makes the reader panic.
#[test]
fn real_stores_open() {
    let Some(folder) = std::env::var_os("CERTKIT_CORPUS").map(PathBuf::from) else {
        eprintln!("SKIPPED: no collection of real stores: set CERTKIT_CORPUS to its folder");
        return;
    };
    let text = fs::read_to_string(folder.join("manifest.json")).expect("the collection has a manifest");
    let members: Vec<Member> = serde_json::from_str(&text).expect("the manifest is of the known form");
    let mut score: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for member in &members {
        let octets = fs::read(folder.join(&member.file)).expect("every member is there");
        let unlock = Unlock {
            password: member.password.clone().map(Password::new),
            key_password: member.keypass.clone().map(Password::new),
            max_work: None,
        };
        let outcome = store::read(&octets, &unlock);
        // Where no password is published, what can be seen without one is all there is to see.
        let opened = outcome.as_ref().is_ok_and(|store| {
            !store.needs_password() || member.password.is_none() && !store.entries.is_empty()
        });
        match member.expect.as_str() {
            "open" => {
                let counts = score.entry(member.format.clone()).or_default();
                counts.1 += 1;
                counts.0 += usize::from(opened);
                if !opened {
                    let why = outcome.err().map_or_else(|| "locked".into(), |error| error.to_string());
                    eprintln!("not opened: {} ({}): {why}", member.file, member.format);
                }
            }
            "reject" if opened => eprintln!("opened, its project rejects it: {}", member.file),
            _ => {}
        }
    }
    for (format, (opened, of)) in &score {
        eprintln!("{format}: {opened} of {of}");
    }
    for (format, floor) in FLOOR {
        let opened = score.get(*format).map_or(0, |counts| counts.0);
        assert!(opened >= *floor, "{format}: only {opened} open, {floor} did before");
    }
}
