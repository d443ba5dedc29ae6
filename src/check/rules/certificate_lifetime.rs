//! Certificates that live long.

use super::{Found, Rule};
use crate::{cert::Certificate, check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "certificate-lifetime",
    severity: Severity::Info,
    finds: "a certificate that is valid for longer than tenants commonly allow",
    why: "an app management policy of the tenant may cap the lifetime of certificates, and then refuses the upload; 730 days is common",
    remedy: "certkit gen --days 730",
    fixable: false,
    look,
};

/// Two years, the cap of Microsoft's own examples for app management policies.
const COMMON_DAYS: i64 = 731;

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let days = |leaf: &Certificate| leaf.not_after().days_since(leaf.not_before());
    let long = |leaf: &Certificate| {
        (days(leaf) > COMMON_DAYS)
            .then(|| Found::new(format!("the certificate is valid for {} days", days(leaf))))
    };
    subject.leaves().filter_map(long).collect()
}
