//! Every form that `convert` writes, through every peer that claims to read it: of each kind of
//! key, with a chain of one and of three, under a name beyond ASCII, and several keys with a
//! trusted certificate in one store.

use std::{collections::BTreeSet, fs, path::Path};

use certkit::{
    cert::Certificate,
    secret::Password,
    store::{
        Content, Entry, Store,
        pkcs12::{self, WriteOptions},
    },
};
use getrandom::{SysRng, rand_core::UnwrapErr};

use crate::{
    common,
    credentials::{Credential, credentials, store_of},
    readers::{
        Holds, Mark, in_parallel,
        peers::{self, Format, Question, Reader},
    },
    support::{PASSWORD, password_file, source},
};

/// A form that `convert` writes.
pub struct Target {
    /// The options that ask for it.
    pub options: &'static [&'static str],
    pub format: Format,
    /// Whether a password is given for what is made.
    pub encrypted: bool,
}

const fn target(options: &'static [&'static str], format: Format, encrypted: bool) -> Target {
    Target { options, format, encrypted }
}

pub const TARGETS: &[Target] = &[
    target(&["--to", "pfx"], Format::Pkcs12, true),
    target(&["--to", "pfx", "--compat", "windows-2016"], Format::Pkcs12, true),
    target(&["--to", "jks"], Format::Jks, true),
    target(&["--to", "jceks"], Format::Jceks, true),
    target(&["--to", "pem"], Format::Pem, false),
    target(&["--to", "pem"], Format::Pem, true),
    target(&["--to", "pkcs8"], Format::Key, false),
    target(&["--to", "pkcs8"], Format::Key, true),
    target(&["--to", "pkcs1"], Format::Key, false),
    target(&["--to", "sec1"], Format::Key, false),
    target(&["--to", "p7b"], Format::P7b, false),
];

impl Target {
    /// Whether it is for keys of one kind, and of the other than this.
    fn is_of_another_kind(&self, is_rsa: bool) -> bool {
        self.options.contains(&"pkcs1") && !is_rsa || self.options.contains(&"sec1") && is_rsa
    }

    /// What of a store is in it.
    pub fn holds(&self, all: &Holds) -> Holds {
        let (mut keys, mut certificates) = (all.keys.clone(), all.certificates.clone());
        match self.format {
            Format::Key => certificates.clear(),
            Format::P7b => keys.clear(),
            _ => {}
        }
        Holds { keys, certificates }
    }

    /// Makes it from a store.
    pub fn make(&self, store: &Path, password: &Path, output: &Path) {
        let source = source(password);
        let mut command = common::certkit(output.parent().expect("a folder"));
        command
            .arg("convert")
            .arg(store)
            .args(self.options)
            .args(["--password", &source])
            .arg("-o")
            .arg(output);
        if self.encrypted {
            command.args(["--out-password", &source]);
        }
        common::peer(&mut command);
    }

    /// What a reader makes of it.
    pub fn mark(&self, reader: Reader, file: &Path, scratch: &Path, holds: &Holds) -> Mark {
        fs::create_dir(scratch).expect("a folder for the reader");
        let password = if self.encrypted { PASSWORD } else { "" };
        let question =
            Question { store: file, format: self.format, password, key_password: None, rounds: 0, scratch };
        // NSS exports one key at a time: a store of several is listed.
        let found = match reader {
            Reader::Pk12util if holds.keys.len() > 1 => peers::ask(reader, &question),
            _ => peers::take_out(reader, &question),
        };
        self.holds(holds).mark(found)
    }
}

/// A store to convert, and what is in it.
struct Start {
    what: String,
    store: Store,
    holds: Holds,
}

