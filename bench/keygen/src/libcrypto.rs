//! OpenSSL in this process: the system's libcrypto.so.3, so that what is measured is what the machine
//! has. It is named by its run-time name, which needs no development package, and the six functions
//! are declared here from their manual pages.

use std::ffi::{CStr, c_char, c_int, c_void};

/// `EVP_PKEY` and `BIGNUM`, which only libcrypto looks into.
#[repr(C)]
struct Opaque([u8; 0]);

#[link(name = "libcrypto.so.3", kind = "dylib", modifiers = "+verbatim")]
unsafe extern "C" {
    fn BN_free(number: *mut Opaque);
    fn BN_generate_prime_ex(
        number: *mut Opaque,
        bits: c_int,
        safe: c_int,
        add: *const Opaque,
        remainder: *const Opaque,
        callback: *mut c_void,
    ) -> c_int;
    fn BN_new() -> *mut Opaque;
    fn EVP_PKEY_Q_keygen(
        library: *mut c_void,
        properties: *const c_char,
        kind: *const c_char,
        ...
    ) -> *mut Opaque;
    fn EVP_PKEY_free(key: *mut Opaque);
    fn OpenSSL_version(part: c_int) -> *const c_char;
}

/// Makes an RSA key as programs do, by `EVP_PKEY_Q_keygen`.
pub(crate) fn key(bits: usize) {
    let null = std::ptr::null_mut();
    // SAFETY: for "RSA" one size_t follows, the bits; the key is freed once, and nothing keeps it.
    unsafe {
        let key = EVP_PKEY_Q_keygen(null, std::ptr::null(), c"RSA".as_ptr(), bits);
        assert!(!key.is_null(), "libcrypto made no key");
        EVP_PKEY_free(key);
    }
}

/// Searches for the two primes of an RSA key and nothing more, by `BN_generate_prime_ex`: not safe
/// primes, no condition on them, the checks that libcrypto chooses for their size.
pub(crate) fn primes(bits: usize) {
    let half = c_int::try_from(bits / 2).expect("a key has a few thousand bits");
    for _ in 0..2 {
        let null = std::ptr::null();
        // SAFETY: the number is libcrypto's own until it is freed; the null pointers ask for no
        // condition and no callback.
        unsafe {
            let number = BN_new();
            assert!(!number.is_null(), "libcrypto made no number");
            assert_eq!(BN_generate_prime_ex(number, half, 0, null, null, std::ptr::null_mut()), 1);
            BN_free(number);
        }
    }
}

/// Its name, version and date.
pub(crate) fn version() -> String {
    // SAFETY: part 0 is a string that libcrypto never frees.
    unsafe { CStr::from_ptr(OpenSSL_version(0)) }.to_string_lossy().into_owned()
}
