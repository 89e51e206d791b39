# The balancer that holds the VIP is stopped in order.
# shellcheck shell=bash

scenario() {
	settled 60 && load_begin || return 0
	local on
	on=$(holder)
	the_failure docker stop "$on" >/dev/null
	sleep 5
	docker start "$on" >/dev/null
	sleep 5
	load_end all 1.5 0
	verdict "$on is back" within 60 healthy "$on"
}
