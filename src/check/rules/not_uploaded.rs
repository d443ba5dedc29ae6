//! The uploaded certificate, with --against or --thumbprint.

use super::{Found, Rule};
use crate::{
    cert::Certificate,
    check::{Subject, Wanted},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "not-uploaded",
    severity: Severity::Error,
    finds: "a certificate that is not the one that was uploaded",
    why: "Entra knows the uploaded certificate only, so every sign-in with another fails",
    remedy: "upload this one (certkit export-cer FILE), or take the key of the other",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(wanted) = &subject.options.wanted else { return Vec::new() };
    let is_wanted = |certificate: &&Certificate| match wanted {
        Wanted::Certificate(wanted) => *certificate == wanted,
        Wanted::Thumbprint(thumbprint) => {
            let found = certificate.fingerprints();
            [found.sha1, found.sha256].contains(thumbprint)
        }
    };
    // Where there is a key, it is its own certificate that somebody signs in with.
    let own: Vec<&Certificate> = subject.keys().filter_map(|(_, chain)| chain.first()).collect();
    let all = if own.is_empty() { subject.certificates().collect() } else { own };
    match all[..] {
        [] => vec![Found::new("there is no certificate to compare with the uploaded one")],
        _ if all.iter().any(is_wanted) => Vec::new(),
        [one] => {
            vec![Found::new(format!("its certificate is another one, SHA-1 {}", one.fingerprints().sha1))]
        }
        _ => vec![Found::new(format!("none of its {} certificates is that one", all.len()))],
    }
}
