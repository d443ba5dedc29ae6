//! Reading the names that people type: RFC 4514 and keytool's spelling. A refusal is a sentence,
//! which the caller puts behind the option.

use const_oid::ObjectIdentifier;
use der::{Any, Decode, Tag, Tagged};

use super::{Attribute, DistinguishedName, Value, keyword_oid};

type Result<T> = std::result::Result<T, String>;

/// Reads a whole name.
pub(super) fn name(text: &str) -> Result<DistinguishedName> {
    if let Some(reason) = looks_like_a_path(text) {
        return Err(reason);
    }
    let mut rdns = Vec::new();
    for rdn in split(text, &[',', ';'])? {
        let parts = split(rdn, &['+'])?;
        rdns.push(parts.into_iter().map(|part| attribute(part.trim_start())).collect::<Result<_>>()?);
    }
    // What is typed first is encoded last.
    rdns.reverse();
    Ok(DistinguishedName { rdns })
}

/// Why the text is a slash-separated subject, perhaps one that a shell has rewritten.
fn looks_like_a_path(text: &str) -> Option<String> {
    let trimmed = text.trim_start();
    let mut start = trimmed.chars();
    let drive = start.next().is_some_and(|c| c.is_ascii_alphabetic()) && trimmed[1..].starts_with(":/")
        || trimmed.get(1..3) == Some(":\\");
    if drive && trimmed.contains('=') {
        return Some(
            "this looks like /CN=… after Git Bash turned it into a Windows path; write it as \"CN=name,O=organisation,C=US\" (or set MSYS_NO_PATHCONV=1)"
                .into(),
        );
    }
    trimmed.starts_with('/').then(|| {
        let parts: Vec<&str> = trimmed.split('/').filter(|part| !part.is_empty()).rev().collect();
        format!("OpenSSL's slash form is not read; write it most specific first: \"{}\"", parts.join(","))
    })
}

/// Splits at unescaped, unquoted separators.
fn split<'a>(text: &'a str, separators: &[char]) -> Result<Vec<&'a str>> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (position, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            c if !quoted && separators.contains(&c) => {
                parts.push(&text[start..position]);
                start = position + c.len_utf8();
            }
            _ => {}
        }
    }
    if quoted {
        return Err("a quotation mark is not closed".into());
    }
    if escaped {
        return Err("it ends in a backslash".into());
    }
    parts.push(&text[start..]);
    Ok(parts)
}

fn attribute(part: &str) -> Result<Attribute> {
    if part.is_empty() {
        return Err("a part is empty; expected parts such as CN=name, separated by commas".into());
    }
    let (keyword, value) = part.split_once('=').ok_or_else(|| {
        format!(
            "\"{part}\" has no \"=\"; expected a part such as CN=name (a comma inside a value is written \\,)"
        )
    })?;
    let keyword = keyword.trim();
    let oid = attribute_type(keyword)?;
    // The blank only: other white space is a part of the value, and printed as it is.
    let value = value.trim_start_matches(' ');
    let value = match value.strip_prefix('#') {
        Some(hex) => der_value(hex.trim())?,
        None => Value::Text(unescape(value)?),
    };
    let attribute = Attribute { oid, value };
    attribute.validate(keyword)?;
    Ok(attribute)
}

fn attribute_type(keyword: &str) -> Result<String> {
    if let Some(oid) = keyword_oid(keyword) {
        return Ok(oid.to_owned());
    }
    let dotted = match keyword.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("OID.") => &keyword[4..],
        _ => keyword,
    };
    ObjectIdentifier::new(dotted).map(|oid| oid.to_string()).map_err(|_| {
        format!(
            "\"{keyword}\" is not an attribute; expected CN, OU, O, L, ST, C and the like, or a dotted OID"
        )
    })
}

fn der_value(hex: &str) -> Result<Value> {
    let odd = "a value after # must be the hexadecimal digits of one DER element".to_owned();
    let octets = from_hex(hex).ok_or_else(|| odd.clone())?;
    let any = Any::from_der(&octets).map_err(|_| odd)?;
    // Any::encode keeps what it was given, so an unusual string type passes through.
    match any.tag() {
        Tag::Utf8String => match String::from_utf8(any.value().to_vec()) {
            Ok(text) => Ok(Value::Text(text)),
            Err(_) => Err("a UTF8String that is not UTF-8".into()),
        },
        _ => Ok(Value::Der(octets)),
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |digit: u8| char::from(digit).to_digit(16).map(|n| n as u8);
    digits.chunks(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}

/// Undoes quotes and backslashes (RFC 4514 section 2.4, RFC 2253 section 4), and drops blanks
/// that are neither quoted nor escaped at the end.
fn unescape(value: &str) -> Result<String> {
    let mut octets = Vec::with_capacity(value.len());
    let (mut quoted, mut keep) = (false, 0);
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                quoted = !quoted;
                keep = octets.len();
                continue;
            }
            '\\' => {
                let next = rest.next().ok_or("it ends in a backslash")?;
                match (next.to_digit(16), rest.peek().and_then(|c| c.to_digit(16))) {
                    (Some(high), Some(low)) => {
                        rest.next();
                        octets.push((high << 4 | low) as u8);
                    }
                    _ => octets.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes()),
                }
                keep = octets.len();
            }
            c => {
                octets.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                if quoted || c != ' ' {
                    keep = octets.len();
                }
            }
        }
    }
    octets.truncate(keep);
    String::from_utf8(octets).map_err(|_| "the octets after backslashes are not UTF-8".into())
}
