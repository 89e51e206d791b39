use crate::lint::brokers::release;
use crate::lint::members::place;
use crate::lint::settings::{Settings, text};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::topology::QueueKind;

/// A queue that does not outlive its broker, on a release that does not want it any more.
pub const RULE: Rule = Rule {
    name: "transient-queue",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/transient-queue.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for claim in system.queues.values() {
        let other = matches!(claim.kind.known(), Some(QueueKind::Quorum | QueueKind::Stream));
        if other || claim.durable.known() != Some(&false) {
            continue;
        }
        let Some((version, at)) = release(system, claim.cluster) else { continue };
        if !rabbitmq_has("transient-queues-deprecated", version) {
            continue;
        }
        let permit = settings.get(claim.cluster, "deprecated_features.permit.transient_nonexcl_queues");
        let denied = match permit.map(|claim| text(&claim.value.value)).as_deref() {
            Some("true") => false,
            Some("false") => true,
            _ => rabbitmq_has("transient-queues-denied", version),
        };
        let draft = sink
            .finding(format!("`{}` {}", claim.name.value, if denied { "is refused" } else { "is gone with the next restart of its broker" }))
            .level(if denied { Level::Error } else { Level::Warning })
            .label(place(&claim.durable, claim.name.span), "neither durable nor one client's alone");
        let draft = match permit.filter(|_| denied) {
            Some(permit) => draft.label(permit.key.span, "refused here"),
            None => draft.label(at, "the release"),
        };
        draft
            .note(if denied {
                "the broker boots without the queue and says nothing; a client that declares it is refused"
            } else {
                "the broker logs that such queues will go; one of the next releases refuses the definitions that hold it"
            })
            .help("leave durable= out; what is in it survives only where messages are persistent, so nothing else changes")
            .fix(Some(Fix {
                title: "make it durable".to_owned(),
                safe: false,
                edits: vec![(claim.durable.span(), "#true".to_owned())],
            }))
            .emit();
    }
}
