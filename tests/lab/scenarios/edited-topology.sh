# The topology is edited and built again, and what README.txt says is done: the new value is in the running programs, no connection broke.
# shellcheck shell=bash disable=SC2154

scenario() {
	settled 60 && load_begin || return 0
	local container host line before
	before=$(started)
	the_failure edit
	for host in $(hosts); do
		readme "$host" 'AFTER A BUILD'
		for line in "${steps[@]}"; do
			case $line in *'kill -HUP'* | *'-s reload'*) verdict "$line" by_hand "$host" "$line" ;; esac
		done
	done
	sleep 3
	for container in $(containers balancer); do
		verdict "$container: HAProxy runs with the new limit" limit_is "$container" 7777
		verdict "$container: the check asks every 4 s" docker exec "$container" grep -q 'inter 4s' /run/hacc/haproxy.cfg
	done
	for container in $(containers edge); do
		verdict "$container: nginx listens on the new port" listens "$container" 5601
	done
	if [ "$before" = "$(started)" ]; then
		ok 'nothing was started anew'
	else
		no 'nothing was started anew'
	fi
	sleep 3
	load_end all 1 0
}

started() {
	{ containers balancer; containers edge; } | xargs docker inspect -f '{{.State.StartedAt}}'
}

edit() {
	sed -i -e 's/check every="5s"/check every="4s"/' -e 's/^\(haproxy .*\) {/\1 maxconn=7777 {/' \
		-e 's/^\( *\)stream "amqp"/\1stream "late" port=5601 to="lb\/amqp"\n&/' "$topology"
	build_tree
}

limit_is() {
	printf 'show info\n' | docker exec -i "$1" socat - UNIX-CONNECT:/run/hacc/haproxy.sock | grep "^Maxconn: $2\$"
}

listens() {
	nsenter -t "$(pid_of "$1")" -n ss -Hltn "sport = :$2" | grep LISTEN
}
