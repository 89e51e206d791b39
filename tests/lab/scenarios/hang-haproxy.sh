# HAProxy on the VIP's holder hangs: its process is there, its port accepts, and nothing answers.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local on pids
	on=$(holder)
	mapfile -t pids < <(processes "$on" haproxy)
	the_failure kill -STOP "${pids[@]}"
	sleep 15
	kill -CONT "${pids[@]}" 2>/dev/null || true
	sleep 5
	# Two checks of one second, and clients that notice a silent connection by themselves: see docs/lab.md.
	load_end all 12.5 0
	verdict "$on is back" within 60 healthy "$on"
}
