use rustc_hash::FxHashMap;

use crate::lint::brokers::clusters;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::source::Span;

/// A user who may do nothing, or a virtual host and a cluster without anybody.
pub const RULE: Rule = Rule {
    name: "user-locked-out",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/user-locked-out.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let mut order = Vec::new();
    // Who may do something: a permission somewhere, or a tag.
    let mut users: FxHashMap<_, (Span, bool)> = FxHashMap::default();
    let mut peopled = rustc_hash::FxHashSet::default();
    for claim in system.users.values() {
        let key = (claim.cluster, claim.name.value.as_str());
        let tagged = claim.tags.known().is_some_and(|tags| !tags.trim().is_empty());
        let may = claim.permission.is_some() || tagged;
        let known = users.entry(key).or_insert_with(|| {
            order.push(key);
            (claim.name.span, false)
        });
        known.1 |= may;
        if let (Some(vhost), Some(_)) = (&claim.vhost, &claim.permission) {
            peopled.insert((claim.cluster, vhost.as_str()));
        }
    }
    for key in order {
        let Some((span, false)) = users.get(&key) else { continue };
        sink.finding(format!("user `{}` may do nothing", key.1))
            .confidence(Confidence::Likely)
            .label(*span, "no permission in any vhost, and no tag")
            .note("the password is right, and the broker refuses: `access to vhost refused`")
            .help("let the user stand in a vhost with configure=, write= and read=; or give tags=\"monitoring\"")
            .emit();
    }
    for claim in system.vhosts.values() {
        if peopled.contains(&(claim.cluster, claim.name.value.as_str())) {
            continue;
        }
        sink.finding(format!("nobody may use vhost `{}`", claim.name.value))
            .level(Level::Advice)
            .confidence(Confidence::Possible)
            .label(claim.name.span, "no user with permissions stands in it")
            .note("clients that open it are refused, until somebody adds permissions by hand")
            .help("let a user stand in it with configure=, write= and read=")
            .emit();
    }
    let known: rustc_hash::FxHashSet<_> = users.keys().map(|(cluster, _)| *cluster).collect();
    for cluster in clusters(system).iter().filter(|cluster| !known.contains(&cluster.id)) {
        sink.finding(format!("nobody can log in at `{}`", cluster.name))
            .level(Level::Advice)
            .confidence(Confidence::Possible)
            .label(cluster.span, "no user is declared")
            .note("definitions that are loaded at the start take the place of `guest` and of the vhost `/`: the brokers have neither")
            .help("declare users and vhosts, or import them by hand")
            .emit();
    }
}
