use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::suggest::closest;
use crate::system::{AuthClaim, Component, Fact, Id, Place, Segment, Unit, VrrpClaim};
use crate::topology::{AuthType, Haproxy, Vip, VipMember, VrrpSettings};

use super::Builder;
use super::names::list;
use super::said::{Said, setting, written_or_absent};

/// Priorities of members in the order of preference: near the top, so that the survivor's skew is short, and far
/// enough apart that two of them never time out together.
fn priority(rank: usize, members: usize) -> i64 {
    const TOP: usize = 254;
    // 254, 251, 248, … as long as that fits above 0.
    let step = if members <= 1 { 3 } else { (TOP - 1).div_euclid(members - 1).clamp(1, 3) };
    i64::try_from(TOP.saturating_sub(rank * step).max(1)).unwrap_or(1)
}

/// Whether something that is written means nothing under nopreempt: then nopreempt is not what was chosen.
fn takes_back(vip: &Vip) -> bool {
    let delay = std::iter::once(&vip.settings).chain(vip.members.iter().map(|member| &member.settings));
    let master = |member: &VipMember| member.state.as_ref().is_some_and(|state| state.value == "MASTER");
    let owner = |member: &VipMember| member.priority.as_ref().is_some_and(|priority| priority.value == 255);
    delay.into_iter().any(|settings| settings.preempt_delay.is_some())
        || vip.members.iter().any(|member| master(member) || owner(member))
}

impl<'a> Builder<'a> {
    /// What every member of every VIP claims.
    pub(super) fn vrrps(&mut self) {
        let mut open = Vec::new();
        for haproxy in &self.topology.haproxies {
            let Some(component) = self.components.get(&haproxy.name.value) else { continue };
            for vip in &haproxy.vips {
                self.vip(haproxy, component, vip, &mut open);
            }
            if let Some(stats) = &haproxy.stats {
                self.secrets.resolve(&stats.password, &mut self.problems);
            }
        }
        self.allocate_vrids(open);
    }

    fn vip(
        &mut self,
        haproxy: &'a Haproxy,
        component: Id<Component>,
        vip: &'a Vip,
        open: &mut Vec<(String, Vec<Id<VrrpClaim>>)>,
    ) {
        let declared = format!("{}/{}", haproxy.name.value, vip.name.value);
        let units = self.system.components[component].units.clone();
        let by_node = self.members(haproxy, vip, &units);
        let preferred = vip.prefer.as_ref().and_then(|prefer| self.member_unit(haproxy, prefer, &units));
        let Some(segment) = self.vip_segment(&units, vip) else {
            self.problems.push(
                Diagnostic::new("vip-without-network", format!("no network carries the VIP `{}`", vip.name.value))
                    .label(vip.name.span, "VRRP needs a network to speak on")
                    .label(haproxy.name.span, "attached to no network")
                    .help("attach the component to the network that holds the address"),
            );
            return;
        };
        self.vip_segments.insert(declared.clone(), segment);
        let mut ranked = units.clone();
        // Stable: the preferred one first, the rest as declared.
        ranked.sort_by_key(|unit| Some(*unit) != preferred);
        let ranks: FxHashMap<Id<Unit>, usize> = ranked.iter().enumerate().map(|(rank, unit)| (*unit, rank)).collect();
        let addresses: Vec<Option<Ipv4Addr>> = units.iter().map(|unit| self.address_on(*unit, segment)).collect();
        let mut without_vrid = Vec::new();
        for (unit, address) in units.iter().zip(&addresses) {
            let member = by_node.get(unit).copied();
            let rank_priority = priority(ranks[unit], units.len());
            let of = Member {
                unit: *unit,
                declared: member,
                segment,
                rank_priority,
                address: *address,
                addresses: &addresses,
            };
            let claim = self.vrrp_claim(vip, &declared, &of);
            let has_vrid = claim.vrid.known().is_some();
            let id = self.system.vrrps.push(claim);
            if !has_vrid {
                without_vrid.push(id);
            }
        }
        if !without_vrid.is_empty() {
            open.push((declared, without_vrid));
        }
    }

