use crate::source::{Span, Spanned};
use crate::system::{ContainerClaim, Fact, OPEN_FILES, Program, SPARE_FILES};
use crate::topology::{Component, Haproxy, Restart};

use super::{Builder, written_or};

/// What one kind of component says of its containers beside what all say.
struct Own<'a> {
    memory: Option<&'a Spanned<u64>>,
    open_files: Fact<i64>,
    program: Program,
}

impl Builder<'_> {
    /// How each container is kept.
    pub(super) fn containers(&mut self) {
        let topology = self.topology;
        let usual = |of: &Component| {
            written_or(of.open_files.as_ref(), OPEN_FILES, "compose", "as much as every Docker allows", of.name.span)
        };
        for of in &topology.rabbitmqs {
            let (memory, open_files) = (of.memory.as_ref(), usual(of));
            self.container(of, &Own { memory, open_files, program: Program::Rabbitmq });
        }
        for of in &topology.haproxies {
            let (memory, open_files) = (of.memory.as_ref(), haproxy_open_files(of));
            self.container(of, &Own { memory, open_files, program: Program::Haproxy });
        }
        for of in &topology.nginxes {
            let (memory, open_files) = (of.memory.as_ref(), usual(of));
            self.container(of, &Own { memory, open_files, program: Program::Nginx });
        }
        for of in &topology.consuls {
            self.container(of, &Own { memory: None, open_files: usual(of), program: Program::Consul });
        }
        for of in &topology.applications {
            let (memory, open_files) = (of.memory.as_ref(), usual(of));
            self.container(of, &Own { memory, open_files, program: Program::Application });
        }
    }

    fn container(&mut self, declared: &Component, own: &Own<'_>) {
        let Some(component) = self.components.get(&declared.name.value) else { return };
        let at = declared.name.span;
        let said = &declared.container;
        let log = said.log.as_ref();
        for unit in self.system.components[component].units.clone() {
            self.system.containers.push(ContainerClaim {
                unit,
                open_files: own.open_files.clone(),
                memory: match own.memory {
                    Some(memory) => Fact::written(memory.value, memory.span),
                    None => Fact::absent("docker", "memory"),
                },
                restart: or(said.restart.as_ref(), Restart::UnlessStopped, "with the machine", at),
                stop_grace: or(said.stop_grace.as_ref(), stop_grace(own.program), "what its program needs", at),
                log_size: or(log.and_then(|log| log.size.as_ref()), 20_000_000, "no log fills a disk", at),
                log_files: or(log.and_then(|log| log.files.as_ref()), 5, "no log fills a disk", at),
                span: declared.span,
            });
        }
    }
}

/// Open files of a balancer: HAProxy needs two a connection, and does not start with less than its `maxconn` asks for.
pub(super) fn haproxy_open_files(of: &Haproxy) -> Fact<i64> {
    let asked = of.maxconn.as_ref().map_or(0, |maxconn| maxconn.value);
    let needed = asked.saturating_mul(2).saturating_add(SPARE_FILES).max(OPEN_FILES);
    written_or(of.open_files.as_ref(), needed, "haproxy", "two a connection, and some of its own", of.name.span)
}

fn or<T: Clone>(written: Option<&Spanned<T>>, choice: T, why: &'static str, at: Span) -> Fact<T> {
    written_or(written, choice, "compose", why, at)
}

/// How long a program may take to end. A broker hands its queues on; a balancer gives its VIPs away.
const fn stop_grace(program: Program) -> u64 {
    match program {
        Program::Rabbitmq => 90_000,
        Program::Application => 60_000,
        Program::Consul => 30_000,
        Program::Haproxy | Program::Nginx => 20_000,
    }
}
