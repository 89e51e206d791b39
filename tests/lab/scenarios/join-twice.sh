# Every join script at the same time, twice, while clients work: nothing to do, and nothing felt.
# shellcheck shell=bash disable=SC2154

scenario() {
	settled 60 && load_begin || return 0
	the_failure join_all
	for container in $(containers broker); do
		verdict "$container: its join script found nothing to do" no_trouble "$work/join.$container"
	done
	sleep 2
	load_end all 2 0
	settled 30 || true
}

join_all() {
	local round container pids
	for round in 1 2; do
		pids=()
		for container in $(containers broker); do
			{ docker exec "$container" /etc/hacc/join && echo "round $round: well"; } >>"$work/join.$container" 2>&1 &
			pids+=($!)
		done
		wait "${pids[@]}" || true
	done
}

no_trouble() {
	cat "$1"
	[ "$(grep -c ': well$' "$1")" -eq 2 ]
}
