//! Facts about releases: which has what. Tables are in `stdlib/releases/`, each with its as-of date; there is no clock.

mod conf_keys;
mod features;
mod forms;
mod plugins;
mod series;
mod upgrades;

#[cfg(test)]
pub use conf_keys::releases;
pub use conf_keys::{ConfKey, Takers, near_conf_keys, rabbitmq_conf_key, rabbitmq_conf_plugin, rabbitmq_conf_value};
pub use features::{consul_has, nginx_has, rabbitmq_has};
pub use plugins::{Plugin, near_plugin, rabbitmq_plugin};
pub use series::{SERIES_AS_OF, series_ended};
pub use upgrades::rabbitmq_stops;
