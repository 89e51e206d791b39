//! What rules about rabbitmq.conf share: which line of a key counts, and what its value means to the broker.

use rustc_hash::FxHashMap;

use crate::system::{Component, Id, SettingClaim, System};
use crate::topology::PolicyValue;

/// The line of each key that counts: `set` takes the place of a property, of two lines the last.
pub(super) struct Settings<'a>(FxHashMap<(Id<Component>, &'a str), &'a SettingClaim>);

impl<'a> Settings<'a> {
    pub(super) fn of(system: &'a System) -> Self {
        // Properties come first.
        Self(system.settings.values().map(|claim| ((claim.cluster, claim.key.value.as_str()), claim)).collect())
    }

    /// What counts for this key.
    pub(super) fn get(&self, cluster: Id<Component>, key: &'a str) -> Option<&'a SettingClaim> {
        self.0.get(&(cluster, key)).copied()
    }
}

impl SettingClaim {
    /// How the reader wrote it: `heartbeat=`, or the key of the line.
    pub(super) fn said(&self) -> String {
        self.property.map_or_else(|| self.key.value.clone(), |property| format!("{property}="))
    }
}

/// What stands behind the equals sign.
pub(super) fn text(value: &PolicyValue) -> String {
    match value {
        PolicyValue::Text(text) => text.clone(),
        PolicyValue::Integer(number) => number.to_string(),
        PolicyValue::Bool(on) => on.to_string(),
        PolicyValue::List(parts) => parts.join(","),
    }
}

/// A whole number, also where it stands in quotes.
pub(super) fn whole(value: &PolicyValue) -> Option<i64> {
    match value {
        PolicyValue::Integer(number) => Some(*number),
        PolicyValue::Text(text) => text.trim().parse().ok(),
        PolicyValue::Bool(_) | PolicyValue::List(_) => None,
    }
}

/// A number, perhaps with a fraction.
pub(super) fn number(value: &PolicyValue) -> Option<f64> {
    match value {
        PolicyValue::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        // Nothing is told apart above what a fraction holds exactly.
        value => whole(value).and_then(|number| i32::try_from(number).ok()).map(f64::from),
    }
}

/// Bytes, with the units of RabbitMQ: `k`, `kiB`, `M`, `MiB`, `G`, `GiB`, … are powers of 1024, `kB`, `MB`, `GB` of 1000
/// (rabbitmq.com/docs/memory, "Configuring the Memory Threshold").
pub(super) fn bytes(value: &PolicyValue) -> Option<u64> {
    let text = text(value);
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = (text.get(..digits)?, text.get(digits..)?.trim().to_ascii_lowercase());
    let step = |thousand: u64, power: u32| thousand.checked_pow(power);
    let factor = match unit.as_str() {
        "" | "b" => Some(1),
        "k" | "ki" | "kib" => step(1024, 1),
        "m" | "mi" | "mib" => step(1024, 2),
        "g" | "gi" | "gib" => step(1024, 3),
        "t" | "ti" | "tib" => step(1024, 4),
        "kb" => step(1000, 1),
        "mb" => step(1000, 2),
        "gb" => step(1000, 3),
        "tb" => step(1000, 4),
        _ => None,
    }?;
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_rabbitmq_reads_them() {
        let of = |text: &str| bytes(&PolicyValue::Text(text.to_owned()));
        assert_eq!(of("512MiB"), Some(512 << 20));
        assert_eq!(of("2GB"), Some(2_000_000_000));
        assert_eq!(of("1g"), Some(1 << 30));
        assert_eq!(of("100"), Some(100));
        assert_eq!(of("0.5"), None);
        assert_eq!(of("99999999999TiB"), None, "too much to count");
    }
}
