use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;

use crate::derive::{Derived, Way};
use crate::system::{Component, Fact, ForwardClaim, Host, Id, PublishClaim, Segment, System, Unit, VrrpClaim};

/// How many names or ports a label gives before it counts.
const NAMED: usize = 3;

/// What a picture for people shows: units of one component on one host stand together, and what all of them do is one
/// arrow. A hundred balancers in front of a hundred brokers are two frames and an arrow, not ten thousand lines.
pub(super) struct Scene<'a> {
    pub(super) system: &'a System,
    pub(super) crews: Vec<Crew>,
    pub(super) vips: Vec<Vip>,
    pub(super) doors: Vec<Door>,
    /// In the order of the things that they begin at.
    pub(super) arrows: Vec<Arrow>,
}

/// The units of one component on one host, in the order of declaration.
pub(super) struct Crew {
    pub(super) component: Id<Component>,
    pub(super) host: Id<Host>,
    pub(super) units: Vec<Id<Unit>>,
}

/// A virtual address, and the VRRP instances that can hold it.
pub(super) struct Vip {
    pub(super) ip: Ipv4Addr,
    pub(super) segment: Id<Segment>,
    pub(super) members: Vec<Id<VrrpClaim>>,
}

/// Published ports of one crew on one host: those that other machines can use, or those that they cannot.
pub(super) struct Door {
    pub(super) host: Id<Host>,
    pub(super) outward: bool,
    pub(super) publishes: Vec<Id<PublishClaim>>,
}

/// One of the things that arrows connect: an index into the list of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    Door(usize),
    Vip(usize),
    Crew(usize),
}

/// What an arrow says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Connections are handed on.
    Forward,
    /// Connections should be handed on, and there is no way.
    NoWay,
    /// A virtual address can be held there.
    Held,
    /// A port of the host leads there.
    Published,
}

/// From one thing to another.
pub(super) struct Arrow {
    pub(super) from: End,
    pub(super) to: End,
    pub(super) kind: Kind,
    /// One line for each pair of ports.
    pub(super) labels: Vec<String>,
}

impl<'a> Scene<'a> {
    /// Groups what is claimed, in time n log n in the number of claims.
    pub(super) fn of(system: &'a System, derived: &Derived) -> Self {
        let mut scene = Self { system, crews: Vec::new(), vips: Vec::new(), doors: Vec::new(), arrows: Vec::new() };
        let crew_of = scene.crews();
        let vip_of = scene.vips();
        let door_of = scene.doors(&crew_of);
        let mut arrows: BTreeMap<(End, End, Kind), Vec<String>> = BTreeMap::new();
        for (index, door) in scene.doors.iter().enumerate() {
            for publish in &door.publishes {
                let crew = crew_of[system.publishes[*publish].unit.index()];
                arrows.entry((End::Door(index), End::Crew(crew), Kind::Published)).or_default();
            }
        }
        for (index, vip) in scene.vips.iter().enumerate() {
            for member in &vip.members {
                let crew = crew_of[system.vrrps[*member].unit.index()];
                arrows.entry((End::Vip(index), End::Crew(crew), Kind::Held)).or_default();
            }
        }
        // For each arrow and each pair of ports on it, who does so and to whom.
        let mut steps: BTreeMap<(usize, End, Kind), BTreeMap<Ports, Step>> = BTreeMap::new();
        for route in &derived.routes {
            let forward = &system.forwards[route.forward];
            let Some(target) = forward.targets.get(route.target) else { continue };
            let unit = system.listens[target.listen].unit;
            let direct = || match target.vip.and_then(|vip| vip_of.get(&vip)) {
                Some(vip) => End::Vip(*vip),
                None => End::Crew(crew_of[unit.index()]),
            };
            let (to, kind, port) = match &route.way {
                Way::Direct { port, .. } | Way::Routed { port, .. } => (direct(), Kind::Forward, *port),
                Way::Published { publish, port, .. } => (End::Door(door_of[publish.index()]), Kind::Forward, *port),
                Way::None { port, .. } => (direct(), Kind::NoWay, *port),
            };
            let step = steps
                .entry((crew_of[forward.unit.index()], to, kind))
                .or_default()
                .entry(scene.ports(forward, port))
                .or_default();
            step.from.insert(forward.unit);
            step.to.insert(unit);
        }
        for ((from, to, kind), lines) in steps {
            let labels = scene.labels(from, to, &lines);
            arrows.insert((End::Crew(from), to, kind), labels);
        }
        scene.arrows = arrows.into_iter().map(|((from, to, kind), labels)| Arrow { from, to, kind, labels }).collect();
        scene
    }

