# The notes' mistake: one broker has another cookie. It must not count as joined or healthy, and the
# others must serve. Were this to pass `joined`, that scenario would prove nothing.
# shellcheck shell=bash disable=SC2154

scenario() {
	local container
	odd=$(containers broker | tail -n 1)
	verdict 'AMQP through the entry' amqp --within 240
	# A state to judge: it has started alone (5672 is open, silently), or it has given up.
	verdict "$odd has settled" within 200 odd_settled
	seen 'cookies that differ: the odd broker has not joined' not_joined
	verdict "$odd is not healthy" within 30 last_probe_failed
	for container in $(containers broker); do
		[ "$container" = "$odd" ] || verdict "$container is healthy" within 120 healthy "$container"
	done
	verdict 'ten connections, none to the odd broker' ten_connections
	load_begin || return 0
	the_failure sleep 10
	load_end all 2 0
}

not_joined() {
	! joined "$odd"
}

odd_settled() {
	if docker logs "$odd" 2>&1 | grep 'Server startup complete' >/dev/null; then
		echo 'serves alone'
	elif [ "$(docker inspect -f '{{.RestartCount}}' "$odd")" -gt 0 ]; then
		echo 'gave up, restarted'
	else
		echo 'still starting'
		return 1
	fi
}

# Docker calls it "starting" as long as the start period lasts; the probe's own word counts.
last_probe_failed() {
	docker inspect "$odd" | python3 -c 'import json, sys
state = json.load(sys.stdin)[0]["State"]["Health"]
last = (state["Log"] or [{"ExitCode": 0, "Output": "no probe yet"}])[-1]
print(state["Status"] + ":", last["Output"].strip()[:100])
sys.exit(state["Status"] == "healthy" or last["ExitCode"] == 0)'
}

# Each connection must reach a broker that knows the user; the odd one serves alone if it serves.
ten_connections() {
	local count
	for count in 1 2 3 4 5 6 7 8 9 10; do
		amqp >/dev/null || { echo "connection $count failed"; return 1; }
	done
	docker exec "$odd" timeout 20 rabbitmqctl --quiet list_connections --no-table-headers pid state 2>/dev/null |
		{ ! grep -q running; }
}
