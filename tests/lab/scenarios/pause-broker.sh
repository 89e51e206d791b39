# Every process of the broker that leads the queue is stopped for 45 s, longer than its peers wait for a word: its kernel still accepts
# connections. Then it goes on, and must not stay apart from the others.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local leader
	leader=$(leader_of_queue) || { no 'one broker leads all queues'; return; }
	the_failure docker pause "$leader" >/dev/null
	sleep 45
	docker unpause "$leader" >/dev/null
	sleep 3
	settled 120 || true
	load_end all "$(after_ticks 10)" 0
}
