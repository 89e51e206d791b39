use crate::diagnostic::Diagnostic;
use crate::schema::RefKind;
use crate::source::Span;

use super::super::{AuthType, Garp, Track, Tracked, Tried, Vip, VipCheck, VipMember, VrrpSettings};
use super::at::Field;
use super::{At, Lowering};

impl Lowering<'_> {
    pub(super) fn vip(&mut self, at: At<'_>) -> Option<Vip> {
        Some(Vip {
            addresses: at.rest("address").filter_map(Field::ipv4).collect(),
            prefer: at.prop("prefer").reference(RefKind::Node),
            settings: self.vrrp(at),
            members: at.children("member").filter_map(|at| self.vip_member(at)).collect(),
            name: at.arg("name").name()?,
            span: at.span(),
        })
    }

    fn vip_member(&mut self, at: At<'_>) -> Option<VipMember> {
        let addresses = |word| at.children(word).filter_map(|at| at.arg("address").ipv4()).collect();
        Some(VipMember {
            addresses: addresses("address"),
            peers: addresses("peer"),
            priority: at.prop("priority").integer(),
            state: at.prop("state").text(),
            router_id: at.prop("router-id").text(),
            source: at.prop("source").ipv4(),
            settings: self.vrrp(at),
            node: at.arg("node").reference(RefKind::Node)?,
            span: at.span(),
        })
    }

    fn vrrp(&mut self, at: At<'_>) -> VrrpSettings {
        let kinds = [("PASS", AuthType::Pass), ("AH", AuthType::Ah)];
        VrrpSettings {
            vrid: at.prop("vrid").integer(),
            version: at.prop("version").integer(),
            advert: at.prop("advert").duration(),
            auth: at.prop("auth").reference(RefKind::Secret),
            auth_type: at.prop("auth-type").choice(&kinds),
            nopreempt: at.prop("nopreempt").boolean(),
            preempt_delay: at.prop("preempt-delay").duration(),
            weight: at.prop("weight").integer(),
            unicast: at.prop("unicast").boolean(),
            unicast_ttl: at.prop("unicast-ttl").integer(),
            interface: at.prop("interface").text(),
            instance: at.prop("instance").text(),
            prefix: at.prop("prefix").integer(),
            strict: at.prop("strict").boolean(),
            notify: at.prop("notify").text(),
            check: at.child("check").map(|at| self.vip_check(at)).unwrap_or_default(),
            tracks: at.children("track").filter_map(|at| self.track(at)).collect(),
            garp: at.child("garp").map(garp).unwrap_or_default(),
        }
    }

    fn vip_check(&mut self, at: At<'_>) -> VipCheck {
        let switch = at.arg("switch").boolean();
        if let Some(off) = switch.as_ref().filter(|on| !on.value) {
            // `check #false every="1s"` says two things at once.
            for key in ["every", "timeout", "fall", "rise", "script"] {
                self.contradiction(
                    at.prop(key),
                    key,
                    "of a check that is switched off",
                    (off.span, "switched off", "`#false`"),
                );
            }
        }
        VipCheck { switch, tried: tried(at), script: at.prop("script").text() }
    }

    fn track(&mut self, at: At<'_>) -> Option<Track> {
        let all = [("script", Tracked::Script), ("interface", Tracked::Interface), ("process", Tracked::Process)];
        let written: Vec<_> = all.into_iter().filter(|(key, _)| at.prop(key).is_written()).collect();
        let Some((key, what)) = written.first().copied().filter(|_| written.len() == 1) else {
            let spans = written.iter().map(|(key, _)| at.prop(key).span());
            let message = if written.is_empty() { "`track` says nothing to track" } else { "`track` says two things" };
            let mut report = Diagnostic::new("track-kind", message);
            for span in spans.clone() {
                report = report.label(span, "one of them");
            }
            if written.is_empty() {
                report = report.label(at.span(), "without script=, interface= and process=");
            }
            self.found.push(report.help("write exactly one of script=, interface= and process= in each `track`"));
            return None;
        };
        let name = at.prop(key).text()?;
        if what != Tracked::Script {
            for key in ["every", "timeout", "fall", "rise"] {
                let by = (name.span, "only a script is tried", "this `track`");
                self.contradiction(at.prop(key), key, "of something that is not a script", by);
            }
        }
        Some(Track { what, name, tried: tried(at), weight: at.prop("weight").integer(), span: at.span() })
    }

    /// A property that means nothing beside what is written elsewhere: there, why, and what can be removed instead.
    fn contradiction(&mut self, field: Field<'_>, key: &str, of: &str, (at, why, other): (Span, &str, &str)) {
        if field.is_written() {
            self.found.push(
                Diagnostic::new("contradiction", format!("`{key}` {of}"))
                    .label(field.span(), "means nothing here")
                    .label(at, why)
                    .help(format!("remove `{key}=`, or remove {other}")),
            );
        }
    }
}

fn tried(at: At<'_>) -> Tried {
    Tried {
        every: at.prop("every").duration(),
        timeout: at.prop("timeout").duration(),
        fall: at.prop("fall").integer(),
        rise: at.prop("rise").integer(),
    }
}

fn garp(at: At<'_>) -> Garp {
    Garp {
        delay: at.prop("delay").duration(),
        repeat: at.prop("repeat").integer(),
        refresh: at.prop("refresh").duration(),
    }
}
