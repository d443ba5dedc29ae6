//! PFX files for old Windows.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity, store::Format};

pub(super) const RULE: Rule = Rule {
    id: "store-old-windows",
    severity: Severity::Info,
    finds: "a PFX that old Windows cannot read",
    why: "Windows Server 2016 and older do not know AES in a PFX and say that the password is wrong",
    remedy: "where it goes there: certkit convert FILE --to pfx --compat windows-2016 -o OTHER.pfx",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Ok(store) = &subject.store else { return Vec::new() };
    let modern = store.format == Format::Pkcs12
        && store.protections.iter().any(|protected| protected.by.algorithm.starts_with("PBES2"));
    modern.then(|| Found::new("it is encrypted with PBES2")).into_iter().collect()
}
