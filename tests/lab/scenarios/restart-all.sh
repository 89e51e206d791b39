# Every container is restarted at once: for a while there is no service, and then all of it by itself, with every message.
# shellcheck shell=bash

scenario() {
	local all
	settled 60 && load_begin --drain 240 || return 0
	mapfile -t all < <(everything)
	the_failure restart_all "${all[@]}"
	settled 240 || true
	sleep 5
	load_end all 150 0
}

restart_all() {
	printf '%s\0' "$@" | xargs -0 -P 16 -n 1 docker restart >/dev/null
}
