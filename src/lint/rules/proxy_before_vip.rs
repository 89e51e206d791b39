use crate::lint::proxies::{component, program, proxies};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::{Place, Program};
use crate::topology::Mode;

/// A single nginx in front of a VIP that clients reach by themselves.
pub const RULE: Rule = Rule {
    name: "proxy-before-vip",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/proxy-before-vip.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let streams = proxies(context)
        .filter(|proxy| program(system, proxy.unit) == Program::Nginx && proxy.mode.known() == Some(&Mode::Tcp));
    for proxy in streams {
        let forward = &system.forwards[proxy.forward];
        let vip = forward.targets.first().and_then(|target| target.vip);
        let Some((ip, segment)) = vip.filter(|(_, segment)| system.segments[*segment].place == Place::Lan) else {
            continue;
        };
        let of = component(system, proxy.unit);
        if of.units.len() > 1 || proxy.send_proxy.known() == Some(&true) {
            continue;
        }
        let name = &system.listens[proxy.listen].name;
        sink.finding(format!("`{name}` adds a machine that can fail to a VIP that moves"))
            .label(
                forward.to.span,
                format!("through {ip}, which clients on `{}` reach as well", system.segments[segment].name.value),
            )
            .label(of.name.span, "a single nginx")
            .confidence(Confidence::Likely)
            .note("when that nginx or its machine dies, nobody gets in, however many balancers stand behind the VIP")
            .help("let clients come to the VIP itself, or run several nginx and give them the VIP")
            .emit();
    }
}
