# The whole container that holds the VIP dies at once, with no goodbye: the VIP moves, and does not move again when it is back (nopreempt).
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local on now
	on=$(holder)
	the_failure crash "$on"
	sleep 5
	settled 60 || true
	now=$(holder)
	if [ -n "$now" ] && [ "$now" != "$on" ]; then ok 'the VIP has moved, once' "$on to $now"; else no 'the VIP has moved, once' "$on to ${now:-nobody}"; fi
	# Three advert intervals, the skew, and a second.
	load_end all 4.5 0
}
