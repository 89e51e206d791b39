use crate::source::Spanned;
use crate::system::SettingClaim;
use crate::topology::{PolicyValue, Rabbitmq};

use super::Builder;

impl Builder<'_> {
    /// What is said of keys of rabbitmq.conf: by properties, then by `set`.
    pub(super) fn settings(&mut self) {
        for rabbitmq in &self.topology.rabbitmqs {
            let Some(cluster) = self.components.get(&rabbitmq.name.value) else { continue };
            for (property, key, value) in properties(rabbitmq).into_iter().flatten() {
                let key = Spanned::new(key.to_owned(), value.span);
                self.system.settings.push(SettingClaim { cluster, key, value, property: Some(property) });
            }
            for setting in &rabbitmq.settings {
                let (key, value) = (setting.key.clone(), setting.value.clone());
                self.system.settings.push(SettingClaim { cluster, key, value, property: None });
            }
        }
    }
}

/// Properties that are a key of rabbitmq.conf by another name.
fn properties(rabbitmq: &Rabbitmq) -> [Option<(&'static str, &'static str, Spanned<PolicyValue>)>; 4] {
    let number = |written: &Option<Spanned<u64>>, unit: u64| {
        let written = written.as_ref()?;
        let number = i64::try_from(written.value.div_ceil(unit)).unwrap_or(i64::MAX);
        Some(Spanned::new(PolicyValue::Integer(number), written.span))
    };
    let handling = rabbitmq.partition_handling.as_ref();
    let handling = handling.map(|written| Spanned::new(PolicyValue::Text(written.value.clone()), written.span));
    [
        number(&rabbitmq.heartbeat, 1_000).map(|value| ("heartbeat", "heartbeat", value)),
        handling.map(|value| ("partition-handling", "cluster_partition_handling", value)),
        number(&rabbitmq.memory_watermark, 1)
            .map(|value| ("memory-watermark", "vm_memory_high_watermark.absolute", value)),
        number(&rabbitmq.disk_free_limit, 1).map(|value| ("disk-free-limit", "disk_free_limit.absolute", value)),
    ]
}
