use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::system::{Component, Fact, ForwardClaim, Id, Program, RegisterClaim, Target};
use crate::topology::{Application, VariableValue};

use super::{Builder, written_or};

impl<'a> Builder<'a> {
    /// Registrations: what each instance writes, and that it has to reach its registry.
    pub(super) fn applications(&mut self) {
        for application in &self.topology.applications {
            for variable in &application.env {
                if let VariableValue::Secret(secret) = &variable.value {
                    self.secrets.resolve(secret, &mut self.problems);
                }
            }
            let Some(register) = &application.register else { continue };
            let Some(registry) = self.registry(&register.registry) else { continue };
            let targets = self.registry_targets(registry, HTTP);
            for node in &application.nodes {
                let (Some(unit), Some(instance)) = (self.nodes.get(&node.name.value), &node.instance) else { continue };
                let weight = instance.weight.as_ref().or(register.weight.as_ref());
                let at = node.name.span;
                let or = |written, choice, why| written_or(written, choice, "application", why, at);
                self.system.registers.push(RegisterClaim {
                    unit,
                    registry,
                    key: key_of(application),
                    weight: written_or(weight, 1, "application", "all alike", at),
                    max_fails: written_or(
                        register.max_fails.as_ref(),
                        2,
                        "application",
                        "one hiccup is no failure",
                        at,
                    ),
                    fail_timeout: or(register.fail_timeout.as_ref(), 10_000, "nginx's own default"),
                    ttl: or(register.ttl.as_ref(), 15_000, "soon, but longer than a moment of silence"),
                    check_every: or(register.check_every.as_ref(), 2_000, "a dead instance is noticed soon"),
                    span: register.span,
                });
                self.system.forwards.push(ForwardClaim {
                    unit,
                    listen: None,
                    to: register.registry.clone(),
                    targets: targets.clone(),
                    check: None,
                });
            }
        }
    }

    /// The Consul servers that `reference` names.
    pub(super) fn registry(&mut self, reference: &'a Spanned<String>) -> Option<Id<Component>> {
        let component = self.components.resolve(reference, &mut self.problems)?;
        let found = &self.system.components[component];
        if found.program == Program::Consul {
            return Some(component);
        }
        self.problems.push(
            Diagnostic::new(
                "not-a-registry",
                format!("`{}` is no Consul: nothing can be registered there", reference.value),
            )
            .label(reference.span, "must name a `consul`")
            .label(found.name.span, format!("this runs {}", found.program.word()))
            .help(match self.topology.consuls.first() {
                Some(consul) => format!("write \"{}\"", consul.name.value),
                None => "declare a `consul` component, and name it here".to_owned(),
            }),
        );
        None
    }

    /// A port of each server of a registry.
    pub(super) fn registry_targets(&self, registry: Id<Component>, port: &str) -> Vec<Target> {
        let units = self.system.components[registry].units.iter();
        units.filter_map(|unit| Some(Target { listen: self.listen_named(*unit, port)?, vip: None })).collect()
    }
}

/// The name of Consul's port for requests.
pub(super) const HTTP: &str = "http";

/// The folder in which an application registers: what it says, else one of its own name.
pub(super) fn key_of(application: &Application) -> Fact<String> {
    let register = application.register.as_ref();
    let at = register.map_or(application.name.span, |register| register.span);
    let own = format!("upstreams/{}/", application.name.value);
    written_or(register.and_then(|register| register.key.as_ref()), own, "application", "a folder of its own", at)
}
