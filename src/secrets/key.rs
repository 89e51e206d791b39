use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::hex;

/// The key of fingerprints: without it, nobody can try guesses of a secret against the manifest.
#[derive(Clone, PartialEq, Eq)]
pub struct FingerprintKey([u8; 32]);

impl FingerprintKey {
    /// The key of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes; for the secret store alone.
    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A name for the key that does not give it away.
    pub(crate) fn id(&self) -> String {
        hex(&Sha256::digest(self.0)[..8])
    }

    /// The keyed fingerprint of some bytes, as the manifest writes it.
    pub fn fingerprint(&self, bytes: &[u8]) -> String {
        hex(&self.hmac(bytes))
    }

    pub(crate) fn hmac(&self, bytes: &[u8]) -> [u8; 32] {
        // A key of any length is a key; the error cannot come.
        let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        hmac.update(bytes);
        hmac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(…)")
    }
}
