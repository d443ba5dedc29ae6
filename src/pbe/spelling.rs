//! How a password becomes octets. The standards name one way for each scheme; tools of the past
//! have used others.

use zeroize::Zeroizing;

use crate::secret::Password;

/// One password as the octets that key derivations take.
pub(crate) struct Spelling {
    /// For PBKDF1, PBKDF2 and scrypt: the text's octets (RFC 8018 recommends UTF-8).
    pub(crate) text: Zeroizing<Vec<u8>>,
    /// For the PKCS#12 derivation: big-endian UTF-16 with two zero octets behind it
    /// (RFC 7292 appendix B.1).
    pub(crate) bmp: Zeroizing<Vec<u8>>,
}

impl Spelling {
    /// The spelling of the standards.
    pub(crate) fn standard(password: &Password) -> Self {
        let text = password.expose();
        Self { text: octets(text.len(), text.bytes()), bmp: terminated(text.len(), text.encode_utf16()) }
    }

    /// Every spelling worth trying on a file, the standard one first.
    ///
    /// - Windows and .NET write password-less files with the *null* password: no octets at all,
    ///   not even the terminator, where others write the empty one.
    /// - OpenSSL before 1.1.0 widened each octet of a non-ASCII password by itself, whether the
    ///   octets were UTF-8 or Latin-1; old tools gave PBKDF2 the Latin-1 octets.
    pub(crate) fn candidates(password: &Password) -> Vec<Self> {
        let text = password.expose();
        let mut all = vec![Self::standard(password)];
        if text.is_empty() {
            all.push(Self { text: octets(0, [].into_iter()), bmp: octets(0, [].into_iter()) });
        }
        if !text.is_ascii() {
            all.push(Self {
                text: octets(text.len(), text.bytes()),
                bmp: terminated(text.len(), text.bytes().map(u16::from)),
            });
            if text.chars().all(|c| u32::from(c) < 256) {
                all.push(Self {
                    // Truncation is exact: every character was just found below 256.
                    text: octets(text.len(), text.chars().map(|c| u32::from(c) as u8)),
                    bmp: terminated(text.len(), text.encode_utf16()),
                });
            }
        }
        all
    }
}

fn octets(longest: usize, source: impl Iterator<Item = u8>) -> Zeroizing<Vec<u8>> {
    // Room for every octet, so that growing never leaves a copy behind: an octet of UTF-8 becomes
    // two at the most, and two more end the text.
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * longest + 2));
    octets.extend(source);
    octets
}

fn terminated(longest: usize, units: impl Iterator<Item = u16>) -> Zeroizing<Vec<u8>> {
    octets(longest, units.flat_map(u16::to_be_bytes).chain([0, 0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let bmp = |text: &str| Spelling::standard(&Password::new(text.into())).bmp.to_vec();
        assert_eq!(bmp(""), [0, 0]);
        assert_eq!(bmp("aß"), [0, b'a', 0, 0xdf, 0, 0]);
        assert_eq!(bmp("😀"), [0xd8, 0x3d, 0xde, 0, 0, 0]);
        let count = |text: &str| Spelling::candidates(&Password::new(text.into())).len();
        assert_eq!((count("plain"), count(""), count("ß"), count("€")), (1, 2, 3, 2));
    }
}
