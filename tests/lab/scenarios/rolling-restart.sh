# Every broker is made anew as README.txt says, one at a time, the next when this one is healthy again.
# shellcheck shell=bash disable=SC2154

scenario() {
	settled 60 && load_begin rolling-restart || return 0
	local line host begin=$SECONDS
	kill -USR1 "$load_pid"
	for host in $(hosts); do
		while IFS= read -r line; do
			by_hand "$host" "$line"
			verdict "${line##* } is healthy again" within 120 healthy "$(container_of "$host" "${line##* }")"
		done < <(readme "$host" 'AFTER A BUILD' | grep -- '--no-deps --force-recreate')
	done
	printf 'seconds: rolling restart %s\n' $((SECONDS - begin))
	sleep 3
	load_end all 5 0
}
