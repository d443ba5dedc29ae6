//! Reading keys in every standard encoding into one form, and back: PKCS#8 (RFC 5958), PKCS#1
//! (RFC 8017 appendix A.1), SEC1 (RFC 5915) and SubjectPublicKeyInfo (RFC 5280).

use const_oid::ObjectIdentifier;
use der::{
    Encode,
    asn1::{AnyRef, BitString, BitStringRef, OctetStringRef},
};
use pkcs8::{PrivateKeyInfoRef, spki::AlgorithmIdentifierRef};
use zeroize::Zeroizing;

use super::{
    Algorithm, DSA, EC_PUBLIC_KEY, ED448, ED25519, PrivateKey, PublicKey, RSA_ENCRYPTION, RSASSA_PSS, ec,
};
use crate::{
    ber::{Element, Reader, magnitude, tag},
    error::{Error, Result},
    limits,
    secret::SecretBytes,
};

const PKCS8: &str = "PKCS#8 private key";
const PKCS1: &str = "PKCS#1 RSA private key";
const SEC1: &str = "SEC1 EC private key";
const SPKI: &str = "SubjectPublicKeyInfo";

/// Reads a PrivateKeyInfo in BER or DER.
///
/// ```text
/// OneAsymmetricKey ::= SEQUENCE {
///     version             INTEGER { v1(0), v2(1) },
///     privateKeyAlgorithm AlgorithmIdentifier,
///     privateKey          OCTET STRING,
///     attributes      [0] Attributes OPTIONAL,
///     publicKey       [1] BIT STRING OPTIONAL }
/// ```
/// Attributes (Windows puts its key usage there) and the v2 public key are not part of the key
/// and are left out of what is carried.
///
/// # Errors
/// [`Error::Damaged`].
pub fn private_from_pkcs8(octets: &[u8]) -> Result<PrivateKey> {
    let mut fields = Reader::new(octets, PKCS8).sequence("a PrivateKeyInfo")?;
    fields.expect(tag::INTEGER, "a version")?;
    let algorithm = fields.expect(tag::SEQUENCE, "a key algorithm")?;
    let oid = algorithm.children()?.oid("a key algorithm")?;
    let inner = fields.expect(tag::OCTET_STRING, "the private key's octets")?.octets()?;
    let inner = Zeroizing::new(inner.into_owned());
    fields.optional(tag::context(0))?;
    let stated = fields.optional(tag::context_primitive(1))?;
    if oid == RSA_ENCRYPTION {
        private_from_pkcs1(&inner)
    } else if oid == EC_PUBLIC_KEY {
        let parameters = {
            let mut fields = algorithm.children()?;
            fields.oid("a key algorithm")?;
            fields.next()?
        };
        private_from_sec1_with(&inner, parameters)
    } else {
        let public = stated.and_then(|bits| {
            let point = bits.content.get(1..)?;
            spki(algorithm.raw, point).ok()
        });
        let public = match (oid == RSASSA_PSS, public) {
            (true, _) => Some(rsa_public(algorithm.raw, &inner)?),
            (false, public) => public,
        };
        let kind = match &public {
            Some(public) => public.algorithm.clone(),
            None => algorithm_name(oid, algorithm, &[])?,
        };
        Ok(PrivateKey { pkcs8: wrap(algorithm.raw, &inner)?, algorithm: kind, public, computed: false })
    }
}

/// Reads an RSAPrivateKey.
///
/// # Errors
/// [`Error::Damaged`].
pub fn private_from_pkcs1(octets: &[u8]) -> Result<PrivateKey> {
    let algorithm = rsa_identifier()?;
    let public = rsa_public(&algorithm, octets)?;
    Ok(PrivateKey {
        pkcs8: wrap(&algorithm, first_element(octets, PKCS1)?)?,
        algorithm: public.algorithm.clone(),
        public: Some(public),
        computed: false,
    })
}

