use crate::lint::brokers::release;
use crate::lint::settings::text;
use crate::lint::{Check, Context, Level, Rule, Sink};
use crate::releases::rabbitmq_has;
use crate::topology::{PolicyValue, Version};

/// A value in a policy that the broker does not take.
pub const RULE: Rule = Rule {
    name: "policy-value-invalid",
    level: Level::Error,
    page: include_str!("../../../docs/rules/policy-value-invalid.md"),
    check: Check::Claims(check),
};

/// What a key of a policy takes.
#[derive(Clone, Copy)]
enum Form {
    /// A whole number, this or more.
    From(i64),
    /// One of these words.
    Words(&'static [&'static str]),
    /// Any text.
    Text,
    /// A number and `Y`, `M`, `D`, `h`, `m` or `s`.
    Age,
    /// Below 0 (never) from 4.0 on, else 0 or more.
    Deliveries,
}

/// Measured with `rabbitmqctl set_policy` of 3.10.8, 4.0.5 and 4.3.6.
const FORMS: [(&str, Form); 22] = [
    ("alternate-exchange", Form::Text),
    ("dead-letter-exchange", Form::Text),
    ("dead-letter-routing-key", Form::Text),
    ("dead-letter-strategy", Form::Words(&["at-most-once", "at-least-once"])),
    ("delivery-limit", Form::Deliveries),
    ("expires", Form::From(1)),
    ("ha-promote-on-failure", Form::Words(&["always", "when-synced"])),
    ("ha-promote-on-shutdown", Form::Words(&["always", "when-synced"])),
    ("ha-sync-batch-size", Form::From(1)),
    ("ha-sync-mode", Form::Words(&["automatic", "manual"])),
    ("max-age", Form::Age),
    ("max-in-memory-bytes", Form::From(0)),
    ("max-in-memory-length", Form::From(0)),
    ("max-length", Form::From(0)),
    ("max-length-bytes", Form::From(0)),
    ("message-ttl", Form::From(0)),
    ("overflow", Form::Words(&["drop-head", "reject-publish", "reject-publish-dlx"])),
    ("queue-leader-locator", Form::Words(&["client-local", "balanced", "random", "least-leaders"])),
    ("queue-mode", Form::Words(&["default", "lazy"])),
    ("queue-version", Form::From(1)),
    ("stream-max-segment-size-bytes", Form::From(0)),
    ("target-group-size", Form::From(1)),
];

fn check(context: &Context<'_>, sink: &mut Sink) {
    let system = context.system;
    for claim in system.policies.values() {
        let Some((version, _)) = release(system, claim.cluster) else { continue };
        for (key, value) in &claim.definition {
            let Some((_, form)) = FORMS.iter().find(|(known, _)| *known == key.value) else { continue };
            let Some(wants) = wants(*form, &value.value, version) else { continue };
            sink.finding(format!("`{}` is no value for `{}`", text(&value.value), key.value))
                .label(value.span, format!("not {wants}"))
                .note("the broker rejects the whole policy; as a part of its definitions it stops the boot")
                .help(format!("write {wants}"))
                .emit();
        }
    }
}

/// What the form asks for, where the value does not have it.
fn wants(form: Form, value: &PolicyValue, version: Version) -> Option<String> {
    let least = match form {
        Form::From(least) => least,
        Form::Deliveries => if rabbitmq_has("unlimited-deliveries", version) { i64::MIN } else { 0 },
        Form::Words(words) => {
            let fits = matches!(value, PolicyValue::Text(text) if words.contains(&text.as_str()));
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            return (!fits).then(|| words.join(" or "));
        }
        Form::Text => return (!matches!(value, PolicyValue::Text(_))).then(|| "text, in quotes".to_owned()),
        Form::Age => {
            let fits = matches!(value, PolicyValue::Text(text) if is_age(text));
            return (!fits).then(|| "a number and one of Y, M, D, h, m and s, such as \"7D\"".to_owned());
        }
    };
    let fits = matches!(value, PolicyValue::Integer(number) if *number >= least);
    let upwards = match least {
        i64::MIN => "a whole number, without quotes".to_owned(),
        least => format!("a whole number from {least} on, without quotes"),
    };
    (!fits).then_some(upwards)
}

fn is_age(text: &str) -> bool {
    text.strip_suffix(['Y', 'M', 'D', 'h', 'm', 's'])
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
