//! Any octets: whatever they are taken for, they open or are refused in words.
#![no_main]

use certkit::store::detect;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    assert!(!detect::kind(octets).describe().is_empty());
    certkit_fuzz::read(octets);
});
