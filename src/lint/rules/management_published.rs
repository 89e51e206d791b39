use crate::lint::members::place;
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};
use crate::system::Program;

/// A broker's management for everybody. Its health is asked for by balancers on other hosts, and tells little.
pub const RULE: Rule = Rule {
    name: "management-published",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/management-published.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.publishes.values() {
        let unit = &system.units[claim.unit];
        let port = &system.listens[claim.listen].name;
        let what = match (system.components[unit.component].program, port.as_str()) {
            (Program::Rabbitmq, "management") => "names, passwords and messages pass in clear, and anybody may try passwords there",
            (Program::Rabbitmq, "prometheus") => "names of queues and users, and how busy they are, are told to everybody",
            _ => continue,
        };
        if unit.on_host_network || claim.bind.known().is_none_or(|bind| !bind.is_unspecified()) {
            continue;
        }
        sink.finding(format!("port `{port}` of `{}` is open on every address of its host", unit.name.value))
            .confidence(Confidence::Likely)
            .label(place(&claim.bind, claim.span), "all of them, past the host's firewall")
            .note(format!("{what}; Docker's own rules stand before those of ufw and firewalld"))
            .help("write bind=\"127.0.0.1\" and come in through SSH or a proxy with TLS, or the one address on which it is wanted")
            .fix(claim.bind.is_written().then(|| Fix {
                title: "publish it for this machine alone".to_owned(),
                safe: false,
                edits: vec![(claim.bind.span(), "\"127.0.0.1\"".to_owned())],
            }))
            .emit();
    }
}
