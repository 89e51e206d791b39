use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{AuthClaim, SecretId};
use crate::topology::{Ref, Topology, VariableValue};

/// A VRRP password is read by everybody on the network; as a cookie or a password it opens a door.
pub const RULE: Rule = Rule {
    name: "auth-secret-reused",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/auth-secret-reused.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let Some(topology) = context.topology else { return };
    let mut shown: BTreeMap<SecretId, Span> = BTreeMap::new();
    for claim in context.system.vrrps.values().filter(|claim| claim.version.known() == Some(&2)) {
        if let AuthClaim::Pass(secret) = &claim.auth
            && let Some(id) = secret.secret()
        {
            shown.entry(id).or_insert_with(|| secret.span());
        }
    }
    if shown.is_empty() {
        return;
    }
    let mut uses: FxHashMap<&str, Vec<(Span, &'static str)>> = FxHashMap::default();
    for (secret, what) in doors(topology) {
        uses.entry(&secret.value).or_default().push((secret.span, what));
    }
    for (id, span) in shown {
        let name = &context.system.secrets[id].name.value;
        let Some(uses) = uses.get(name.as_str()) else { continue };
        sink.finding(format!("secret `{name}` is a VRRP password, and opens something else as well"))
            .labels(uses.iter().take(4).map(|(span, what)| (*span, (*what).to_owned())))
            .label(span, "`auth_pass` here: sent as it is in every advert")
            .note("every machine on the VIP's network hears it once a second, and gets in elsewhere with it")
            .help("declare a secret with generate=8 for VRRP alone")
            .emit();
    }
}

/// Everything else that a secret is good for.
fn doors(topology: &Topology) -> impl Iterator<Item = (&Ref, &'static str)> {
    let brokers = topology.rabbitmqs.iter().flat_map(|broker| {
        let nodes = broker.component.nodes.iter().filter_map(|node| node.cookie.as_ref());
        let cookies = std::iter::once(&broker.cookie).chain(nodes).map(|secret| (secret, "the cookie of the brokers"));
        let users = broker.users.iter().chain(broker.vhosts.iter().flat_map(|vhost| &vhost.users));
        cookies.chain(users.filter_map(|user| user.password.as_ref()).map(|secret| (secret, "a user's password")))
    });
    let stats = topology.haproxies.iter().filter_map(|haproxy| haproxy.stats.as_ref());
    let consuls = topology.consuls.iter().flat_map(|consul| {
        let servers = consul.component.nodes.iter().filter_map(|node| node.server.settings.encrypt.as_ref());
        consul.settings.encrypt.iter().chain(servers)
    });
    let variables = topology.applications.iter().flat_map(|application| &application.env);
    let variables = variables.filter_map(|variable| match &variable.value {
        VariableValue::Secret(secret) => Some(secret),
        VariableValue::Text(_) => None,
    });
    brokers
        .chain(stats.map(|stats| (&stats.password, "the password of the statistics page")))
        .chain(consuls.map(|secret| (secret, "the gossip key of Consul")))
        .chain(variables.map(|secret| (secret, "given to an application")))
}
