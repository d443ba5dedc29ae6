//! What every HTML page has in common: its look (`templates/page.css`), a policy that lets nothing in
//! and nothing out, and text that is only text.

use askama::Template;
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use super::text::clean;

/// The page's Content-Security-Policy (CSP level 3, section 6.7.3: hashes of inline elements): its one
/// style and its one script, and no request.
pub(super) fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", Base64::encode_string(&Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

/// The page as text, with everything made visible that could reorder what is read.
pub(super) fn rendered(page: &impl Template) -> String {
    // Pages are made of strings and numbers, which can always be written into a string.
    let html = page.render().unwrap_or_else(|error| format!("<!DOCTYPE html><title>{error}</title>"));
    let lines: Vec<String> = html.lines().map(clean).collect();
    lines.join("\n") + "\n"
}
