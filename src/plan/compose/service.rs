use serde::Serialize;

use crate::system::ContainerClaim;

/// One service of a compose file, in the words of the compose specification.
#[derive(Clone, Debug, Serialize)]
pub(in crate::plan) struct Service {
    pub name: String,
    pub image: String,
    pub build: Option<String>,
    pub container_name: String,
    pub hostname: String,
    pub user: Option<&'static str>,
    pub init: bool,
    pub entrypoint: Option<Vec<&'static str>>,
    pub command: Option<Vec<&'static str>>,
    pub stop_signal: Option<&'static str>,
    pub restart: &'static str,
    pub stop_grace_period: String,
    pub cap_drop: Vec<&'static str>,
    pub cap_add: Vec<&'static str>,
    pub sysctls: Vec<Sysctl>,
    pub nofile: i64,
    pub mem_limit: Option<u64>,
    pub environment: Vec<Variable>,
    /// A file of further variables, whose values are secrets.
    pub env_file: Option<String>,
    pub network_mode: Option<&'static str>,
    pub networks: Vec<ServiceNetwork>,
    pub extra_hosts: Vec<ExtraHost>,
    pub ports: Vec<String>,
    pub volumes: Vec<String>,
    pub tmpfs: Vec<&'static str>,
    pub healthcheck: Option<Healthcheck>,
    pub log: Log,
    /// Named volumes of this service: key and name.
    #[serde(skip)]
    pub named_volumes: Vec<(String, String)>,
}

impl Service {
    /// Adds to what the container's root may do; the list stays in order.
    pub(in crate::plan) fn add_capabilities(&mut self, names: &[&'static str]) {
        self.cap_add.extend(names);
        self.cap_add.sort_unstable();
        self.cap_add.dedup();
    }
}

/// A kernel setting of the container's network namespace.
#[derive(Clone, Debug, Serialize)]
pub(in crate::plan) struct Sysctl {
    pub name: &'static str,
    pub value: &'static str,
}

/// An environment variable.
#[derive(Clone, Debug, Serialize)]
pub(in crate::plan) struct Variable {
    pub name: String,
    pub value: String,
}

/// The address of a service on a network.
#[derive(Clone, Debug, Serialize)]
pub(in crate::plan) struct ServiceNetwork {
    pub name: String,
    pub address: Option<String>,
}

/// A line of the container's `/etc/hosts`.
#[derive(Clone, Debug, Serialize)]
pub(in crate::plan) struct ExtraHost {
    pub name: String,
    pub address: String,
}

/// How Docker asks for the health of a container.
#[derive(Clone, Debug, Serialize)]
pub(in crate::plan) struct Healthcheck {
    pub test: Vec<&'static str>,
    pub interval: &'static str,
    pub timeout: &'static str,
    pub retries: u32,
    pub start_period: &'static str,
}

/// Log rotation, as Docker writes it.
#[derive(Clone, Debug, Serialize)]
pub(in crate::plan) struct Log {
    pub size: String,
    pub files: String,
}

impl Log {
    /// What is claimed for a container.
    pub(in crate::plan) fn of(claim: Option<&ContainerClaim>) -> Self {
        let size = claim.and_then(|claim| claim.log_size.known()).copied().unwrap_or_default();
        let files = claim.and_then(|claim| claim.log_files.known()).copied().unwrap_or(1);
        // Of a log file, a k is 1000 bytes to Docker.
        let size = match size {
            size if size > 0 && size % 1_000_000 == 0 => format!("{}m", size / 1_000_000),
            size if size > 0 && size % 1_000 == 0 => format!("{}k", size / 1_000),
            size => size.to_string(),
        };
        Self { size, files: files.to_string() }
    }
}
