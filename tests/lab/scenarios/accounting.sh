# The account must be able to say no: one message of each queue is taken away and forgotten, one is published twice.
# shellcheck shell=bash disable=SC2154

scenario() {
	settled 60 && load_begin --steal 1 --repeat 1 --drain 5 || return 0
	local kind lost duplicated
	sleep 3
	kill -TERM "$load_pid"
	load_ends || return 0
	while IFS=$'\t' read -r kind _ _ lost duplicated _; do
		if [ "$lost" -eq 1 ]; then ok "$kind: the message that was taken away is missed"; else no "$kind: one was taken away" "$lost missed"; continue; fi
		if [ "$duplicated" -eq 1 ]; then ok "$kind: the second copy is seen"; else no "$kind: one was published twice" "$duplicated seen"; continue; fi
		row "$current" "$(release_of_tree)" "$kind" - - - "$lost" "$duplicated" 'seen: one taken away, one sent twice'
	done <"$load/out"
}
