# The power fails: every container dies in the same moment, and all start together.
# shellcheck shell=bash

scenario() {
	local all
	settled 60 && load_begin --drain 240 || return 0
	mapfile -t all < <(everything)
	the_failure crash "${all[@]}"
	settled 240 || true
	sleep 5
	# A mirrored queue has told the disks nothing of the last messages when it confirmed them to others: they are counted.
	load_end quorum 150 0 mirrored 150 any
}
