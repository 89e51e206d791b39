use crate::source::{Span, Spanned};
use crate::system::{CheckClaim, Fact, GarpClaim, TrackClaim};
use crate::topology::{Track, Tracked, Tried, VrrpSettings};

use super::written_or;

/// What is said of VRRP for all members of a VIP, and what one of them says for itself.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub all: &'a VrrpSettings,
    pub own: &'a VrrpSettings,
    /// The declaration for which the rest is chosen.
    pub at: Span,
}

impl<'a> Said<'a> {
    /// The member's own word, else the one for all.
    pub fn of<T: 'a>(self, pick: impl Fn(&'a VrrpSettings) -> Option<&'a T>) -> Option<&'a T> {
        pick(self.own).or_else(|| pick(self.all))
    }

    /// The same, else hacc's choice.
    pub fn or<T: Clone + 'a>(
        self,
        pick: impl Fn(&'a VrrpSettings) -> Option<&'a Spanned<T>>,
        choice: T,
        why: &'static str,
    ) -> Fact<T> {
        setting(self.of(pick), choice, why, self.at)
    }

    /// The same, else nothing.
    pub fn or_absent<T: Clone + 'a>(
        self,
        pick: impl Fn(&'a VrrpSettings) -> Option<&'a Spanned<T>>,
        row: &'static str,
    ) -> Fact<T> {
        written_or_absent(self.of(pick), row)
    }

    /// Whether HAProxy is checked.
    pub fn checked(self) -> Fact<bool> {
        let Tried { every, timeout, fall, rise } = &self.own.check.tried;
        // A member that says how it checks does check, whatever the others do.
        let times = [every, timeout].map(|of| of.as_ref().map(|of| of.span));
        let counts = [fall, rise].map(|of| of.as_ref().map(|of| of.span));
        let script = self.own.check.script.as_ref().map(|of| of.span);
        let how = times.into_iter().chain(counts).chain([script]).flatten().next();
        let own = self.own.check.switch.or_else(|| how.map(|span| Spanned::new(true, span)));
        setting(own.as_ref().or(self.all.check.switch.as_ref()), true, "a dead HAProxy serves nobody", self.at)
    }

    /// The check of HAProxy, piece by piece.
    pub fn check(self) -> CheckClaim {
        let script = self.or_absent(|of| of.check.script.as_ref(), "script");
        let weight = weight(self.of(|of| of.weight.as_ref()), self.at);
        tried(&self.all.check.tried, &self.own.check.tried, script, weight, self.at)
    }

    /// What else is tracked: the member's own list, else the one for all.
    pub fn tracks(self) -> Vec<TrackClaim> {
        let list = if self.own.tracks.is_empty() { &self.all.tracks } else { &self.own.tracks };
        let claim = |track: &Track| {
            let name = Fact::written(track.name.value.clone(), track.name.span);
            let weight = weight(track.weight.as_ref(), self.at);
            let is_tried = track.what == Tracked::Script;
            let by_itself = Tried::default();
            let tried = || tried(&by_itself, &track.tried, name.clone(), weight.clone(), track.span);
            TrackClaim { what: track.what, tried: is_tried.then(tried), name, weight, span: track.span }
        };
        list.iter().map(claim).collect()
    }

    /// How the addresses are announced.
    pub fn garp(self) -> GarpClaim {
        GarpClaim {
            delay: self.or_absent(|of| of.garp.delay.as_ref(), "garp_master_delay"),
            repeat: self.or_absent(|of| of.garp.repeat.as_ref(), "garp_master_repeat"),
            refresh: self.or_absent(|of| of.garp.refresh.as_ref(), "garp_master_refresh"),
        }
    }
}

/// What is written, else hacc's choice.
pub(super) fn setting<T: Clone>(written: Option<&Spanned<T>>, choice: T, why: &'static str, at: Span) -> Fact<T> {
    written_or(written, choice, "keepalived", why, at)
}

/// What is written, else nothing.
pub(super) fn written_or_absent<T: Clone>(written: Option<&Spanned<T>>, row: &'static str) -> Fact<T> {
    match written {
        Some(written) => Fact::written(written.value.clone(), written.span),
        None => Fact::absent("keepalived", row),
    }
}

fn weight(written: Option<&Spanned<i64>>, at: Span) -> Fact<i64> {
    setting(written, 0, "without a weight a failure is FAULT, which always moves the VIP", at)
}

fn tried(all: &Tried, own: &Tried, script: Fact<String>, weight: Fact<i64>, at: Span) -> CheckClaim {
    let every = setting(own.every.as_ref().or(all.every.as_ref()), 1_000, "a dead HAProxy is noticed soon", at);
    let timeout = own.timeout.as_ref().or(all.timeout.as_ref());
    CheckClaim {
        timeout: match every.known() {
            Some(every) if timeout.is_none() => Fact::chosen(*every, "keepalived", "no try hides the next one", at),
            _ => written_or_absent(timeout, "timeout"),
        },
        fall: setting(own.fall.as_ref().or(all.fall.as_ref()), 2, "one hiccup moves nothing", at),
        rise: setting(own.rise.as_ref().or(all.rise.as_ref()), 2, "one answer is not health", at),
        script,
        every,
        weight,
    }
}
