//! From every form to every other and back: what comes back is what went in, or what a form cannot
//! hold was said.

#[path = "common/credentials.rs"]
mod credentials;

use std::{collections::BTreeSet, fmt, thread};

use certkit::{
    Error,
    key::Algorithm,
    ops::convert::{Options, Target, convert},
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
        // A DER file holds the certificate where there is one, and that is not encrypted.
        if target.takes_password() && target != Target::Der {
            forms.push(Form { target, compat, encrypted: true });
        }
    }
    forms.push(Form { target: Target::Pfx, compat: Compat::Windows2016, encrypted: true });
    forms
}

/// A file of that form, read again, and what was said when it was made.
fn through(store: &Store, form: Form) -> Result<(Store, Vec<String>), Error> {
    let options = Options {
        chain: true,
        password: form.encrypted.then(|| Password::new(PASSWORD.into())),
        compat: form.compat,
        iterations: Some(1000),
        ..Options::new(form.target, "file".into())
    };
    let made = convert(vec![(store.clone(), "input".into())], &options, now(), &mut UnwrapErr(SysRng))?;
    let octets = made.file.contents.expose();
    (made.file.proof)(octets).expect("what was made proves itself");
    let unlock = Unlock::with(Password::new(PASSWORD.into()));
    let store = store::read(octets, &unlock).unwrap_or_else(|error| panic!("{form} is not read: {error}"));
    // Whom a PFX is not for is no word about what is in it.
    let said = made.warnings.into_iter().chain(made.notes);
    let said = said.filter(|line| Some(line.as_str()) != form.compat.unread_by());
    Ok((store, said.collect()))
}

/// What stores are made of, so that two can be compared part by part.
struct Holds {
    /// PKCS#8 and chain of each, in order.
    keys: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
    /// The distinct ones, wherever they stand.
    certificates: BTreeSet<Vec<u8>>,
    /// Each with the key or certificate that it names.
    names: BTreeSet<(String, Vec<u8>)>,
    trusted: BTreeSet<Vec<u8>>,
}

impl Holds {
    fn of(store: &Store) -> Self {
        let mut holds = Self {
            keys: Vec::new(),
            certificates: BTreeSet::new(),
            names: BTreeSet::new(),
            trusted: BTreeSet::new(),
        };
        for entry in &store.entries {
            let named = match &entry.content {
                Content::Key { key: Key::Open(key), chain } => {
                    let chain: Vec<Vec<u8>> = chain.iter().map(|one| one.der().to_vec()).collect();
                    holds.certificates.extend(chain.iter().cloned());
                    holds.keys.push((key.pkcs8_der().expose().to_vec(), chain));
                    key.pkcs8_der().expose().to_vec()
                }
                Content::Certificate { certificate, trusted } => {
                    let der = certificate.der().to_vec();
                    holds.certificates.insert(der.clone());
                    if *trusted {
                        holds.trusted.insert(der.clone());
                    }
                    der
                }
                _ => panic!("an entry of another kind came up"),
            };
            holds.names.extend(entry.alias.clone().map(|alias| (alias, named)));
        }
        holds
    }

