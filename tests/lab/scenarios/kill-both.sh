# The balancer that holds the VIP and the broker that leads the queue die together.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin kill-both || return 0
	local leader on
	leader=$(leader_of_queue) on=$(holder)
	the_failure crash "$leader" "$on"
	sleep 20
	verdict "$leader is back" within 120 healthy "$leader"
	verdict "$on is back" within 60 healthy "$on"
	sleep 3
	load_end all "$(after_check 3)" 0
}
