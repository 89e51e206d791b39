use crate::lint::brokers::clusters;
use crate::lint::settings::{Settings, whole};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::system::Coverage;

/// Brokers that wait for another number than are declared.
pub const RULE: Rule = Rule {
    name: "cluster-size-hint",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/cluster-size-hint.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    if !matches!(system.coverage, Coverage::Closed) {
        return;
    }
    let settings = Settings::of(system);
    for cluster in clusters(system) {
        let Some(claim) = settings.get(cluster.id, "cluster_formation.target_cluster_size_hint") else { continue };
        let Some(is) = whole(&claim.value.value).filter(|is| *is != cluster.size()) else { continue };
        let size = cluster.size();
        sink.finding(format!("`{}` is told of {is} brokers and has {size}", cluster.name))
            .label(claim.value.span, format!("not {size}"))
            .label(cluster.span, format!("{size} declared"))
            .note(if is > size {
                "whatever waits for the whole cluster (`rabbitmqctl await_online_nodes`, rebalancing after a start) waits for brokers that never come"
            } else {
                "whatever waits for the whole cluster goes on too early: queues and leaders gather on the brokers that came first"
            })
            .help("leave it out: the number of declared brokers is written")
            .fix(Some(Fix { title: format!("write {size}"), safe: true, edits: vec![(claim.value.span, size.to_string())] }))
            .emit();
    }
}
