# Every broker is made anew as README.txt says, one at a time, the next when this one is healthy again.
# shellcheck shell=bash disable=SC2154

scenario() {
	settled 60 && load_begin || return 0
	local line host before begin=$SECONDS
	kill -USR1 "$load_pid"
	before=$(brokers_as_they_are)
	for host in $(hosts); do
		readme "$host" 'AFTER A BUILD'
		for line in "${steps[@]}"; do
			case $line in *--force-recreate*) ;; *) continue ;; esac
			verdict "$line" by_hand "$host" "$line"
			verdict "${line##* } is healthy again" within 120 healthy "$(container_of "$host" "${line##* }")"
		done
	done
	verdict 'every broker was made anew' none_of "$before"
	printf 'seconds: rolling restart %s\n' $((SECONDS - begin))
	sleep 3
	load_end all 5 0
}

brokers_as_they_are() {
	containers broker | xargs docker inspect -f '{{.Id}}'
}

none_of() {
	! brokers_as_they_are | grep -xF "$1"
}