/// Reads OpenSSL's own encoding of a DSA key.
///
/// ```text
/// DSAPrivateKey ::= SEQUENCE {
///     version INTEGER, p INTEGER, q INTEGER, g INTEGER, y INTEGER, x INTEGER }
/// ```
///
/// # Errors
/// [`Error::Damaged`].
pub(crate) fn private_from_dsa(octets: &[u8]) -> Result<PrivateKey> {
    #[derive(der::Sequence)]
    struct Domain<'a> {
        p: AnyRef<'a>,
        q: AnyRef<'a>,
        g: AnyRef<'a>,
    }
    const STRUCTURE: &str = "DSA private key";
    let mut fields = Reader::new(octets, STRUCTURE).sequence("a DSAPrivateKey")?;
    fields.expect(tag::INTEGER, "a version")?;
    let mut number = |what| fields.expect(tag::INTEGER, what).map(|number| number.raw);
    let any =
        |octets| AnyRef::try_from(octets).map_err(|_| Error::damaged(STRUCTURE, "an impossible number"));
    let domain = Domain { p: any(number("p")?)?, q: any(number("q")?)?, g: any(number("g")?)? };
    let (y, x) = (number("y")?, number("x")?);
    let parameters = domain.to_der().map_err(internal)?;
    let parameters = Some(AnyRef::try_from(parameters.as_slice()).map_err(internal)?);
    let algorithm = AlgorithmIdentifierRef { oid: DSA, parameters }.to_der().map_err(internal)?;
    let public = spki(&algorithm, y)?;
    Ok(PrivateKey {
        pkcs8: wrap(&algorithm, x)?,
        algorithm: Algorithm::Dsa,
        public: Some(public),
        computed: false,
    })
}

/// Reads an ECPrivateKey that names its curve.
///
/// # Errors
/// [`Error::Damaged`].
pub fn private_from_sec1(octets: &[u8]) -> Result<PrivateKey> {
    private_from_sec1_with(octets, None)
}

/// ```text
/// ECPrivateKey ::= SEQUENCE {
///     version        INTEGER { ecPrivkeyVer1(1) },
///     privateKey     OCTET STRING,
///     parameters [0] ECParameters OPTIONAL,
///     publicKey  [1] BIT STRING OPTIONAL }
/// ```
/// Inside PKCS#8 the curve stands in the AlgorithmIdentifier: `outer`.
fn private_from_sec1_with(octets: &[u8], outer: Option<Element<'_>>) -> Result<PrivateKey> {
    let mut fields = Reader::new(octets, SEC1).sequence("an ECPrivateKey")?;
    fields.expect(tag::INTEGER, "a version")?;
    let scalar = Zeroizing::new(fields.expect(tag::OCTET_STRING, "a private scalar")?.octets()?.into_owned());
    let stated_curve = match fields.optional(tag::context(0))? {
        Some(explicit) => explicit.children()?.next()?,
        None => None,
    };
    let stated_public = match fields.optional(tag::context(1))? {
        Some(explicit) => explicit.children()?.optional(tag::BIT_STRING)?,
        None => None,
    };
    let parameters = outer.or(stated_curve).ok_or_else(|| Error::damaged(SEC1, "no curve is named"))?;
    let curve = curve(parameters)?;
    let stated = stated_public.and_then(|bits| bits.content.get(1..));
    let point = match stated {
        Some(point) => Some(BitString::from_bytes(point).map_err(internal)?),
        None => ec::public_point(&curve, &scalar)?,
    };
    let computed = stated.is_none() && point.is_some();
    let parameters_any = AnyRef::try_from(parameters.raw)
        .map_err(|_| Error::damaged(SEC1, "curve parameters that are not DER"))?;
    let algorithm = AlgorithmIdentifierRef { oid: EC_PUBLIC_KEY, parameters: Some(parameters_any) };
    let algorithm_der = algorithm.to_der().map_err(internal)?;
    let public = match &point {
        Some(point) => Some(spki(&algorithm_der, point.raw_bytes())?),
        None => None,
    };
    let inner = sec1(&scalar, None, point.as_ref().map(BitStringRef::from))?;
    Ok(PrivateKey { pkcs8: wrap(&algorithm_der, &inner)?, algorithm: Algorithm::Ec(curve), public, computed })
}

/// ECPrivateKey: with its curve where it stands by itself, without inside PKCS#8, which names it.
fn sec1(
    scalar: &[u8],
    parameters: Option<AnyRef<'_>>,
    point: Option<BitStringRef<'_>>,
) -> Result<Zeroizing<Vec<u8>>> {
    #[derive(der::Sequence)]
    struct EcPrivateKey<'a> {
        version: u8,
        private_key: &'a OctetStringRef,
        #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
        parameters: Option<AnyRef<'a>>,
        #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
        public_key: Option<BitStringRef<'a>>,
    }
    let structure = EcPrivateKey {
        version: 1,
        private_key: OctetStringRef::new(scalar).map_err(internal)?,
        parameters,
        public_key: point,
    };
    structure.to_der().map(Zeroizing::new).map_err(internal)
}

