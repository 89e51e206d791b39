# Clients that work while something fails, and the account of their messages: one row of the table a queue.
# shellcheck shell=bash disable=SC2154
# $current is the scenario; $table is the file of rows: scenario, release, queue, outage, bound, confirmed, lost, duplicated, verdict.

# kinds: the queues that the tree is made for: quorum, and mirrored where a policy mirrors.
kinds() {
	local definitions
	definitions=$(folder_of "$(containers broker | head -n 1)")/definitions.json
	printf 'quorum\n'
	! grep -q '"ha-mode"' "$definitions" || printf 'mirrored\n'
}

# release_of_tree: what stands in the table, RabbitMQ's version.
release_of_tree() {
	docker inspect -f '{{.Config.Image}}' "$(containers broker | head -n 1)" | sed 's/.*:\([0-9.]*\).*/\1/'
}

# load_begin [OPTION…]: clients that have published and consumed when this returns. Fails when they cannot.
load_begin() {
	local kind queues=()
	load=$work/load/$current
	rm -rf "$load"
	mkdir -p "$load"
	for kind in $(kinds); do queues+=(--queue "$kind=lab-$kind-$current"); done
	AMQP_PASSWORD=$password python3 "$here/client/load.py" --entry "$entry_address:$entry_port" --user "$user" "${queues[@]}" \
		--state "$load/state" --out "$load/out" --trace "$load/trace" "$@" 2>"$load/errors" &
	load_pid=$!
	while [ ! -s "$load/state" ]; do
		if ! kill -0 "$load_pid" 2>/dev/null; then
			no 'clients publish and consume at first' "$(tail -n 1 "$load/errors")"
			return 1
		fi
		sleep 0.1
	done
	# A quorum queue is in no table on disk in the first half second of its life (docs/lab.md).
	sleep 3
}

# the_failure COMMAND…: what goes wrong; what is measured counts from its beginning.
the_failure() {
	kill -USR1 "$load_pid"
	sleep 0.2
	"$@"
}

# load_end [KIND BOUND LOST]…: the clients end, and the account is judged: at most BOUND seconds without a confirmed publish, and at
# most LOST confirmed messages lost ("any": seen, not judged).
load_end() {
	local kind outage confirmed lost duplicated foreign connections bound most verdict what
	kill -TERM "$load_pid"
	load_ends || return 0
	while IFS=$'\t' read -r kind outage confirmed lost duplicated foreign connections; do
		read -r bound most < <(bounds_of "$kind" "$@")
		verdict=held
		at_most "$outage" "$bound" || verdict="outage over $bound s"
		[ "$most" = any ] || [ "$lost" -le "$most" ] || verdict="$lost lost"
		[ "$foreign" -eq 0 ] || verdict="$foreign of nobody"
		row "$current" "$(release_of_tree)" "$kind" "$outage" "$bound" "$confirmed" "$lost" "$duplicated" "$verdict"
		what="$kind: $outage s of at most $bound, $confirmed confirmed, $lost lost, $duplicated twice, $connections connections"
		if [ "$verdict" = held ]; then ok "$current, $kind" "$what"; else
			no "$current, $kind" "$verdict: $what"
			grep -v " connected$" "$load/trace" | tail -n 40
		fi
	done <"$load/out"
}

# load_ends: waits for the account.
load_ends() {
	local code=0
	wait "$load_pid" || code=$?
	load_pid=''
	[ "$code" -eq 0 ] || { no 'the clients have written their account' "$(tail -n 1 "$load/errors")"; return 1; }
}

