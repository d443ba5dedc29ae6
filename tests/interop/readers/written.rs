//! Who reads what certkit writes.

use std::{fs, path::PathBuf};

use super::{
    Holds, Mark,
    document::Line,
    in_parallel,
    peers::{self, Format, Question, Reader},
};
use crate::{
    common,
    support::{Credential, PASSWORD, read},
};

/// A form that certkit writes: a row of the table.
struct Form {
    label: &'static str,
    format: Format,
    /// The file among those of [`Credential`].
    suffix: &'static str,
    compat: &'static str,
}

const FORMS: &[Form] = &[
    Form { label: "`gen --emit pfx`", format: Format::Pkcs12, suffix: "pfx", compat: "modern" },
    Form {
        label: "`gen --compat windows-2016`",
        format: Format::Pkcs12,
        suffix: "pfx",
        compat: "windows-2016",
    },
    Form { label: "`gen --compat java8`", format: Format::Pkcs12, suffix: "pfx", compat: "java8" },
    Form { label: "`gen --compat macos`", format: Format::Pkcs12, suffix: "pfx", compat: "macos" },
    Form { label: "`gen --emit jks`", format: Format::Jks, suffix: "jks", compat: "modern" },
];

/// Asks the readers about every form.
pub fn lines(asked: &[Reader]) -> Vec<Line> {
    let folder = common::folder();
    let credentials = in_parallel(FORMS, |number, form| {
        let beside: PathBuf = folder.path().join(number.to_string());
        fs::create_dir(&beside).expect("a folder for the form");
        Credential::make(&beside, "rsa-2048", form.compat)
    });
    let jobs: Vec<(Reader, usize)> =
        asked.iter().flat_map(|reader| (0..FORMS.len()).map(|form| (*reader, form))).collect();
    let marks = in_parallel(&jobs, |number, (reader, form)| {
        let (form, credential) = (&FORMS[*form], &credentials[*form]);
        if !reader.claims(form.format) {
            return Mark::NotClaimed;
        }
        let scratch = folder.path().join(format!("asked-{number}"));
        fs::create_dir(&scratch).expect("a folder for the reader");
        let store = credential.file(form.suffix);
        let question = Question {
            store: &store,
            format: form.format,
            password: PASSWORD,
            key_password: None,
            rounds: 0,
            scratch: &scratch,
        };
        holds(credential).mark(peers::take_out(*reader, &question))
    });
    let mut lines: Vec<Line> = FORMS.iter().map(|form| Line::new(vec![form.label.to_owned()])).collect();
    for ((reader, form), mark) in jobs.iter().zip(marks) {
        lines[*form].cells[*reader as usize] = Some(mark.text().to_owned());
    }
    lines
}

/// What went into the stores, by the PEM and DER of the same run, which other tests hold to openssl.
fn holds(credential: &Credential) -> Holds {
    let key = pem::parse(read(credential.file("key.pem"))).expect("the key is PEM");
    Holds {
        keys: vec![peers::public_half(key.contents())],
        certificates: [peers::hash(read(credential.file("cer")))].into(),
    }
}
