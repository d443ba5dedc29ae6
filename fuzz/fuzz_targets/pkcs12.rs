//! PKCS#12, as it stands and, where a MAC would hide what is inside, as contents of a store that
//! has none.
#![no_main]

use certkit_fuzz::{PASSWORD, element, read, read_with};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    read(octets);
    // A SafeContents, or an AuthenticatedSafe.
    let data = |content: &[u8]| {
        let oid = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, 1];
        element(0x30, &[&oid[..], &element(0xa0, &element(4, content))].concat())
    };
    let store = |safe: &[u8]| element(0x30, &[&[2, 1, 3], &data(safe)[..]].concat());
    read_with(&store(octets), Some(PASSWORD));
    read_with(&store(&element(0x30, &data(octets))), Some(PASSWORD));
});
