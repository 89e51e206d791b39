use sha2::{Digest, Sha256};

use crate::secrets::FingerprintKey;

/// What the manifest knows of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Print {
    /// SHA-256.
    Plain([u8; 32]),
    /// HMAC-SHA256 under the fingerprint key: the file holds a secret.
    Keyed([u8; 32]),
}

impl Print {
    /// The print of a body without secrets.
    pub(super) fn plain(bytes: &[u8]) -> Self {
        Self::Plain(Sha256::digest(bytes).into())
    }

    /// The print of a body with secrets.
    pub(super) fn keyed(bytes: &[u8], key: &FingerprintKey) -> Self {
        Self::Keyed(key.hmac(bytes))
    }

    /// Whether this is the print of `bytes`. `None`: it is keyed and the key is not at hand.
    pub(super) fn fits(self, bytes: &[u8], key: Option<&FingerprintKey>) -> Option<bool> {
        match self {
            Self::Plain(_) => Some(self == Self::plain(bytes)),
            Self::Keyed(_) => key.map(|key| self == Self::keyed(bytes, key)),
        }
    }
}

/// 32 bytes from 64 lower-case hexadecimal digits.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::hex;

    #[test]
    fn prints_are_those_of_the_standards() {
        let Print::Plain(bytes) = Print::plain(b"abc") else { panic!() };
        assert_eq!(hex(&bytes), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180-2, B.1");
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        // RFC 4231, case 2: a key shorter than a block is padded with zeros, so zeros at its end change nothing.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            FingerprintKey::new(key).fingerprint(b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn what_is_not_64_digits_is_no_print() {
        let good = "0".repeat(64);
        assert!(unhex(&good).is_some());
        for bad in ["", &good[1..], &format!("{good}0"), &good.replacen('0', "g", 1), &good.replacen('0', "A", 1)] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