bounds_of() {
	local kind=$1
	shift
	while [ $# -ge 3 ]; do
		if [ "$1" = "$kind" ] || [ "$1" = all ]; then
			printf '%s %s\n' "$2" "$3"
			return
		fi
		shift 3
	done
	printf '0 0\n'
}

at_most() {
	[ "$2" = - ] || awk -v is="$1" -v most="$2" 'BEGIN { exit !(is <= most) }'
}

# row SCENARIO RELEASE QUEUE OUTAGE BOUND CONFIRMED LOST DUPLICATED VERDICT
row() {
	local IFS=$'\t'
	printf '%s\n' "$*" >>"$table"
}

# seen WHAT COMMAND…: of a mistake that the lab must see: the command shows it. One row without messages.
seen() {
	local what=$1 said
	shift
	if said=$("$@" 2>&1); then
		ok "$what" "$(tail -n 1 <<<"$said")"
		row "$current" "$(control_release)" - - - - - - "seen: $what"
	else
		no "$what" "$(tail -n 1 <<<"$said")"
		row "$current" "$(control_release)" - - - - - - "NOT SEEN: $what"
	fi
}

# control_release: RabbitMQ's where brokers run, else keepalived's or Consul's.
control_release() {
	local balancer
	balancer=$(containers balancer | head -n 1)
	if [ -n "$(containers broker)" ]; then
		release_of_tree
	elif [ -n "$balancer" ]; then
		printf 'keepalived %s\n' "$(docker exec "$balancer" keepalived -v 2>&1 | sed -n '1s/.* v\([0-9.]*\).*/\1/p')"
	else
		printf 'Consul %s\n' "$(docker inspect -f '{{.Config.Image}}' "$(containers server | head -n 1)" | sed 's/.*://')"
	fi
}

# timed WHAT SECONDS COMMAND…: a verdict on what has to happen within so many seconds, and a row with the seconds it took.
timed() {
	local what=$1 bound=$2 begin said took
	shift 2
	begin=$(date +%s%N)
	while ! said=$("$@" 2>&1); do
		if [ $((($(date +%s%N) - begin) / 1000000000)) -ge "$bound" ]; then
			no "$what" "$said"
			row "$current" "$(control_release)" - - "$bound" - - - "NOT IN TIME: $what"
			return
		fi
		sleep 0.1
	done
	took=$(awk -v ns=$(($(date +%s%N) - begin)) 'BEGIN { printf "%.1f", ns / 1e9 }')
	if ! at_most "$took" "$bound"; then
		no "$what" "$took s"
		row "$current" "$(control_release)" - "$took" "$bound" - - - "NOT IN TIME: $what"
		return
	fi
	ok "$what" "$took s"
	row "$current" "$(control_release)" - "$took" "$bound" - - - "held: $what"
}

# settled SECONDS: everything runs, is healthy and joined, one balancer has each VIP, and no queue lacks a replica.
settled() {
	local end=$((SECONDS + $1)) said
	while ! said=$(all_is_well 2>&1); do
		if [ "$SECONDS" -ge "$end" ]; then
			no "all is well again within $1 s" "$said"
			return 1
		fi
		sleep 1
	done
}

all_is_well() {
	local container vip
	for container in $(everything); do
		[ "$(health "$container")" = healthy ] || [ "$(health "$container")" = running ] || { echo "$container: $(health "$container")"; return 1; }
	done
	for vip in $(vips); do one_holder "$vip" >/dev/null || { echo "$vip: $(holders "$vip" | paste -sd ' ')"; return 1; }; done
	for container in $(containers broker); do
		joined "$container" >/dev/null || { echo "$container: $(sees "$container")"; return 1; }
	done
	replicated "$(containers broker | head -n 1)"
}

# replicated CONTAINER: every quorum queue of the lab has all its members, every mirrored one all its mirrors in step.
replicated() {
	local brokers name names
	brokers=$(containers broker | wc -l)
	names=$(quorum_queues "$1") || { echo 'no list of queues'; return 1; }
	for name in $names; do
		members_of "$1" "$name" | awk -v name="$name" -v brokers="$brokers" '
			$2 == "leader" || $2 == "follower" { up++ }
			END { if (up < brokers) { print name " has " up + 0 " members"; exit 1 } }' || return
	done
	kinds | grep -x mirrored >/dev/null || return 0
	docker exec "$1" timeout 20 rabbitmqctl --quiet list_queues name slave_pids synchronised_slave_pids --formatter json \
		>"$work/mirrors" 2>/dev/null || { echo 'no list of mirrors'; return 1; }
	python3 - "$work/mirrors" "$brokers" <<-'END'
		import json, sys
		mirrors, brokers = json.load(open(sys.argv[1])), int(sys.argv[2])
		short = [q["name"] for q in mirrors if q["name"].startswith("lab-mirrored") and
		         not (isinstance(q["synchronised_slave_pids"], list) and len(q["synchronised_slave_pids"]) == brokers - 1)]
		print("not in step:", *short) if short else print("replicated")
		sys.exit(bool(short))
	END
}

# quorum_queues CONTAINER: those of the lab.
quorum_queues() {
	docker exec "$1" timeout 20 rabbitmqctl --quiet list_queues --no-table-headers name | sed -n '/^lab-quorum-/p'
}

# members_of CONTAINER QUEUE: of each member of a quorum queue the node and its Raft state.
members_of() {
	docker exec "$1" timeout 20 rabbitmq-queues --quiet quorum_status "$2" --formatter json |
		python3 -c 'import json, sys
for member in json.load(sys.stdin):
    print(member["Node Name"], member["Raft State"])'
}

# leader_of_queue: the container of the broker that leads this load's queues. That it leads all of them is checked.
leader_of_queue() {
	local node mirrored
	node=$(members_of "$(containers broker | head -n 1)" "lab-quorum-$current" | awk '$2 == "leader" { print $1 }')
	mirrored=$(docker exec "$(containers broker | head -n 1)" timeout 20 rabbitmqctl --quiet list_queues --no-table-headers name pid |
		sed -n "s/^lab-mirrored-$current\t<\(rabbit@[^.]*\)\..*/\1/p")
	if [ -z "$node" ] || { [ -n "$mirrored" ] && [ "$mirrored" != "$node" ]; }; then
		printf 'one broker leads all queues: %s, %s\n' "${node:-nobody}" "$mirrored" >&2
		return 1
	fi
	awk -F '\t' -v node="$node" '$1 == "node" && $3 == node { print $2 }' "$facts"
}

pid_of() { docker inspect -f '{{.State.Pid}}' "${1:?no container}"; }

# processes CONTAINER NAME: host process ids of the programs of that name in the container.
processes() {
	docker top "$1" -o pid,comm | awk -v name="$2" 'NR > 1 && $2 == name { print $1 }'
}

# crash CONTAINER…: its first process is killed, as by the kernel; the restart policy starts it again.
crash() {
	local container pid pids=()
	for container in "$@"; do
		pid=$(pid_of "$container")
		# 0 is what one has that does not run, and all of this script's own to `kill`.
		[ "$pid" -gt 0 ] || { no "$container runs, so that it can be killed"; return; }
		pids+=("$pid")
	done
	kill -KILL "${pids[@]}"
}

holder() { holders "$(vips | head -n 1)" | head -n 1; }

# after_check SECONDS: the longest that the balancers' check needs to take out a broker that does not answer, and so many seconds.
after_check() {
	local every fast timeout
	read -r every fast < <(sed -n 's/.* inter \([0-9]*\)s fastinter \([0-9]*\)s .*/\1 \2/p' "$(folder_of "$(containers balancer | head -n 1)")/haproxy.cfg" | head -n 1)
	timeout=$(sed -n 's/^ *timeout check \([0-9]*\)s$/\1/p' "$(folder_of "$(containers balancer | head -n 1)")/haproxy.cfg" | head -n 1)
	# Answered just before; asked again after `inter`, no answer; again after `fastinter` at the latest, no answer.
	printf '%s\n' $((every + timeout + fast + timeout + $1))
}

# cut_off CONTAINER, heal CONTAINER: its packets are dropped, both ways, in its own network.
cut_off() {
	nsenter -t "$(pid_of "$1")" -n iptables -I INPUT ! -i lo -j DROP
	nsenter -t "$(pid_of "$1")" -n iptables -I OUTPUT ! -o lo -j DROP
}
heal() {
	nsenter -t "$(pid_of "$1")" -n iptables -D INPUT ! -i lo -j DROP
	nsenter -t "$(pid_of "$1")" -n iptables -D OUTPUT ! -o lo -j DROP
}

# after_ticks SECONDS: the longest that the brokers need to notice that one is silent, and so many seconds.
after_ticks() {
	local ticks
	ticks=$(sed -n 's/^net_ticktime = //p' "$(folder_of "$(containers broker | head -n 1)")/rabbitmq.conf")
	printf '%s\n' $((${ticks:-60} * 5 / 4 + $1))
}
