# The notes' mistake: the balancers disagree on the VRID. Were "the VIP is on one balancer" to hold here, that check would prove nothing.
# shellcheck shell=bash disable=SC2154

scenario() {
	local vip
	vip=$(vips | head -n 1)
	seen "two VRIDs for one VIP: both balancers hold it" within 60 two_holders "$vip"
	if one_holder "$vip" >/dev/null; then no 'and the check of the other scenarios notices'; else ok 'and the check of the other scenarios notices'; fi
}

two_holders() {
	local have
	have=$(holders "$1" | paste -sd ' ')
	printf '%s\n' "${have:-nobody}"
	[ "$(wc -w <<<"$have")" -ge 2 ]
}
