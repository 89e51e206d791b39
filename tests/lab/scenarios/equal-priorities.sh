# The notes' mistake: nothing decides between the two. The balancer that preferred.sh sees taking the VIP does not get it here.
# shellcheck shell=bash disable=SC2154

# shellcheck source=tests/lab/scenarios/preferred.sh
. "$here/scenarios/preferred.sh"

scenario() {
	seen 'equal priorities: the VIP is with whoever started first' never_returns
}

never_returns() {
	local code=0
	returns || code=$?
	[ "$code" -eq 1 ]
}
