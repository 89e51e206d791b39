use crate::lint::proxies::{is_amqp, next, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::topology::Mode;

/// Behind proxies that hand on bytes, brokers see the proxies' addresses.
pub const RULE: Rule = Rule {
    name: "client-address-lost",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/client-address-lost.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for proxy in proxies(context).filter(|proxy| proxy.mode.known() == Some(&Mode::Tcp)) {
        let amqp = next(system, proxy).is_some_and(|(_, listen)| is_amqp(system, listen));
        if !amqp || proxy.send_proxy.known() == Some(&true) {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("brokers do not learn whose connections `{name}` hands on"))
            .label(system.forwards[proxy.forward].to.span, "they see the balancer's address")
            .confidence(Confidence::Possible)
            .note("management and log show one address for all clients: who floods a queue cannot be told from the others")
            .help("write send-proxy=#true here and set \"proxy_protocol\" #true at the brokers; or give each client a connection name of its own")
            .emit();
    }
}
