use std::collections::BTreeMap;

use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::source::Span;
use crate::system::{AuthClaim, VrrpClaim};

/// VRRPv3 has no authentication; a password for it protects nothing.
pub const RULE: Rule = Rule {
    name: "auth-ignored",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/auth-ignored.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    // One finding for each place that says `auth=`.
    let mut found: BTreeMap<Span, &VrrpClaim> = BTreeMap::new();
    for claim in context.system.vrrps.values() {
        let AuthClaim::Pass(auth) = &claim.auth else { continue };
        if claim.version.known() == Some(&3) {
            found.entry(auth.span()).or_insert(claim);
        }
    }
    for (span, claim) in found {
        let version = claim.version.span();
        sink.finding("VRRP version 3 has no authentication, and this secret protects nothing")
            .label(span, "ignored")
            .label(version, "version 3")
            .note("keepalived says \"VRRP version 3 does not support authentication\" and goes on without")
            .help("leave `auth=` out, or use version 2 where the password shall keep accidental neighbours apart")
            .emit();
    }
}
