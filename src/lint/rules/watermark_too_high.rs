use crate::lint::brokers::{Cluster, clusters, declaration};
use crate::lint::settings::{Settings, bytes, number, text};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_conf_value;
use crate::source::Spanned;

/// Publishers are held back only after the container is killed, or never.
pub const RULE: Rule = Rule {
    name: "watermark-too-high",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/watermark-too-high.md"),
    check: Check::Claims(check),
};

const KILLED: &str = "the kernel kills the broker before it holds anybody back: what was in memory is gone, its queues move, and \
                      the next broker gets the same load";

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system) {
        let limit = declaration(context, cluster.id).and_then(|declared| declared.memory.as_ref()).filter(|limit| limit.value > 0);
        absolute(&settings, &cluster, limit, sink);
        relative(&settings, &cluster, limit, sink);
    }
}

fn absolute(settings: &Settings<'_>, cluster: &Cluster<'_>, limit: Option<&Spanned<u64>>, sink: &mut Sink) {
    let Some(claim) = settings.get(cluster.id, "vm_memory_high_watermark.absolute") else { return };
    let (Some(is), Some(limit)) = (bytes(&claim.value.value), limit) else { return };
    // A broker needs room above: a collection of garbage may double what a queue has in memory.
    if is <= limit.value / 10 * 7 {
        return;
    }
    let at_all = is >= limit.value;
    sink.finding(if at_all { "the memory watermark is above the limit of the container" } else { "the memory watermark leaves no room below the limit of the container" })
        .level(if at_all { Level::Error } else { Level::Warning })
        .confidence(if at_all { Confidence::Certain } else { Confidence::Likely })
        .label(claim.value.span, if at_all { "never reached" } else { "more than 70 % of it" })
        .label(limit.span, "the limit")
        .note(KILLED)
        .help("leave it out: 40 % of the limit (60 % from 4.0 on) is the default here; or raise memory=")
        .emit();
}

fn relative(settings: &Settings<'_>, cluster: &Cluster<'_>, limit: Option<&Spanned<u64>>, sink: &mut Sink) {
    let Some(claim) = settings.get(cluster.id, "vm_memory_high_watermark.relative") else { return };
    // A number without a dot stops the boot, which is another rule's business.
    let is = number(&claim.value.value).filter(|_| rabbitmq_conf_value(&claim.key.value, &text(&claim.value.value)).is_none());
    let Some(is) = is else { return };
    let draft = if is >= 1.0 {
        sink.finding(format!("a memory watermark of {is} is all of the memory and more"))
            .level(Level::Error)
            .label(claim.value.span, "a part of the memory, not percent: never reached")
            .note(KILLED)
    } else if is > 0.7 {
        sink.finding(format!("a memory watermark of {is} leaves no room"))
            .confidence(Confidence::Likely)
            .label(claim.value.span, "more than 0.7")
            .note(KILLED)
    } else if is <= 0.0 {
        sink.finding("a memory watermark of 0 holds back everybody, for ever")
            .level(Level::Error)
            .label(claim.value.span, "always reached")
            .note("the broker blocks each connection that publishes: it is the switch by which publishing is turned off")
    } else if let Some(limit) = limit {
        sink.finding("a part of a memory that the broker may not see")
            .confidence(Confidence::Possible)
            .label(claim.value.span, "of the host's memory, where the container's limit is not seen")
            .label(limit.span, "the limit")
            .note(KILLED)
    } else {
        return;
    };
    draft.help("write memory= and leave this out, or memory-watermark= with a number of bytes").emit();
}