    /// Fills the crews; returns the crew of each unit.
    fn crews(&mut self) -> Vec<usize> {
        let mut index = FxHashMap::default();
        let mut crew_of = Vec::with_capacity(self.system.units.len());
        for (id, unit) in self.system.units.iter() {
            let crew = *index.entry((unit.component, unit.host)).or_insert_with(|| {
                self.crews.push(Crew { component: unit.component, host: unit.host, units: Vec::new() });
                self.crews.len() - 1
            });
            self.crews[crew].units.push(id);
            crew_of.push(crew);
        }
        crew_of
    }

    /// Fills the virtual addresses; returns where each of them is.
    fn vips(&mut self) -> FxHashMap<(Ipv4Addr, Id<Segment>), usize> {
        let mut index = FxHashMap::default();
        for (id, claim) in self.system.vrrps.iter() {
            for ip in claim.vips.iter().filter_map(Fact::known) {
                let vip = *index.entry((*ip, claim.segment)).or_insert_with(|| {
                    self.vips.push(Vip { ip: *ip, segment: claim.segment, members: Vec::new() });
                    self.vips.len() - 1
                });
                // One instance may name an address twice.
                if self.vips[vip].members.last() != Some(&id) {
                    self.vips[vip].members.push(id);
                }
            }
        }
        index
    }

    /// Fills the doors; returns the door of each publish.
    fn doors(&mut self, crew_of: &[usize]) -> Vec<usize> {
        let mut index = FxHashMap::default();
        let mut door_of = Vec::with_capacity(self.system.publishes.len());
        for (id, publish) in self.system.publishes.iter() {
            // Where nobody knows the address, nobody outside can count on it.
            let outward = publish.bind.known().is_some_and(|bind| !bind.is_loopback());
            let door = *index.entry((publish.host, crew_of[publish.unit.index()], outward)).or_insert_with(|| {
                self.doors.push(Door { host: publish.host, outward, publishes: Vec::new() });
                self.doors.len() - 1
            });
            self.doors[door].publishes.push(id);
            door_of.push(door);
        }
        door_of
    }

    fn ports(&self, forward: &ForwardClaim, to: i64) -> Ports {
        // Who has no port for it calls by himself.
        let from = forward.listen.map(|listen| &self.system.listens[listen]);
        Ports { from: from.map(|listen| (listen.name.clone(), listen.port.known().copied())), to }
    }

    /// "amqp :5600 → :5672" for each pair of ports, but one line for those of a port that leads to many.
    fn labels(&self, from: usize, to: End, lines: &BTreeMap<Ports, Step>) -> Vec<String> {
        let lines: Vec<_> = lines.iter().collect();
        let mut labels = Vec::new();
        for of_port in lines.chunk_by(|a, b| a.0.from == b.0.from) {
            if of_port.len() > NAMED {
                let units = of_port.iter().flat_map(|(_, step)| &step.from).copied().collect();
                labels.push(format!("{}→ {} ports", self.beginning(from, of_port[0].0, &units), of_port.len()));
                continue;
            }
            for (ports, step) in of_port {
                let mut label = self.beginning(from, ports, &step.from);
                label.push_str("→ ");
                if let End::Crew(crew) = to
                    && step.to.len() < self.crews[crew].units.len()
                {
                    label.push_str(&self.names(&step.to));
                    label.push(' ');
                }
                let _ = write!(label, ":{}", ports.to);
                labels.push(label);
            }
        }
        labels
    }

    /// What stands before the arrow of a label. Where not all units of a frame are meant, those that are.
    fn beginning(&self, crew: usize, ports: &Ports, units: &BTreeSet<Id<Unit>>) -> String {
        let mut label = String::new();
        if units.len() < self.crews[crew].units.len() {
            label.push_str(&self.names(units));
            label.push(' ');
        }
        if let Some((name, port)) = &ports.from {
            let port = port.map_or_else(|| "?".to_owned(), |port| port.to_string());
            let _ = write!(label, "{name} :{port} ");
        }
        label
    }

    /// Some of the units by name, and how many more there are.
    pub(super) fn names(&self, units: &BTreeSet<Id<Unit>>) -> String {
        let mut names: Vec<&str> =
            units.iter().take(NAMED).map(|unit| self.system.units[*unit].name.value.as_str()).collect();
        let more = format!("{} more", units.len().saturating_sub(NAMED));
        if units.len() > NAMED {
            names.push(&more);
        }
        names.join(", ")
    }

