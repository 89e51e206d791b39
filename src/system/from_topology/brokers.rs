use crate::system::{
    BrokerClaim, Component, CookieClaim, ExchangeClaim, Fact, Id, PluginClaim, PolicyClaim, QueueClaim, UserClaim,
    VhostClaim,
};
use crate::topology::{BindingTarget, NodeKind, Rabbitmq, User, Vhost};

use super::Builder;
use super::names::Names;

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
            self.definitions(rabbitmq, cluster);
        }
    }

    /// What the brokers of a cluster hold: virtual hosts, users, policies, plugins.
    fn definitions(&mut self, rabbitmq: &Rabbitmq, cluster: Id<Component>) {
        for user in &rabbitmq.users {
            self.user(user, cluster, None);
        }
        for vhost in &rabbitmq.vhosts {
            self.system.vhosts.push(VhostClaim { cluster, name: vhost.name.clone() });
            for user in &vhost.users {
                self.user(user, cluster, Some(vhost.name.value.clone()));
            }
            for policy in &vhost.policies {
                self.system.policies.push(PolicyClaim {
                    cluster,
                    vhost: vhost.name.value.clone(),
                    policy: policy.name.clone(),
                    pattern: Fact::written(policy.pattern.value.clone(), policy.pattern.span),
                    apply_to: super::written_or(
                        policy.apply_to.as_ref(),
                        "all".to_owned(),
                        "rabbitmq",
                        "what rabbitmqctl takes where nothing is said",
                        policy.name.span,
                    ),
                    priority: super::written_or(
                        policy.priority.as_ref(),
                        0,
                        "rabbitmq",
                        "what rabbitmqctl takes where nothing is said",
                        policy.name.span,
                    ),
                    definition: policy.definition.clone(),
                    span: policy.span,
                });
            }
        }
        for vhost in &rabbitmq.vhosts {
            self.contents(vhost, cluster);
        }
        for plugin in &rabbitmq.plugins {
            self.system.plugins.push(PluginClaim { cluster, name: plugin.clone() });
        }
    }

    /// Queues and exchanges of a virtual host, and whether its bindings lead from and to what is there.
    fn contents(&mut self, vhost: &Vhost, cluster: Id<Component>) {
        let why = "what outlives a restart";
        for queue in &vhost.queues {
            let at = queue.name.span;
            self.system.queues.push(QueueClaim {
                cluster,
                name: queue.name.clone(),
                kind: match queue.kind {
                    Some(kind) => Fact::written(kind.value, kind.span),
                    None => Fact::absent("rabbitmq", "x-queue-type"),
                },
                durable: super::written_or(queue.durable.as_ref(), true, "rabbitmq", why, at),
                auto_delete: super::written_or(queue.auto_delete.as_ref(), false, "rabbitmq", why, at),
                arguments: queue.arguments.clone(),
            });
        }
        for exchange in &vhost.exchanges {
            let kind = super::written_or(
                exchange.kind.as_ref(),
                "direct".to_owned(),
                "rabbitmq",
                "the commonest",
                exchange.name.span,
            );
            self.system.exchanges.push(ExchangeClaim { cluster, name: exchange.name.clone(), kind });
        }
        let mut queues = Names::new("queue", "unknown-queue");
        vhost.queues.iter().for_each(|queue| queues.add(&queue.name, ()));
        let mut exchanges = Names::new("exchange", "unknown-exchange");
        vhost.exchanges.iter().for_each(|exchange| exchanges.add(&exchange.name, ()));
        for binding in &vhost.bindings {
            let (names, to) = match &binding.to {
                BindingTarget::Queue(queue) => (&queues, queue),
                BindingTarget::Exchange(exchange) => (&exchanges, exchange),
            };
            // RabbitMQ has exchanges of its own.
            let own = |name: &str| name.starts_with("amq.");
            if !own(&binding.from.value) {
                exchanges.resolve(&binding.from, &mut self.problems);
            }
            if !(own(&to.value) && matches!(binding.to, BindingTarget::Exchange(_))) {
                names.resolve(to, &mut self.problems);
            }
        }
    }

    fn user(&mut self, user: &User, cluster: Id<Component>, vhost: Option<String>) {
        let password = match &user.password {
            Some(password) => self.secret_fact(password),
            None => Fact::absent("rabbitmq", "password"),
        };
        let tags = match &user.tags {
            Some(tags) => Fact::written(tags.value.clone(), tags.span),
            None => Fact::absent("rabbitmq", "tags"),
        };
        let (name, permission) = (user.name.clone(), user.permission.clone());
        self.system.users.push(UserClaim { cluster, name, password, tags, vhost, permission });
    }
}
