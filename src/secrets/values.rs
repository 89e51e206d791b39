use std::collections::BTreeMap;
use std::fmt;

use super::FingerprintKey;

/// The value of a secret, or what stands for it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue {
    /// The value. Never show it.
    pub text: String,
    /// Whether it is the real one. A placeholder has the length and form of a generated secret.
    pub known: bool,
}

/// The values of all secrets of a topology.
#[derive(Clone, Default)]
pub struct SecretValues {
    pub(super) values: BTreeMap<String, SecretValue>,
    pub(super) salts: BTreeMap<String, [u8; 4]>,
    pub(super) key: Option<FingerprintKey>,
}

impl SecretValues {
    /// The value of a secret; `None` where it is not declared.
    pub fn get(&self, name: &str) -> Option<&SecretValue> {
        self.values.get(name)
    }

    /// The salt of a name: 4 random bytes that stay. `None` where it was not among the wanted ones; zeros where values
    /// are not needed and it is not there yet.
    pub fn salt(&self, name: &str) -> Option<[u8; 4]> {
        self.salts.get(name).copied()
    }

    /// Whether all values are the real ones.
    pub fn are_known(&self) -> bool {
        self.values.values().all(|value| value.known)
    }

    /// The key of the fingerprints; `None` where there is no secret, or none was needed yet.
    pub fn key(&self) -> Option<&FingerprintKey> {
        self.key.as_ref()
    }

    /// The keyed fingerprint of all values and salts together, for [`Facts::secrets`](super::Facts).
    pub fn fingerprint(&self) -> Option<String> {
        let key = self.key.as_ref()?;
        let mut bytes = Vec::new();
        let mut add = |part: &[u8]| {
            // The length first, so that no two lists of parts are the same bytes.
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        };
        for (name, value) in &self.values {
            add(name.as_bytes());
            add(value.text.as_bytes());
        }
        add(b"");
        for (name, salt) in &self.salts {
            add(name.as_bytes());
            add(salt);
        }
        Some(key.fingerprint(&bytes))
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.known { "SecretValue(known)" } else { "SecretValue(placeholder)" })
    }
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.values).finish()
    }
}
