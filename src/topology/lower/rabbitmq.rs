use crate::diagnostic::Diagnostic;
use crate::schema::value::Scalar;
use crate::schema::{RefKind, shown};
use crate::source::{Span, Spanned};

use super::super::{
    Binding, BindingTarget, Exchange, Node, NodeKind, Permission, Policy, PolicyValue, Queue, QueueKind, Rabbitmq,
    Setting, User, Vhost,
};
use super::at::Field;
use super::common::{component, member};
use super::{At, Lowering};

impl Lowering<'_> {
    pub(super) fn rabbitmq(&mut self, at: At<'_>) -> Option<Rabbitmq> {
        let vhosts = at.children("vhost").filter_map(|at| self.vhost(at)).collect();
        let nodes = at.children("node").filter_map(broker).collect();
        let declared = Rabbitmq {
            component: component(at, nodes)?,
            version: at.prop("version").version()?,
            upgrade_from: at.prop("upgrade-from").version(),
            cookie: at.prop("cookie").reference(RefKind::Secret)?,
            users: at.children("user").filter_map(user).collect(),
            vhosts,
            plugins: at.children("plugin").filter_map(|at| at.arg("name").text()).collect(),
            settings: at.children("set").filter_map(setting).collect(),
            heartbeat: at.prop("heartbeat").duration(),
            partition_handling: at.prop("partition-handling").text(),
            memory_watermark: at.prop("memory-watermark").size(),
            disk_free_limit: at.prop("disk-free-limit").size(),
            memory: at.prop("memory").size(),
        };
        Some(declared)
    }

    fn vhost(&mut self, at: At<'_>) -> Option<Vhost> {
        let users = at.children("user").filter_map(|at| self.vhost_user(at)).collect();
        let policies = at.children("policy").filter_map(|at| self.policy(at)).collect();
        Some(Vhost {
            name: at.arg("name").text()?,
            users,
            policies,
            queues: at.children("queue").filter_map(queue).collect(),
            exchanges: at.children("exchange").filter_map(exchange).collect(),
            bindings: at.children("bind").filter_map(|at| self.binding(at)).collect(),
            span: at.span(),
        })
    }

    fn vhost_user(&mut self, at: At<'_>) -> Option<User> {
        let fields = ["configure", "write", "read"].map(|key| (key, at.prop(key)));
        let (written, missing): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(_, field)| field.is_written());
        if !written.is_empty() && !missing.is_empty() && self.is_sound(at.span()) {
            let list = |fields: &[(&str, _)]| {
                fields.iter().map(|(key, _)| format!("`{key}=`")).collect::<Vec<_>>().join(" and ")
            };
            let mut diagnostic = Diagnostic::new(
                "missing-property",
                format!("a permission with {} lacks {}", list(&written), list(&missing)),
            );
            for (_, field) in &written {
                diagnostic = diagnostic.label(field.span(), "a permission has three parts");
            }
            let write: Vec<_> = missing.iter().map(|(key, _)| format!("{key}=\"\"")).collect();
            self.found.push(
                diagnostic.help(format!("write {} as well (\"\" permits nothing, \".*\" everything)", write.join(" "))),
            );
        }
        let [configure, write, read] = fields.map(|(_, field)| field.regex());
        let permission = match (configure, write, read) {
            (Some(configure), Some(write), Some(read)) => Some(Permission { configure, write, read }),
            _ => None,
        };
        user(at).map(|user| User { permission, ..user })
    }

    fn policy(&mut self, at: At<'_>) -> Option<Policy> {
        let (apply_to, priority) = (at.prop("apply-to").text(), at.prop("priority").integer());
        let definition = at.children("*").filter_map(|at| {
            let value = self.policy_value(at)?;
            Some((Spanned::new(at.node.name().to_owned(), at.node.name_span()), value))
        });
        Some(Policy {
            definition: definition.collect(),
            name: at.arg("name").text()?,
            pattern: at.prop("pattern").regex()?,
            apply_to,
            priority,
            span: at.span(),
        })
    }

    fn binding(&mut self, at: At<'_>) -> Option<Binding> {
        let (queue, exchange) = (at.prop("queue").text(), at.prop("exchange").text());
        let to = match (queue, exchange) {
            (Some(queue), None) => BindingTarget::Queue(queue),
            (None, Some(exchange)) => BindingTarget::Exchange(exchange),
            (queue, exchange) => {
                let both = queue.is_some() && exchange.is_some();
                if both || self.is_sound(at.span()) {
                    let message = if both { "a binding has two ends" } else { "a binding leads nowhere" };
                    let label = if both { "to a queue and to an exchange" } else { "queue= or exchange= is missing" };
                    let found = Diagnostic::new("binding-target", message).label(at.span(), label);
                    self.found.push(found.help("say queue=\"NAME\" or exchange=\"NAME\", one of them"));
                }
                return None;
            }
        };
        Some(Binding { from: at.arg("from").text()?, to, key: at.prop("key").text(), span: at.span() })
    }

    fn policy_value(&mut self, at: At<'_>) -> Option<Spanned<PolicyValue>> {
        let mut values: Vec<_> = at.rest("value").filter_map(Field::scalar).collect();
        if values.len() < 2 {
            return values.pop().map(|value| value.map(owned));
        }
        let mut texts = Vec::with_capacity(values.len());
        let mut span = Span::NONE;
        for value in values {
            span = span.to(value.span);
            match value.value {
                Scalar::Text(text) => texts.push(text.to_owned()),
                _ => self.found.push(
                    Diagnostic::new(
                        "wrong-type",
                        format!("{} is a list, and a list holds text", shown(at.node.name())),
                    )
                    .label(value.span, "not text")
                    .help("write it in quotes, or write one value only"),
                ),
            }
        }
        Some(Spanned::new(PolicyValue::List(texts), span))
    }
}

