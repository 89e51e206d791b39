# The promise of a build: started in any order, the cluster joins, is healthy and serves.
# shellcheck shell=bash disable=SC2154

scenario() {
	local container vip first_amqp
	# Both are timed from the first `up`, and neither waits for the other.
	first_amqp=$work/first-amqp
	(amqp --within 240 >"$first_amqp" 2>&1 && printf '%s\n' "$SECONDS" >>"$first_amqp.seconds") &
	within 240 joined "$(containers broker | head -n 1)" >/dev/null || true
	joined_after=$SECONDS
	wait "$!" || true
	if [ -s "$first_amqp.seconds" ]; then
		ok 'AMQP through the entry' "$(cat "$first_amqp")"
	else
		no 'AMQP through the entry' "$(cat "$first_amqp")"
	fi
	for container in $(containers broker); do
		verdict "$container has joined" within 60 joined "$container"
	done
	for container in $(everything); do
		verdict "$container is healthy" within 120 healthy "$container"
	done
	for vip in $(vips); do
		verdict "$vip is on one balancer" within 30 one_holder "$vip"
	done
	verdict 'a confirmed message there and back' amqp --message
	verdict 'nothing was started twice' never_restarted
	row joined "$(release_of_tree)" - "$joined_after" - - - - "seconds from up: joined $joined_after, first AMQP $(cat "$first_amqp.seconds" 2>/dev/null || echo never)"
	printf 'seconds from up: joined %s, first AMQP %s\n' "$joined_after" "$(cat "$first_amqp.seconds" 2>/dev/null || echo never)"
}

never_restarted() {
	local container
	for container in $(everything); do
		[ "$(docker inspect -f '{{.RestartCount}}' "$container")" -eq 0 ] || { echo "$container was"; return 1; }
	done
}
