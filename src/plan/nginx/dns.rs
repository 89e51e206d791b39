use serde::Serialize;

use crate::system::FollowClaim;

use super::super::Planner;

/// How an upstream follows a Consul service by name (nginx 1.27.3 and newer).
#[derive(Serialize)]
pub(super) struct Dns {
    /// `ADDRESS:PORT` of each Consul server's DNS.
    resolvers: Vec<String>,
    /// How long an answer holds. Consul's own TTL is 0.
    valid: String,
    /// The service: the application's name, which is what its registration calls it.
    service: String,
}

impl Planner<'_> {
    pub(super) fn dns(&self, follow: &FollowClaim) -> Dns {
        // nginx takes whole seconds here.
        let seconds = follow.interval.known().copied().unwrap_or_default().div_ceil(1000).max(1);
        Dns {
            resolvers: self.registry_servers(follow.unit, follow.registry, "dns"),
            valid: format!("{seconds}s"),
            service: self.system.components[follow.of].name.value.clone(),
        }
    }
}
