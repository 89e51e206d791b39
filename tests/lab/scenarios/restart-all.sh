# Every container is restarted at once: for a while there is no service, and then all of it by itself, with every message.
# shellcheck shell=bash

scenario() {
	local all
	settled 60 && load_begin restart-all --drain 240 || return 0
	mapfile -t all < <(everything)
	the_failure restart_all "${all[@]}"
	verdict 'all is well again, by itself' settled 240
	sleep 5
	load_end all 150 0
}

restart_all() {
	printf '%s\0' "$@" | xargs -0 -P 16 -n 1 docker restart >/dev/null
}
