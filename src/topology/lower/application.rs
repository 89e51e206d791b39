use crate::diagnostic::Diagnostic;
use crate::schema::RefKind;
use crate::source::Spanned;

use super::super::{Application, Init, Instance, Node, Register, Variable, VariableValue};
use super::common::{component, member};
use super::{At, Lowering};

impl Lowering<'_> {
    pub(super) fn application(&mut self, at: At<'_>) -> Option<Application> {
        let nodes = at.children("instance").filter_map(instance).collect();
        let own = at.prop("start").text();
        let inside = at.child("init").and_then(|at| at.prop("start").text());
        let init = at.child("init").and_then(init);
        if let (Some(own), Some(inside)) = (&own, &inside) {
            self.found.push(
                Diagnostic::new("start-twice", "the command that starts an instance is written twice")
                    .label(inside.span, "here for `init`")
                    .label(own.span, "here for the application")
                    .help("keep one of them: both mean the same"),
            );
        }
        let start: Option<Spanned<String>> = own.or(inside);
        if let Some(start) = start.as_ref().filter(|start| start.value.trim().is_empty()) {
            self.found.push(
                Diagnostic::new("start-empty", "the command that starts an instance is empty")
                    .label(start.span, "starts nothing")
                    .note("the container would end as soon as it starts, again and again")
                    .help("write the command, or leave start= out: then the image starts as it does by itself"),
            );
        }
        if let (Some(init), None) = (&init, &start) {
            self.found.push(
                Diagnostic::new("init-without-start", "nothing says how an instance starts once `init` is done")
                    .label(init.span, "has to run first")
                    .help(
                        "add start=, the command that the image starts by itself (docker inspect shows it as Entrypoint and \
                         Cmd), or leave `init` out: then the image starts untouched",
                    ),
            );
        }
        let memory = at.prop("memory").size();
        let register = at.child("register").and_then(register);
        let env = at.children("env").filter_map(|at| self.variable(at)).collect();
        Some(Application { component: component(at, nodes)?, start, memory, register, init, env })
    }

    fn variable(&mut self, at: At<'_>) -> Option<Variable> {
        let (value, secret) = (at.arg("value"), at.prop("secret"));
        if value.is_written() == secret.is_written() && self.is_sound(at.span()) {
            let (message, label) = if secret.is_written() {
                ("a variable has a value and a secret", "which of them is meant?")
            } else {
                ("a variable has no value", "neither a value nor `secret=`")
            };
            let span = if secret.is_written() { secret.span() } else { at.node.name_span() };
            self.found.push(
                Diagnostic::new("variable-value", message)
                    .label(span, label)
                    .help("write env \"NAME\" \"value\", or env \"NAME\" secret=\"…\""),
            );
        }
        let secret = secret.reference(RefKind::Secret).map(VariableValue::Secret);
        let value = value.text().map(VariableValue::Text).or(secret);
        Some(Variable { name: at.arg("name").env()?, value: value? })
    }
}

fn instance(at: At<'_>) -> Option<Node> {
    let weight = at.prop("weight").integer();
    let instance = Instance { port: at.prop("port").port()?, weight };
    member(at).map(|node| Node { instance: Some(instance), ..node })
}

fn register(at: At<'_>) -> Option<Register> {
    Some(Register {
        key: at.prop("key").text(),
        weight: at.prop("weight").integer(),
        max_fails: at.prop("max-fails").integer(),
        fail_timeout: at.prop("fail-timeout").duration(),
        ttl: at.prop("ttl").duration(),
        check_every: at.prop("check-every").duration(),
        registry: at.arg("registry").reference(RefKind::Component)?,
        span: at.span(),
    })
}

fn init(at: At<'_>) -> Option<Init> {
    Some(Init {
        kind: at.prop("type").text(),
        script: at.prop("script").path(),
        ext_init: at.prop("ext-init").boolean(),
        env: at.prop("env").path()?,
        span: at.span(),
    })
}
