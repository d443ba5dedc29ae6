//! JSON with keys and certificates in it: the connector JSON, and whatever other clients and
//! portals keep them in.

use std::{borrow::Cow, collections::HashMap, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{
    Format, Store, Unlock,
    detect::{self, Kind},
    loose::Loose,
};
use crate::{
    armor::{self, Armored},
    cert::Certificate,
    error::{Error, Result, shortened},
    json::shown,
    limits::WorkBudget,
};

const STRUCTURE: &str = "JSON";

/// Shorter texts hold no key and no certificate in base64.
const SHORTEST_BASE64: usize = 100;

/// The members of the connector JSON, in order.
const CONNECTOR: [&str; 2] = ["private_key", "public_cert"];

/// Reads every member that holds PEM, by itself or in base64 (as the Secrets of Kubernetes do), or a
/// certificate's DER in base64 (as Microsoft Graph's keyCredentials and the `x5c` of a JWK do), at
/// any depth.
///
/// # Errors
/// As [`super::read`]; [`Error::Damaged`] with line and column where it is not JSON.
pub(super) fn read(octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let mut members = Members {
        found: Found { loose: Loose::default(), unlock, budget, notes: Vec::new() },
        path: Vec::new(),
        in_list: false,
        named: [false; 2],
        failed: None,
    };
    let mut document = serde_json::Deserializer::from_slice(text);
    // Nothing is kept of a document but what its members hold, however many there are.
    let is_object = (&mut members).deserialize(&mut document).and_then(|is_object| {
        document.end()?;
        Ok(is_object)
    });
    let is_object = is_object.map_err(|error| not_json(text, &error))?;
    if let Some(error) = members.failed {
        return Err(error);
    }
    let Found { loose, notes, .. } = members.found;
    loose.require_right_password()?;
    if loose.keys.is_empty() && loose.certificates.is_empty() {
        return Err(nothing(is_object, members.named));
    }
    let connector = is_object && members.named == [true; 2];
    let mut store = Store::new(if connector { Format::ConnectorJson } else { Format::Json });
    store.notes = notes;
    loose.assemble(&mut store)?;
    Ok(store)
}

/// A document without keys or certificates: what is wrong with it.
fn nothing(is_object: bool, named: [bool; 2]) -> Error {
    match CONNECTOR.iter().zip(named).find(|(_, named)| *named && is_object) {
        Some((name, _)) => {
            let detail = format!("member {name} holds no PEM block; expected \"-----BEGIN …-----\\n…\"");
            Error::damaged("connector JSON", detail)
        }
        None => Kind::Json.refusal(),
    }
}

/// Walks through a document as it is parsed.
struct Members<'a> {
    found: Found<'a>,
    /// The names that lead to the value, cut to what a message needs.
    path: Vec<String>,
    /// Whether the document is a list, not an object.
    in_list: bool,
    /// Which of the connector JSON's members the document has.
    named: [bool; 2],
    /// Why reading stopped. What follows is still parsed: broken syntax is the better reason.
    failed: Option<Error>,
}

/// A value, and what is inside it; whether it is an object.
impl<'de> DeserializeSeed<'de> for &mut Members<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Members<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> std::result::Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<bool, E> {
        if self.failed.is_none() {
            self.failed = self.found.text(text, &self.path).err();
        }
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<bool, A::Error> {
        self.in_list |= self.path.is_empty();
        while items.next_element_seed(&mut *self)?.is_some() {}
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> std::result::Result<bool, A::Error> {
        let mut seen = HashMap::new();
        while let Some(name) = members.next_key::<Cow<'_, str>>()? {
            let known = CONNECTOR.iter().position(|known| *known == name);
            if let (Some(at), 0, false) = (known, self.path.len(), self.in_list) {
                self.named[at] = true;
            }
            self.path.push(shown(&name).to_owned());
            let before = self.found.pieces();
            members.next_value_seed(&mut *self)?;
            // Which of two members of one name counts differs from program to program.
            let found = self.found.pieces() > before;
            let earlier = seen.insert(name.into_owned(), found);
            if earlier.is_some_and(|earlier| earlier || found) && self.failed.is_none() {
                let detail = format!("member {} stands there twice", shortened(self.path.join(".")));
                self.failed = Some(Error::damaged(STRUCTURE, detail));
            }
            self.path.pop();
        }
        Ok(true)
    }
}

struct Found<'a> {
    loose: Loose,
    unlock: &'a Unlock,
    budget: &'a mut WorkBudget,
    notes: Vec<String>,
}

impl Found<'_> {
    /// How much was found so far.
    fn pieces(&self) -> usize {
        self.loose.keys.len() + self.loose.certificates.len()
    }

    fn text(&mut self, text: &str, path: &[String]) -> Result<()> {
        let armored = armor::decode(text.as_bytes())?;
        // Most members are short; their paths need not be.
        let name = || shortened(path.join("."));
        if !armored.is_empty() {
            return self.armored(&armored, &name());
        }
        if text.len() <= SHORTEST_BASE64 {
            return Ok(());
        }
        let Some(octets) = armor::base64(text.as_bytes()) else { return Ok(()) };
        let is_connectors = matches!(path, [name] if CONNECTOR.contains(&name.as_str()));
        match detect::kind_in_base64(&octets) {
            // A key is taken for one only where one belongs.
            kind @ (Kind::Pkcs8 | Kind::Pkcs1 | Kind::Sec1) if is_connectors => {
                let added = self.loose.add_structure(kind, &octets, self.unlock, self.budget);
                added.map_err(|error| in_member(&name(), error))?;
                self.notes.push(format!("member {} is base64 without BEGIN and END lines", name()));
            }
            // Much that is none looks like one: only what reads as a certificate is taken.
            Kind::Certificate => {
                Certificate::from_der(&octets).into_iter().for_each(|one| self.loose.add_certificate(one));
            }
            Kind::Pem => self.armored(&armor::decode(&octets)?, &name())?,
            kind @ (Kind::Pkcs12 | Kind::Jks | Kind::Jceks) => {
                let added = self.loose.add_structure(kind, &octets, self.unlock, self.budget);
                added.map_err(|error| in_member(&name(), error))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The blocks of the member `name`.
    fn armored(&mut self, armored: &Armored, name: &str) -> Result<()> {
        for block in armored.whole().map_err(|error| in_member(name, error))? {
            let added = self.loose.add_block(block, self.unlock, self.budget);
            added.map_err(|error| in_member(name, error))?;
            let certificate = block.label.ends_with("CERTIFICATE");
            if name == CONNECTOR[usize::from(!certificate)] {
                self.notes.push(format!("member {name} holds a \"{}\" block", block.label));
            }
        }
        if armored.mended {
            self.notes
                .push(format!("the PEM in member {name} was mended: its line breaks or dashes are wrong"));
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
