# The network of the broker that leads the queue is cut for 45 s (every packet dropped, nobody told), and healed.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local leader
	leader=$(leader_of_queue) || { no 'one broker leads all queues'; return; }
	the_failure cut_off "$leader"
	sleep 45
	heal "$leader"
	sleep 3
	settled 120 || true
	load_end all "$(after_ticks 10)" 0
}
