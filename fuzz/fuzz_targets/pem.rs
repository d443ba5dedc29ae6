//! PEM as it stands, and what its armour would hold.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    certkit_fuzz::read(octets);
});