fn starts() -> Vec<Start> {
    let der = |certificate: &Certificate| peers::hash(certificate.der());
    let holds = |all: &[&Credential]| {
        let mut keys: Vec<String> =
            all.iter().map(|one| peers::public_half(one.key.pkcs8_der().expose())).collect();
        keys.sort();
        Holds { keys, certificates: all.iter().flat_map(|one| &one.chain).map(der).collect::<BTreeSet<_>>() }
    };
    let mut starts: Vec<Start> = credentials()
        .iter()
        .map(|one| Start {
            what: format!("{} with {} certificates", one.key.algorithm(), one.chain.len()),
            store: store_of(&[(one, "Zürich 株式")]),
            holds: holds(&[one]),
        })
        .collect();
    let some = [&credentials()[3], &credentials()[4], &credentials()[2]];
    let mut several = Start {
        what: "three keys and a trusted certificate".to_owned(),
        store: store_of(&[(some[0], "one"), (some[1], "zwei ü"), (some[2], "three")]),
        holds: holds(&some),
    };
    let certificate = credentials()[0].chain[0].clone();
    several.holds.certificates.insert(der(&certificate));
    several.store.entries.push(Entry {
        alias: Some("trusted".into()),
        content: Content::Certificate { certificate, trusted: true },
    });
    starts.push(several);
    starts
}

/// What peers are known not to do, with the reason.
fn excused(reader: Reader, format: Format, start: &Start) -> bool {
    match reader {
        // It gives one key.
        Reader::Pyca => start.holds.keys.len() > 1,
        // So does what loads a key for it.
        Reader::Certtool => start.holds.keys.len() > 1 && format == Format::Pem,
        _ => false,
    }
}

/// Every peer finds in every form all that it holds.
#[test]
fn every_peer_opens_every_form() {
    let readers: Vec<Reader> = Reader::ALL.into_iter().filter(|reader| reader.version().is_some()).collect();
    let folder = common::folder();
    let password = password_file(folder.path(), PASSWORD);
    let starts = starts();
    let forms: Vec<(usize, &Target)> = (0..starts.len())
        .flat_map(|start| TARGETS.iter().map(move |target| (start, target)))
        .filter(|(start, target)| {
            let Start { store, holds, .. } = &starts[*start];
            let is_rsa = store
                .key_entry(None)
                .is_ok_and(|(_, key, _)| matches!(key.algorithm(), certkit::key::Algorithm::Rsa(_)));
            !target.is_of_another_kind(is_rsa) && (holds.keys.len() == 1 || target.format != Format::Key)
        })
        .collect();
    let inputs = in_parallel(&starts, |number, start| {
        let input = folder.path().join(format!("{number}.pfx"));
        let options = WriteOptions::default();
        let password = Password::new(PASSWORD.to_owned());
        let pfx = pkcs12::write(&start.store, &password, &options, &mut UnwrapErr(SysRng)).expect("a PFX");
        fs::write(&input, pfx.expose()).expect("the store is written");
        input
    });
    let files = in_parallel(&forms, |number, (start, target)| {
        let file = folder.path().join(format!("form-{number}"));
        target.make(&inputs[*start], &password, &file);
        file
    });
    let jobs: Vec<(usize, Reader)> = (0..forms.len())
        .flat_map(|form| readers.iter().map(move |reader| (form, *reader)))
        .filter(|(form, reader)| reader.claims(forms[*form].1.format))
        .filter(|(form, reader)| !excused(*reader, forms[*form].1.format, &starts[forms[*form].0]))
        .collect();
    let wrong: Vec<String> = in_parallel(&jobs, |number, (form, reader)| {
        let (start, target) = forms[*form];
        let scratch = folder.path().join(format!("asked-{number}"));
        let mark = target.mark(*reader, &files[*form], &scratch, &starts[start].holds);
        (mark != Mark::Yes).then(|| {
            let encrypted = if target.encrypted { ", encrypted" } else { "" };
            let (what, to) = (&starts[start].what, target.options.join(" "));
            format!("{what}, {to}{encrypted}: {}: {}", reader.title(), mark.text())
        })
    })
    .into_iter()
    .flatten()
    .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), jobs.len(), wrong.join("\n"));
}
