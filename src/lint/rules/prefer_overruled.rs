use rustc_hash::FxHashMap;

use crate::lint::members::{name_of, place};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::system::VrrpClaim;

/// `prefer` names one member, and written priorities prefer another.
pub const RULE: Rule = Rule {
    name: "prefer-overruled",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/prefer-overruled.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let (system, Some(topology)) = (context.system, context.topology) else { return };
    let mut declared: FxHashMap<&str, Vec<&VrrpClaim>> = FxHashMap::default();
    for claim in system.vrrps.values() {
        if let Some(name) = claim.declared.as_deref() {
            declared.entry(name).or_default().push(claim);
        }
    }
    let vips = topology.haproxies.iter().flat_map(|lb| lb.vips.iter().map(move |vip| (&lb.name.value, vip)));
    for (component, vip) in vips {
        let Some(prefer) = &vip.prefer else { continue };
        let Some(claims) = declared.get(format!("{component}/{}", vip.name.value).as_str()) else { continue };
        // Out of range: keepalived takes another number.
        let priority = |claim: &VrrpClaim| claim.priority.known().copied().filter(|priority| (1..=255).contains(priority));
        let preferred = claims.iter().find(|claim| name_of(system, claim) == prefer.value);
        let Some((preferred, own)) = preferred.and_then(|claim| Some((claim, priority(claim)?))) else { continue };
        let better = claims.iter().filter_map(|claim| Some((priority(claim)?, claim))).filter(|(other, _)| *other > own);
        let Some((highest, best)) = better.max_by_key(|(priority, claim)| (*priority, std::cmp::Reverse(claim.unit))) else {
            continue;
        };
        let (name, other) = (&prefer.value, name_of(system, best));
        sink.finding(format!("`{name}` is preferred for VIP `{}`, and `{other}` holds it", vip.name.value))
            .label(prefer.span, "preferred here")
            .label(place(&best.priority, best.span), format!("`{other}`: priority {highest} here, which wins"))
            .label(place(&preferred.priority, preferred.span), format!("`{name}`: priority {own}"))
            .note("the highest priority holds the VIP: the load, and the logs of a night, are on another machine than everybody believes")
            .help(format!("leave the priorities out, then they follow prefer=; or give `{name}` the highest"))
            .emit();
    }
}
