use crate::lint::members::place;
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::topology::QueueKind;

/// A quorum queue or a stream that is to vanish. An import drops it without a word (measured with 3.10.8, 4.0.5 and 4.3.6).
pub const RULE: Rule = Rule {
    name: "quorum-queue-not-durable",
    level: Level::Error,
    page: include_str!("../../../docs/rules/quorum-queue-not-durable.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    for claim in context.system.queues.values() {
        let what = match claim.kind.known() {
            Some(QueueKind::Quorum) => "a quorum queue",
            Some(QueueKind::Stream) => "a stream",
            _ => continue,
        };
        let transient = claim.durable.known() == Some(&false);
        let deleted = claim.auto_delete.known() == Some(&true);
        if !transient && !deleted {
            continue;
        }
        let mut edits = Vec::new();
        let mut draft = sink.finding(format!("`{}` is {what} that does not stay", claim.name.value));
        if transient {
            draft = draft.label(place(&claim.durable, claim.name.span), "not durable");
            edits.push((claim.durable.span(), "#true".to_owned()));
        }
        if deleted {
            draft = draft.label(place(&claim.auto_delete, claim.name.span), "goes with its last consumer");
            edits.push((claim.auto_delete.span(), "#false".to_owned()));
        }
        draft
            .label(claim.kind.span(), format!("{what} is durable, always"))
            .note("the broker boots without the queue and says nothing; a client that declares it so is refused")
            .help("leave durable= and auto-delete= out; x-expires deletes what nobody uses")
            .fix(Some(Fix { title: "let it stay".to_owned(), safe: true, edits }))
            .emit();
    }
}
