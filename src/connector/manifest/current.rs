//! What an app registration asks for now, from what `az ad app show`, Microsoft Graph or the
//! portal's manifest says of it.

use serde::Deserialize;
use serde_json::Value;

use super::Resource;
use crate::{
    armor,
    error::{Error, Result},
    json::Document,
};

const PROPERTY: &str = "requiredResourceAccess";
const WHAT: &str = "app registration";
const REMEDY: &str = "ask for it anew: az ad app show --id CLIENT_ID > current.json";

/// Reads an application object, or its `requiredResourceAccess` alone; UTF-8 or UTF-16, as a shell
/// on Windows redirects.
///
/// # Errors
/// [`Error::Damaged`] where it is no JSON or a value is not of its form, [`Error::WrongKind`] where
/// it is something else.
pub fn read(octets: &[u8]) -> Result<Vec<Resource>> {
    if octets.iter().all(u8::is_ascii_whitespace) {
        return Err(wrong("empty"));
    }
    let converted = armor::is_utf16(octets).then(|| armor::from_utf16(octets));
    let text = converted.as_deref().map_or(octets, Vec::as_slice);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let document = Document::parse(text).map_err(|error| {
        let fault =
            if error.is_eof() { "the JSON ends before it is complete" } else { "it is no JSON there" };
        Error::damaged(WHAT, format!("line {}, column {}: {fault}", error.line(), error.column()))
    })?;
    let list = match document.value() {
        Value::Object(members) => match members.get(PROPERTY) {
            Some(Value::Array(list)) => list,
            // Nothing is asked for.
            Some(Value::Null) => return Ok(Vec::new()),
            Some(_) => return Err(Error::damaged(WHAT, format!("{PROPERTY} is no list"))),
            None if matches!(members.get("value"), Some(Value::Array(_))) => {
                return Err(wrong("a list of objects, as Microsoft Graph answers to a search"));
            }
            None => return Err(wrong("a JSON object without requiredResourceAccess")),
        },
        Value::Array(list) => list,
        _ => return Err(wrong("a JSON value that is neither an object nor a list")),
    };
    if list.iter().any(|entry| entry.get(PROPERTY).is_some()) {
        return Err(wrong("a list of app registrations"));
    }
    list.iter().enumerate().map(|(index, entry)| resource(index, entry)).collect()
}

fn wrong(found: &str) -> Error {
    Error::WrongKind {
        found: found.into(),
        expected: "one app registration in JSON, or its requiredResourceAccess",
        remedy: Some(REMEDY.into()),
    }
}

fn resource(index: usize, entry: &Value) -> Result<Resource> {
    let accesses = entry.get("resourceAccess").and_then(Value::as_array);
    // serde takes lists for structures; Microsoft Graph does not.
    if !accesses.is_some_and(|accesses| accesses.iter().all(Value::is_object)) {
        let reason = format!(
            "entry {} of {PROPERTY} is no object with a list of objects in resourceAccess",
            index + 1
        );
        return Err(Error::damaged(WHAT, reason));
    }
    Resource::deserialize(entry)
        .map_err(|error| Error::damaged(WHAT, format!("entry {} of {PROPERTY}: {error}", index + 1)))
}
