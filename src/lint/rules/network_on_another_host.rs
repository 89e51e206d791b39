use crate::lint::{Check, Context, Level, Rule, Sink};

/// A bridge network ends at its host; a container elsewhere gets another network of the same name.
pub const RULE: Rule = Rule {
    name: "network-on-another-host",
    level: Level::Error,
    page: include_str!("../../../docs/rules/network-on-another-host.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.addresses.values() {
        let (unit, segment) = (&system.units[claim.unit], &system.segments[claim.segment]);
        let Some(host) = segment.host().filter(|host| *host != unit.host) else { continue };
        let (here, there) = (&system.hosts[unit.host].name, &system.hosts[host].name);
        let (unit, network) = (&unit.name, &segment.name);
        sink.finding(format!("`{}` runs on `{}`, its network `{}` on `{}`", unit.value, here.value, network.value, there.value))
            .label(unit.span, format!("on host `{}`", here.value))
            .label(network.span, format!("a bridge of host `{}`", there.value))
            .note("a bridge ends at its host: the container gets a network of its own there, where it is alone")
            .help(format!(
                "declare a network on `{}` and attach `{}` to it; what others need across hosts is published, or stands on the \
                 network between the hosts (one without on=)",
                here.value, unit.value
            ))
            .emit();
    }
}
