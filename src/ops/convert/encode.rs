//! Material to octets.

use rand_core::CryptoRng;

use super::{Encoding, Options, Target, fit::Material};
use crate::{
    armor,
    error::{Error, Result},
    key::{PrivateKey, encrypted},
    secret::{Password, SecretBytes},
    store::{connector_json, java, pem, pkcs7, pkcs12},
    time::Instant,
};

/// The octets of the target.
pub(super) fn encode(
    material: &Material,
    options: &Options,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<SecretBytes> {
    match material {
        Material::Store { store, .. } => match options.target {
            Target::Jks => java::write(store, java::Kind::Jks, password(options)?, now, rng),
            Target::Jceks => java::write(store, java::Kind::Jceks, password(options)?, now, rng),
            Target::Pem => pem::write(store, sealing(options).as_ref(), rng),
            _ => {
                let write = pkcs12::WriteOptions {
                    compat: options.compat,
                    iterations: options
                        .iterations
                        .unwrap_or_else(|| pkcs12::default_iterations(store, options.compat)),
                };
                pkcs12::write(store, password(options)?, &write, rng)
            }
        },
        Material::Certificates(certificates) => {
            let octets = match options.target {
                Target::P7b => pkcs7::write(certificates)?,
                _ => certificates.iter().flat_map(|one| one.der()).copied().collect(),
            };
            in_encoding(options, "PKCS7", SecretBytes::new(octets))
        }
        Material::PublicKey(key) => Ok(SecretBytes::new(key.spki_der().to_vec())),
        Material::Key(key) => encode_key(key, options, rng),
        Material::Pair(key, chain) => connector_json::write(key, chain),
    }
}

fn encode_key(key: &PrivateKey, options: &Options, rng: &mut dyn CryptoRng) -> Result<SecretBytes> {
    match (options.target, sealing(options)) {
        (Target::Pkcs1, _) => in_encoding(options, "RSA PRIVATE KEY", key.pkcs1_der()?),
        (Target::Sec1, _) => in_encoding(options, "EC PRIVATE KEY", key.sec1_der()?),
        (_, Some(sealing)) => {
            let iterations = sealing.iterations.unwrap_or(encrypted::DEFAULT_ITERATIONS);
            let octets = encrypted::pkcs8(key, sealing.password, iterations, rng)?;
            in_encoding(options, "ENCRYPTED PRIVATE KEY", octets)
        }
        _ => in_encoding(options, "PRIVATE KEY", key.pkcs8_der().clone()),
    }
}

/// DER, or PEM where the target is text by default or was asked to be.
fn in_encoding(options: &Options, label: &str, der: SecretBytes) -> Result<SecretBytes> {
    let default = match options.target {
        Target::Der | Target::P7b => Encoding::Der,
        _ => Encoding::Pem,
    };
    match options.encoding.unwrap_or(default) {
        Encoding::Der => Ok(der),
        Encoding::Pem => Ok(SecretBytes::new(armor::encode(label, der.expose())?.as_bytes().to_vec())),
    }
}

fn password(options: &Options) -> Result<&Password> {
    options.password.as_ref().ok_or(Error::PasswordMissing { purpose: "for the new store" })
}

fn sealing(options: &Options) -> Option<pem::Sealing<'_>> {
    let iterations = options.iterations;
    options.password.as_ref().map(|password| pem::Sealing { password, iterations })
}
