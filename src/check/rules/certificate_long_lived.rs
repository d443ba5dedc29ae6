//! Certificates that live long.

use super::{Found, Rule};
use crate::{cert::Certificate, check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "certificate-long-lived",
    severity: Severity::Info,
    finds: "a certificate that is valid for longer than tenants commonly allow",
    why: "a tenant's app management policy can cap the lifetime (asymmetricKeyLifetime), and then refuses the upload",
    remedy: "where the tenant has such a policy: certkit gen --days 730",
    fixable: false,
    look,
};

/// Two years, a leap day among them: certkit's own choice of what is long.
const COMMON_DAYS: i64 = 731;

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let days = |leaf: &Certificate| leaf.not_after().days_since(leaf.not_before());
    let long = |leaf: &Certificate| {
        (days(leaf) > COMMON_DAYS)
            .then(|| Found::new(format!("the certificate is valid for {} days", days(leaf))))
    };
    subject.leaves().filter_map(long).collect()
}
