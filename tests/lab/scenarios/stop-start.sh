# Everything is stopped, one after the other, and started in another order.
# shellcheck shell=bash disable=SC2154

scenario() {
	settled 60 && load_begin --drain 240 || return 0
	the_failure stop_in_order
	local name host seed=$((seed + 1))
	while IFS=$'\t' read -r host name; do
		host_compose "$host" start "$name" </dev/null >>"$work/compose.log" 2>&1
	done < <(ordered)
	settled 240 || true
	sleep 5
	load_end all 240 0
}

stop_in_order() {
	local name host
	while IFS=$'\t' read -r host name; do
		host_compose "$host" stop "$name" </dev/null >>"$work/compose.log" 2>&1
	done < <(ordered)
}