/// `x-message-ttl 60000`, …
fn arguments(at: At<'_>) -> Vec<(Spanned<String>, Spanned<PolicyValue>)> {
    let arguments = at.children("*").filter_map(|at| {
        let value = at.arg("value").scalar()?.map(owned);
        Some((Spanned::new(at.node.name().to_owned(), at.node.name_span()), value))
    });
    arguments.collect()
}

fn queue(at: At<'_>) -> Option<Queue> {
    let kinds = [("classic", QueueKind::Classic), ("quorum", QueueKind::Quorum), ("stream", QueueKind::Stream)];
    Some(Queue {
        kind: at.prop("type").choice(&kinds),
        durable: at.prop("durable").boolean(),
        auto_delete: at.prop("auto-delete").boolean(),
        arguments: arguments(at),
        name: at.arg("name").text()?,
        span: at.span(),
    })
}

fn exchange(at: At<'_>) -> Option<Exchange> {
    Some(Exchange {
        kind: at.prop("type").text(),
        durable: at.prop("durable").boolean(),
        auto_delete: at.prop("auto-delete").boolean(),
        internal: at.prop("internal").boolean(),
        arguments: arguments(at),
        name: at.arg("name").text()?,
        span: at.span(),
    })
}

fn broker(at: At<'_>) -> Option<Node> {
    let kind = at.prop("kind").choice(&[("disc", NodeKind::Disc), ("ram", NodeKind::Ram)]);
    let cookie = at.prop("cookie").reference(RefKind::Secret);
    member(at).map(|node| Node { kind, cookie, ..node })
}

/// A user without permissions.
fn user(at: At<'_>) -> Option<User> {
    let (password, tags) = (at.prop("password").reference(RefKind::Secret), at.prop("tags").text());
    Some(User { name: at.arg("name").text()?, password, tags, permission: None, span: at.span() })
}

fn setting(at: At<'_>) -> Option<Setting> {
    Some(Setting { key: at.arg("key").text()?, value: at.arg("value").setting()?.map(owned) })
}

fn owned(value: Scalar<'_>) -> PolicyValue {
    match value {
        Scalar::Text(text) => PolicyValue::Text(text.to_owned()),
        Scalar::Integer(number) => PolicyValue::Integer(number),
        Scalar::Bool(on) => PolicyValue::Bool(on),
    }
}
