//! JSON with keys and certificates in it: the connector JSON, and whatever other clients and
//! portals keep them in.

use serde_json::Value;

use super::{Format, Store, Unlock, detect::Kind, loose::Loose};
use crate::{
    armor,
    cert::Certificate,
    error::{Error, Result},
    json::Document,
    limits::WorkBudget,
};

const STRUCTURE: &str = "JSON";

/// The members of the connector JSON, in order.
const CONNECTOR: [&str; 2] = ["private_key", "public_cert"];

/// Reads every member that holds PEM, or a certificate's DER in base64 (as Microsoft Graph's
/// keyCredentials and the `x5c` of a JWK do), at any depth.
///
/// # Errors
/// As [`super::read`]; [`Error::Damaged`] with line and column where it is not JSON.
pub(super) fn read(octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let document = Document::parse(text).map_err(|error| not_json(text, &error))?;
    read_document(document.value(), unlock, budget)
}

fn read_document(document: &Value, unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let connector = CONNECTOR.iter().all(|name| document.get(name).is_some());
    let mut store = Store::new(if connector { Format::ConnectorJson } else { Format::Json });
    let mut members = Members { loose: Loose::default(), unlock, budget, notes: Vec::new() };
    members.read(document, &mut Vec::new())?;
    let Members { loose, notes, .. } = members;
    loose.require_right_password()?;
    if loose.keys.is_empty() && loose.certificates.is_empty() {
        return Err(nothing(document));
    }
    store.notes = notes;
    loose.assemble(&mut store)?;
    Ok(store)
}

/// A document without keys or certificates: what is wrong with it.
fn nothing(document: &Value) -> Error {
    let Value::Object(members) = document else {
        return Kind::Json.refusal();
    };
    match CONNECTOR.iter().find(|name| members.contains_key(**name)) {
        Some(name) => {
            let detail = format!("member {name} holds no PEM block; expected \"-----BEGIN …-----\\n…\"");
            Error::damaged("connector JSON", detail)
        }
        None => Kind::Json.refusal(),
    }
}

struct Members<'a> {
    loose: Loose,
    unlock: &'a Unlock,
    budget: &'a mut WorkBudget,
    notes: Vec<String>,
}

impl<'a> Members<'a> {
    /// Reads a value and what is inside it; `path` leads to it.
    fn read(&mut self, value: &'a Value, path: &mut Vec<&'a str>) -> Result<()> {
        match value {
            Value::String(text) => self.text(text, path),
            Value::Array(items) => items.iter().try_for_each(|item| self.read(item, path)),
            Value::Object(members) => members.iter().try_for_each(|(name, value)| {
                path.push(name);
                let outcome = self.read(value, path);
                path.pop();
                outcome
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    fn text(&mut self, text: &str, path: &[&str]) -> Result<()> {
        let name = path.join(".");
        let armored = armor::decode(text.as_bytes())?;
        for block in armored.whole().map_err(|error| in_member(&name, error))? {
            let added = self.loose.add_block(block, self.unlock, self.budget);
            added.map_err(|error| in_member(&name, error))?;
            let certificate = block.label.ends_with("CERTIFICATE");
            if name == CONNECTOR[usize::from(!certificate)] {
                self.notes.push(format!("member {name} holds a \"{}\" block", block.label));
            }
        }
        if armored.mended {
            self.notes
                .push(format!("the PEM in member {name} was mended: its line breaks or dashes are wrong"));
        }
        // Shorter texts are no certificate, and most members are short.
        if armored.blocks.is_empty()
            && text.len() > 300
            && let Some(der) = armor::base64(text.as_bytes())
            && let Ok(certificate) = Certificate::from_der(&der)
        {
            self.loose.add_certificate(certificate);
        }
        Ok(())
    }
}

fn in_member(name: &str, error: Error) -> Error {
    match error {
        Error::Damaged { structure, detail } => {
            Error::damaged(STRUCTURE, format!("member {name}: {structure}: {detail}"))
        }
        other => other,
    }
}

fn not_json(text: &[u8], error: &serde_json::Error) -> Error {
    let place = format!("line {}, column {}", error.line(), error.column());
    let curly = ['\u{201c}', '\u{201d}', '\u{201e}'].iter().any(|quote| {
        let mut octets = [0; 4];
        let quote = quote.encode_utf8(&mut octets).as_bytes();
        text.windows(quote.len()).any(|window| window == quote)
    });
    let why =
        if curly { "typographic quotes (“ ”) stand where JSON needs \"" } else { "the syntax is broken" };
    Error::damaged(STRUCTURE, format!("not valid JSON at {place}: {why}"))
}
