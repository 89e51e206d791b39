# The notes' mistake: one broker has another cookie. It must not count as joined or healthy, and the
# others must serve. Were this to pass `joined`, that scenario would prove nothing.
# shellcheck shell=bash disable=SC2154

scenario() {
	local container
	odd=$(containers broker | tail -n 1)
	verdict 'AMQP through the entry' amqp --within 240
	# Up to 3.12 it starts alone after a while (5672 is open, silently), from 3.13 on it looks for a second broker for many minutes. What is
	# judged below holds for either.
	printf 'the odd broker: %s\n' "$(within 150 odd_settled | tail -n 1 || true)"
	seen 'cookies that differ: the odd broker has not joined' not_joined
	verdict "$odd is not healthy" within 30 last_probe_failed
	for container in $(containers broker); do
		[ "$container" = "$odd" ] || verdict "$container is healthy" within 120 healthy "$container"
	done
	load_begin || return 0
	the_failure sleep 10
	load_end all 2 0
	verdict 'clients were at the others, and none at the odd broker' none_at_the_odd_one
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

# It has the same users: were a client sent to it, it would be served, by an empty broker.
none_at_the_odd_one() {
	local container
	for container in $(containers broker); do
		echo "$container: $(docker logs "$container" 2>&1 | grep -c 'accepting AMQP connection' || true) connections"
	done >"$work/connections"
	paste -sd ' ' "$work/connections"
	grep -x "$odd: 0 connections" "$work/connections" >/dev/null && [ "$(grep -c ': 0 connections$' "$work/connections")" -eq 1 ]
}
