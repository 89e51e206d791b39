# A preferred balancer that takes the VIP back (nopreempt is off) gets it when it returns: what equal-priorities must not show.
# shellcheck shell=bash disable=SC2154

scenario() {
	verdict 'the preferred balancer takes the VIP when it returns' returns
}

# The one that is preferred in both topologies has the lower address, so that equal priorities do not favour it.
returns() {
	local lower other vip
	vip=$(vips | head -n 1)
	lower=$(containers balancer | grep 'lb2$') other=$(containers balancer | grep 'lb3$')
	within 60 one_holder "$vip" >/dev/null || { echo 'nobody holds the VIP at first'; return 2; }
	docker stop "$lower" >/dev/null
	within 20 held_by "$other" >/dev/null || { echo 'the other does not take it'; return 2; }
	docker start "$lower" >/dev/null
	within 60 healthy "$lower" >/dev/null || { echo 'it does not come back'; return 2; }
	within 10 held_by "$lower"
}

held_by() {
	holder
	[ "$(holder)" = "$1" ]
}
