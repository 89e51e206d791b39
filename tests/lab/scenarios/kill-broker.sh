# The broker that leads the queue dies at once and starts again.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin kill-broker || return 0
	local leader
	leader=$(leader_of_queue)
	the_failure crash "$leader"
	sleep 20
	verdict "$leader is back" within 120 healthy "$leader"
	sleep 3
	load_end all "$(after_check 1)" 0
}
