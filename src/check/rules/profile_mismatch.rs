//! What a connector's vendor takes, with --profile.

use super::{Found, Rule};
use crate::{check::Subject, connector::profile::Credential, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "profile-mismatch",
    severity: Severity::Error,
    finds: "a file that is not what the vendor of --profile takes",
    why: "each vendor's page asks for one form of the credential",
    remedy: "certkit connector show ID names what the vendor takes",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let (Some(profile), Ok(store)) = (&subject.options.profile, &subject.store) else { return Vec::new() };
    let has_key = store.key_count() > 0 || store.locked_parts > 0;
    let text = if !profile.needs_certificate() {
        format!("{} takes a client secret, and no key or certificate", profile.name)
    } else if has_key && !profile.takes(Credential::ConnectorJson) {
        format!("{} takes a certificate; the file holds a private key, which stays with you", profile.name)
    } else if has_key && !subject.is_connector() {
        format!("{} takes the connector JSON; this is {}", profile.name, store.format)
    } else {
        // A certificate by itself is what the app registration takes.
        return Vec::new();
    };
    vec![Found::new(text)]
}
