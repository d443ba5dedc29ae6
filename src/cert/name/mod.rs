//! Distinguished names: from and to certificates, and their printing (RFC 4514). Reading what
//! people type is `parse`'s.
//!
//! The text form is most specific first, the encoded form the reverse; every attribute is kept,
//! in order, repeated and multi-valued ones too.

mod parse;

use std::fmt::{self, Write as _};

use const_oid::ObjectIdentifier;
use der::{
    Any, Decode,
    asn1::{Ia5StringRef, PrintableStringRef, SetOfVec, Utf8StringRef},
};
use x509_cert::{
    attr::AttributeTypeAndValue,
    name::{Name, RdnSequence, RelativeDistinguishedName},
};

use crate::{
    ber::{Reader, tag},
    error::{Error, Result},
};

const OPTION: &str = "--subject";

/// Attribute keywords: the first of an OID is the one printed. RFC 4514 section 3, keytool's,
/// OpenSSL's.
const KEYWORDS: &[(&str, &str)] = &[
    ("CN", "2.5.4.3"),
    ("COMMONNAME", "2.5.4.3"),
    ("OU", "2.5.4.11"),
    ("O", "2.5.4.10"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("S", "2.5.4.8"),
    ("C", COUNTRY),
    ("STREET", "2.5.4.9"),
    ("DC", DOMAIN_COMPONENT),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("EMAILADDRESS", EMAIL),
    ("EMAIL", EMAIL),
    ("E", EMAIL),
    ("SERIALNUMBER", SERIAL_NUMBER),
    ("T", "2.5.4.12"),
    ("TITLE", "2.5.4.12"),
    ("SURNAME", "2.5.4.4"),
    ("SN", "2.5.4.4"),
    ("GIVENNAME", "2.5.4.42"),
    ("GN", "2.5.4.42"),
    ("INITIALS", "2.5.4.43"),
    ("GENERATION", "2.5.4.44"),
    ("DNQUALIFIER", DN_QUALIFIER),
    ("DNQ", DN_QUALIFIER),
    ("DESCRIPTION", "2.5.4.13"),
    ("POSTALCODE", "2.5.4.17"),
    ("BUSINESSCATEGORY", "2.5.4.15"),
    ("ORGANIZATIONIDENTIFIER", "2.5.4.97"),
];

const COUNTRY: &str = "2.5.4.6";
const SERIAL_NUMBER: &str = "2.5.4.5";
const DN_QUALIFIER: &str = "2.5.4.46";
const DOMAIN_COMPONENT: &str = "0.9.2342.19200300.100.1.25";
const EMAIL: &str = "1.2.840.113549.1.9.1";

/// The longest values that RFC 5280 appendix A.1 allows, in characters; 128 for the rest where
/// it gives a bound that people meet.
const UPPER_BOUNDS: &[(&str, usize)] = &[
    ("2.5.4.3", 64),
    ("2.5.4.10", 64),
    ("2.5.4.11", 64),
    ("2.5.4.7", 128),
    ("2.5.4.8", 128),
    ("2.5.4.12", 64),
    (SERIAL_NUMBER, 64),
    (EMAIL, 255),
];

/// A distinguished name, in the order of the encoding (least specific first).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName {
    rdns: Vec<Vec<Attribute>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    oid: String,
    value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    /// A value of no string type, as its DER: printed as `#` and hexadecimal.
    Der(Vec<u8>),
}

impl DistinguishedName {
    /// Reads RFC 4514 (`CN=a,OU=b,C=DE`) and what keytool takes besides: `;` between parts,
    /// blanks around them, quoted values, keywords in any case.
    ///
    /// # Errors
    /// [`Error::BadArgument`] naming the part and what was expected.
    pub fn parse(text: &str) -> Result<Self> {
        parse::name(text).map_err(|reason| Error::argument(OPTION, text, reason))
    }

    /// A name from single attributes, given most specific first as `(keyword, value)`; values are
    /// plain text, nothing in them is special. `option` names the culprit in errors.
    ///
    /// # Errors
    /// [`Error::BadArgument`].
    pub fn from_parts<'a>(
        parts: impl IntoIterator<Item = (&'static str, &'static str, &'a str)>,
    ) -> Result<Self> {
        let mut rdns = Vec::new();
        for (option, keyword, value) in parts {
            let oid =
                keyword_oid(keyword).ok_or_else(|| Error::Internal(format!("no attribute {keyword}")))?;
            let attribute = Attribute { oid: oid.to_owned(), value: Value::Text(value.to_owned()) };
            attribute.validate(keyword).map_err(|reason| Error::argument(option, value, reason))?;
            rdns.push(vec![attribute]);
        }
        rdns.reverse();
        Ok(Self { rdns })
    }

