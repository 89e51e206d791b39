//! The registry: one line a rule, in alphabetical order.

use super::Rule;

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// Every rule, in alphabetical order.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    address_duplicate,
    address_outside_subnet,
    advert_mismatch,
    auth_ignored,
    auth_mismatch,
    auth_truncated,
    bootstrap_expect_mismatch,
    bridge_and_host_network,
    brokers_apart,
    check_out_of_range,
    cookie_drift,
    datacenter_mismatch,
    env_path_relative,
    equal_priorities,
    even_servers,
    fail_timeout_ignored,
    follow_by_name_too_old,
    gossip_key_drift,
    gossip_key_form,
    host_port_duplicate,
    init_path_unusable,
    key_without_effect,
    limit_out_of_range,
    network_on_another_host,
    policy_rejected_by_version,
    poll_interval_too_short,
    poll_timeout_too_short,
    port_listened_twice,
    port_out_of_range,
    priority_out_of_range,
    public_subnet,
    publish_on_host_network,
    ram_node_removed,
    registration_missing,
    registration_out_of_range,
    registration_unread,
    registry_key_form,
    registry_key_mismatch,
    registry_key_shared,
    release_too_old,
    secret_literal,
    server_name_duplicate,
    server_name_form,
    servers_apart,
    setting_conflict,
    single_member_vip,
    timeout_zero,
    unicast_mismatch,
    unknown_rabbitmq_key,
    unreachable_target,
    unused_allow,
    upsync_without_module,
    vip_declared_twice,
    vip_in_docker_pool,
    vip_list_mismatch,
    vip_members_apart,
    vip_never_moves,
    vrid_duplicate,
    vrid_mismatch,
    vrid_out_of_range,
    vrrp_address_of_nobody,
    vrrp_out_of_range,
    vrrp_version_mismatch,
    weight_out_of_range,
}
