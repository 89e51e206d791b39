use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::topology::SecretSource;

/// A secret in clear text in the topology.
pub const RULE: Rule = Rule {
    name: "secret-literal",
    level: Level::Warning,
    page: include_str!("../../../docs/rules/secret-literal.md"),
    check: Check::Claims(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let secrets = context.topology.map_or(&[][..], |topology| &topology.secrets);
    for secret in secrets {
        let SecretSource::Literal(value) = &secret.source else { continue };
        sink.finding(format!("the value of secret `{}` stands in the topology", secret.name.value))
            .label(value.span, "in clear text")
            .note("whoever may read the topology, its backups or its history, may enter the cluster")
            .help("let it be made (generate=24), or take it from outside (env=\"NAME\", file=\"PATH\"); and replace the value that was published")
            .emit();
    }
}
