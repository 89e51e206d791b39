use crate::lint::brokers::{clusters, release};
use crate::lint::settings::{Settings, bytes};
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;

/// Frames that are too small for clients to connect. The broker boots with any number (measured with 4.0.5 and 4.3.6).
pub const RULE: Rule = Rule {
    name: "frame-max-low",
    level: Level::Error,
    page: include_str!("../../../docs/rules/frame-max-low.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    let settings = Settings::of(system);
    for cluster in clusters(system) {
        let Some(claim) = settings.get(cluster.id, "frame_max") else { continue };
        let Some((version, at)) = release(system, cluster.id) else { continue };
        let large = rabbitmq_has("large-frames-only", version);
        let least = if large { 8_192 } else { 4_096 };
        // 0 is no limit.
        let Some(is) = bytes(&claim.value.value).filter(|is| *is > 0 && *is < least) else { continue };
        let draft = sink
            .finding(format!("no client connects with frames of {is} bytes"))
            .label(claim.value.span, format!("less than {least}"));
        let draft = if large { draft.label(at, "from 4.1 on a frame has 8192 bytes at least") } else { draft };
        draft
            .note(
                "the broker boots, and ends each connection while it is opened: what a client sends first (its properties, a \
                 token of OAuth 2) does not fit, or the client asks for larger frames than it may have",
            )
            .help("leave it out: 131072 is the default")
            .emit();
    }
}
