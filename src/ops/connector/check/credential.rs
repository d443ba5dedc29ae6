//! Whether key, certificate, JSON and PFX are one credential, and the recorded one.

use super::{Kit, Options};
use crate::{
    cert::{Certificate, verify},
    connector::kit::Part,
    error::{Error, Result},
    key::PrivateKey,
    ops::Input,
    report::{Finding, Severity},
    store::{Store, Unlock},
};

/// The kit's certificate, if it can be read, and what is wrong with the credential.
pub(super) fn check(kit: &Kit<'_>, options: &Options) -> (Option<Certificate>, Vec<Finding>) {
    let mut findings = Vec::new();
    let certificate = kit.file(Part::Certificate).and_then(|input| match certificate_of(input) {
        Ok(certificate) => Some(certificate),
        Err(error) => {
            findings.push(broken(input, &error));
            None
        }
    });
    if let Some(certificate) = &certificate {
        findings.extend(recorded(kit, certificate));
    }
    let plain = Unlock::default();
    let secrets = [(Part::Key, &plain), (Part::ConnectorJson, &plain), (Part::Pfx, &options.unlock)];
    for (part, unlock) in secrets {
        let Some(input) = kit.file(part) else { continue };
        match judge(input, unlock, certificate.as_ref()) {
            Ok(found) => findings.extend(found.map(|finding| finding.in_file(&*input.name))),
            Err(error) if error.is_password_missing() => findings.push(
                Finding::new(Severity::Note, "not-opened", "it was not looked into: no password was given")
                    .in_file(&*input.name)
                    .hint("add --password SOURCE"),
            ),
            Err(error) => findings.push(broken(input, &error)),
        }
    }
    (certificate, findings)
}

fn certificate_of(input: &Input) -> Result<Certificate> {
    let store = input.open(&Unlock::default())?;
    store.certificate_entry(None).map(|(_, certificate, _)| certificate.clone())
}

/// The certificate is the one that the record speaks of.
fn recorded(kit: &Kit<'_>, certificate: &Certificate) -> Option<Finding> {
    let record = kit.record.certificate.as_ref()?;
    let found = certificate.fingerprints().sha1;
    if record.thumbprint.as_str() == found {
        return None;
    }
    let text = format!("it records the thumbprint {}, and the certificate has {found}", record.thumbprint);
    Some(kit.of_record(Severity::Error, "thumbprint-differs", text).hint(
        "put the certificate back that was uploaded, or upload this one and write its thumbprint into the record",
    ))
}

/// Whether a key, and the certificate beside it if there is one, belong to the kit's certificate.
fn judge(input: &Input, unlock: &Unlock, certificate: Option<&Certificate>) -> Result<Option<Finding>> {
    let store = input.open(unlock)?;
    let (key, chain) = pair(&store)?;
    if let Some(leaf) = chain.first() {
        verify::require_fit(key, leaf)?;
    }
    let Some(certificate) = certificate else { return Ok(None) };
    if verify::require_fit(key, certificate).is_err() {
        let text = "its private key is not that of the kit's certificate";
        let hint = "make the files anew from one store: certkit export-json STORE, certkit export-cer STORE";
        return Ok(Some(Finding::new(Severity::Error, "key-differs", text).hint(hint)));
    }
    let same = chain.first().is_none_or(|leaf| leaf == certificate);
    Ok((!same).then(|| {
        let text = "its certificate is another one than the kit's, over the same key: Entra takes the uploaded one only";
        Finding::new(Severity::Error, "certificate-differs", text)
    }))
}

fn pair(store: &Store) -> Result<(&PrivateKey, &[Certificate])> {
    store.key_entry(None).map(|(_, key, chain)| (key, chain))
}

fn broken(input: &Input, error: &Error) -> Finding {
    let finding = Finding::new(Severity::Error, error.kind(), error.to_string()).in_file(&*input.name);
    Finding { hint: error.hint(), ..finding }
}
