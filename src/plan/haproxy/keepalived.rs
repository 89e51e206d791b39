use serde::Serialize;

use crate::system::{AuthClaim, CheckClaim, Fact, Id, Unit, Value, VrrpClaim};
use crate::topology::{AuthType, Tracked as Kind};

use super::super::Planner;
use super::super::grammar::Grammar;
use super::Seat;

/// What keepalived.conf is filled with.
#[derive(Serialize)]
pub(super) struct Keepalived {
    router_id: String,
    garp_refresh: u32,
    scripts: bool,
    checks: Vec<Check>,
    processes: Vec<Process>,
    instances: Vec<Instance>,
}

/// A `vrrp_script`; instances that ask alike share one.
#[derive(Serialize)]
struct Check {
    name: String,
    /// The command; none: hacc's own.
    script: Option<String>,
    interval: String,
    timeout: String,
    fall: i64,
    rise: i64,
}

impl Check {
    fn asks_like(&self, other: &Self) -> bool {
        (&self.script, &self.interval, &self.timeout, self.fall, self.rise)
            == (&other.script, &other.interval, &other.timeout, other.fall, other.rise)
    }
}

#[derive(Serialize)]
struct Instance {
    name: String,
    state: String,
    interface: Option<String>,
    interface_number: usize,
    version: i64,
    vrid: i64,
    priority: i64,
    advert_int: String,
    nopreempt: bool,
    preempt_delay: Option<String>,
    strict: bool,
    notify: Option<String>,
    garp: Garp,
    mcast_src_ip: Option<String>,
    unicast_src_ip: Option<String>,
    unicast_ttl: Option<i64>,
    unicast_peers: Vec<String>,
    auth: Option<Auth>,
    virtual_addresses: Vec<VirtualAddress>,
    track_scripts: Vec<Tracked>,
    track_interfaces: Vec<Tracked>,
    track_processes: Vec<Tracked>,
}

/// A `vrrp_track_process`.
#[derive(Serialize)]
struct Process {
    name: String,
    process: String,
}

/// What the instances of one file share.
#[derive(Default)]
struct Lists {
    checks: Vec<Check>,
    processes: Vec<Process>,
}

/// One line of a `track_…` block.
#[derive(Serialize)]
struct Tracked {
    name: String,
    weight: Option<i64>,
}

/// Gratuitous ARP of one instance; what is none is keepalived's own, or the one for all instances.
#[derive(Serialize)]
struct Garp {
    delay: Option<String>,
    repeat: Option<i64>,
    refresh: Option<String>,
}

#[derive(Serialize)]
struct Auth {
    r#type: &'static str,
    pass: String,
}

#[derive(Serialize)]
struct VirtualAddress {
    address: String,
    device: Option<String>,
    device_number: usize,
}

impl Keepalived {
    /// Whether the file holds a password.
    pub(super) fn has_secret(&self) -> bool {
        self.instances.iter().any(|instance| instance.auth.is_some())
    }
}

