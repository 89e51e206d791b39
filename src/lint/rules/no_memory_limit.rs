use crate::lint::proxies::{component, containers};
use crate::lint::{Check, Confidence, Context, Level, Rule, Sink};
use crate::system::Program;

/// A broker takes what the machine has; its watermark is reckoned from that.
pub const RULE: Rule = Rule {
    name: "no-memory-limit",
    level: Level::Advice,
    page: include_str!("../../../docs/rules/no-memory-limit.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in containers(context).filter(|claim| claim.memory.known().is_none()) {
        let of = component(system, claim.unit);
        if of.program != Program::Rabbitmq {
            continue;
        }
        sink.finding(format!("brokers of `{}` may take all memory of their host", of.name.value))
            .label(of.name.span, "no memory=")
            .confidence(Confidence::Possible)
            .note("each broker reckons its watermark from the machine's memory as if it were alone there: several on one host go above it \
                 together, and the kernel kills one of them")
            .help("write memory= with what each container may have; the watermark follows from it")
            .emit();
    }
}
