//! From every form to every other and back: what comes back is what went in, or what a form cannot
//! hold was said.

#[path = "common/credentials.rs"]
mod credentials;

use std::{collections::BTreeSet, fmt};

use certkit::{
    Error,
    cert::Certificate,
    ops::convert::{Options, Part, Target, convert},
    secret::Password,
    store::{self, Content, Entry, Key, Store, Unlock, pkcs12::Compat},
};
use credentials::{credentials, now, store_of};
use getrandom::{SysRng, rand_core::UnwrapErr};

const PASSWORD: &str = "correct horse 1";

/// What `convert` is asked for, as far as it makes another file.
#[derive(Clone, Copy)]
struct Form {
    target: Target,
    compat: Compat,
    encrypted: bool,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encrypted = if self.encrypted { ", encrypted" } else { "" };
        write!(f, "{}{encrypted}", self.target.describe())?;
        if self.compat != Compat::default() { write!(f, ", {:?}", self.compat) } else { Ok(()) }
    }
}

/// Every target; those that may be encrypted both ways, and the PFX for an old system too.
fn forms() -> Vec<Form> {
    let mut forms = Vec::new();
    for (_, target) in Target::ALL {
        let compat = Compat::default();
        if !target.is_store() {
            forms.push(Form { target, compat, encrypted: false });
        }
        if target.takes_password() {
            forms.push(Form { target, compat, encrypted: true });
        }
    }
    forms.push(Form { target: Target::Pfx, compat: Compat::Windows2016, encrypted: true });
    forms
}

/// A file of that form, read again, and what was said when it was made.
fn through(store: &Store, form: Form) -> Result<(Store, Vec<String>), Error> {
    let options = Options {
        target: form.target,
        alias: None,
        part: Part::All,
        chain: true,
        add: Vec::new(),
        encoding: None,
        password: form.encrypted.then(|| Password::new(PASSWORD.into())),
        compat: form.compat,
        iterations: Some(1000),
        output: "file".into(),
    };
    let made = convert(vec![(store.clone(), "input".into())], &options, now(), &mut UnwrapErr(SysRng))?;
    let octets = made.file.contents.expose();
    (made.file.proof)(octets).expect("what was made proves itself");
    let unlock = Unlock::with(Password::new(PASSWORD.into()));
    let store = store::read(octets, &unlock).unwrap_or_else(|error| panic!("{form} is not read: {error}"));
    Ok((store, made.warnings))
}

/// What stores are made of, so that two can be compared part by part.
#[derive(PartialEq)]
struct Holds {
    /// PKCS#8 and chain of each, in order.
    keys: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
    /// The distinct ones, wherever they stand.
    certificates: BTreeSet<Vec<u8>>,
    /// Names of keys, then of other entries.
    names: Vec<Option<String>>,
    trusted: BTreeSet<Vec<u8>>,
}

impl Holds {
    fn of(store: &Store) -> Self {
        let mut holds =
            Self { keys: vec![], certificates: BTreeSet::new(), names: vec![], trusted: BTreeSet::new() };
        let der =
            |all: &[Certificate]| -> Vec<Vec<u8>> { all.iter().map(|one| one.der().to_vec()).collect() };
        for entry in &store.entries {
            match &entry.content {
                Content::Key { key: Key::Open(key), chain } => {
                    holds.keys.push((key.pkcs8_der().expose().to_vec(), der(chain)));
                    holds.certificates.extend(der(chain));
                    holds.names.push(entry.alias.clone());
                }
                Content::Certificate { certificate, trusted } => {
                    holds.certificates.insert(certificate.der().to_vec());
                    if *trusted {
                        holds.trusted.insert(certificate.der().to_vec());
                    }
                    holds.names.push(entry.alias.clone());
                }
                _ => panic!("an entry of another kind came up"),
            }
        }
        holds
    }

    /// In what this differs from what was there before, each with a word that stands in a warning
    /// about it.
    fn lost(&self, before: &Self) -> Vec<&'static str> {
        let keys = |holds: &Self| holds.keys.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let chains = |holds: &Self| holds.keys.iter().map(|(_, chain)| chain.clone()).collect::<Vec<_>>();
        let mut lost = Vec::new();
        if keys(self) != keys(before) {
            lost.push("private key");
        } else if chains(self) != chains(before) || self.certificates != before.certificates {
            lost.push("certificate");
        }
        if self.names != before.names {
            lost.push("name");
        }
        if self.trusted != before.trusted {
            lost.push("trusted");
        }
        lost
    }
}

/// Stores to start from: each kind of key, with a chain of one and of three; several keys with
/// chains that share their issuers; trusted certificates beside a key.
fn starts() -> Vec<(String, Store)> {
    let all = credentials();
    let mut starts: Vec<(String, Store)> = all
        .iter()
        .map(|one| {
            let what = format!("{} with {} certificates", one.key.algorithm(), one.chain.len());
            (what, store_of(&[(one, "Größe 株式 🔑")]))
        })
        .collect();
    let several = [(&all[3], "zwölf"), (&all[1], "one"), (&all[4], "Ärger"), (&all[0], "two 🔑")];
    starts.push(("several keys".into(), store_of(&several)));
    let mut trusting = store_of(&[(&all[1], "one"), (&all[5], "two")]);
    let certificate = all[0].chain[0].clone();
    let content = Content::Certificate { certificate, trusted: true };
    trusting.entries.push(Entry { alias: Some("trusted".into()), content });
    starts.push(("keys and a trusted certificate".into(), trusting));
    starts
}

/// What a step loses is said, and nothing is said to be lost that is not; what nothing was said
/// of comes back the same.
#[test]
fn from_form_to_form_and_back() {
    let (mut wrong, mut steps, mut refusals) = (Vec::new(), 0, 0);
    for (what, start) in starts() {
        for there in forms() {
            let Ok((first, _)) = through(&start, there) else { continue };
            for between in forms() {
                let mut store = first.clone();
                for form in [between, there] {
                    match through(&store, form) {
                        Ok((next, said)) => {
                            steps += 1;
                            let lost = Holds::of(&next).lost(&Holds::of(&store));
                            if let Some(complaint) = complaint(&lost, &said) {
                                wrong.push(format!("{what}, {there}, {between}: to {form}: {complaint}"));
                            }
                            store = next;
                        }
                        // A refusal leaves nothing out without a word.
                        Err(_) => {
                            refusals += 1;
                            break;
                        }
                    }
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {steps}, {refusals} refused:\n{}", wrong.len(), wrong.join("\n"));
    assert!(steps > 500 && refusals > 50, "only {steps} steps, {refusals} refusals");
}

fn complaint(lost: &[&str], said: &[String]) -> Option<String> {
    let unsaid: Vec<_> = lost.iter().filter(|word| !said.iter().any(|line| line.contains(*word))).collect();
    if !unsaid.is_empty() {
        return Some(format!("lost without a word: {unsaid:?}; said: {said:?}"));
    }
    (lost.is_empty() && !said.is_empty()).then(|| format!("said, and nothing was lost: {said:?}"))
}
