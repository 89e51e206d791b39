use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::system::{Component, Id};

use super::Builder;

/// A port of a component.
type Port = (Id<Component>, String);

impl Builder<'_> {
    /// A chain of forwards that comes back to where it began would pass a connection round for ever: shown whole, with
    /// every step. Iterative depth-first search over ports; each port has at most one step out.
    pub(super) fn check_circles(&mut self) {
        let mut steps: FxHashMap<Port, (Port, Span)> = FxHashMap::default();
        let mut starts = Vec::new();
        for forward in self.system.forwards.values() {
            let Some(target) = forward.targets.first() else { continue };
            // Whoever only asks hands nothing on.
            let Some(listen) = forward.listen else { continue };
            let from = self.port_of(listen);
            if !steps.contains_key(&from) {
                starts.push(from.clone());
            }
            steps.insert(from, (self.port_of(target.listen), forward.to.span));
        }
        let mut finished: FxHashMap<Port, usize> = FxHashMap::default();
        for (round, start) in starts.into_iter().enumerate() {
            let mut path = Vec::new();
            let mut at = start;
            while let Some((next, span)) = steps.get(&at) {
                match finished.get(&at) {
                    Some(earlier) if *earlier == round => {
                        let begin = path.iter().position(|(port, _)| *port == at).unwrap_or(0);
                        self.report_circle(&path[begin..]);
                        break;
                    }
                    Some(_) => break,
                    None => {}
                }
                finished.insert(at.clone(), round);
                path.push((at, *span));
                at = next.clone();
            }
        }
    }

    fn port_of(&self, listen: Id<crate::system::ListenClaim>) -> Port {
        let listen = &self.system.listens[listen];
        (self.system.units[listen.unit].component, listen.name.clone())
    }

    fn report_circle(&mut self, steps: &[(Port, Span)]) {
        let name = |port: &Port| format!("{}/{}", self.system.components[port.0].name.value, port.1);
        let mut way: Vec<String> = steps.iter().map(|(port, _)| name(port)).collect();
        way.extend(steps.first().map(|(port, _)| name(port)));
        let mut report = Diagnostic::new("reference-cycle", format!("connections go in a circle: {}", way.join(" → ")));
        for ((port, span), to) in steps.iter().zip(way.iter().skip(1)) {
            report = report.label(*span, format!("`{}` hands on to `{to}`", name(port)));
        }
        self.problems.push(report.help("one of these `to=` has to name a service outside the circle"));
    }
}
