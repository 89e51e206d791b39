# keepalived dies on the balancer that holds the VIP: no goodbye to its peer, which waits three advert intervals.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local on pids
	on=$(holder)
	mapfile -t pids < <(processes "$on" keepalived)
	the_failure kill -KILL "${pids[@]}"
	sleep 12
	# Three advert intervals, the skew, and HAProxy's end.
	load_end all 4.5 0
	verdict "$on is back" within 60 healthy "$on"
}
