//! The hash functions that key derivations and MACs are built on.

use const_oid::ObjectIdentifier;

/// A hash function by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Md4,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512Over224,
    Sha512Over256,
    Sha3Over224,
    Sha3Over256,
    Sha3Over384,
    Sha3Over512,
    Blake2b512,
    Blake2s256,
}

/// Hash, its name, its own OID, the OID of its HMAC (empty where none is assigned).
const TABLE: &[(Hash, &str, &str, &str)] = &[
    (Hash::Md4, "MD4", "1.2.840.113549.2.4", ""),
    (Hash::Md5, "MD5", "1.2.840.113549.2.5", "1.2.840.113549.2.6"),
    (Hash::Sha1, "SHA1", "1.3.14.3.2.26", "1.2.840.113549.2.7"),
    (Hash::Sha224, "SHA224", "2.16.840.1.101.3.4.2.4", "1.2.840.113549.2.8"),
    (Hash::Sha256, "SHA256", "2.16.840.1.101.3.4.2.1", "1.2.840.113549.2.9"),
    (Hash::Sha384, "SHA384", "2.16.840.1.101.3.4.2.2", "1.2.840.113549.2.10"),
    (Hash::Sha512, "SHA512", "2.16.840.1.101.3.4.2.3", "1.2.840.113549.2.11"),
    (Hash::Sha512Over224, "SHA512/224", "2.16.840.1.101.3.4.2.5", "1.2.840.113549.2.12"),
    (Hash::Sha512Over256, "SHA512/256", "2.16.840.1.101.3.4.2.6", "1.2.840.113549.2.13"),
    (Hash::Sha3Over224, "SHA3-224", "2.16.840.1.101.3.4.2.7", "2.16.840.1.101.3.4.2.13"),
    (Hash::Sha3Over256, "SHA3-256", "2.16.840.1.101.3.4.2.8", "2.16.840.1.101.3.4.2.14"),
    (Hash::Sha3Over384, "SHA3-384", "2.16.840.1.101.3.4.2.9", "2.16.840.1.101.3.4.2.15"),
    (Hash::Sha3Over512, "SHA3-512", "2.16.840.1.101.3.4.2.10", "2.16.840.1.101.3.4.2.16"),
    (Hash::Blake2b512, "BLAKE2b-512", "1.3.6.1.4.1.1722.12.2.1.16", ""),
    (Hash::Blake2s256, "BLAKE2s-256", "1.3.6.1.4.1.1722.12.2.2.8", ""),
];

impl Hash {
    pub(crate) fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        TABLE.iter().find(|row| oid == ObjectIdentifier::new_unwrap(row.2)).map(|row| row.0)
    }

    pub(crate) fn from_hmac_oid(oid: ObjectIdentifier) -> Option<Self> {
        TABLE.iter().find(|row| row.0.hmac_oid() == Some(oid)).map(|row| row.0)
    }

    pub(crate) fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(self.row().2)
    }

    /// The OID of its HMAC; MD4 and BLAKE2 have none.
    pub(crate) fn hmac_oid(self) -> Option<ObjectIdentifier> {
        Some(self.row().3).filter(|oid| !oid.is_empty()).map(ObjectIdentifier::new_unwrap)
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> &'static (Self, &'static str, &'static str, &'static str) {
        // The table holds every variant in the order of the enum (tested below).
        &TABLE[self as usize]
    }

    /// Octets of a digest.
    pub(crate) fn output_octets(self) -> usize {
        with_hash!(self, D => <D as hmac::digest::OutputSizeUser>::output_size())
    }
}

/// Evaluates an expression with a type name bound to the hash's implementation.
macro_rules! with_hash {
    ($hash:expr, $D:ident => $body:expr) => {
        match $hash {
            $crate::pbe::Hash::Md4 => {
                type $D = md4::Md4;
                $body
            }
            $crate::pbe::Hash::Md5 => {
                type $D = md5::Md5;
                $body
            }
            $crate::pbe::Hash::Sha1 => {
                type $D = sha1::Sha1;
                $body
            }
            $crate::pbe::Hash::Sha224 => {
                type $D = sha2::Sha224;
                $body
            }
            $crate::pbe::Hash::Sha256 => {
                type $D = sha2::Sha256;
                $body
            }
            $crate::pbe::Hash::Sha384 => {
                type $D = sha2::Sha384;
                $body
            }
            $crate::pbe::Hash::Sha512 => {
                type $D = sha2::Sha512;
                $body
            }
            $crate::pbe::Hash::Sha512Over224 => {
                type $D = sha2::Sha512_224;
                $body
            }
            $crate::pbe::Hash::Sha512Over256 => {
                type $D = sha2::Sha512_256;
                $body
            }
            $crate::pbe::Hash::Sha3Over224 => {
                type $D = sha3::Sha3_224;
                $body
            }
            $crate::pbe::Hash::Sha3Over256 => {
                type $D = sha3::Sha3_256;
                $body
            }
            $crate::pbe::Hash::Sha3Over384 => {
                type $D = sha3::Sha3_384;
                $body
            }
            $crate::pbe::Hash::Sha3Over512 => {
                type $D = sha3::Sha3_512;
                $body
            }
            $crate::pbe::Hash::Blake2b512 => {
                type $D = blake2::Blake2b512;
                $body
            }
            $crate::pbe::Hash::Blake2s256 => {
                type $D = blake2::Blake2s256;
                $body
            }
        }
    };
}
pub(crate) use with_hash;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (position, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, position);
            assert_eq!(Hash::from_oid(row.0.oid()), Some(row.0));
            if let Some(oid) = row.0.hmac_oid() {
                assert_eq!(Hash::from_hmac_oid(oid), Some(row.0));
            }
        }
    }
}