    /// Reads a Name as it stands in a certificate, leniently: old string types, BMPString too.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(crate) fn from_der(octets: &[u8]) -> Result<Self> {
        let mut sequence = Reader::new(octets, "distinguished name").sequence("a Name")?;
        let mut rdns = Vec::new();
        while let Some(set) = sequence.next()? {
            let mut attributes = Vec::new();
            let mut members = set.children()?;
            while let Some(member) = members.next()? {
                let mut fields = member.children()?;
                let oid = fields.oid("an attribute type")?.to_string();
                let value = fields
                    .next()?
                    .ok_or_else(|| Error::damaged("distinguished name", "an attribute without a value"))?;
                let value = match string(value.tag, value.content) {
                    Some(text) => Value::Text(text),
                    None => Value::Der(value.raw.to_vec()),
                };
                attributes.push(Attribute { oid, value });
            }
            rdns.push(attributes);
        }
        Ok(Self { rdns })
    }

    /// Whether it names nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// The most specific common name.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.rdns.iter().rev().flatten().find_map(|attribute| match &attribute.value {
            Value::Text(text) if attribute.oid == "2.5.4.3" => Some(text.as_str()),
            _ => None,
        })
    }

    /// For encoding. Country, serial number and DN qualifier become PrintableString, e-mail and
    /// domain component IA5String, all else UTF8String (RFC 5280 section 4.1.2.4).
    pub(crate) fn to_name(&self) -> Result<Name> {
        let mut sequence = Vec::with_capacity(self.rdns.len());
        for rdn in &self.rdns {
            let mut set = SetOfVec::new();
            for attribute in rdn {
                set.insert(attribute.encode()?).map_err(|_| {
                    Error::argument(
                        OPTION,
                        self.to_string(),
                        "one part names the same attribute and value twice",
                    )
                })?;
            }
            sequence.push(RelativeDistinguishedName::from(set));
        }
        Ok(Name::hazmat_from_rdn_sequence(RdnSequence::from(sequence)))
    }
}

impl Attribute {
    fn encode(&self) -> Result<AttributeTypeAndValue> {
        let internal = |error: der::Error| Error::Internal(format!("encoding a name failed: {error}"));
        let value = match &self.value {
            Value::Der(octets) => Any::from_der(octets).map_err(internal)?,
            Value::Text(text) => match self.oid.as_str() {
                COUNTRY | SERIAL_NUMBER | DN_QUALIFIER => {
                    Any::encode_from(&PrintableStringRef::new(text).map_err(internal)?)
                }
                EMAIL | DOMAIN_COMPONENT => Any::encode_from(&Ia5StringRef::new(text).map_err(internal)?),
                _ => Any::encode_from(&Utf8StringRef::new(text).map_err(internal)?),
            }
            .map_err(internal)?,
        };
        let oid = ObjectIdentifier::new(&self.oid)
            .map_err(|_| Error::Internal(format!("attribute type {} is not an OID", self.oid)))?;
        Ok(AttributeTypeAndValue { oid, value })
    }

    /// What RFC 5280 asks of the value; the reason where it is not so.
    fn validate(&self, keyword: &str) -> std::result::Result<(), String> {
        let Value::Text(text) = &self.value else { return Ok(()) };
        if text.is_empty() {
            return Err(format!("{keyword} has no value"));
        }
        if text.chars().any(char::is_control) {
            return Err(format!("{keyword} holds a control character"));
        }
        let length = text.chars().count();
        if let Some((_, bound)) = UPPER_BOUNDS.iter().find(|(oid, _)| *oid == self.oid)
            && length > *bound
        {
            return Err(format!("{keyword} has {length} characters; RFC 5280 allows {bound}"));
        }
        match self.oid.as_str() {
            COUNTRY if length != 2 || !text.chars().all(|c| c.is_ascii_alphabetic()) => Err(format!(
                "{keyword} is \"{text}\"; expected the two letters of a country code, such as DE or US"
            )),
            SERIAL_NUMBER | DN_QUALIFIER if PrintableStringRef::new(text).is_err() => {
                Err(format!("{keyword} can hold letters, digits, blanks and '()+,-./:=? only"))
            }
            EMAIL | DOMAIN_COMPONENT if !text.is_ascii() => Err(format!("{keyword} can hold ASCII only")),
            _ => Ok(()),
        }
    }
}

fn keyword_oid(keyword: &str) -> Option<&'static str> {
    KEYWORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(keyword)).map(|(_, oid)| *oid)
}