impl Planner<'_> {
    pub(super) fn keepalived(&mut self, unit: Id<Unit>, seats: &[Seat]) -> Keepalived {
        let claims = self.vrrps_of.get(&unit).cloned().unwrap_or_default();
        let mut lists = Lists::default();
        let mut instances = Vec::new();
        let mut router_id = self.system.units[unit].name.value.clone();
        for id in claims {
            let claim = &self.system.vrrps[id];
            if claim.router_id.known().is_some() {
                router_id = self.word(&claim.router_id, "a router's name");
            }
            let number = seats.iter().position(|seat| seat.segment == claim.segment).map_or(1, |n| n + 1);
            instances.push(self.instance(id, number, &mut lists));
        }
        let Lists { checks, processes } = lists;
        let scripts = !checks.is_empty() || instances.iter().any(|instance| instance.notify.is_some());
        Keepalived { router_id, garp_refresh: 60, scripts, checks, processes, instances }
    }

    /// The name of the `vrrp_script` that asks so, a new one of this kind where there is none.
    fn script(&mut self, check: &CheckClaim, kind: &str, lists: &mut Lists) -> String {
        let time = |fact: &Fact<u64>| seconds(fact.known().copied().unwrap_or(1_000));
        let mut asked = Check {
            name: String::new(),
            script: check.script.known().map(|_| self.word(&check.script, "a command")),
            interval: time(&check.every),
            timeout: time(&check.timeout),
            fall: check.fall.known().copied().unwrap_or(2),
            rise: check.rise.known().copied().unwrap_or(2),
        };
        if let Some(known) = lists.checks.iter().find(|known| known.asks_like(&asked)) {
            return known.name.clone();
        }
        asked.name = match lists.checks.iter().filter(|known| known.name.starts_with(kind)).count() {
            0 => kind.to_owned(),
            n => format!("{kind}_{}", n + 1),
        };
        let name = asked.name.clone();
        lists.checks.push(asked);
        name
    }

    /// The name of the `vrrp_track_process` that looks for it.
    fn process(&mut self, name: &Fact<String>, lists: &mut Lists) -> String {
        let process = self.word(name, "a process's name");
        if let Some(known) = lists.processes.iter().find(|known| known.process == process) {
            return known.name.clone();
        }
        let name = match lists.processes.len() {
            0 => "process".to_owned(),
            n => format!("process_{}", n + 1),
        };
        lists.processes.push(Process { name: name.clone(), process });
        name
    }

    fn instance(&mut self, id: Id<VrrpClaim>, interface_number: usize, lists: &mut Lists) -> Instance {
        let system = self.system;
        let claim = &system.vrrps[id];
        let auth = match &claim.auth {
            // keepalived would refuse the block, and version 3 has none.
            AuthClaim::Pass(_) if claim.version.known() == Some(&3) => None,
            AuthClaim::Absent => None,
            AuthClaim::Pass(pass) => Some(pass.clone()),
        };
        let prefix = claim.prefix.known().copied().unwrap_or(32);
        let interface = claim.interface.known().map(|_| self.word(&claim.interface, "an interface"));
        let unicast = !claim.peers.is_empty();
        let source = claim.source.known().map(ToString::to_string);
        let vips = claim.vips.iter().filter_map(Fact::known).map(|vip| VirtualAddress {
            address: format!("{vip}/{prefix}"),
            device: interface.clone(),
            device_number: interface_number,
        });
        let vips: Vec<VirtualAddress> = vips.collect();
        let mut track_scripts = Vec::new();
        if let Some(check) = &claim.check {
            track_scripts.push(tracked(self.script(check, "chk_haproxy", lists), &check.weight));
        }
        let (mut track_interfaces, mut track_processes) = (Vec::new(), Vec::new());
        for track in &claim.tracks {
            match (track.what, &track.tried) {
                (Kind::Script, Some(check)) => {
                    track_scripts.push(tracked(self.script(check, "track", lists), &track.weight));
                }
                (Kind::Process, _) => {
                    track_processes.push(tracked(self.process(&track.name, lists), &track.weight));
                }
                (Kind::Interface | Kind::Script, _) => {
                    let name = self.word(&track.name, "an interface");
                    track_interfaces.push(tracked(name, &track.weight));
                }
            }
        }
        let garp = &claim.garp;
        let time = |fact: &Fact<u64>| fact.known().copied().map(seconds);
        Instance {
            name: self.word(&claim.instance, "an instance's name"),
            state: self.word(&claim.state, "a state"),
            interface_number,
            version: claim.version.known().copied().unwrap_or(2),
            vrid: claim.vrid.known().copied().unwrap_or(0),
            priority: claim.priority.known().copied().unwrap_or(100),
            advert_int: seconds(claim.advert.known().copied().unwrap_or(1_000)),
            nopreempt: claim.nopreempt.known().copied().unwrap_or(false),
            preempt_delay: time(&claim.preempt_delay),
            strict: claim.strict.known() == Some(&true),
            notify: claim.notify.known().map(|_| self.word(&claim.notify, "a command")),
            garp: Garp { delay: time(&garp.delay), repeat: garp.repeat.known().copied(), refresh: time(&garp.refresh) },
            mcast_src_ip: source.clone().filter(|_| !unicast),
            unicast_src_ip: source.filter(|_| unicast),
            unicast_ttl: claim.unicast_ttl.known().copied().filter(|_| unicast),
            unicast_peers: claim.peers.iter().filter_map(Fact::known).map(ToString::to_string).collect(),
            virtual_addresses: vips,
            track_scripts,
            track_interfaces,
            track_processes,
            auth: auth.map(|pass| Auth {
                r#type: if claim.auth_type.known() == Some(&AuthType::Ah) { "AH" } else { "PASS" },
                pass: self.auth_pass(&pass),
            }),
            interface,
        }
    }

    /// A word of keepalived.conf, once it is clear that it can be one.
    fn word(&mut self, fact: &Fact<String>, what: &str) -> String {
        let text = fact.known().cloned().unwrap_or_default();
        self.fits(Grammar::Keepalived, &crate::source::Spanned::new(text, fact.span()), what)
    }

    fn auth_pass(&mut self, pass: &Fact<String>) -> String {
        match &pass.value {
            Value::Opaque(secret) => {
                let name = self.system.secrets[*secret].name.value.clone();
                self.secret(Grammar::Keepalived, &crate::source::Spanned::new(name, pass.span()), "a password")
            }
            Value::Known(text) => text.clone(),
            _ => String::new(),
        }
    }
}

/// A line of a `track_…` block: a weight of 0 is none.
fn tracked(name: String, weight: &Fact<i64>) -> Tracked {
    Tracked { name, weight: weight.known().copied().filter(|weight| *weight != 0) }
}

/// Milliseconds as keepalived writes them: seconds, with a fraction only where there is one.
fn seconds(ms: u64) -> String {
    match (ms / 1_000, ms % 1_000) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{rest:03}").trim_end_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn seconds_have_a_fraction_only_where_there_is_one() {
        assert_eq!([1_000, 500, 1_050, 0, 20].map(seconds), ["1", "0.5", "1.05", "0", "0.02"]);
    }
}
