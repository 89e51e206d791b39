use crate::lint::members::{Disagreement, known, said, vip_words};
use crate::lint::{Check, Context, Level, Rule, Sink};

/// Members of a VIP have to speak one version of VRRP.
pub const RULE: Rule = Rule {
    name: "vrrp-version-mismatch",
    level: Level::Error,
    page: include_str!("../../../docs/rules/vrrp-version-mismatch.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for group in context.groups() {
        let versions = said(context, group, |claim| known(&claim.version, claim.span));
        let Some(split) = Disagreement::of(&versions, |version| format!("VRRP version {version}")) else { continue };
        let vip = vip_words(context, group);
        sink.finding(format!("members of {vip} speak different versions of VRRP"))
            .labels(split.places.iter().cloned())
            .note(format!("adverts of the other version are dropped, so all of them hold {vip} at the same time"))
            .help(format!("write version={} everywhere, or leave it out", split.expected))
            .fix(split.fix(format!("speak version {} everywhere", split.expected), &split.expected.to_string()))
            .emit();
    }
}
