use crate::lint::members::{name_of, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::Coverage;

/// A VIP that nobody takes over.
pub const RULE: Rule = Rule {
    name: "single-member-vip",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/single-member-vip.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for group in context.derived.vrrp_groups.iter().filter(|group| group.coverage == Coverage::Closed) {
        let [only] = group.members.as_slice() else { continue };
        let claim = &system.vrrps[*only];
        let name = name_of(system, claim);
        sink.finding(format!("{} has one member, `{name}`", vip_words(context, group)))
            .label(claim.span, format!("only `{name}` can hold it"))
            .note("when that one fails, the address is gone: a VIP of one member is an address with more parts that can fail")
            .help("give the component a second node, best on another host; or take its own address instead of a VIP")
            .emit();
    }
}
