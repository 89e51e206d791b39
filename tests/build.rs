//! `hacc build` and the other commands as processes, at the edges.

#[path = "build/applications.rs"]
mod applications;
#[path = "build/brokers.rs"]
mod brokers;
#[path = "build/check.rs"]
mod check;
#[path = "build/commands.rs"]
mod commands;
#[path = "build/constructions.rs"]
mod constructions;
#[path = "build/consul.rs"]
mod consul;
#[path = "build/fix.rs"]
mod fix;
#[path = "build/fmt.rs"]
mod fmt;
#[path = "build/forms.rs"]
mod forms;
#[path = "build/hostile.rs"]
mod hostile;
#[path = "build/hosts.rs"]
mod hosts;
#[path = "build/keepalived.rs"]
mod keepalived;
#[path = "build/killed.rs"]
mod killed;
#[path = "build/members.rs"]
mod members;
#[path = "build/options.rs"]
mod options;
#[path = "build/output_folder.rs"]
mod output_folder;
#[path = "build/overrides.rs"]
mod overrides;
#[path = "build/readers.rs"]
mod readers;
#[path = "build/same_bytes.rs"]
mod same_bytes;
#[path = "build/second.rs"]
mod second;
#[path = "build/site.rs"]
mod site;
