use crate::lint::members::{Disagreement, by_place, known, names, place, said, vip_words};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// The prefix of a VIP is the one of its network. One that is shorter takes other networks in; one that differs from member to
/// member splits nothing (measured), but routes differ after a failover.
pub const RULE: Rule = Rule {
    name: "vip-prefix-mismatch",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/vip-prefix-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let wide = by_place(context, |claim| {
        let segment = &system.segments[claim.segment];
        let subnet = i64::from(segment.subnet.known()?.prefix_len());
        let prefix = *claim.prefix.known().filter(|prefix| (1..subnet).contains(*prefix))?;
        Some((place(&claim.prefix, claim.span), (prefix, claim.segment)))
    });
    for (span, (prefix, segment), who) in wide {
        let segment = &system.segments[segment];
        let Some(subnet) = segment.subnet.known() else { continue };
        sink.finding(format!("the VIP of {} has /{prefix}, which is more than its network `{}`", names(&who), segment.name.value))
            .label(span, format!("/{prefix} here"))
            .label(place(&segment.subnet, segment.name.span), format!("/{} here", subnet.prefix_len()))
            .note("while a member holds the VIP it looks for all these addresses on this network: others of them are out of its reach")
            .help("leave prefix= out: then it is the subnet's")
            .fix(Some(Fix {
                title: format!("take the subnet's /{}", subnet.prefix_len()),
                safe: true,
                edits: vec![(span, subnet.prefix_len().to_string())],
            }))
            .emit();
    }
    for group in context.groups() {
        let prefixes = said(context, group, |claim| known(&claim.prefix, claim.span).filter(|(prefix, ..)| (1..=32).contains(prefix)));
        let Some(split) = Disagreement::of(&prefixes, |prefix| format!("/{prefix}")) else { continue };
        sink.finding(format!("members of {} put it on with different prefixes: {}", vip_words(context, group), split.values(|prefix| format!("/{prefix}"))))
            .level(Level::Advice)
            .confidence(Confidence::Possible)
            .labels(split.places.iter().cloned())
            .note("no split: VRRP does not look at it. Routes and the address from which the holder speaks can differ after a failover")
            .help("say prefix= once for the whole VIP, or leave it out: then it is the subnet's")
            .fix(split.fix(format!("take /{} everywhere", split.expected), &split.expected.to_string()))
            .emit();
    }
}
