//! Keys in every encoding: PKCS#8, PKCS#1, SEC1, SubjectPublicKeyInfo, encrypted PKCS#8.
#![no_main]

use certkit::key::encoding;
use certkit_fuzz::{key_again, public_again, read, refused};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    read(octets);
    for reader in [encoding::private_from_pkcs8, encoding::private_from_pkcs1, encoding::private_from_sec1] {
        match reader(octets) {
            Ok(key) => key_again(&key),
            Err(error) => refused(&error),
        }
    }
    match encoding::public_from_spki(octets) {
        Ok(key) => public_again(&key),
        Err(error) => refused(&error),
    }
});
