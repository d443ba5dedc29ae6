//! Certificates that are marked as an authority.

use super::{Found, Rule};
use crate::{cert::Certificate, check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "certificate-authority",
    severity: Severity::Warning,
    finds: "a client's certificate that is marked as an authority",
    why: "whoever trusts a certificate with CA:TRUE trusts all that its key signs",
    remedy: "make the certificate anew: certkit gen marks it CA:FALSE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let authority = |leaf: &Certificate| {
        let says = |extension: crate::cert::Extension| {
            extension.oid == "2.5.29.19" && extension.value.starts_with("CA:TRUE")
        };
        leaf.extensions().into_iter().any(says).then(|| Found::new("the certificate is marked CA:TRUE"))
    };
    subject.keys().filter_map(|(_, chain)| authority(chain.first()?)).collect()
}