/// Reads a SubjectPublicKeyInfo.
///
/// # Errors
/// [`Error::Damaged`].
pub fn public_from_spki(octets: &[u8]) -> Result<PublicKey> {
    let mut fields = Reader::new(octets, SPKI).sequence("a SubjectPublicKeyInfo")?;
    let algorithm = fields.expect(tag::SEQUENCE, "a key algorithm")?;
    let bits = fields.expect(tag::BIT_STRING, "a public key")?;
    let key = bits.content.get(1..).ok_or_else(|| Error::damaged(SPKI, "an empty bit string"))?;
    let oid = algorithm.children()?.oid("a key algorithm")?;
    let kind = algorithm_name(oid, algorithm, key)?;
    let identity = match kind {
        Algorithm::Rsa(_) => {
            let mut fields = Reader::new(key, SPKI).sequence("an RSAPublicKey")?;
            let modulus = magnitude(fields.expect(tag::INTEGER, "a modulus")?.content);
            let exponent = magnitude(fields.expect(tag::INTEGER, "an exponent")?.content);
            [b"rsa", modulus, b"/", exponent].concat()
        }
        // One point has two encodings: x with y's parity, and x with y.
        Algorithm::Ec(ref curve) => {
            let (x, parity) = ec::point_identity(key)
                .ok_or_else(|| Error::damaged(SPKI, "the public point has an unknown form"))?;
            [b"ec", curve.as_bytes(), &[parity], x].concat()
        }
        _ => [algorithm.raw, key].concat(),
    };
    Ok(PublicKey { spki: first_element(octets, SPKI)?.to_vec(), algorithm: kind, identity })
}

/// Reads an RSAPublicKey (RFC 8017 appendix A.1.1), which OpenSSL labels `RSA PUBLIC KEY`.
///
/// # Errors
/// [`Error::Damaged`].
pub(crate) fn public_from_pkcs1(octets: &[u8]) -> Result<PublicKey> {
    spki(&rsa_identifier()?, first_element(octets, SPKI)?)
}

