//! Subject alternative names: what people type, and printing.

use std::{net::IpAddr, str::FromStr};

use der::asn1::{Ia5String, OctetString};
use x509_cert::ext::pkix::name::GeneralName;
use x509_parser::extensions as parsed;

use crate::error::{Error, Result};

const OPTION: &str = "--san";

/// One subject alternative name (RFC 5280 section 4.2.1.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectAltName {
    /// A host name, `*.` in front allowed; international names in their `xn--` form.
    Dns(String),
    /// An e-mail address.
    Email(String),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
    /// A URI with its scheme.
    Uri(String),
}

impl FromStr for SubjectAltName {
    type Err = Error;

    /// Reads `dns:NAME`, `ip:ADDRESS`, `email:ADDRESS` or `uri:URI`.
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |reason: &str| Error::argument(OPTION, text, reason);
        let (kind, value) = text
            .split_once(':')
            .ok_or_else(|| refuse("expected dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI"))?;
        let value = value.trim();
        match kind.to_ascii_lowercase().as_str() {
            "dns" if is_host(value) => Ok(Self::Dns(value.to_owned())),
            "dns" => {
                Err(refuse("expected a host name such as host.example.com (international names as xn--…)"))
            }
            "ip" => value.parse().map(Self::Ip).map_err(|_| refuse("expected an IPv4 or IPv6 address")),
            "email" if is_email(value) => Ok(Self::Email(value.to_owned())),
            "email" => Err(refuse("expected an address such as admin@example.com")),
            "uri" if is_uri(value) => Ok(Self::Uri(value.to_owned())),
            "uri" => Err(refuse("expected a URI such as https://example.com/, in ASCII")),
            _ => Err(refuse("expected dns:NAME, ip:ADDRESS, email:ADDRESS or uri:URI")),
        }
    }
}

impl SubjectAltName {
    /// A name as it stands in a certificate; `None` for one that is not made here.
    pub(super) fn of(name: &parsed::GeneralName<'_>) -> Option<Self> {
        let ia5 = |text: &str| text.is_ascii().then(|| text.to_owned());
        match name {
            parsed::GeneralName::DNSName(text) => ia5(text).map(Self::Dns),
            parsed::GeneralName::RFC822Name(text) => ia5(text).map(Self::Email),
            parsed::GeneralName::URI(text) => ia5(text).map(Self::Uri),
            parsed::GeneralName::IPAddress(octets) => match octets.len() {
                4 => <[u8; 4]>::try_from(*octets).ok().map(|octets| Self::Ip(octets.into())),
                _ => <[u8; 16]>::try_from(*octets).ok().map(|octets| Self::Ip(octets.into())),
            },
            _ => None,
        }
    }

    pub(crate) fn to_general_name(&self) -> Result<GeneralName> {
        let internal = |error: der::Error| Error::Internal(format!("encoding a name failed: {error}"));
        let ia5 = |text: &str| Ia5String::new(text).map_err(internal);
        Ok(match self {
            Self::Dns(name) => GeneralName::DnsName(ia5(name)?),
            Self::Email(address) => GeneralName::Rfc822Name(ia5(address)?),
            Self::Uri(uri) => GeneralName::UniformResourceIdentifier(ia5(uri)?),
            Self::Ip(address) => GeneralName::IpAddress(
                match address {
                    IpAddr::V4(v4) => OctetString::new(v4.octets()),
                    IpAddr::V6(v6) => OctetString::new(v6.octets()),
                }
                .map_err(internal)?,
            ),
        })
    }
}

fn is_host(text: &str) -> bool {
    let labels = text.strip_prefix("*.").unwrap_or(text);
    text.len() <= 253
        && labels.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

fn is_email(text: &str) -> bool {
    text.is_ascii()
        && !text.bytes().any(|b| b.is_ascii_whitespace() || b.is_ascii_control())
        && text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && is_host(domain))
}

fn is_uri(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
        && text.split_once(':').is_some_and(|(scheme, rest)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
                && !rest.is_empty()
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_four_kinds_and_refuses_the_rest() {
        for good in [
            "dns:host.example.com",
            "DNS:*.example.com",
            "ip:192.0.2.1",
            "ip:2001:db8::1",
            "email:a@example.com",
            "uri:urn:x:y",
            "uri:https://example.com/",
        ] {
            assert!(SubjectAltName::from_str(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "host",
            "dns:",
            "dns:a b",
            "dns:ü.de",
            "ip:1.2.3",
            "email:a",
            "uri:x",
            "uri:ht tp://x",
            "rid:1.2",
        ] {
            assert!(SubjectAltName::from_str(bad).is_err(), "{bad}");
        }
    }
}
