//! What a successor has from its predecessor's certificate, and what cannot be made again.

use crate::{
    cert::{
        Certificate,
        name::DistinguishedName,
        params::{End, Params, Validity},
        san::SubjectAltName,
        verify,
    },
    error::{Error, Result},
    key::NewKey,
    time::Instant,
};

/// What the new certificate is made from.
#[derive(Clone)]
pub(super) struct Recipe {
    pub(super) key: NewKey,
    subject: DistinguishedName,
    alt_names: Vec<SubjectAltName>,
    /// Seconds of validity.
    lifetime: i64,
    /// When the predecessor begins.
    after: Instant,
}

impl Recipe {
    /// From the predecessor's; `days` instead of its lifetime.
    ///
    /// # Errors
    /// [`Error::WrongKind`] for a certificate that somebody else signed, and for a subject, a name or a
    /// kind of key that is not made here; [`Error::BadArgument`] for a lifetime that is none.
    pub(super) fn of(certificate: &Certificate, days: Option<i64>, now: Instant) -> Result<Self> {
        require_self_signed(certificate)?;
        let algorithm = certificate.public_key().algorithm();
        let key = NewKey::ALL.iter().find(|(_, key)| key.algorithm() == *algorithm).map(|(_, key)| *key);
        let key = key.ok_or_else(|| {
            another_kind(
                format!("a certificate for a key of the kind {algorithm}"),
                "RSA 2048, 3072 or 4096, EC P-256 or P-384",
            )
        })?;
        let subject = certificate.subject();
        // What a lenient reader takes may be none that can be encoded.
        if subject.is_empty() || subject.to_name().is_err() {
            let found = format!("a certificate with the subject \"{subject}\"");
            return Err(another_kind(found, "a subject that can be written again"));
        }
        let alt_names = certificate.alt_names().map_err(|name| {
            another_kind(
                format!("a certificate with the alternative name {name}"),
                "names of the kinds dns, ip, email and uri alone",
            )
        })?;
        let lifetime = certificate.not_after().unix() - certificate.not_before().unix();
        let after = certificate.not_before();
        let recipe = Self { key, subject: subject.clone(), alt_names, lifetime, after };
        match days {
            Some(days) => {
                let validity = Validity::new(now, End::Days(days))?;
                let lifetime = validity.not_after.unix() - validity.not_before.unix();
                Ok(Self { lifetime, ..recipe })
            }
            None => recipe.params(now).map(|_| recipe),
        }
    }

    /// Seconds for which the successor will be valid.
    pub(super) fn lifetime(&self) -> i64 {
        self.lifetime
    }

    /// The parameters of a certificate that begins now; after the predecessor, where that is still to
    /// begin: the order of their beginnings is what tells one from the other later.
    pub(super) fn params(&self, now: Instant) -> Result<Params> {
        let after = self.after.unix().checked_add(1).and_then(Instant::from_unix);
        let begin = after.filter(|_| self.after > now).unwrap_or(now);
        let end = begin.unix().checked_add(self.lifetime).and_then(Instant::from_unix);
        let validity = end.and_then(|end| Validity::new(begin, End::At(end)).ok()).ok_or_else(|| {
            let days = (self.lifetime / 86_400).to_string();
            Error::argument(
                "--days",
                days,
                "so long the old certificate is valid, which is not made; give the days yourself",
            )
        })?;
        Params::new(self.subject.clone(), self.alt_names.clone(), validity)
    }
}

/// Whether a certificate has what a successor has from its predecessor: the subject and the alternative
/// names.
fn has_names_of(certificate: &Certificate, other: &Certificate) -> bool {
    certificate.subject() == other.subject() && certificate.alt_names() == other.alt_names()
}

/// Whether it may be the other's successor, by what stands in it. Of two that began in one second each
/// may be.
pub(super) fn may_follow(certificate: &Certificate, other: &Certificate) -> bool {
    certificate != other && has_names_of(certificate, other) && certificate.not_before() >= other.not_before()
}

fn require_self_signed(certificate: &Certificate) -> Result<()> {
    if certificate.is_self_issued() && verify::is_signed_by_itself(certificate) != Some(false) {
        return Ok(());
    }
    Err(Error::WrongKind {
        found: format!("a certificate that \"{}\" issued", certificate.issuer()),
        expected: "a self-signed one: only its own key can sign its successor",
        remedy: Some(
            "ask the issuer for the next one, or begin a line of your own: certkit gen --name NEW".into(),
        ),
    })
}

fn another_kind(found: String, expected: &'static str) -> Error {
    let remedy =
        "make a new one as it shall be: certkit gen --help; what the old one is: certkit inspect {file}";
    Error::WrongKind { found, expected, remedy: Some(remedy.into()) }
}
