//! Java's key stores, whose digest would hide what is inside: it is put right first.
#![no_main]

use certkit_fuzz::{PASSWORD, read_with};
use libfuzzer_sys::fuzz_target;
use sha1::{Digest, Sha1};

fuzz_target!(|octets: &[u8]| {
    read_with(octets, None);
    let body = &octets[..octets.len().saturating_sub(20)];
    let password: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let digest = Sha1::new().chain_update(password).chain_update("Mighty Aphrodite").chain_update(body);
    read_with(&[body, &digest.finalize()[..]].concat(), Some(PASSWORD));
});
