# HAProxy dies on the balancer that holds the VIP.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local on pids
	on=$(holder)
	mapfile -t pids < <(processes "$on" haproxy)
	the_failure kill -KILL "${pids[@]}"
	sleep 10
	load_end all 3 0
	verdict "$on is back" within 60 healthy "$on"
}