/// The key's parts agree: see [`PrivateKey::check`].
pub(super) fn check(key: &PrivateKey) -> Result<()> {
    let (_, inner) = key.pkcs8_parts()?;
    match &key.algorithm {
        Algorithm::Rsa(bits) if (1024..=limits::RSA_BITS).contains(bits) => check_rsa(inner),
        Algorithm::Ec(curve) => {
            let mut fields = Reader::new(inner, SEC1).sequence("an ECPrivateKey")?;
            fields.expect(tag::INTEGER, "a version")?;
            let scalar = fields.expect(tag::OCTET_STRING, "a private scalar")?.content;
            let Some(point) = ec::public_point(curve, scalar)? else { return Ok(()) };
            let expected = spki(&key.pkcs8_algorithm()?, point.raw_bytes())?;
            match &key.public {
                Some(public) if !public.same_key(&expected) => {
                    Err(Error::damaged(SEC1, "the public point is not the private scalar's"))
                }
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn check_rsa(pkcs1: &[u8]) -> Result<()> {
    use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
    let broken = |detail: &str| Error::damaged(PKCS1, detail);
    // Version 1 (RFC 8017 section A.1.2): further primes follow.
    if rsa_integers(pkcs1)?[0] == [1] {
        return Err(Error::UnsupportedAlgorithm {
            role: "private key",
            name: Some("multi-prime RSA"),
            oid: RSA_ENCRYPTION.to_string(),
        });
    }
    let key = rsa::RsaPrivateKey::from_pkcs1_der(pkcs1)
        .map_err(|_| broken("its numbers do not belong together (p·q = n and e·d ≡ 1 were expected)"))?;
    // Encoding computes the CRT values anew; the stored ones must be the same, or every
    // signature made with them would be wrong.
    let computed = key.to_pkcs1_der().map_err(|_| broken("it cannot be encoded again"))?;
    if rsa_integers(computed.as_bytes())? == rsa_integers(pkcs1)? {
        Ok(())
    } else {
        Err(broken("its CRT values do not follow from its primes"))
    }
}

/// The magnitudes of an RSAPrivateKey's numbers, in order.
fn rsa_integers(pkcs1: &[u8]) -> Result<Vec<&[u8]>> {
    let mut fields = Reader::new(pkcs1, PKCS1).sequence("an RSAPrivateKey")?;
    let mut numbers = Vec::with_capacity(9);
    while let Some(number) = fields.optional(tag::INTEGER)? {
        numbers.push(magnitude(number.content));
    }
    if numbers.len() < 9 {
        return Err(Error::damaged(PKCS1, format!("{} numbers found, 9 expected", numbers.len())));
    }
    Ok(numbers)
}

/// The public key of an RSAPrivateKey.
///
/// ```text
/// RSAPrivateKey ::= SEQUENCE {
///     version INTEGER, modulus INTEGER, publicExponent INTEGER, privateExponent INTEGER,
///     prime1 INTEGER, prime2 INTEGER, exponent1 INTEGER, exponent2 INTEGER,
///     coefficient INTEGER }
/// ```
fn rsa_public(algorithm: &[u8], pkcs1: &[u8]) -> Result<PublicKey> {
    #[derive(der::Sequence)]
    struct RsaPublicKey<'a> {
        modulus: der::asn1::UintRef<'a>,
        exponent: der::asn1::UintRef<'a>,
    }
    let numbers = rsa_integers(pkcs1)?;
    let number =
        |octets| der::asn1::UintRef::new(octets).map_err(|_| Error::damaged(PKCS1, "an impossible number"));
    let structure = RsaPublicKey { modulus: number(numbers[1])?, exponent: number(numbers[2])? };
    spki(algorithm, &structure.to_der().map_err(internal)?)
}

impl PrivateKey {
    /// The AlgorithmIdentifier of the PKCS#8 form, in DER.
    fn pkcs8_algorithm(&self) -> Result<Vec<u8>> {
        Ok(self.pkcs8_parts()?.0.raw.to_vec())
    }

    /// The AlgorithmIdentifier and the key's own encoding inside the PKCS#8 form.
    fn pkcs8_parts(&self) -> Result<(Element<'_>, &[u8])> {
        let mut fields = Reader::new(self.pkcs8.expose(), PKCS8).sequence("a PrivateKeyInfo")?;
        fields.expect(tag::INTEGER, "a version")?;
        let algorithm = fields.expect(tag::SEQUENCE, "a key algorithm")?;
        Ok((algorithm, fields.expect(tag::OCTET_STRING, "the private key's octets")?.content))
    }

    /// RSAPrivateKey in DER (RFC 8017 appendix A.1.2).
    ///
    /// # Errors
    /// [`Error::Unwritable`] for a key that is not RSA, or is RSA for PSS alone.
    pub fn pkcs1_der(&self) -> Result<SecretBytes> {
        let (algorithm, inner) = self.pkcs8_parts()?;
        if algorithm.children()?.oid("a key algorithm")? != RSA_ENCRYPTION {
            return Err(self.unwritable(PKCS1));
        }
        Ok(SecretBytes::new(inner.to_vec()))
    }

    /// ECPrivateKey with its curve, in DER (RFC 5915).
    ///
    /// # Errors
    /// [`Error::Unwritable`] for a key that is not on an elliptic curve of its own kind.
    pub fn sec1_der(&self) -> Result<SecretBytes> {
        let (algorithm, inner) = self.pkcs8_parts()?;
        let mut algorithm = algorithm.children()?;
        if algorithm.oid("a key algorithm")? != EC_PUBLIC_KEY {
            return Err(self.unwritable(SEC1));
        }
        let curve = algorithm.next()?.ok_or_else(|| Error::damaged(SEC1, "no curve is named"))?;
        let mut fields = Reader::new(inner, SEC1).sequence("an ECPrivateKey")?;
        fields.expect(tag::INTEGER, "a version")?;
        let scalar = fields.expect(tag::OCTET_STRING, "a private scalar")?.content;
        let point = match fields.optional(tag::context(1))? {
            Some(explicit) => explicit.children()?.optional(tag::BIT_STRING)?,
            None => None,
        };
        let point = point.and_then(|bits| bits.content.get(1..));
        let point = point.map(BitStringRef::from_bytes).transpose().map_err(internal)?;
        let curve = AnyRef::try_from(curve.raw).map_err(internal)?;
        sec1(scalar, Some(curve), point).map(SecretBytes::from)
    }

    fn unwritable(&self, target: &'static str) -> Error {
        Error::Unwritable { what: format!("a key of the kind {}", self.algorithm), target }
    }
}

/// PrivateKeyInfo around a key's own encoding.
fn wrap(algorithm: &[u8], inner: &[u8]) -> Result<SecretBytes> {
    let algorithm = canonical_identifier(algorithm)?;
    let algorithm = AlgorithmIdentifierRef::try_from(algorithm.as_slice()).map_err(internal)?;
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(inner).map_err(internal)?);
    info.to_der().map(SecretBytes::new).map_err(internal)
}

/// SubjectPublicKeyInfo around a public key's octets.
fn spki(algorithm: &[u8], key: &[u8]) -> Result<PublicKey> {
    let algorithm = canonical_identifier(algorithm)?;
    let structure = pkcs8::spki::SubjectPublicKeyInfo {
        algorithm: AlgorithmIdentifierRef::try_from(algorithm.as_slice()).map_err(internal)?,
        subject_public_key: BitStringRef::from_bytes(key).map_err(internal)?,
    };
    public_from_spki(&structure.to_der().map_err(internal)?)
}

/// An AlgorithmIdentifier in DER from one in BER: identifiers seen in the wild differ from DER
/// only in how the outer lengths are written.
fn canonical_identifier(ber: &[u8]) -> Result<Vec<u8>> {
    let mut fields = Reader::new(ber, PKCS8).sequence("a key algorithm")?;
    let oid = fields.oid("a key algorithm")?;
    let parameters = match fields.next()? {
        Some(element) => Some(
            AnyRef::try_from(element.raw)
                .map_err(|_| Error::damaged(PKCS8, "key algorithm parameters that are not DER"))?,
        ),
        None => None,
    };
    AlgorithmIdentifierRef { oid, parameters }.to_der().map_err(internal)
}

fn rsa_identifier() -> Result<Vec<u8>> {
    AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) }.to_der().map_err(internal)
}

