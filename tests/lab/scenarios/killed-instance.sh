# However an instance or its register ends, Consul soon has what is true, and a restart brings it back.
# shellcheck shell=bash disable=SC2154
# shellcheck source=tests/lab/lib/registry.sh
. "$here/lib/registry.sh"

scenario() {
	local one two ttl leader
	one=$(instances | sed -n 1p) two=$(instances | sed -n 2p)
	for container in $(instances); do
		within 120 registered "$container" >/dev/null || { no "$container is registered at first"; return; }
	done
	ttl=$(of_register ttl "$two")
	ttl=${ttl%s}

	docker kill "$one" >/dev/null
	timed "$one killed: its key is gone" 13 gone "$one"
	verdict "$two keeps its key" registered "$two"
	docker start "$one" >/dev/null
	timed "$one started again: it is back" 30 registered "$one"

	docker kill "$two" "$two-register" >/dev/null
	timed "$two and its register killed: gone by TTL" $((2 * ttl + 3)) gone "$two"
	docker start "$two" "$two-register" >/dev/null
	timed "$two and its register started again: it is back" 30 registered "$two"

	kill -KILL "$(docker inspect -f '{{.State.Pid}}' "$two-register")"
	verdict "$two: its register dies and comes back, the key stays" steady $((2 * ttl + 3)) registered "$two"

	docker stop "$two-register" >/dev/null
	verdict "$two: its register is stopped, the key is gone" gone "$two"
	docker start "$two-register" >/dev/null
	timed "$two: its register is started, it is back" 30 registered "$two"

	leader=$(leader_of "$two")
	docker kill "$leader" >/dev/null
	verdict "$leader, which led, is killed: every key is there within a while" within 30 all_registered
	verdict 'and stays' steady $((2 * ttl + 3)) all_registered
	docker start "$leader" >/dev/null
	verdict "$leader is back" within 60 healthy "$leader"
	for container in $(instances); do
		verdict "$container: its register is healthy" within 60 healthy "$container-register"
	done
}

all_registered() {
	local container
	for container in $(instances); do registered "$container" || return; done
}

# leader_of INSTANCE: the container of the Consul server that leads.
leader_of() {
	local server leader='' container
	for server in $(of_register servers "$1"); do
		leader=$(curl -s -m 3 "http://$server/v1/status/leader" | tr -d '"') && break
	done
	for container in $(everything); do
		if docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$container" | grep -F "${leader%:*} " >/dev/null; then
			printf '%s\n' "$container"
			return
		fi
	done
}