    /// In what this differs from what was there before, each by what a word about it has in it.
    fn changes(&self, before: &Self) -> Vec<String> {
        let keys = |holds: &Self| holds.keys.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let mut changes = Vec::new();
        let chains = |holds: &Self| holds.keys.iter().map(|(_, chain)| chain.clone()).collect::<Vec<_>>();
        if keys(self) != keys(before) {
            changes.push("private key".to_owned());
        } else if chains(self) != chains(before) {
            changes.push("certificate".to_owned());
        }
        if self.certificates != before.certificates {
            changes.push("certificate".to_owned());
        }
        if self.trusted != before.trusted {
            changes.push("trusted".to_owned());
        }
        changes.extend(before.names.difference(&self.names).map(|(name, _)| format!("\"{name}\"")));
        changes.extend(self.names.difference(&before.names).map(|(name, _)| format!("\"{name}\"")));
        changes
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

/// Key derivation for a JCEKS takes as long as for a hundred others, and its count can't be chosen:
/// it takes part in the shortest and the longest chain, where there is one key.
fn is_left_out(form: Form, store: &Store) -> bool {
    let Ok((_, key, chain)) = store.key_entry(None) else { return form.target == Target::Jceks };
    let wanted = match key.algorithm() {
        Algorithm::Rsa(_) => chain.len() > 1,
        _ => chain.len() == 1,
    };
    form.target == Target::Jceks && !wanted
}

/// Whatever a step changes is said, and nothing is said of a step that changes nothing: so what
/// nothing is said of comes back the same.
#[test]
fn from_form_to_form_and_back() {
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let starts = starts();
        let workers: Vec<_> =
            starts.into_iter().map(|(what, start)| scope.spawn(move || every_way(&what, &start))).collect();
        workers.into_iter().map(|worker| worker.join().expect("a conversion failed in a new way")).collect()
    });
    let wrong: Vec<&str> = tallies.iter().flat_map(|tally| &tally.wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    let steps: usize = tallies.iter().map(|tally| tally.steps).sum();
    let refusals: usize = tallies.iter().map(|tally| tally.refusals).sum();
    assert!(steps > 1000 && refusals > 100, "only {steps} steps, {refusals} refusals");
}

/// The form has room for one only; there is no key or no certificate; the key is of another kind,
/// or has no certificate where one must be.
const REASONS: &[&str] = &["alias-ambiguous", "no-certificate", "no-key", "unwritable"];

/// What came of one store.
#[derive(Default)]
struct Tally {
    wrong: BTreeSet<String>,
    steps: usize,
    refusals: usize,
}

fn every_way(what: &str, start: &Store) -> Tally {
    let mut tally = Tally::default();
    for there in forms().into_iter().filter(|form| !is_left_out(*form, start)) {
        let Ok((first, _)) = through(start, there) else { continue };
        for between in forms().into_iter().filter(|form| !is_left_out(*form, start)) {
            let mut store = first.clone();
            for form in [between, there] {
                let (next, said) = match through(&store, form) {
                    Ok(made) => made,
                    // A refusal leaves nothing out without a word, if it is for one of these reasons.
                    Err(error) => {
                        if !REASONS.contains(&error.kind()) {
                            tally.wrong.insert(format!("{what}, to {form}: {error}"));
                        }
                        tally.refusals += 1;
                        break;
                    }
                };
                tally.steps += 1;
                let changes = Holds::of(&next).changes(&Holds::of(&store));
                if let Some(complaint) = complaint(form, &changes, &said) {
                    let way = format!("{what}, from {there} to {between} and back");
                    tally.wrong.insert(format!("{way}: to {form}: {complaint}"));
                }
                store = next;
            }
        }
    }
    tally
}

fn complaint(form: Form, changes: &[String], said: &[String]) -> Option<String> {
    let is_said = |word: &String| said.iter().any(|line| line.contains(word));
    let unsaid: Vec<_> =
        changes.iter().filter(|word| !is_said(word) && !goes_without_saying(form, word)).collect();
    if !unsaid.is_empty() {
        return Some(format!("changed without a word: {unsaid:?}; said: {said:?}"));
    }
    (changes.is_empty() && !said.is_empty()).then(|| format!("said, and nothing changed: {said:?}"))
}

/// Nobody looks for a mark of trust on a certificate outside a store: whoever reads it decides.
fn goes_without_saying(form: Form, change: &str) -> bool {
    !form.target.is_store() && change == "trusted"
}

/// A file of many keys gets fewer rounds for each than it would by default, and so opens within the
/// limit of work for one file.
#[test]
fn many_keys_still_open() {
    let mut store = store_of(&[(&credentials()[0], "first")]);
    store.entries.clear();
    for _ in 0..40 {
        let key = certkit::key::NewKey::P256.generate(&mut UnwrapErr(SysRng)).expect("a key");
        let content = Content::Key { key: Key::Open(key), chain: Vec::new() };
        store.entries.push(Entry { alias: None, content });
    }
    let options = |target, iterations| Options {
        password: Some(Password::new(PASSWORD.into())),
        iterations,
        ..Options::new(target, "file".into())
    };
    let make = |target, iterations| {
        let inputs = vec![(store.clone(), "input".to_owned())];
        convert(inputs, &options(target, iterations), now(), &mut UnwrapErr(SysRng))
    };
    let made = make(Target::Pem, None).expect("it is made");
    (made.file.proof)(made.file.contents.expose()).expect("it opens");
    let refused = make(Target::Pem, Some(600_000)).err().expect("too many rounds for forty keys");
    assert_eq!(refused.kind(), "bad-argument");
    let refused = make(Target::Pfx, Some(600_000)).err().expect("too many rounds for forty keys");
    assert_eq!(refused.kind(), "bad-argument");
}