fn algorithm_name(oid: ObjectIdentifier, algorithm: Element<'_>, key: &[u8]) -> Result<Algorithm> {
    Ok(if oid == RSA_ENCRYPTION || oid == RSASSA_PSS {
        let modulus =
            Reader::new(key, SPKI).sequence("an RSAPublicKey")?.expect(tag::INTEGER, "a modulus")?;
        Algorithm::Rsa(bit_length(magnitude(modulus.content)))
    } else if oid == EC_PUBLIC_KEY {
        let mut fields = algorithm.children()?;
        fields.oid("a key algorithm")?;
        let parameters = fields.next()?.ok_or_else(|| Error::damaged(SPKI, "no curve is named"))?;
        Algorithm::Ec(curve(parameters)?)
    } else if oid == ED25519 {
        Algorithm::Ed25519
    } else if oid == ED448 {
        Algorithm::Ed448
    } else if oid == DSA {
        Algorithm::Dsa
    } else {
        Algorithm::Other(oid.to_string())
    })
}

fn bit_length(magnitude: &[u8]) -> usize {
    magnitude.first().map_or(0, |first| magnitude.len() * 8 - first.leading_zeros() as usize)
}

fn curve(parameters: Element<'_>) -> Result<String> {
    if parameters.tag != tag::OID {
        return Ok("with explicit parameters".into());
    }
    let oid = parameters.oid()?.to_string();
    Ok(ec::curve_name(&oid).map_or(oid, str::to_owned))
}

/// The first element of the input, without what trails it.
fn first_element<'a>(octets: &'a [u8], structure: &'static str) -> Result<&'a [u8]> {
    match Reader::new(octets, structure).next()? {
        Some(element) => Ok(element.raw),
        None => Err(Error::damaged(structure, "nothing there")),
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("DER encoding failed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of three primes is carried, and whoever asks to judge it is told what it is.
    #[test]
    fn keys_of_more_primes_are_carried_and_not_judged() {
        let number = |octets: &[u8]| [&[tag::INTEGER, octets.len() as u8], octets].concat();
        let modulus = [&[tag::INTEGER, 0x81, 129, 0, 0xd1][..], &[0x11; 127]].concat();
        let numbers = [number(&[1]), modulus, number(&[1, 0, 1]).repeat(7)].concat();
        let others = [tag::SEQUENCE, 11, tag::SEQUENCE, 9, 2, 1, 3, 2, 1, 3, 2, 1, 3];
        let content = [&numbers[..], &others].concat();
        let length = (content.len() as u16).to_be_bytes();
        let der = [&[tag::SEQUENCE, 0x82], &length[..], &content].concat();
        let key = private_from_pkcs1(&der).expect("it is carried");
        let error = key.check().expect_err("it is not judged");
        assert_eq!(error.kind(), "unsupported-algorithm");
        assert!(error.to_string().contains("multi-prime RSA"), "{error}");
    }
}
