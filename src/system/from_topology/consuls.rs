use crate::system::{ConsulClaim, Fact};

use super::{Builder, written_or};

impl Builder<'_> {
    /// What every Consul server claims.
    pub(super) fn consuls(&mut self) {
        for consul in &self.topology.consuls {
            let Some(cluster) = self.components.get(&consul.name.value) else { continue };
            let all = &consul.settings;
            let count = i64::try_from(consul.nodes.len()).unwrap_or(i64::MAX);
            for node in &consul.nodes {
                let Some(unit) = self.nodes.get(&node.name.value) else { continue };
                let at = node.name.span;
                let own = &node.server.settings;
                let gossip = match own.encrypt.as_ref().or(all.encrypt.as_ref()) {
                    Some(secret) => self.secret_fact(secret),
                    None => Fact::absent("consul", "encrypt"),
                };
                let datacenter = own.datacenter.as_ref().or(all.datacenter.as_ref());
                self.system.consuls.push(ConsulClaim {
                    unit,
                    cluster,
                    node: Fact::chosen(node.name.value.clone(), "consul", "its host name", at),
                    datacenter: written_or(datacenter, "dc1".to_owned(), "consul", "Consul's own default", at),
                    bootstrap_expect: written_or(
                        node.server.bootstrap_expect.as_ref(),
                        count,
                        "consul",
                        "the number of declared servers",
                        at,
                    ),
                    gossip,
                });
            }
        }
    }
}
