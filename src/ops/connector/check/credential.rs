//! Whether key, certificate, JSON and PFX are one credential, and the recorded one.

use super::{Kit, Options};
use crate::{
    cert::{Certificate, verify},
    connector::kit::Part,
    error::{Error, Result},
    key::Algorithm,
    ops::Input,
    quote,
    report::{Finding, Severity},
    store::{Format, Store, Unlock, connector_json},
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
        findings.extend(refused_by_entra(certificate));
    }
    let plain = Unlock::default();
    let secrets = [(Part::Key, &plain), (Part::ConnectorJson, &plain), (Part::Pfx, &options.unlock)];
    for (part, unlock) in secrets {
        let Some(input) = kit.file(part) else { continue };
        match judge(part, input, unlock, certificate.as_ref()) {
            Ok(found) => findings.extend(found.map(|finding| finding.in_file(&*input.name))),
            Err(error) if error.is_password_missing() => findings.push(
                Finding::new(Severity::Info, "not-opened", "it was not looked into: no password was given")
                    .in_file(&*input.name)
                    .hint("add --password SOURCE"),
            ),
            Err(error) => findings.push(broken(input, &error)),
        }
    }
    (certificate, findings)
}

/// The certificate of the file that is uploaded: it holds nothing else.
fn certificate_of(input: &Input) -> Result<Certificate> {
    let store = input.open(&Unlock::default())?;
    if store.key_count() > 0 {
        return Err(Error::WrongKind {
            found: "a file with a private key".into(),
            expected: "the certificate alone: this is the file that is uploaded",
            remedy: Some("certkit export-cer {file} -o NEW.cer".into()),
        });
    }
    store.certificate_entry(None).map(|(_, certificate, _)| certificate.clone())
}

/// Microsoft Entra ID takes RSA keys only, of 2048 bits or more.
fn refused_by_entra(certificate: &Certificate) -> Option<Finding> {
    let text = match certificate.public_key().algorithm() {
        Algorithm::Rsa(bits) if *bits >= 2048 => return None,
        Algorithm::Rsa(bits) => format!("its RSA key has {bits} bits; Entra recommends 2048 or more"),
        other => format!("its key is {other}; Microsoft Entra ID takes RSA keys only"),
    };
    Some(Finding::new(Severity::Error, "key-refused", text))
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

/// Whether a key, and the certificate beside it, belong to the kit's certificate, in the form that the
/// file is there for.
fn judge(
    part: Part,
    input: &Input,
    unlock: &Unlock,
    certificate: Option<&Certificate>,
) -> Result<Option<Finding>> {
    let store = input.open(unlock)?;
    require_form(part, &store)?;
    let (_, key, chain) = store.key_entry(None)?;
    match chain.first() {
        Some(leaf) => verify::require_fit(key, leaf)?,
        None if part == Part::Key => {}
        None => return Err(Error::NoCertificate { found: "a private key".into() }),
    }
    let Some(certificate) = certificate else { return Ok(None) };
    if verify::require_fit(key, certificate).is_err() {
        let text = "its private key is not that of the kit's certificate";
        let hint = "make the files anew from one store: certkit export-json STORE, certkit export-cer STORE";
        return Ok(Some(Finding::new(Severity::Error, "key-differs", text).hint(hint)));
    }
    if chain.first().is_some_and(|leaf| leaf != certificate) {
        let text = "its certificate is another one than the kit's, over the same key: Entra takes the uploaded one only";
        return Ok(Some(Finding::new(Severity::Error, "certificate-differs", text)));
    }
    let as_written = || connector_json::write(key, chain).is_ok_and(|written| written.same_as(&input.octets));
    Ok((part == Part::ConnectorJson && !as_written()).then(|| {
        let text = "it is not in the form that the vendor's page has: one line, two members, canonical PEM";
        Finding::new(Severity::Warning, "json-form", text)
            .hint(format!("certkit export-json {} -o NEW.json", quote::word(&input.name)))
    }))
}

/// The form that a file of a kit has.
fn require_form(part: Part, store: &Store) -> Result<()> {
    let (good, expected) = match part {
        Part::Key => (store.format == Format::Pem, "a private key in PEM"),
        Part::ConnectorJson => (store.format == Format::ConnectorJson, "the connector JSON"),
        _ => (store.format == Format::Pkcs12, "a PFX"),
    };
    if good {
        return Ok(());
    }
    Err(Error::WrongKind { found: store.format.to_string(), expected, remedy: None })
}

fn broken(input: &Input, error: &Error) -> Finding {
    let finding = Finding::new(Severity::Error, error.kind(), error.to_string()).in_file(&*input.name);
    Finding { hint: error.hint(), ..finding }
}
