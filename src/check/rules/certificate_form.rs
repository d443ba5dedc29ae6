//! Forms of a certificate.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "certificate-form",
    severity: Severity::Error,
    finds: "something other than a CERTIFICATE block in public_cert",
    why: "the vendor's template has one certificate there, BEGIN CERTIFICATE; the vendor documents one form only, and what its portal does with others is not known",
    remedy: "write it anew: certkit export-json STORE",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let pem = subject.pem.iter().filter(|pem| pem.member.as_deref() == Some(MEMBERS[1]));
    let found = pem.flat_map(|pem| {
        // A key there is a matter of its own.
        let others =
            pem.labels.iter().filter(|label| *label != "CERTIFICATE" && !label.ends_with("PRIVATE KEY"));
        others.map(|label| {
            Found::at(subject.place(pem.at), format!("{} holds a \"{label}\" block", MEMBERS[1]))
        })
    });
    found.collect()
}
