//! Balancers: HAProxy and, where it has VIPs, keepalived in the same container.

mod cfg;
mod keepalived;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::Serialize;

use crate::system::{Fact, Id, Segment, Unit};
use crate::topology::Haproxy;

use super::compose::{Healthcheck, Service};
use super::draft::{Draft, From};
use super::{Planner, Services};

/// What the start script is filled with.
#[derive(Serialize)]
struct Start {
    vrrp: bool,
    /// Addresses whose interfaces keepalived.conf names `$HACC_IF_1`, `$HACC_IF_2`, …
    interface_addresses: Vec<String>,
    /// On a host's own network: the VIPs, separated by blanks. There they outlive the container that dies with them.
    host_vips: Option<String>,
}

#[derive(Serialize)]
struct Recipe {
    base_image: String,
}

/// What the fallback script is filled with, one for each VIP.
#[derive(Serialize)]
struct Fallback {
    /// All addresses of the VIP, separated by blanks.
    addresses: String,
    prefix: i64,
    own_address: String,
}

#[derive(Serialize)]
struct Empty {}

/// A VRRP instance's network as its member sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seat {
    segment: Id<Segment>,
    address: Ipv4Addr,
}

impl Planner<'_> {
    pub(super) fn haproxy(&mut self, declared: &Haproxy, drafts: &mut Vec<Draft>, services: &mut Services) {
        let Some(component) = self.components.get(declared.name.value.as_str()).copied() else { return };
        let base_image = self.image(component);
        let vrrp = !declared.vips.is_empty();
        let mut with_recipe = BTreeSet::new();
        for unit in self.system.components[component].units.clone() {
            let host = self.system.units[unit].host;
            let from = self.from("haproxy", &declared.name.value, unit);
            let folder = self.folder(unit);
            let seats = self.seats(unit);
            let cfg = self.cfg(declared, unit);
            let start = Start {
                vrrp,
                interface_addresses: seats.iter().map(|seat| seat.address.to_string()).collect(),
                host_vips: (vrrp && self.system.units[unit].on_host_network).then(|| self.all_vips(unit)),
            };
            let path = |file: &str| format!("{folder}/{file}");
            drafts.push(Draft::new(path("start"), "haproxy/start", &start, &from).script().recreate());
            drafts.push(
                Draft::new(path("haproxy.cfg"), "haproxy/haproxy.cfg", &cfg, &from)
                    .secret_if(declared.stats.is_some())
                    .reload(),
            );
            drafts.push(Draft::new(path("check"), "haproxy/check", &Empty {}, &from).script().reload());
            if vrrp {
                let keepalived = self.keepalived(unit, &seats);
                let draft = Draft::new(path("keepalived.conf"), "haproxy/keepalived.conf", &keepalived, &from);
                drafts.push(draft.secret_if(keepalived.has_secret()).reload());
                drafts.extend(self.fallbacks(declared, unit, &seats, &folder, &from));
            }
            let mut service = self.balancer_service(declared, unit, base_image.clone());
            if vrrp {
                // The image of the recipe: the base with keepalived.
                let image = &declared.name.value;
                service.build = Some(format!("./images/{image}"));
                service.image = format!("{}/{image}:{}", self.system.name.value, declared.version.value);
                if with_recipe.insert(host) {
                    let host = &self.system.hosts[host].name.value;
                    let recipe = Recipe { base_image: base_image.clone() };
                    let of = From { path: format!("haproxy/{image}"), span: declared.name.span };
                    let path = format!("{host}/images/{image}/Dockerfile");
                    drafts.push(Draft::new(path, "haproxy/Dockerfile", &recipe, &of).recreate());
                }
            }
            services.push((host, service));
        }
    }

    /// The networks on which this balancer speaks VRRP, with its address there; each once.
    fn seats(&self, unit: Id<Unit>) -> Vec<Seat> {
        let mut seats = Vec::new();
        for claim in self.vrrps_of.get(&unit).into_iter().flatten() {
            let segment = self.system.vrrps[*claim].segment;
            let addresses = self.system.units[unit].addresses.iter().map(|claim| &self.system.addresses[*claim]);
            let on = addresses.clone().find(|claim| claim.segment == segment).and_then(|claim| claim.ip.known());
            if let Some(address) = on {
                let seat = Seat { segment, address: *address };
                if !seats.contains(&seat) {
                    seats.push(seat);
                }
            }
        }
        seats
    }

    /// All virtual addresses that this balancer can hold but its own (a member of priority 255), separated by blanks.
    fn all_vips(&self, unit: Id<Unit>) -> String {
        let claims = self.vrrps_of.get(&unit).into_iter().flatten().map(|claim| &self.system.vrrps[*claim]);
        let own = self.system.units[unit].addresses.iter().map(|id| &self.system.addresses[*id].ip);
        let own: Vec<Ipv4Addr> = own.filter_map(Fact::known).copied().collect();
        let vips = claims.flat_map(|claim| &claim.vips).filter_map(Fact::known).copied();
        let vips: BTreeSet<Ipv4Addr> = vips.filter(|vip| !own.contains(vip)).collect();
        vips.iter().map(Ipv4Addr::to_string).collect::<Vec<_>>().join(" ")
    }

    fn balancer_service(&self, declared: &Haproxy, unit: Id<Unit>, image: String) -> Service {
        let mut service = self.service(unit, image);
        // HAProxy drops to its own user; VRRP wants raw sockets and the right to add an address. SETUID, SETGID and
        // KILL: without them keepalived takes every failing check for a success.
        service.user = Some("0:0");
        service.command = Some(vec!["/etc/hacc/start"]);
        service.init = true;
        service.stop_signal = Some("SIGTERM");
        service.add_capabilities(&["DAC_READ_SEARCH", "KILL", "SETGID", "SETUID"]);
        if !declared.vips.is_empty() {
            service.add_capabilities(&["NET_ADMIN", "NET_RAW"]);
        }
        service.tmpfs = vec!["/run/hacc:size=1m,mode=0700"];
        service.healthcheck = Some(Healthcheck {
            test: vec!["CMD", "/etc/hacc/check"],
            interval: "10s",
            timeout: "5s",
            retries: 2,
            start_period: "10s",
        });
        service
    }

    fn fallbacks(&self, declared: &Haproxy, unit: Id<Unit>, seats: &[Seat], folder: &str, from: &From) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let claims = self.vrrps_of.get(&unit).into_iter().flatten().map(|claim| &self.system.vrrps[*claim]);
        for (claim, vip) in claims.zip(&declared.vips) {
            let prefix = claim.prefix.known().copied();
            let seat = seats.iter().find(|seat| seat.segment == claim.segment);
            let (Some(prefix), Some(seat)) = (prefix, seat) else { continue };
            let addresses: Vec<String> = claim.vips.iter().filter_map(Fact::known).map(Ipv4Addr::to_string).collect();
            let fallback = Fallback { addresses: addresses.join(" "), prefix, own_address: seat.address.to_string() };
            let file = if declared.vips.len() == 1 {
                format!("{folder}/vip-fallback")
            } else {
                format!("{folder}/vip-fallback-{}", vip.name.value)
            };
            drafts.push(Draft::new(file, "haproxy/vip-fallback", &fallback, from).script().reload());
        }
        drafts
    }
}