    fn vrrp_claim(&mut self, vip: &Vip, declared: &str, of: &Member<'_>) -> VrrpClaim {
        let at = vip.name.span;
        let empty = VrrpSettings::default();
        let said = Said { all: &vip.settings, own: of.declared.map_or(&empty, |member| &member.settings), at };
        let auth = match said.of(|of| of.auth.as_ref()) {
            Some(auth) => AuthClaim::Pass(self.secret_fact(auth)),
            None => AuthClaim::Absent,
        };
        let own_addresses = of.declared.map_or(&[][..], |member| &member.addresses);
        let addresses = if own_addresses.is_empty() { &vip.addresses } else { own_addresses };
        let chosen = |value, why| Fact::chosen(value, "keepalived", why, at);
        let checked = said.checked();
        let (waits, why) = if takes_back(vip) {
            (false, "a state, a priority or a delay says that the VIP is taken back")
        } else {
            (true, "a recovery is no second outage")
        };
        let subnet = self.system.segments[of.segment].subnet.known();
        let prefix = subnet.map(|subnet| i64::from(subnet.prefix_len()));
        let lan = self.is_lan(of.segment);
        VrrpClaim {
            unit: of.unit,
            declared: Some(declared.to_owned()),
            span: of.declared.map_or(vip.span, |member| member.span),
            segment: of.segment,
            instance: match said.of(|of| of.instance.as_ref()) {
                Some(instance) => Fact::written(instance.value.clone(), instance.span),
                None => chosen(format!("VI_{}", declared.replace('/', "_")), "one name for all members"),
            },
            interface: said.or_absent(|of| of.interface.as_ref(), "interface"),
            version: said.or(|of| of.version.as_ref(), 2, "keepalived's own default"),
            vrid: said.or_absent(|of| of.vrid.as_ref(), "virtual_router_id"),
            priority: setting(
                of.declared.and_then(|member| member.priority.as_ref()),
                of.rank_priority,
                "distinct, near the top, in the order of preference",
                at,
            ),
            state: setting(
                of.declared.and_then(|member| member.state.as_ref()),
                "BACKUP".to_owned(),
                "the election decides, not the file",
                at,
            ),
            advert: said.or(|of| of.advert.as_ref(), 1_000, "keepalived's own default"),
            auth,
            auth_type: said.or(|of| of.auth_type.as_ref(), AuthType::Pass, "all releases have it"),
            nopreempt: said.or(|of| of.nopreempt.as_ref(), waits, why),
            preempt_delay: said.or_absent(|of| of.preempt_delay.as_ref(), "preempt_delay"),
            source: match (of.declared.and_then(|member| member.source.as_ref()), of.address) {
                (None, Some(address)) => Fact::chosen(address, "keepalived", "the member's own address there", at),
                (written, _) => written_or_absent(written, "mcast_src_ip"),
            },
            unicast: said.or(|of| of.unicast.as_ref(), lan, "many networks between hosts drop multicast"),
            unicast_ttl: said.or_absent(|of| of.unicast_ttl.as_ref(), "unicast_ttl"),
            peers: self.peers(vip, of),
            router_id: setting(
                of.declared.and_then(|member| member.router_id.as_ref()),
                self.system.units[of.unit].name.value.clone(),
                "the member's own name",
                at,
            ),
            vips: addresses.iter().map(|address| Fact::written(address.value, address.span)).collect(),
            prefix: match prefix {
                Some(prefix) => {
                    said.or(|of| of.prefix.as_ref(), prefix, "the subnet's, as the member's own address has")
                }
                None => said.or_absent(|of| of.prefix.as_ref(), "virtual_ipaddress"),
            },
            strict: said.or(|of| of.strict.as_ref(), false, "strict mode drops what comes to the VIP"),
            notify: said.or_absent(|of| of.notify.as_ref(), "notify"),
            check: (checked.known() == Some(&true)).then(|| said.check()),
            checked,
            tracks: said.tracks(),
            garp: said.garp(),
        }
    }