/// The text of a string type's content; `None` for other types.
pub(crate) fn string(tag: u8, content: &[u8]) -> Option<String> {
    match tag {
        tag::UTF8_STRING | tag::PRINTABLE_STRING | tag::IA5_STRING => {
            String::from_utf8(content.to_vec()).ok()
        }
        // T.61 in certificates is Latin-1 in practice.
        tag::TELETEX_STRING => Some(content.iter().copied().map(char::from).collect()),
        tag::BMP_STRING => {
            let units: Vec<u16> = content.chunks_exact(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect();
            content.len().is_multiple_of(2).then(|| String::from_utf16(&units).ok())?
        }
        tag::UNIVERSAL_STRING => content.len().is_multiple_of(4).then(|| {
            content
                .chunks_exact(4)
                .map(|p| char::from_u32(u32::from_be_bytes([p[0], p[1], p[2], p[3]])))
                .collect()
        })?,
        _ => None,
    }
}

impl fmt::Display for DistinguishedName {
    /// RFC 4514, most specific first; control characters as `\` and hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rdn) in self.rdns.iter().rev().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            for (index, attribute) in rdn.iter().enumerate() {
                if index > 0 {
                    f.write_char('+')?;
                }
                attribute.fmt(f)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keyword = KEYWORDS.iter().find(|(_, oid)| *oid == self.oid).map(|(name, _)| *name);
        write!(f, "{}=", keyword.unwrap_or(&self.oid))?;
        let text = match &self.value {
            Value::Text(text) => text,
            Value::Der(octets) => {
                f.write_char('#')?;
                return octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"));
            }
        };
        let last = text.chars().count().saturating_sub(1);
        for (position, c) in text.chars().enumerate() {
            match c {
                ',' | '+' | '"' | '\\' | '<' | '>' | ';' => write!(f, "\\{c}")?,
                '#' | ' ' if position == 0 => write!(f, "\\{c}")?,
                ' ' if position == last => f.write_str("\\ ")?,
                c if c.is_control() => {
                    c.encode_utf8(&mut [0; 4]).bytes().try_for_each(|octet| write!(f, "\\{octet:02X}"))?;
                }
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use der::Encode;

    fn round(text: &str) -> String {
        let name = DistinguishedName::parse(text).unwrap();
        let der = name.to_name().unwrap().to_der().unwrap();
        // DER sorts the attributes of one multi-valued part.
        let sorted = |mut name: DistinguishedName| {
            name.rdns.iter_mut().for_each(|rdn| rdn.sort_by(|a, b| a.oid.cmp(&b.oid)));
            name
        };
        assert_eq!(sorted(DistinguishedName::from_der(&der).unwrap()), sorted(name.clone()), "{text}");
        name.to_string()
    }

    #[test]
    fn spellings_of_one_name() {
        for text in [
            "CN=a,OU=b,OU=c,O=d,C=DE",
            " cn = a ; ou=b, Ou=c;O = d ,c=DE ",
            "2.5.4.3=a,OID.2.5.4.11=b,oid.2.5.4.11=c,O=\"d\",C=DE",
        ] {
            assert_eq!(round(text), "CN=a,OU=b,OU=c,O=d,C=DE", "{text}");
        }
    }

    #[test]
    fn escapes_and_quotes() {
        assert_eq!(round(r"O=Acme\, Inc."), r"O=Acme\, Inc.");
        assert_eq!(round(r#"O="Acme, Inc.""#), r"O=Acme\, Inc.");
        assert_eq!(round(r#"CN="a + b" + OU=x"#), r"CN=a \+ b+OU=x");
        assert_eq!(round(r"CN=\ a\ "), r"CN=\ a\ ");
        assert_eq!(round("CN= \u{2000}a\u{2000}"), "CN=\u{2000}a\u{2000}");
        assert_eq!(round(r"CN=L\C3\BC\2C"), r"CN=Lü\,");
        assert_eq!(round("CN=#0c0161"), "CN=a");
        assert_eq!(round("1.2.3.4=#0403010203"), "1.2.3.4=#0403010203");
        assert_eq!(round("CN=日本 München"), "CN=日本 München");
    }

    #[test]
    fn refusals_say_why() {
        for (text, word) in [
            ("", "empty"),
            ("CN", "\"=\""),
            ("CN=", "no value"),
            ("CN=a,,O=b", "empty"),
            ("CN=\"a", "not closed"),
            ("CN=a\\", "backslash"),
            ("XX=a", "not an attribute"),
            ("C=Germany", "two letters"),
            ("CN=#zz", "hexadecimal"),
            ("CN=a\u{7}", "control"),
            ("C:/Program Files/Git/CN=x", "Git Bash"),
            ("/CN=x/O=y", "O=y,CN=x"),
            ("E=ü@x.de", "ASCII"),
            (r"CN=\ff", "UTF-8"),
        ] {
            let message = DistinguishedName::parse(text).unwrap_err().to_string();
            assert!(message.contains(word), "{text}: {message}");
        }
        let long = format!("CN={}", "x".repeat(65));
        assert!(DistinguishedName::parse(&long).unwrap_err().to_string().contains("64"));
    }
}
