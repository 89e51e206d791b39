# The balancer that holds the VIP and the broker that leads the queue die together.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local leader on
	on=$(holder)
	leader=$(leader_of_queue) || { no 'one broker leads all queues'; return; }
	the_failure crash "$leader" "$on"
	sleep 5
	settled 120 || true
	load_end all "$(after_check 3)" 0
}
