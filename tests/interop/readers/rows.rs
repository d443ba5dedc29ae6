//! Which stores stand in the table, and what certkit refuses of them.

/// A row: a fixture, and what it stands for.
pub struct Row {
    pub maker: &'static str,
    pub variant: &'static str,
    /// Under `fixtures/stores`.
    pub file: &'static str,
}

const fn row(maker: &'static str, variant: &'static str, file: &'static str) -> Row {
    Row { maker, variant, file }
}

const OPENSSL: &str = "OpenSSL 3";
const KEYTOOL: &str = "keytool 17";
const GNUTLS: &str = "GnuTLS 3.7";
const NSS: &str = "NSS 3.87";
const PYCA: &str = "cryptography 50";
const CRAFTED: &str = "crafted";

/// One for each maker and variant; where several fixtures show the same, one of them stands here.
pub const ROWS: &[Row] = &[
    row(KEYTOOL, "PKCS#12, its default: PBES2 AES-256", "keytool-17-pbes2-aes256.pfx"),
    row(KEYTOOL, "PKCS#12 as before 8u301: RC2-40 and 3DES", "keytool-17-legacy-rc2-40-3des.pfx"),
    row(KEYTOOL, "PKCS#12 without MAC, certificate in the clear", "keytool-17-no-mac-cert-clear.pfx"),
    row(KEYTOOL, "PKCS#12, chain of three", "keytool-17-chain.pfx"),
    row(KEYTOOL, "PKCS#12, two keys", "keytool-17-two-keys.pfx"),
    row(KEYTOOL, "PKCS#12, a secret key beside the key", "keytool-17-secret-key.pfx"),
    row(KEYTOOL, "PKCS#12, trusted certificates only", "keytool-17-trusted-cert.pfx"),
    row(KEYTOOL, "JKS", "keytool-17-key.jks"),
    row(KEYTOOL, "JKS, chain of three, alias beyond ASCII", "keytool-17-chain.jks"),
    row(KEYTOOL, "JKS, the key has its own password", "keytool-17-key-password.jks"),
    row(KEYTOOL, "JKS, trusted certificates only", "keytool-17-trusted-cert.jks"),
    row(KEYTOOL, "JCEKS", "keytool-17-key.jceks"),
    row(KEYTOOL, "JCEKS, the key has its own password", "keytool-17-key-password.jceks"),
    row(KEYTOOL, "JCEKS, trusted certificates only", "keytool-17-trusted-certs.jceks"),
    row(KEYTOOL, "JCEKS, a secret key beside the key", "keytool-17-key-secret.jceks"),
    row(OPENSSL, "its default: PBES2 AES-256", "openssl-3-pbes2-aes256.pfx"),
    row(OPENSSL, "PBES2 AES-192", "openssl-3-pbes2-aes192.pfx"),
    row(OPENSSL, "PBES2 3DES", "openssl-3-pbes2-3des.pfx"),
    row(OPENSSL, "PBES2 ARIA-256", "openssl-3-pbes2-aria-256-cbc.pfx"),
    row(OPENSSL, "PBES2 Camellia-256", "openssl-3-pbes2-camellia-256-cbc.pfx"),
    row(OPENSSL, "PBES2 Blowfish", "openssl-3-pbes2-bf-cbc.pfx"),
    row(OPENSSL, "PBES2 SEED", "openssl-3-pbes2-seed-cbc.pfx"),
    row(OPENSSL, "PBES2 SM4", "openssl-3-pbes2-sm4-cbc.pfx"),
    row(OPENSSL, "PBES2 AES-256 in CFB mode", "openssl-3-pbes2-aes-256-cfb.pfx"),
    row(OPENSSL, "3DES", "openssl-3-3des-sha1.pfx"),
    row(OPENSSL, "3DES with two keys", "openssl-3-2des-sha1.pfx"),
    row(OPENSSL, "`-legacy`, the default of OpenSSL 1: RC2-40 and 3DES", "openssl-3-legacy-rc2-40.pfx"),
    row(OPENSSL, "RC2-128", "openssl-3-rc2-128.pfx"),
    row(OPENSSL, "RC4-40", "openssl-3-rc4-40.pfx"),
    row(OPENSSL, "DES with MD5 (PBES1)", "openssl-3-md5-des.pfx"),
    row(OPENSSL, "DES with SHA-1 (PBES1)", "openssl-3-sha1-des.pfx"),
    row(OPENSSL, "MAC with MD5", "openssl-3-mac-md5.pfx"),
    row(OPENSSL, "MAC with SHA3-256", "openssl-3-mac-sha3-256.pfx"),
    row(OPENSSL, "MAC with BLAKE2b", "openssl-3-mac-blake2b512.pfx"),
    row(OPENSSL, "MAC with Whirlpool", "openssl-3-mac-whirlpool.pfx"),
    row(OPENSSL, "no MAC", "openssl-3-no-mac.pfx"),
    row(OPENSSL, "MAC, nothing encrypted", "openssl-3-no-encryption.pfx"),
    row(OPENSSL, "certificate in the clear", "openssl-3-cert-clear.pfx"),
    row(OPENSSL, "empty password", "openssl-3-empty-password.pfx"),
    row(OPENSSL, "password beyond ASCII, 3DES", "openssl-3-unicode-password-3des.pfx"),
    row(OPENSSL, "emoji in the password, PBES2", "openssl-3-emoji-password-pbes2.pfx"),
    row(OPENSSL, "elliptic-curve key", "openssl-3-ec-p256.pfx"),
    row(OPENSSL, "chain of three", "openssl-3-chain.pfx"),
    row(OPENSSL, "key only", "openssl-3-key-only.pfx"),
    row(OPENSSL, "certificates only, not marked as trusted", "openssl-3-certs-only.pfx"),
    row(OPENSSL, "in the shape of a Windows export", "openssl-3-windows-like-rc2-40.pfx"),
    row(GNUTLS, "PBES2 AES-256", "certtool-3.7-aes256.pfx"),
    row(GNUTLS, "RC2-40 for key and certificate", "certtool-3.7-rc2-40.pfx"),
    row(GNUTLS, "null password", "certtool-3.7-null-password.pfx"),
    row(NSS, "BER, its default", "nss-3.87-default.pfx"),
    row(NSS, "BER, RC2-40 and 3DES", "nss-3.87-3des-rc2-40.pfx"),
    row(PYCA, "its best encryption: PBES2 AES-256", "pyca-50-best-available.pfx"),
    row(PYCA, "password and alias beyond ASCII", "pyca-50-unicode.pfx"),
    row(CRAFTED, "JCEKS as before 8u151: 20 rounds", "handmade-jceks-20-rounds.jceks"),
    row(CRAFTED, "null password, as Windows has it", "handmade-null-password-3des.pfx"),
    row(CRAFTED, "PBMAC1", "handmade-pbmac1-sha256.pfx"),
    row(CRAFTED, "PBES2 with the default PRF, AES-192", "handmade-prf-sha1-aes192.pfx"),
    row(CRAFTED, "octets after the end, as .NET allows", "handmade-trailing-bytes.pfx"),
    row(CRAFTED, "nested SafeContents", "handmade-nested-safe-contents.pfx"),
    row(CRAFTED, "two keys under one name", "handmade-same-alias.pfx"),
    row(CRAFTED, "nothing ties the key to its certificate", "handmade-no-attributes.pfx"),
    row(CRAFTED, "an unknown bag among the others", "handmade-unknown-bag.pfx"),
    row(CRAFTED, "the key has its own password", "handmade-key-password.pfx"),
];

/// What certkit doesn't read of these, and why that is meant.
pub const REFUSED: &[(&str, &str)] = &[
    ("openssl-3-pbes2-seed-cbc.pfx", RARE),
    ("openssl-3-pbes2-sm4-cbc.pfx", RARE),
    ("openssl-3-pbes2-aes-256-cfb.pfx", RARE),
    ("openssl-3-mac-whirlpool.pfx", RARE),
];

const RARE: &str = "no maker above chooses this by itself; the refusal names the algorithm";
