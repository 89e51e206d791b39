//! Facts about releases: which has what. Tables are in `stdlib/releases/`, each with its as-of date; there is no clock.

mod conf_keys;
mod features;

#[cfg(test)]
pub use conf_keys::releases;
pub use conf_keys::{ConfKey, Takers, near_conf_keys, rabbitmq_conf_key};
pub use features::{consul_has, rabbitmq_has};
