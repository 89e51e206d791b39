use crate::diagnostic::Diagnostic;
use crate::schema::RefKind;

use super::super::{Vip, VipMember, VrrpSettings};
use super::at::Field;
use super::{At, Lowering};

impl Lowering<'_> {
    pub(super) fn vip(&mut self, at: At<'_>) -> Option<Vip> {
        let check = at.child("check");
        if let Some(check) = check {
            self.silent_check(check);
        }
        let duration = |key| check.and_then(|at| at.prop(key).duration());
        let integer = |key| check.and_then(|at| at.prop(key).integer());
        Some(Vip {
            addresses: at.rest("address").filter_map(Field::ipv4).collect(),
            prefer: at.prop("prefer").reference(RefKind::Node),
            settings: settings(at),
            check: check.and_then(|at| at.arg("switch").boolean()),
            check_every: duration("every"),
            check_fall: integer("fall"),
            check_rise: integer("rise"),
            members: at.children("member").filter_map(vip_member).collect(),
            name: at.arg("name").name()?,
            span: at.span(),
        })
    }

    /// `check #false every="1s"` says two things at once.
    fn silent_check(&mut self, at: At<'_>) {
        let Some(off) = at.arg("switch").boolean().filter(|on| !on.value) else { return };
        for key in ["every", "fall", "rise"] {
            let field = at.prop(key);
            if field.is_written() {
                self.found.push(
                    Diagnostic::new("contradiction", format!("`{key}` of a check that is switched off"))
                        .label(field.span(), "means nothing here")
                        .label(off.span, "switched off")
                        .help(format!("remove `{key}=`, or remove `#false`")),
                );
            }
        }
    }
}

fn vip_member(at: At<'_>) -> Option<VipMember> {
    let addresses = |word| at.children(word).filter_map(|at| at.arg("address").ipv4()).collect();
    Some(VipMember {
        addresses: addresses("address"),
        peers: addresses("peer"),
        priority: at.prop("priority").integer(),
        state: at.prop("state").text(),
        router_id: at.prop("router-id").text(),
        source: at.prop("source").ipv4(),
        settings: settings(at),
        node: at.arg("node").reference(RefKind::Node)?,
        span: at.span(),
    })
}

fn settings(at: At<'_>) -> VrrpSettings {
    VrrpSettings {
        vrid: at.prop("vrid").integer(),
        version: at.prop("version").integer(),
        advert: at.prop("advert").duration(),
        auth: at.prop("auth").reference(RefKind::Secret),
        nopreempt: at.prop("nopreempt").boolean(),
        weight: at.prop("weight").integer(),
        unicast: at.prop("unicast").boolean(),
        interface: at.prop("interface").text(),
        instance: at.prop("instance").text(),
    }
}
