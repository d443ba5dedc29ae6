//! What people make of a connector JSON by hand, and what is to become of it: the cases that
//! `docs/check.md` tells of, that the tests mend, and that MSAL signs in with.
#![allow(dead_code)] // Each test program uses its own part of this.

use std::path::Path;

use crate::common::{ok, text};

/// The password of the encrypted key.
pub const PASSWORD: &str = "TEST password";

/// A credential in all the pieces that people paste.
pub struct Pieces {
    /// The canonical connector JSON.
    pub json: String,
    key: String,
    certificate: String,
    /// The same key as OpenSSL's older commands write it.
    pkcs1: String,
    /// The same, encrypted.
    encrypted: String,
    /// Another credential.
    other_key: String,
    other_certificate: String,
    /// One that Entra does not take.
    curve: String,
}

impl Pieces {
    /// New ones, made in `folder`.
    pub fn make(folder: &Path) -> Self {
        std::fs::write(folder.join("pw.txt"), PASSWORD).expect("a file");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("certkit made it");
        for name in ["good", "other"] {
            let san = format!("dns:{name}.example");
            ok(folder, ["gen", "--name", name, "--san", &san, "--emit", "key,cert,json"]);
        }
        ok(folder, ["gen", "--name", "curve", "--key", "p256", "--emit", "json"]);
        ok(folder, ["convert", "good.key.pem", "--to", "pkcs1", "-o", "pkcs1.pem"]);
        let encrypt = ["convert", "good.key.pem", "--to", "pkcs8", "-o", "encrypted.pem"];
        ok(folder, encrypt.into_iter().chain(["--out-password", "file:pw.txt"]));
        Self {
            json: read("good.json"),
            key: read("good.key.pem"),
            certificate: read("good.cert.pem"),
            pkcs1: read("pkcs1.pem"),
            encrypted: read("encrypted.pem"),
            other_key: read("other.key.pem"),
            other_certificate: read("other.cert.pem"),
            curve: read("curve.json"),
        }
    }

    /// The JSON with two values, escaped as JSON wants it.
    fn of(&self, key: &str, certificate: &str) -> String {
        members(&[("private_key", key), ("public_cert", certificate)])
    }

    /// The same with the values as they are.
    fn raw(&self, key: &str, certificate: &str) -> String {
        format!("{{\"private_key\":\"{key}\",\"public_cert\":\"{certificate}\"}}")
    }

    /// The JSON with something done to both values.
    fn both(&self, change: impl Fn(&str) -> String) -> String {
        self.of(&change(&self.key), &change(&self.certificate))
    }
}

fn members(members: &[(&str, &str)]) -> String {
    let member = |(name, value): &(&str, &str)| format!("{}:{}", quoted(name), quoted(value));
    format!("{{{}}}\n", members.iter().map(member).collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The base64 of a PEM in one line.
fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

/// A PEM with its base64 in lines of another width.
fn in_lines_of(width: usize, pem: &str) -> String {
    let lines: Vec<&str> = pem.lines().collect();
    let body = body(pem).into_bytes();
    let body = body.chunks(width).map(text).collect::<Vec<_>>().join("\n");
    format!("{}\n{body}\n{}\n", lines[0], lines[lines.len() - 1])
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing has to be done.
    Good,
    /// It is mended, to the canonical JSON.
    Mended,
    /// The same, once the key's password is given.
    MendedWithPassword,
    /// It stays as it is.
    Left,
}

impl Outcome {
    /// The words of the document.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Good => "nothing to mend",
            Self::Mended => "mended",
            Self::MendedWithPassword => "mended, with `--password`",
            Self::Left => "left as it is",
        }
    }
}

/// One thing that people do.
pub struct Case {
    /// What, in words.
    pub what: &'static str,
    /// The file that comes of it.
    pub file: Vec<u8>,
    /// The rules that find it, in their own order.
    pub rules: &'static [&'static str],
    /// What becomes of it.
    pub outcome: Outcome,
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
}

/// Every case.
pub fn cases(pieces: &Pieces) -> Vec<Case> {
    let mut all = syntax(pieces);
    all.extend(encodings(pieces));
    all.extend(lines(pieces));
    all.extend(contents(pieces));
    all.extend(names(pieces));
    all.extend(hopeless(pieces));
    all
}