    /// The `member` node of each unit that has one.
    fn members(&mut self, haproxy: &Haproxy, vip: &'a Vip, units: &[Id<Unit>]) -> FxHashMap<Id<Unit>, &'a VipMember> {
        let mut found = FxHashMap::default();
        for member in &vip.members {
            if let Some(unit) = self.member_unit(haproxy, &member.node, units) {
                found.insert(unit, member);
            }
        }
        found
    }

    fn member_unit(&mut self, haproxy: &Haproxy, name: &Spanned<String>, units: &[Id<Unit>]) -> Option<Id<Unit>> {
        let component = &haproxy.name.value;
        let own: Vec<&str> = units.iter().map(|unit| self.system.units[*unit].name.value.as_str()).collect();
        let found = self.nodes.get(&name.value);
        if found.is_some_and(|unit| units.contains(&unit)) {
            return found;
        }
        let mut report = match found {
            Some(unit) => Diagnostic::new("not-a-member", format!("`{}` is not a node of `{component}`", name.value))
                .label(name.span, "must be one of this component's nodes")
                .label(self.system.units[unit].name.span, "declared here, elsewhere"),
            None => Diagnostic::new("unknown-node", format!("`{component}` has no node `{}`", name.value))
                .label(name.span, "not declared"),
        };
        let near = closest(&name.value, own.iter().copied()).filter(|_| found.is_none());
        let near = near.and_then(|near| units.iter().find(|unit| self.system.units[**unit].name.value == near));
        report = match near.map(|unit| &self.system.units[*unit].name) {
            Some(near) => report
                .label(near.span, format!("`{}` is declared here", near.value))
                .help(format!("did you mean `{}`?", near.value)),
            None => report.help(format!("its nodes are {}", list(&own))),
        };
        self.problems.push(report);
        None
    }

    /// The network that holds the VIP; the first one where none does (a rule will say so).
    fn vip_segment(&self, units: &[Id<Unit>], vip: &Vip) -> Option<Id<Segment>> {
        let claims = &self.system.units[*units.first()?].addresses;
        let segments = claims.iter().map(|claim| self.system.addresses[*claim].segment);
        // A VIP is on a network that somebody chose.
        let declared = |id: &Id<Segment>| !matches!(self.system.segments[*id].place, Place::Default(_));
        let segments: Vec<Id<Segment>> = segments.filter(declared).collect();
        let holds = |segment: &&Id<Segment>| {
            let subnet = self.system.segments[**segment].subnet.known();
            vip.addresses.first().zip(subnet).is_some_and(|(ip, subnet)| subnet.contains(&ip.value))
        };
        segments.iter().find(holds).or(segments.first()).copied()
    }

    fn address_on(&self, unit: Id<Unit>, segment: Id<Segment>) -> Option<Ipv4Addr> {
        let claims = self.system.units[unit].addresses.iter().map(|claim| &self.system.addresses[*claim]);
        claims.filter(|claim| claim.segment == segment).find_map(|claim| claim.ip.known().copied())
    }

    /// Whether a segment is the network between the hosts.
    fn is_lan(&self, segment: Id<Segment>) -> bool {
        self.system.segments[segment].place == Place::Lan
    }

    /// Unicast peers: those that are written, else the other members where adverts go by unicast; else none, multicast.
    /// Between hosts unicast is what is chosen, for many networks there (of clouds, of virtual machines) drop multicast,
    /// and then every member holds the address.
    fn peers(&self, vip: &Vip, of: &Member<'_>) -> Vec<Fact<Ipv4Addr>> {
        let written = of.declared.map_or(&[][..], |member| &member.peers);
        if !written.is_empty() {
            return written.iter().map(|peer| Fact::written(peer.value, peer.span)).collect();
        }
        let own = of.declared.and_then(|member| member.settings.unicast.as_ref());
        let (unicast, at) = match own.or(vip.settings.unicast.as_ref()) {
            Some(unicast) => (unicast.value, unicast.span),
            None => (self.is_lan(of.segment), vip.name.span),
        };
        if !unicast {
            return Vec::new();
        }
        let others = of.addresses.iter().flatten().filter(|address| Some(**address) != of.address);
        let why = "the other members' addresses on the VIP's network";
        others.map(|peer| Fact::chosen(*peer, "keepalived", why, at)).collect()
    }

    /// One VRID for all members of a VIP that say none: the lock's, else one that depends on the names alone, so that
    /// two topologies on one wire hardly ever choose the same.
    fn allocate_vrids(&mut self, open: Vec<(String, Vec<Id<VrrpClaim>>)>) {
        let mut taken: FxHashSet<(usize, i64)> = FxHashSet::default();
        for claim in self.system.vrrps.values() {
            taken.extend(claim.vrid.known().map(|vrid| (claim.segment.index(), *vrid)));
        }
        let mut rest = Vec::new();
        let mut chosen = Vec::new();
        for (key, claims) in open {
            let segment = self.system.vrrps[claims[0]].segment.index();
            let locked = self.lock.vrids.get(&key).copied().filter(|vrid| (1..=255).contains(vrid));
            match locked.filter(|vrid| taken.insert((segment, *vrid))) {
                Some(vrid) => chosen.push((key, claims, vrid)),
                None => rest.push((key, claims, segment)),
            }
        }
        for (key, claims, segment) in rest {
            let start = vrid_seed(&self.topology.name.value, &key);
            let free = (0..255).map(|step| (start + step) % 255 + 1).find(|vrid| taken.insert((segment, *vrid)));
            match free {
                Some(vrid) => chosen.push((key, claims, vrid)),
                None => self.problems.push(
                    Diagnostic::new("no-vrid-left", format!("no VRID is left for `{key}`: a network has 255 of them"))
                        .label(self.system.vrrps[claims[0]].span, "needs a VRID")
                        .help("put some of the VIPs on another network, or several addresses into one VIP"),
                ),
            }
        }
        for (key, claims, vrid) in chosen {
            for claim in claims {
                let at = self.system.vrrps[claim].span;
                self.system.vrrps[claim].vrid = Fact::allocated(vrid, key.clone(), at);
            }
            self.new_lock.vrids.insert(key, vrid);
        }
    }
}

/// One member of a VIP, and what is known of it before it claims anything.
struct Member<'b> {
    unit: Id<Unit>,
    declared: Option<&'b VipMember>,
    segment: Id<Segment>,
    rank_priority: i64,
    /// Its address on the segment.
    address: Option<Ipv4Addr>,
    /// The addresses of all members there.
    addresses: &'b [Option<Ipv4Addr>],
}

/// FNV-1a over the names, reduced to 0..=254. Part of what makes output reproducible: never change it.
fn vrid_seed(topology: &str, key: &str) -> i64 {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in topology.bytes().chain([b'/']).chain(key.bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    i64::from(hash % 255)
}

#[cfg(test)]
mod tests {
    use super::priority;

    #[test]
    fn priorities_are_distinct_and_near_the_top() {
        let of = |members: usize| (0..members).map(|rank| priority(rank, members)).collect::<Vec<_>>();
        assert_eq!(of(1), [254]);
        assert_eq!(of(3), [254, 251, 248]);
        let many = of(200);
        assert!(many.windows(2).all(|pair| pair[0] > pair[1]) && *many.last().unwrap() >= 1);
    }
}
