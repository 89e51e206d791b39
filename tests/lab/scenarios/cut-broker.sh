# The network of the broker that leads the queue is cut for 100 s (every packet dropped, nobody told), and healed.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin cut-broker || return 0
	local leader
	leader=$(leader_of_queue)
	the_failure cut_off "$leader"
	sleep 100
	heal "$leader"
	verdict "$leader is back" within 120 healthy "$leader"
	sleep 3
	load_end quorum "$(after_check 11)" 0 mirrored 90 0
}
