use std::collections::BTreeMap;
use std::fmt;

use super::FingerprintKey;

/// What the secret store holds. Neither `Debug` nor any message shows a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) salts: BTreeMap<String, [u8; 4]>,
    pub(crate) key: Option<FingerprintKey>,
}

impl Secrets {
    /// The key of the fingerprints, once there is one.
    pub fn fingerprint_key(&self) -> Option<&FingerprintKey> {
        self.key.as_ref()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |f: &mut fmt::Formatter<'_>, names: Vec<&String>| f.debug_list().entries(names).finish();
        f.write_str("Secrets { values of ")?;
        names(f, self.values.keys().collect())?;
        f.write_str(", salts of ")?;
        names(f, self.salts.keys().collect())?;
        f.write_str(" }")
    }
}
