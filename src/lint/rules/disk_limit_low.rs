use crate::lint::brokers::clusters;
use crate::lint::settings::{Settings, bytes};
use crate::lint::{Check, Confidence, Context, Fix, Level, Rule, Sink};

/// The disk is full before publishers are held back.
pub const RULE: Rule = Rule {
    name: "disk-limit-low",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/disk-limit-low.md"),
    check: Check::Claims(check),
};

/// RabbitMQ's own default, for tests on a laptop (rabbitmq.com/docs/production-checklist, "Free Disk Space").
const OWN: u64 = 50_000_000;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system) {
        let Some(claim) = settings.get(cluster.id, "disk_free_limit.absolute") else { continue };
        let Some(is) = bytes(&claim.value.value) else { continue };
        let memory = settings.get(cluster.id, "vm_memory_high_watermark.absolute");
        let memory = memory.and_then(|claim| Some((bytes(&claim.value.value)?, claim.value.span)));
        let property = claim.property.is_some();
        if is <= OWN {
            sink.finding("the broker goes on until the disk is all but full")
                .confidence(Confidence::Likely)
                .label(claim.value.span, "not more than RabbitMQ's own 50 MB")
                .note("a full disk ends the broker in the middle of a write: it stops, and may not come up again before somebody makes room")
                .help("leave it out: 1 GiB, or the memory watermark where that is more, is the default here")
                .fix(property.then(|| Fix {
                    title: "write 1GiB".to_owned(),
                    safe: false,
                    edits: vec![(claim.value.span, "\"1GiB\"".to_owned())],
                }))
                .emit();
        } else if let Some((memory, at)) = memory.filter(|(memory, _)| is < *memory) {
            sink.finding("the disk may have less room than the memory that can be written to it")
                .confidence(Confidence::Likely)
                .label(claim.value.span, format!("{is} bytes"))
                .label(at, format!("the memory watermark: {memory} bytes"))
                .note("a broker that is short of memory writes all of it to disk, passes the limit while it writes, and fills the disk")
                .help("write as much as the memory watermark, or leave it out: that is the default here")
                .emit();
        }
    }
}
