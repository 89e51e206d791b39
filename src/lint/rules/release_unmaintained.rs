use crate::lint::brokers::release;
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_series;
use crate::system::Program;

/// A release of RabbitMQ for which nobody mends anything any more.
pub const RULE: Rule = Rule {
    name: "release-unmaintained",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/release-unmaintained.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for (id, component) in system.components.iter().filter(|(_, component)| component.program == Program::Rabbitmq) {
        let Some((version, at)) = release(system, id) else { continue };
        let Some(ended) = rabbitmq_series(version).and_then(|series| series.ended) else { continue };
        sink.finding(format!("RabbitMQ {version} of `{}` is maintained no more", component.name.value))
            .confidence(Confidence::Possible)
            .label(at, format!("community support ended on {ended}"))
            .note("what is found in it from then on stays in it: holes that everybody can read about, and Erlang with holes of its own")
            .help("plan the way to a series that is maintained: say the present one as upgrade-from=, and the steps are shown")
            .emit();
    }
}
