# The broker that leads the queue dies at once and starts again.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local leader
	leader=$(leader_of_queue) || { no 'one broker leads all queues'; return; }
	the_failure crash "$leader"
	sleep 5
	settled 120 || true
	load_end all "$(after_check 1)" 0
}
