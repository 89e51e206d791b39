# What a scenario can use: the facts of the tree, the cluster's state, and verdicts.
# shellcheck shell=bash disable=SC2154
# $tree (the copy that runs), $facts (see tree.py), $compose, $seed and the entry's user and
# password are set by `run`.

passed=${passed:-0}
failed=${failed:-0}

# ok WHAT / no WHAT REASON: one line of the table.
ok() {
	passed=$((passed + 1))
	printf 'ok   %-52s %s\n' "$1" "${2-}"
}
no() {
	failed=$((failed + 1))
	printf 'FAIL %-52s %s\n' "$1" "${2-}"
}

# verdict WHAT COMMAND…: ok when the command succeeds; its last line is shown.
verdict() {
	local what=$1 said
	shift
	if said=$("$@" 2>&1); then
		ok "$what" "$(tail -n 1 <<<"$said")"
	else
		no "$what" "$(tail -n 1 <<<"$said")"
	fi
}

# within SECONDS COMMAND…: again every half second until it succeeds. Shows the last words.
within() {
	local end=$((SECONDS + $1)) said
	shift
	while ! said=$("$@" 2>&1); do
		if [ "$SECONDS" -ge "$end" ]; then
			printf '%s\n' "$said"
			return 1
		fi
		sleep 0.5
	done
	printf '%s\n' "$said"
}

# containers KIND: broker, balancer, edge, server (Consul) or other.
containers() {
	awk -F '\t' -v kind="$1" '$1 == "service" && $5 == kind { print $4 }' "$facts"
}

everything() {
	awk -F '\t' '$1 == "service" { print $4 }' "$facts"
}

fact() { # fact NAME CONTAINER: its values, one a line
	awk -F '\t' -v name="$1" -v container="$2" '$1 == name && $2 == container { print $3 }' "$facts"
}

folder_of() {
	awk -F '\t' -v container="$1" '$1 == "service" && $4 == container { print $6 }' "$facts"
}

# Runs Compose in a host's folder as the user of the run, with no environment of ours.
host_compose() {
	local host=$1
	shift
	(cd "$tree/$host" && as_user env -i PATH="$PATH" HOME="$home" "$compose" "$@")
}

as_user() {
	if [ "$run_as" = root ]; then
		"$@"
	else
		setpriv --reuid "$run_as" --regid "$run_as" --groups "$(stat -c %g /var/run/docker.sock)" "$@"
	fi
}

health() {
	docker inspect -f '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$1"
}

# healthy CONTAINER
healthy() {
	local is
	is=$(health "$1")
	printf '%s\n' "$is"
	[ "$is" = healthy ] || [ "$is" = running ]
}

# sees CONTAINER: the nodes that the broker says are running, and the disc and ram members.
sees() {
	docker exec "$1" timeout 20 rabbitmqctl --quiet cluster_status --formatter json |
		python3 -c 'import json, sys
status = json.load(sys.stdin)
members = status.get("disk_nodes", []) + status.get("ram_nodes", [])
print(" ".join(sorted(status["running_nodes"])), "of", " ".join(sorted(members)))'
}

# joined CONTAINER: it runs with exactly the nodes that it declares, and they are its members.
joined() {
	local all is
	all=$(fact member "$1" | sort | paste -sd ' ')
	is=$(sees "$1")
	printf '%s\n' "$is"
	[ -n "$all" ] && [ "$is" = "$all of $all" ]
}

# holders ADDRESS: the running balancers that have the address, read from outside the container.
holders() {
	local container pid
	for container in $(containers balancer); do
		pid=$(docker inspect -f '{{.State.Pid}}' "$container" 2>/dev/null) || continue
		[ "$pid" -gt 0 ] || continue
		if nsenter -t "$pid" -n ip -o addr show | grep -F " $1/" >/dev/null; then
			printf '%s\n' "$container"
		fi
	done
}

# one_holder ADDRESS
one_holder() {
	local have
	have=$(holders "$1" | paste -sd ' ')
	printf '%s\n' "${have:-nobody}"
	[ -n "$have" ] && [ "${have#* }" = "$have" ]
}

vips() {
	awk -F '\t' '$1 == "vip" { print $3 }' "$facts" | sort -u
}

# amqp [OPTION…]: a handshake through the first published port of the edge.
amqp() {
	AMQP_PASSWORD=$password python3 "$here/amqp.py" "$entry_address" "$entry_port" "$user" "$@"
}

# start_all: every service of every host, in an order that the seed gives, or all of a host at once, as its README says.
# The images are there.
start_all() {
	local host name
	if [ "$together" -eq 1 ]; then
		for host in $(hosts); do
			host_compose "$host" up -d </dev/null >>"$work/compose.log" 2>&1 ||
				{ tail -n 20 "$work/compose.log" >&2; return 1; }
		done
		return
	fi
	while IFS=$'\t' read -r host name; do
		host_compose "$host" up -d --no-deps --no-build "$name" </dev/null >>"$work/compose.log" 2>&1 ||
			{ tail -n 20 "$work/compose.log" >&2; return 1; }
	done < <(ordered)
}

# ordered: host and service, shuffled by the seed.
ordered() {
	awk -F '\t' -v seed="$seed" 'BEGIN { srand(seed) } $1 == "service" { printf "%.9f\t%s\t%s\n", rand(), $2, $3 }' \
		"$facts" | sort | cut -f2-
}
