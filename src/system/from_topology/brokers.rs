use crate::source::Spanned;
use crate::system::{BrokerClaim, CookieClaim, Fact, PolicyClaim};
use crate::topology::NodeKind;

use super::Builder;

impl Builder<'_> {
    /// Cookies, memberships and policies.
    pub(super) fn brokers(&mut self) {
        for rabbitmq in &self.topology.rabbitmqs {
            let Some(cluster) = self.components.get(&rabbitmq.name.value) else { continue };
            let cookie = self.secret_fact(&rabbitmq.cookie);
            for node in &rabbitmq.nodes {
                let Some(unit) = self.nodes.get(&node.name.value) else { continue };
                let cookie = match &node.cookie {
                    Some(own) => self.secret_fact(own),
                    None => cookie.clone(),
                };
                self.system.cookies.push(CookieClaim { unit, cookie });
                let name = format!("rabbit@{}", node.name.value);
                let why = "RabbitMQ's own form: rabbit@HOSTNAME";
                let kind = super::written_or(
                    node.kind.as_ref(),
                    NodeKind::Disc,
                    "rabbitmq",
                    "metadata belongs on disk",
                    node.name.span,
                );
                self.system.brokers.push(BrokerClaim {
                    unit,
                    node: Fact::chosen(name, "rabbitmq", why, node.name.span),
                    cluster,
                    kind,
                });
            }
            for user in rabbitmq.users.iter().chain(rabbitmq.vhosts.iter().flat_map(|vhost| &vhost.users)) {
                if let Some(password) = &user.password {
                    self.secrets.resolve(password, &mut self.problems);
                }
            }
            for vhost in &rabbitmq.vhosts {
                for policy in &vhost.policies {
                    let apply_to = super::written_or(
                        policy.apply_to.as_ref(),
                        "all".to_owned(),
                        "rabbitmq",
                        "what rabbitmqctl takes where nothing is said",
                        policy.span,
                    );
                    for (key, value) in &policy.definition {
                        self.system.policies.push(PolicyClaim {
                            cluster,
                            vhost: vhost.name.value.clone(),
                            policy: Spanned::new(policy.name.value.clone(), policy.name.span),
                            apply_to: apply_to.clone(),
                            key: key.clone(),
                            value: value.clone(),
                        });
                    }
                }
            }
        }
    }
}
