//! JSON Lines: one JSON object (RFC 8259) a line.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::{FAULTS_OF_A_LINE, List, split, unknown};
use crate::ops::generate::{Field, Request};

pub(super) fn read(text: &str) -> List {
    let mut list = List::default();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(object) => row(&mut list, index + 1, object),
            // The line is the list's, and the object is all of it.
            Err(error) => list.fault(index + 1, format!("it is no JSON object: {}", described(&error))),
        }
    }
    list
}

fn described(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    format!("{reason} (column {})", error.column())
}

fn row(list: &mut List, line: usize, object: Object) {
    let (mut request, mut faults) = (Request::default(), Vec::new());
    let mut seen = Vec::new();
    for (name, value) in object.0 {
        match Field::of_column(&name) {
            None => faults.push(unknown("member", &name)),
            Some(field) if seen.contains(&field) => {
                faults.push(format!("the member \"{name}\" stands twice"))
            }
            Some(field) => {
                seen.push(field);
                match words(field, &value) {
                    Some(words) => request.ask(field, words),
                    None if field.is_list() => {
                        faults.push(format!("{name}: expected a text or a list of texts"));
                    }
                    None => faults.push(format!("{name}: expected a text or a whole number")),
                }
            }
        }
    }
    if faults.is_empty() {
        list.row(line, request);
    }
    faults.into_iter().take(FAULTS_OF_A_LINE).for_each(|fault| list.fault(line, fault));
}

/// A member's value as words; nothing for null and for what is empty.
fn words(field: Field, value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Some(Vec::new()),
        Value::String(text) => Some(split(field, text.trim()).into_iter().map(str::to_owned).collect()),
        // Others do not come back as they were typed.
        Value::Number(number) if !number.is_f64() => Some(vec![number.to_string()]),
        Value::Array(values) if field.is_list() => {
            values.iter().map(|value| value.as_str().map(|text| text.trim().to_owned())).collect()
        }
        _ => None,
    }
}

/// An object's members in order, those of one name included.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
