//! Certificate extensions in words.

use std::net::{Ipv4Addr, Ipv6Addr};

use x509_parser::{
    extensions::{GeneralName, ParsedExtension, X509Extension},
    prelude::oid_registry,
};

use super::{fingerprint::hex, name::DistinguishedName};

/// One extension: what it is and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its object identifier.
    pub oid: String,
    /// Its name, or the OID again where it has none here.
    pub name: String,
    /// Whether a reader that does not know it must refuse the certificate.
    pub critical: bool,
    /// What it says, in words; hexadecimal for unknown ones.
    pub value: String,
}

impl Extension {
    pub(super) fn read(extension: &X509Extension<'_>) -> Self {
        let oid = extension.oid.to_id_string();
        let (name, value) = describe(extension);
        Self {
            name: name.map_or_else(|| oid.clone(), str::to_owned),
            oid,
            critical: extension.critical,
            value,
        }
    }
}

fn describe(extension: &X509Extension<'_>) -> (Option<&'static str>, String) {
    use ParsedExtension as Parsed;
    match extension.parsed_extension() {
        Parsed::BasicConstraints(constraints) => {
            let mut text = if constraints.ca { "CA:TRUE" } else { "CA:FALSE" }.to_owned();
            if let Some(length) = constraints.path_len_constraint {
                text.push_str(&format!(", path length {length}"));
            }
            (Some("basic constraints"), text)
        }
        Parsed::KeyUsage(usage) => {
            let words = [
                (usage.digital_signature(), "digitalSignature"),
                (usage.non_repudiation(), "nonRepudiation"),
                (usage.key_encipherment(), "keyEncipherment"),
                (usage.data_encipherment(), "dataEncipherment"),
                (usage.key_agreement(), "keyAgreement"),
                (usage.key_cert_sign(), "keyCertSign"),
                (usage.crl_sign(), "cRLSign"),
                (usage.encipher_only(), "encipherOnly"),
                (usage.decipher_only(), "decipherOnly"),
            ];
            (Some("key usage"), chosen(&words).join(", "))
        }
        Parsed::ExtendedKeyUsage(usage) => {
            let words = [
                (usage.any, "anyExtendedKeyUsage"),
                (usage.server_auth, "serverAuth"),
                (usage.client_auth, "clientAuth"),
                (usage.code_signing, "codeSigning"),
                (usage.email_protection, "emailProtection"),
                (usage.time_stamping, "timeStamping"),
                (usage.ocsp_signing, "OCSPSigning"),
            ];
            let mut all: Vec<String> = chosen(&words).into_iter().map(str::to_owned).collect();
            all.extend(usage.other.iter().map(oid_registry::Oid::to_id_string));
            (Some("extended key usage"), all.join(", "))
        }
        Parsed::SubjectKeyIdentifier(id) => (Some("subject key identifier"), hex(id.0)),
        Parsed::AuthorityKeyIdentifier(id) => {
            let text =
                id.key_identifier.as_ref().map_or_else(|| "(issuer and serial)".into(), |id| hex(id.0));
            (Some("authority key identifier"), text)
        }
        Parsed::SubjectAlternativeName(names) => {
            let words: Vec<String> = names.general_names.iter().map(general_name).collect();
            (Some("subject alternative name"), words.join(", "))
        }
        Parsed::CertificatePolicies(policies) => {
            let words: Vec<String> = policies.iter().map(|policy| policy.policy_id.to_id_string()).collect();
            (Some("certificate policies"), words.join(", "))
        }
        Parsed::CRLDistributionPoints(_) => (Some("CRL distribution points"), hex(extension.value)),
        Parsed::AuthorityInfoAccess(_) => (Some("authority information access"), hex(extension.value)),
        Parsed::NameConstraints(_) => (Some("name constraints"), hex(extension.value)),
        _ => (None, hex(extension.value)),
    }
}

fn chosen(words: &[(bool, &'static str)]) -> Vec<&'static str> {
    words.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect()
}

pub(super) fn general_name(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(text) => format!("dns:{text}"),
        GeneralName::RFC822Name(text) => format!("email:{text}"),
        GeneralName::URI(text) => format!("uri:{text}"),
        GeneralName::IPAddress(octets) => match (<[u8; 4]>::try_from(*octets), <[u8; 16]>::try_from(*octets))
        {
            (Ok(v4), _) => format!("ip:{}", Ipv4Addr::from(v4)),
            (_, Ok(v6)) => format!("ip:{}", Ipv6Addr::from(v6)),
            _ => format!("ip:{}", hex(octets)),
        },
        GeneralName::DirectoryName(name) => match DistinguishedName::from_der(name.as_raw()) {
            Ok(name) => format!("dn:{name}"),
            Err(_) => "dn:(unreadable)".into(),
        },
        GeneralName::RegisteredID(oid) => format!("rid:{}", oid.to_id_string()),
        GeneralName::OtherName(oid, _) => format!("other:{}", oid.to_id_string()),
        _ => "(unreadable)".into(),
    }
}
