use crate::lint::brokers::{clusters, release};
use crate::lint::settings::{Settings, text};
use crate::lint::{Check, Context, Fix, Level, Rule, Sink};
use crate::releases::rabbitmq_has;

/// Of two brokers each alone is a minority.
pub const RULE: Rule = Rule {
    name: "pause-minority-of-two",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/pause-minority-of-two.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system).iter().filter(|cluster| cluster.size() == 2) {
        let Some(claim) = settings.get(cluster.id, "cluster_partition_handling") else { continue };
        let heeded = release(system, cluster.id)
            .is_some_and(|(version, _)| rabbitmq_has("cluster-partition-handling", version));
        if !heeded || text(&claim.value.value) != "pause_minority" {
            continue;
        }
        sink.finding(format!("each broker of `{}` alone is a minority", cluster.name))
            .label(claim.value.span, "stops whoever sees no majority, and half is none")
            .label(cluster.span, "two brokers")
            .note("when one of them dies, the other stops as well: two brokers fail twice as often as one")
            .help("declare a third broker; with two, write autoheal")
            .fix(Some(Fix {
                title: "let both go on, and the losing side start again".to_owned(),
                safe: false,
                edits: vec![(claim.value.span, "\"autoheal\"".to_owned())],
            }))
            .emit();
    }
}
