//! The connector JSON, as it stands and with the octets as text of its members.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    certkit_fuzz::read(octets);
    if let Some((key, certificate)) = std::str::from_utf8(octets).ok().and_then(|text| text.split_once('\0'))
    {
        let document = serde_json::json!({ "private_key": key, "public_cert": certificate }).to_string();
        certkit_fuzz::read(document.as_bytes());
    }
});
