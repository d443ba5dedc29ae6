//! Signatures of long ago.

use super::{Found, Rule};
use crate::{cert::Certificate, check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "certificate-signature",
    severity: Severity::Warning,
    finds: "a certificate signed with SHA-1 or MD5",
    why: "Microsoft names SHA-256, SHA-384 and SHA-512 for app certificates; many programs refuse the older ones",
    remedy: "make the certificate anew: certkit gen",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let old = |leaf: &Certificate| {
        let name = leaf.signature_algorithm();
        let lower = name.to_lowercase();
        let old = ["sha1", "md5", "md4", "md2"].iter().any(|hash| lower.contains(hash));
        old.then(|| Found::new(format!("the certificate is signed with {name}")))
    };
    subject.leaves().filter_map(old).collect()
}
