//! PKCS#7 bundles and single certificates, as they stand and as the one member of a bundle.
#![no_main]

use certkit::cert::Certificate;
use certkit_fuzz::{element, read_with, refused};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    read_with(octets, None);
    if let Err(error) = Certificate::from_der(octets) {
        refused(&error);
    }
    let oid = |last| [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, last];
    let signed =
        [&[2, 1, 1, 0x31, 0][..], &element(0x30, &oid(1)), &element(0xa0, octets), &[0x31, 0]].concat();
    let bundle = [&oid(2)[..], &element(0xa0, &element(0x30, &signed))].concat();
    read_with(&element(0x30, &bundle), None);
});
