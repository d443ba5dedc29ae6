//! How PEM in a text departs from its canonical form (RFC 7468): 64 columns, LF, one final newline,
//! nothing before or after.

use zeroize::Zeroizing;

use crate::armor;

/// A way in which it departs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Text before, between or behind the blocks, such as Bag Attributes.
    Around,
    /// Dashes other than `-----`.
    Dashes,
    /// `\n` typed as two characters.
    Escaped,
    /// CRLF, or CR alone.
    Returns,
    /// No line break inside a block: lost, or turned into blanks.
    Joined,
    /// No final newline.
    Unfinished,
    /// Lines of another width, blank or indented lines.
    Lines,
}

/// No key is shorter, in octets: that of Ed25519 in PKCS#8 (RFC 8410 section 10.3).
const SHORTEST: usize = 48;

/// The labels of the PEM blocks in `text`, and every way in which it departs from the same blocks in
/// canonical form; `None` where it holds no block that can be read.
pub(super) fn departures(text: &str) -> Option<(Vec<String>, Vec<Shape>)> {
    let blocks = armor::decode(text.as_bytes()).ok()?.blocks;
    // A word of a template may happen to be base64.
    if blocks.iter().all(|block| block.der.len() < SHORTEST) {
        return None;
    }
    let labels: Vec<String> = blocks.iter().map(|block| block.label.clone()).collect();
    // No lines of 64 are longer than the text, whatever its own are: this never grows.
    let mut canonical = Zeroizing::new(String::with_capacity(2 * text.len() + 100 * blocks.len()));
    for block in &blocks {
        canonical.push_str(&armor::encode(&block.label, block.der.expose()).ok()?);
    }
    // The headers of an encrypted block (RFC 1421) are none of its departures.
    let is_sealed = blocks.iter().any(|block| block.dek_info.is_some());
    Some((labels, if is_sealed { Vec::new() } else { shapes(text, &canonical) }))
}

/// Every way in which `text` departs from `canonical`, which holds the same blocks.
fn shapes(text: &str, canonical: &str) -> Vec<Shape> {
    if text == canonical {
        return Vec::new();
    }
    let escaped = text.contains("\\n") || text.contains("\\r");
    let returns = text.contains('\r');
    let unescaped = unescaped(text);
    let dashes = unescaped.contains("BEGIN") && !unescaped.contains("-----BEGIN ");
    let joined = is_joined(&unescaped);
    let around = has_text_around(&unescaped);
    let unfinished = !unescaped.trim_end_matches([' ', '\t']).ends_with('\n');
    let found = [
        (around, Shape::Around),
        (dashes, Shape::Dashes),
        (escaped, Shape::Escaped),
        (returns, Shape::Returns),
        (joined, Shape::Joined),
        (unfinished, Shape::Unfinished),
    ];
    let shapes: Vec<Shape> = found.into_iter().filter(|(is, _)| *is).map(|(_, shape)| shape).collect();
    if shapes.is_empty() { vec![Shape::Lines] } else { shapes }
}

/// The text with its line breaks as they should be: LF, whether they were typed, escaped or CR.
fn unescaped(text: &str) -> Zeroizing<String> {
    // It never grows, and leaves no copy of a key behind.
    let mut lines = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (meant, length) = if rest.starts_with("\\r\\n") {
            ('\n', 4)
        } else if rest.starts_with("\\n") || rest.starts_with("\\r") || rest.starts_with("\r\n") {
            ('\n', 2)
        } else if c == '\r' {
            ('\n', 1)
        } else {
            (c, c.len_utf8())
        };
        lines.push(meant);
        rest = &rest[length..];
    }
    lines
}

/// Whether a block has no line break between its first line and its last.
fn is_joined(text: &str) -> bool {
    let body = |rest: &str| {
        let label = rest.find("-----")? + 5;
        let end = rest[label..].find("-----END")?;
        Some(
            rest[label..label + end].trim_matches('\n').len() > 64
                && !rest[label..label + end].trim().contains('\n'),
        )
    };
    text.split("-----BEGIN ").skip(1).filter_map(body).any(|joined| joined)
}

fn has_text_around(text: &str) -> bool {
    let before = text.split("-----BEGIN ").next().unwrap_or_default();
    let behind = text.split("-----END ").skip(1).map(|rest| {
        let rest = rest.split_once("-----").map_or("", |(_, rest)| rest);
        rest.split("-----BEGIN ").next().unwrap_or_default()
    });
    text.contains("-----BEGIN ")
        && (!before.trim().is_empty() || behind.into_iter().any(|rest| !rest.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pasting_did_is_named() {
        let line = "A".repeat(64);
        let canonical = format!("-----BEGIN X-----\n{line}\n{line}\nAAAA\n-----END X-----\n");
        let joined = canonical.trim_end().replace('\n', " ") + "\n";
        for (text, expected) in [
            (canonical.clone(), vec![]),
            (canonical.replace('\n', "\\n"), vec![Shape::Escaped]),
            (canonical.replace('\n', "\r\n"), vec![Shape::Returns]),
            (joined.clone(), vec![Shape::Joined]),
            (
                joined.replace(' ', "").replace("BEGINX", "BEGIN X").replace("ENDX", "END X"),
                vec![Shape::Joined],
            ),
            (canonical.trim_end().to_owned(), vec![Shape::Unfinished]),
            (format!("Bag Attributes\n{canonical}"), vec![Shape::Around]),
            (format!("{canonical}thanks\n"), vec![Shape::Around]),
            (canonical.replace("-----", "–––––"), vec![Shape::Dashes]),
            (canonical.replace("\nAAAA", "\n\nAAAA"), vec![Shape::Lines]),
            (canonical.trim_end().replace('\n', "\r\n"), vec![Shape::Returns, Shape::Unfinished]),
        ] {
            assert_eq!(departures(&text), Some((vec!["X".to_owned()], expected)), "{text}");
        }
    }
}