    /// The host in whose frame a thing is drawn. A virtual address stands in that of its network; one between the hosts
    /// where its first member is.
    pub(super) fn host(&self, end: End) -> Id<Host> {
        match end {
            End::Door(index) => self.doors[index].host,
            End::Vip(index) => {
                let vip = &self.vips[index];
                let member = self.system.vrrps[vip.members[0]].unit;
                self.system.segments[vip.segment].host().unwrap_or(self.system.units[member].host)
            }
            End::Crew(index) => self.crews[index].host,
        }
    }

    /// Things by the index of their host: virtual addresses, then crews, then doors.
    pub(super) fn by_host(&self) -> Vec<Vec<End>> {
        let mut inside = vec![Vec::new(); self.system.hosts.len()];
        let vips = (0..self.vips.len()).map(End::Vip);
        let crews = (0..self.crews.len()).map(End::Crew);
        for end in vips.chain(crews).chain((0..self.doors.len()).map(End::Door)) {
            inside[self.host(end).index()].push(end);
        }
        inside
    }

    /// Networks by the index of their host; one between the hosts stands with each host that has somebody on it.
    pub(super) fn segments(&self) -> Vec<Vec<Id<Segment>>> {
        let mut inside = vec![BTreeSet::new(); self.system.hosts.len()];
        for (id, segment) in self.system.segments.iter() {
            if let Some(host) = segment.host() {
                inside[host.index()].insert(id);
            }
        }
        for claim in self.system.addresses.values() {
            if self.system.segments[claim.segment].host().is_none() {
                inside[self.system.units[claim.unit].host.index()].insert(claim.segment);
            }
        }
        inside.into_iter().map(|ids| ids.into_iter().collect()).collect()
    }

    /// "rabbitmq 3.10.8", and the image where somebody chose one.
    pub(super) fn runs(&self, crew: &Crew) -> (String, Option<&'a str>) {
        let component = &self.system.components[crew.component];
        let image = &component.release.image;
        let mut program = component.program.word().to_owned();
        if let Some(version) = component.release.version.known() {
            let _ = write!(program, " {version}");
        }
        (program, image.known().filter(|_| image.is_written()).map(String::as_str))
    }

    /// The ports that every unit of a crew has, and those that a unit has for itself.
    pub(super) fn listens(&self, crew: &Crew) -> (Vec<String>, Vec<Vec<String>>) {
        let of = |unit: &Id<Unit>| -> Vec<String> {
            let listens = self.system.units[*unit].listens.iter().map(|id| &self.system.listens[*id]);
            listens.map(|listen| format!("{} :{}", listen.name, shown(&listen.port))).collect()
        };
        let own: Vec<Vec<String>> = crew.units.iter().map(of).collect();
        if own.windows(2).all(|pair| pair[0] == pair[1]) {
            let all = own.first().cloned().unwrap_or_default();
            return (all, vec![Vec::new(); own.len()]);
        }
        (Vec::new(), own)
    }

    /// "lb3: priority 254, VRID 51" for each instance that can hold the address.
    pub(super) fn holders(&self, vip: &Vip) -> Vec<String> {
        let claims = vip.members.iter().map(|member| &self.system.vrrps[*member]);
        claims
            .map(|claim| {
                let unit = &self.system.units[claim.unit].name.value;
                format!("{unit}: priority {}, VRID {}", shown(&claim.priority), shown(&claim.vrid))
            })
            .collect()
    }

    /// Where a publish is reached on its host, and what it leads to: ("127.0.0.1:15672", "mq2 management").
    pub(super) fn publish(&self, id: Id<PublishClaim>) -> (String, String) {
        let publish = &self.system.publishes[id];
        let unit = &self.system.units[publish.unit].name.value;
        let listen = &self.system.listens[publish.listen].name;
        (format!("{}:{}", shown(&publish.bind), shown(&publish.port)), format!("{unit} {listen}"))
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Ports {
    /// Name and number; `None`: the unit itself calls.
    from: Option<(String, Option<i64>)>,
    to: i64,
}

#[derive(Default)]
struct Step {
    from: BTreeSet<Id<Unit>>,
    to: BTreeSet<Id<Unit>>,
}

/// A value, or a question mark where nothing certain is known.
pub(super) fn shown<T: Display>(fact: &Fact<T>) -> String {
    fact.known().map_or_else(|| "?".to_owned(), ToString::to_string)
}