fn mended(what: &'static str, file: impl Into<Vec<u8>>, rules: &'static [&'static str]) -> Case {
    Case { what, file: file.into(), rules, outcome: Outcome::Mended }
}

fn left(what: &'static str, file: impl Into<Vec<u8>>, rules: &'static [&'static str]) -> Case {
    Case { what, file: file.into(), rules, outcome: Outcome::Left }
}

fn good(what: &'static str, file: impl Into<Vec<u8>>) -> Case {
    Case { what, file: file.into(), rules: &[], outcome: Outcome::Good }
}

/// Quotation marks, commas, braces.
fn syntax(pieces: &Pieces) -> Vec<Case> {
    let json = &pieces.json;
    let object = json.trim_end();
    let in_pairs = |open: &str, close: &str| {
        let parts: Vec<&str> = json.split('"').collect();
        let mark = |index: usize| if index.is_multiple_of(2) { open } else { close };
        let joined = parts.iter().enumerate().map(|(index, part)| match index + 1 == parts.len() {
            true => (*part).to_owned(),
            false => format!("{part}{}", mark(index)),
        });
        joined.collect::<String>()
    };
    vec![
        good("white space between the members", json.replace("\":\"", "\" :\n\t\"")),
        good("solidus written as `\\/`, as some programs write JSON", json.replace('/', "\\/")),
        mended(
            "quotation marks of a word processor (the vendor's own template has them)",
            json.replace('"', "”"),
            &["json-quotes"],
        ),
        mended("the same in pairs, “ and ”", in_pairs("“", "”"), &["json-quotes"]),
        mended("German ones, „ and “", in_pairs("„", "“"), &["json-quotes"]),
        mended("French ones, « and »", in_pairs("«", "»"), &["json-quotes"]),
        mended("single quotation marks", json.replace('"', "'"), &["json-quotes"]),
        mended("backticks", json.replace('"', "`"), &["json-quotes"]),
        mended(
            "marks of an East Asian keyboard",
            json.replace("\":\"", "＂：＂").replace('{', "｛").replace('}', "｝"),
            &["json-quotes", "json-punctuation"],
        ),
        mended(
            "non-breaking spaces, as pages and mail have them",
            json.replace(':', "\u{a0}:\u{a0}"),
            &["json-blanks"],
        ),
        mended("a zero-width space", json.replace(':', "\u{200b}:"), &["json-blanks"]),
        mended("a comma behind the last member", json.replace('}', ",}"), &["json-punctuation"]),
        mended("no comma between the members", json.replace("\",\"", "\"\n\""), &["json-punctuation"]),
        mended("the closing brace not copied", json.replace('}', ""), &["json-punctuation"]),
        mended(
            "names without quotation marks",
            json.replace("\"private_key\"", "private_key").replace("\"public_cert\"", "public_cert"),
            &["json-punctuation"],
        ),
        mended("a code fence around it", format!("```json\n{json}```\n"), &["json-text-around"]),
        mended("an assignment around it", format!("const credential = {object};\n"), &["json-text-around"]),
        mended(
            "a backslash before characters that need none",
            json.replace("-----", "\\-\\-\\-\\-\\-"),
            &["json-escapes"],
        ),
    ]
}

/// How the text is written down.
fn encodings(pieces: &Pieces) -> Vec<Case> {
    vec![
        mended("a byte order mark (Notepad)", format!("\u{feff}{}", pieces.json), &["text-encoding"]),
        mended(
            "UTF-16, little-endian (PowerShell's `>`)",
            utf16(&pieces.json, u16::to_le_bytes),
            &["text-encoding"],
        ),
        mended("UTF-16, big-endian", utf16(&pieces.json, u16::to_be_bytes), &["text-encoding"]),
    ]
}

/// What becomes of the PEM's line breaks.
fn lines(pieces: &Pieces) -> Vec<Case> {
    let (key, certificate) = (&pieces.key, &pieces.certificate);
    vec![
        mended("the PEM pasted with its line breaks", pieces.raw(key, certificate), &["json-line-breaks"]),
        mended(
            "the same in a file with CRLF",
            pieces.raw(key, certificate).replace('\n', "\r\n"),
            &["json-line-breaks", "pem-crlf"],
        ),
        mended(
            "the same, indented",
            pieces.raw(key, certificate).replace('\n', "\n    "),
            &["json-line-breaks", "pem-lines"],
        ),
        mended(
            "a backslash at the end of each line",
            pieces.raw(key, certificate).replace('\n', "\\\n"),
            &["json-line-breaks", "json-escapes"],
        ),
        mended("line breaks escaped twice, `\\\\n`", pieces.json.replace("\\n", "\\\\n"), &["pem-escaped"]),
        mended("`\\r\\n` for each line break", pieces.json.replace("\\n", "\\r\\n"), &["pem-crlf"]),
        mended(
            "line breaks lost",
            pieces.both(|pem| pem.replace('\n', "")),
            &["pem-line-breaks", "pem-final-newline"],
        ),
        mended(
            "line breaks turned into blanks",
            pieces.both(|pem| pem.replace('\n', " ")),
            &["pem-line-breaks", "pem-final-newline"],
        ),
        mended(
            "no line break at the end",
            pieces.both(|pem| pem.trim_end().to_owned()),
            &["pem-final-newline"],
        ),
        mended(
            "a blank line in the base64",
            pieces.both(|pem| pem.replacen("\nM", "\n\nM", 1)),
            &["pem-lines"],
        ),
        mended("lines of 76 characters", pieces.both(|pem| in_lines_of(76, pem)), &["pem-lines"]),
        mended("the base64 in one line", pieces.both(|pem| in_lines_of(100_000, pem)), &["pem-line-breaks"]),
        mended(
            "quoted as in a mail",
            pieces.both(|pem| pem.replace('\n', "\n> ")),
            &["pem-final-newline", "pem-text-around"],
        ),
    ]
}

/// What stands in the values.
fn contents(pieces: &Pieces) -> Vec<Case> {
    let (key, certificate) = (&pieces.key, &pieces.certificate);
    let bag = |pem: &str| {
        format!(
            "Bag Attributes\n    friendlyName: selfsigned\n    localKeyID: 54 69\nKey Attributes: <No Attributes>\n{pem}"
        )
    };
    let chain = format!("{certificate}{}", pieces.other_certificate);
    vec![
        mended("Bag Attributes of `openssl pkcs12`", pieces.both(bag), &["pem-text-around"]),
        mended(
            "words behind the PEM",
            pieces.of(&format!("{key}(end)\n"), certificate),
            &["pem-text-around"],
        ),
        mended(
            "dashes of a word processor",
            pieces.both(|pem| pem.replace("-----", "–––––")),
            &["pem-dashes"],
        ),
        mended("a dash lost in selecting", pieces.both(|pem| pem[1..].to_owned()), &["pem-dashes"]),
        mended("a PKCS#1 key, `BEGIN RSA PRIVATE KEY`", pieces.of(&pieces.pkcs1, certificate), &["key-form"]),
        mended(
            "OpenSSL's label for a certificate, `BEGIN X509 CERTIFICATE`",
            pieces.of(key, &certificate.replace(" CERT", " X509 CERT")),
            &["certificate-form"],
        ),
        mended(
            "PKCS#1 under the label of PKCS#8",
            pieces.of(&pieces.pkcs1.replace("RSA ", ""), certificate),
            &["not-canonical"],
        ),
        mended(
            "base64 without BEGIN and END lines",
            pieces.of(&body(key), &body(certificate)),
            &["pem-armour"],
        ),
        mended(
            "the same in lines",
            pieces
                .both(|pem| pem.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n")),
            &["pem-armour"],
        ),
        mended("another certificate behind the own one", pieces.of(key, &chain), &["chain-unwanted"]),
        mended("the certificate twice", pieces.of(key, &certificate.repeat(2)), &["chain-unwanted"]),
        Case {
            what: "an encrypted key",
            file: pieces.of(&pieces.encrypted, certificate).into(),
            rules: &["key-encrypted"],
            outcome: Outcome::MendedWithPassword,
        },
    ]
}

/// Which member is called what.
fn names(pieces: &Pieces) -> Vec<Case> {
    let (json, key, certificate) = (&pieces.json, &pieces.key, &pieces.certificate);
    vec![
        mended("key and certificate exchanged", pieces.of(certificate, key), &["members-swapped"]),
        mended(
            "the members in the other order",
            members(&[("public_cert", certificate), ("private_key", key)]),
            &["member-order"],
        ),
        mended(
            "a misspelt name",
            json.replace("private_key", "privateKey"),
            &["member-missing", "member-unknown"],
        ),
        mended(
            "both names in the words of another program",
            members(&[("key", key), ("certificate", certificate)]),
            &["member-missing", "member-unknown"],
        ),
        mended(
            "a member of another client beside its own",
            json.replace('}', ",\"thumbprint\":\"00\"}"),
            &["member-unknown"],
        ),
        mended("a further member", json.replace('}', ",\"alias\":\"selfsigned\"}"), &["member-unknown"]),
        mended(
            "both in private_key, and no public_cert",
            members(&[("private_key", &format!("{key}{certificate}"))]),
            &["member-missing", "members-swapped"],
        ),
        mended(
            "a PEM with both in private_key, as openssl writes it",
            pieces.of(&format!("{key}{certificate}"), certificate),
            &["members-swapped"],
        ),
    ]
}

/// What nobody can mend without guessing.
fn hopeless(pieces: &Pieces) -> Vec<Case> {
    let (json, key, certificate) = (&pieces.json, &pieces.key, &pieces.certificate);
    let template = "{ \"private_key\":\"-----BEGIN PRIVATE KEY-----\\nXXXXXXXXXXXXXXXXXX\\nXXXXXXXXXXXXXXXXXX\\n-----END PRIVATE KEY-----\\n\",\n\"public_cert\":\"-----BEGIN CERTIFICATE-----\\nXXXXXXXXXXXXXXXXXX\\n-----END CERTIFICATE-----\\n\" }";
    // In the middle of the certificate's signature, which is its end.
    let altered = {
        let at = certificate.len() - 150;
        let other = if certificate.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{}{other}{}", &certificate[..at], &certificate[at + 1..])
    };
    vec![
        left("the vendor's template as it is", template, &["placeholder"]),
        left("words where the key belongs", pieces.of("<Private Key>", certificate), &["placeholder"]),
        left("a key of another certificate", pieces.of(&pieces.other_key, certificate), &["key-mismatch"]),
        left("no certificate", members(&[("private_key", key)]), &["member-missing"]),
        left("no key", members(&[("public_cert", certificate)]), &["member-missing"]),
        left(
            "two members of one name",
            json.replace('}', &format!(",\"private_key\":{}}}", quoted(&pieces.other_key))),
            &["member-repeated"],
        ),
        left(
            "two objects, one behind the other",
            format!(
                "{json}{}",
                members(&[("private_key", &pieces.other_key), ("public_cert", &pieces.other_certificate)])
            ),
            &["json-text-around"],
        ),
        left(
            "an old object in a comment above it",
            format!("// {{\"private_key\": \"old\"}}\n{json}"),
            &["unreadable", "json-text-around", "member-missing"],
        ),
        left(
            "a list in place of the text",
            json.replace("\"public_cert\":\"", "\"public_cert\":[\"").replace("\"}", "\"]}"),
            &["member-missing"],
        ),
        left("two keys", pieces.of(&format!("{key}{}", pieces.other_key), certificate), &["key-mismatch"]),
        left(
            "a key whose end was not copied",
            pieces.of(&key[..key.len() / 2], certificate),
            &["unreadable"],
        ),
        left("a character of the certificate lost", pieces.of(key, &altered), &["certificate-damaged"]),
        left(
            "an encrypted key without its password",
            pieces.of(&pieces.encrypted, certificate),
            &["key-encrypted"],
        ),
        left("an EC key, which Entra does not take", pieces.curve.clone(), &["key-kind"]),
        left("a text that never ends", &json[..json.len() - 5], &["json-syntax"]),
        left("the whole object as a text of JSON", quoted(json), &["json-syntax"]),
        left(
            "quotation marks doubled by a spreadsheet",
            format!("\"{}\"", json.trim_end().replace('"', "\"\"")),
            &["json-syntax"],
        ),
    ]
}
