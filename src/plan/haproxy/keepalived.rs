use serde::Serialize;

use crate::system::{AuthClaim, Fact, Id, Unit, Value, VrrpClaim};

use super::super::Planner;
use super::super::grammar::Grammar;
use super::Seat;

/// What keepalived.conf is filled with.
#[derive(Serialize)]
pub(super) struct Keepalived {
    router_id: String,
    garp_refresh: u32,
    checks: Vec<Check>,
    instances: Vec<Instance>,
}

/// A `vrrp_script`; instances that ask alike share one.
#[derive(Serialize)]
struct Check {
    name: String,
    interval: String,
    timeout: String,
    fall: i64,
    rise: i64,
}

impl Check {
    fn asks_like(&self, other: &Self) -> bool {
        (&self.interval, &self.timeout, self.fall, self.rise)
            == (&other.interval, &other.timeout, other.fall, other.rise)
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
    preempt_delay: Option<u32>,
    mcast_src_ip: Option<String>,
    unicast_src_ip: Option<String>,
    unicast_peers: Vec<String>,
    auth: Option<Auth>,
    virtual_addresses: Vec<VirtualAddress>,
    track: Option<String>,
    weight: Option<i64>,
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
        let mut checks: Vec<Check> = Vec::new();
        let mut instances = Vec::new();
        let mut router_id = self.system.units[unit].name.value.clone();
        for id in claims {
            let claim = &self.system.vrrps[id];
            if claim.router_id.known().is_some() {
                router_id = self.word(&claim.router_id, "a router's name");
            }
            let number = seats.iter().position(|seat| seat.segment == claim.segment).map_or(1, |n| n + 1);
            let track = claim.check.as_ref().map(|check| {
                let mut asked = Check {
                    name: String::new(),
                    interval: seconds(check.every.known().copied().unwrap_or(1_000)),
                    timeout: seconds(check.every.known().copied().unwrap_or(1_000)),
                    fall: check.fall.known().copied().unwrap_or(2),
                    rise: check.rise.known().copied().unwrap_or(2),
                };
                if let Some(known) = checks.iter().find(|known| known.asks_like(&asked)) {
                    return known.name.clone();
                }
                asked.name = match checks.len() {
                    0 => "chk_haproxy".to_owned(),
                    n => format!("chk_haproxy_{}", n + 1),
                };
                let name = asked.name.clone();
                checks.push(asked);
                name
            });
            instances.push(self.instance(id, number, track));
        }
        Keepalived { router_id, garp_refresh: 60, checks, instances }
    }

    fn instance(&mut self, id: Id<VrrpClaim>, interface_number: usize, track: Option<String>) -> Instance {
        let claim = &self.system.vrrps[id];
        let auth = match &claim.auth {
            // keepalived would refuse the block, and version 3 has none.
            AuthClaim::Pass(_) if claim.version.known() == Some(&3) => None,
            AuthClaim::Absent => None,
            AuthClaim::Pass(pass) => Some(pass.clone()),
        };
        let prefix = self.system.segments[claim.segment].subnet.known().map_or(32, ipnet::Ipv4Net::prefix_len);
        let interface = claim.interface.known().map(|_| self.word(&claim.interface, "an interface"));
        let unicast = !claim.peers.is_empty();
        let source = claim.source.known().map(ToString::to_string);
        let vips = claim.vips.iter().filter_map(Fact::known).map(|vip| VirtualAddress {
            address: format!("{vip}/{prefix}"),
            device: interface.clone(),
            device_number: interface_number,
        });
        let weight = claim.check.as_ref().and_then(|check| check.weight.known().copied());
        Instance {
            name: self.word(&claim.instance, "an instance's name"),
            state: self.word(&claim.state, "a state"),
            interface_number,
            version: claim.version.known().copied().unwrap_or(2),
            vrid: claim.vrid.known().copied().unwrap_or(0),
            priority: claim.priority.known().copied().unwrap_or(100),
            advert_int: seconds(claim.advert.known().copied().unwrap_or(1_000)),
            nopreempt: claim.nopreempt.known().copied().unwrap_or(false),
            preempt_delay: None,
            mcast_src_ip: source.clone().filter(|_| !unicast),
            unicast_src_ip: source.filter(|_| unicast),
            unicast_peers: claim.peers.iter().filter_map(Fact::known).map(ToString::to_string).collect(),
            virtual_addresses: vips.collect(),
            weight: weight.filter(|weight| *weight != 0),
            track,
            auth: auth.map(|pass| Auth { r#type: "PASS", pass: self.auth_pass(&pass) }),
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
