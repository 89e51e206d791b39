# The notes' mistake: weight -2 against a gap of 5. HAProxy hangs on the holder, the check fails, and the VIP stays on the dead service.
# What hang-haproxy shows of a tree without it must not be seen here.
# shellcheck shell=bash disable=SC2154

scenario() {
	local on pids vip
	vip=$(vips | head -n 1)
	verdict "$vip is on one balancer at first" within 60 one_holder "$vip"
	for on in $(containers balancer); do verdict "$on is healthy at first" within 60 healthy "$on"; done
	on=$(holder)
	verdict 'HAProxy answers at the VIP at first' within 10 answers_at "$on"
	mapfile -t pids < <(processes "$on" haproxy)
	kill -STOP "${pids[@]}"
	sleep 12
	if answers_at "$on" >/dev/null 2>&1; then no 'HAProxy hangs'; else ok 'HAProxy hangs'; fi
	seen 'a weight below the gap: the VIP stays where the service is dead' is "$on" "$(holder)"
	kill -CONT "${pids[@]}" 2>/dev/null || true
}

# The balancer's own check, from outside: keepalived asks the same.
answers_at() { docker exec "$1" /etc/hacc/check; }

is() {
	printf '%s\n' "$2"
	[ "$1" = "$2" ]
}
