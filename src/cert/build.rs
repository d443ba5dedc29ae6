//! The only code that signs certificates: parameters and a key in, DER out.

use std::time::Duration;

use const_oid::{ObjectIdentifier, db::rfc5280};
use der::{
    DateTime, Encode,
    asn1::{GeneralizedTime, OctetString},
    flagset,
};
use pkcs8::{DecodePrivateKey, spki::SubjectPublicKeyInfoOwned};
use rand_core::CryptoRng;
use rsa::pkcs1v15::SigningKey;
use sha1::{Digest, Sha1};
use x509_cert::{
    builder::{Builder, CertificateBuilder, profile::BuilderProfile},
    certificate::TbsCertificate,
    ext::{
        Extension, ToExtension,
        pkix::{
            BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
        },
    },
    name::Name,
    serial_number::SerialNumber,
    spki::SubjectPublicKeyInfoRef,
    time::{Time, Validity},
};

use super::{Certificate, params::Params};
use crate::{
    error::{Error, Result},
    key::{Algorithm, PrivateKey},
    time::Instant,
};

/// Makes the self-signed certificate that connectors take: X.509 v3, SHA-256 (SHA-384 for
/// P-384), a random 16-octet positive serial number, subject key identifier (RFC 5280 section
/// 4.2.1.2, method 1), basic constraints CA:FALSE, key usage digitalSignature and, for RSA,
/// keyEncipherment (RFC 8813 section 3 forbids it for EC), extended key usage clientAuth, and the
/// subject alternative names asked for.
///
/// # Errors
/// [`Error::BadArgument`] for a name that cannot be encoded, [`Error::Internal`] for a kind of key
/// that does not sign here.
pub fn self_signed(params: &Params, key: &PrivateKey, rng: &mut dyn CryptoRng) -> Result<Certificate> {
    let profile = ClientCredential {
        subject: params.subject.to_name()?,
        alt_names: params.alt_names.iter().map(|name| name.to_general_name()).collect::<Result<_>>()?,
        key_usage: match key.algorithm() {
            Algorithm::Rsa(_) => KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment,
            _ => KeyUsages::DigitalSignature.into(),
        },
    };
    let public = key.public().ok_or_else(|| Error::Internal("a new key has no public half".into()))?;
    let spki = SubjectPublicKeyInfoOwned::try_from(public.spki_der()).map_err(internal)?;
    let validity = Validity::new(time(params.validity.not_before)?, time(params.validity.not_after)?);
    let builder = CertificateBuilder::new(profile, serial_number(rng)?, validity, spki).map_err(internal)?;
    let pkcs8 = key.pkcs8_der().expose();
    let built = match key.algorithm() {
        Algorithm::Rsa(_) => {
            let signer = SigningKey::<rsa::sha2::Sha256>::new(
                rsa::RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(internal)?,
            );
            // With a generator at hand the private operation is blinded.
            builder.build_with_rng::<_, rsa::pkcs1v15::Signature, _>(&signer, rng)
        }
        Algorithm::Ec(curve) if curve == "P-256" => {
            let signer = p256::ecdsa::SigningKey::from_pkcs8_der(pkcs8).map_err(internal)?;
            builder.build::<_, p256::ecdsa::DerSignature>(&signer)
        }
        Algorithm::Ec(curve) if curve == "P-384" => {
            let signer = p384::ecdsa::SigningKey::from_pkcs8_der(pkcs8).map_err(internal)?;
            builder.build::<_, p384::ecdsa::DerSignature>(&signer)
        }
        other => return Err(Error::Internal(format!("certkit does not sign with {other}"))),
    };
    Certificate::from_der(&built.and_then(|certificate| Ok(certificate.to_der()?)).map_err(internal)?)
}

/// 16 random octets, the first bit clear (so positive) and the second set (so always 16 octets,
/// and never zero).
fn serial_number(rng: &mut dyn CryptoRng) -> Result<SerialNumber> {
    let mut octets = [0; 16];
    rng.fill_bytes(&mut octets);
    octets[0] = octets[0] & 0x7f | 0x40;
    SerialNumber::new(&octets).map_err(internal)
}

/// UTCTime to the end of 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5): the builder
/// chooses.
fn time(instant: Instant) -> Result<Time> {
    let seconds = u64::try_from(instant.unix()).map_err(internal)?;
    let date = DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(internal)?;
    Ok(Time::GeneralTime(GeneralizedTime::from_date_time(date)))
}

/// The certificate profile of a client credential. The order of the extensions is rcgen's, so
/// that the tests can compare octet by octet.
struct ClientCredential {
    subject: Name,
    alt_names: Vec<x509_cert::ext::pkix::name::GeneralName>,
    key_usage: flagset::FlagSet<KeyUsages>,
}

impl BuilderProfile for ClientCredential {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        subject_key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        const CLIENT_AUTH: ObjectIdentifier = rfc5280::ID_KP_CLIENT_AUTH;
        let key_identifier = Sha1::digest(subject_key.subject_public_key.raw_bytes());
        let subject = tbs.subject();
        let mut extensions = Vec::new();
        if !self.alt_names.is_empty() {
            extensions.push(SubjectAltName(self.alt_names.clone()).to_extension(subject, &extensions)?);
        }
        extensions.push(KeyUsage(self.key_usage).to_extension(subject, &extensions)?);
        extensions.push(ExtendedKeyUsage(vec![CLIENT_AUTH]).to_extension(subject, &extensions)?);
        extensions.push(
            SubjectKeyIdentifier(OctetString::new(key_identifier.as_slice())?)
                .to_extension(subject, &extensions)?,
        );
        let mut constraints =
            BasicConstraints { ca: false, path_len_constraint: None }.to_extension(subject, &extensions)?;
        constraints.critical = true;
        extensions.push(constraints);
        Ok(extensions)
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("building a certificate failed: {error}"))
}
