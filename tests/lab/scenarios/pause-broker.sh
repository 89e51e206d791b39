# Every process of the broker that leads the queue is stopped for 100 s: its kernel still accepts connections.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin pause-broker || return 0
	local leader
	leader=$(leader_of_queue)
	the_failure docker pause "$leader" >/dev/null
	sleep 100
	docker unpause "$leader" >/dev/null
	verdict "$leader is back" within 120 healthy "$leader"
	sleep 3
	load_end quorum "$(after_check 11)" 0 mirrored 90 0
}
