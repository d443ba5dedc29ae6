//! Who reads what certkit writes.

use std::path::{Path, PathBuf};

use super::{
    Holds, Mark,
    document::Line,
    in_parallel,
    peers::{self, Format, Reader},
};
use crate::{
    common,
    support::{Credential, read},
    written::Target,
};

/// A form that certkit writes: a row of the table.
struct Form {
    label: &'static str,
    key: &'static str,
    compat: &'static str,
    made: Made,
    target: Target,
}

/// How a form is made.
enum Made {
    /// By `gen`, with this suffix.
    Gen(&'static str),
    /// By `convert` from what `gen` made.
    Convert,
}

const fn by_gen(label: &'static str, compat: &'static str, suffix: &'static str, format: Format) -> Form {
    let target = Target { options: &[], format, encrypted: true };
    Form { label, key: "rsa-2048", compat, made: Made::Gen(suffix), target }
}

const fn by_convert(
    label: &'static str,
    key: &'static str,
    options: &'static [&'static str],
    format: Format,
    encrypted: bool,
) -> Form {
    let target = Target { options, format, encrypted };
    Form { label, key, compat: "modern", made: Made::Convert, target }
}

const FORMS: &[Form] = &[
    by_gen("PFX: `gen`", "modern", "pfx", Format::Pkcs12),
    by_gen("PFX: `gen --compat windows-2016`", "windows-2016", "pfx", Format::Pkcs12),
    by_gen("PFX: `gen --compat java8`", "java8", "pfx", Format::Pkcs12),
    by_gen("PFX: `gen --compat macos`", "macos", "pfx", Format::Pkcs12),
    by_gen("JKS: `gen --emit jks`", "modern", "jks", Format::Jks),
    by_convert("JCEKS: `convert --to jceks`", "rsa-2048", &["--to", "jceks"], Format::Jceks, true),
    by_convert("PEM: `convert --to pem`", "rsa-2048", &["--to", "pem"], Format::Pem, false),
    by_convert("PEM, the key encrypted: `--out-password`", "rsa-2048", &["--to", "pem"], Format::Pem, true),
    by_convert("PKCS#8: `convert --to pkcs8`", "rsa-2048", &["--to", "pkcs8"], Format::Key, false),
    by_convert("PKCS#8, encrypted: `--out-password`", "rsa-2048", &["--to", "pkcs8"], Format::Key, true),
    by_convert("PKCS#1: `convert --to pkcs1`", "rsa-2048", &["--to", "pkcs1"], Format::Key, false),
    by_convert("SEC1: `convert --to sec1`", "p256", &["--to", "sec1"], Format::Key, false),
    by_convert("PKCS#7: `convert --to p7b`", "rsa-2048", &["--to", "p7b"], Format::P7b, false),
];

impl Form {
    fn file(&self, credential: &Credential) -> PathBuf {
        match self.made {
            Made::Gen(suffix) => credential.file(suffix),
            Made::Convert => credential.beside("converted"),
        }
    }

    fn make(&self, folder: &Path) -> Credential {
        std::fs::create_dir(folder).expect("a folder for the form");
        let credential = Credential::make(folder, self.key, self.compat);
        if matches!(self.made, Made::Convert) {
            let password = credential.password_file();
            self.target.make(&credential.file("pfx"), &password, &self.file(&credential));
        }
        credential
    }
}

/// Asks the readers about every form.
pub fn lines(asked: &[Reader]) -> Vec<Line> {
    let folder = common::folder();
    let credentials = in_parallel(FORMS, |number, form| form.make(&folder.path().join(number.to_string())));
    let jobs: Vec<(Reader, usize)> =
        asked.iter().flat_map(|reader| (0..FORMS.len()).map(|form| (*reader, form))).collect();
    let marks = in_parallel(&jobs, |number, (reader, form)| {
        let (form, credential) = (&FORMS[*form], &credentials[*form]);
        if !reader.claims(form.target.format) {
            return Mark::NotClaimed;
        }
        let scratch = folder.path().join(format!("asked-{number}"));
        form.target.mark(*reader, &form.file(credential), &scratch, &holds(credential))
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
