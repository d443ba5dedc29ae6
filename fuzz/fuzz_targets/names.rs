//! Distinguished names: what is printed of a name reads as that name.
#![no_main]

use certkit::{cert::name::DistinguishedName, error::Class};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match DistinguishedName::parse(text) {
    Ok(name) => {
        let printed = name.to_string();
        let again = DistinguishedName::parse(&printed)
            .unwrap_or_else(|error| panic!("{text:?} prints as {printed:?}: {error}"));
        assert_eq!(again, name, "{text:?} prints as {printed:?}");
    }
    Err(error) => {
        assert_eq!(error.class(), Class::Usage, "{error}");
        assert!(!error.to_string().is_empty());
    }
});
