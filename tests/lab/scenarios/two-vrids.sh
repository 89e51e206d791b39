# Negative control: the balancers disagree on the VRID, so both take the VIP. Were this to pass
# "the VIP is on one balancer", that check would prove nothing.
# shellcheck shell=bash disable=SC2154

prepare() {
	local container
	container=$(containers balancer | head -n 1)
	sed -i 's/virtual_router_id .*/virtual_router_id 199/' "$(folder_of "$container")/keepalived.conf"
}

scenario() {
	local vip
	vip=$(vips | head -n 1)
	verdict "$vip is on two balancers" within 60 two_holders "$vip"
	if one_holder "$vip" >/dev/null; then no 'and that is noticed'; else ok 'and that is noticed'; fi
}

two_holders() {
	local have
	have=$(holders "$1" | paste -sd ' ')
	printf '%s\n' "${have:-nobody}"
	[ "$(wc -w <<<"$have")" -ge 2 ]
}
