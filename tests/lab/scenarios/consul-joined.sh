# The promise of a build: started in any order, the servers elect a leader, all are healthy, and what one stores the others
# read. One dies at once, the leader: the others serve, and it comes back by itself as one of them.
# shellcheck shell=bash disable=SC2154

# shellcheck source=tests/lab/lib/consul.sh
. "$here/lib/consul.sh"

scenario() {
	local all container leader other begin
	all=$(containers server)
	for container in $all; do
		verdict "$container is healthy" within 90 healthy "$container"
	done
	printf 'seconds from up: all healthy %s\n' "$SECONDS"
	for container in $all; do
		verdict "$container sees all servers" sees_all "$container" "$(wc -w <<<"$all")"
	done
	leader=$(leader_of "$all")
	[ -n "$leader" ] || { no 'one of them leads' "nobody"; return; }
	ok 'one of them leads' "$leader"
	other=$(grep -vxF -- "$leader" <<<"$all" | head -n 1)
	verdict "what $leader stores" kv "$leader" put lab/a before
	verdict "$other reads" kv_is "$other" lab/a before
	verdict 'the key is in the memory of the container alone' key_in_memory "$leader"

	crash "$leader"
	timed "$other stores after kill -9 of the leader" 10 kv "$other" put lab/a after
	verdict "$leader is back" within 60 answers "$leader"
	verdict "$leader reads what it missed" within 30 kv_is "$leader" lab/a after
	verdict "$leader sees all servers" within 30 sees_all "$leader" "$(wc -w <<<"$all")"

	# A stop must not take the whole grace period: that is what the capability KILL is for.
	begin=$SECONDS
	docker stop -t 25 "$other" >/dev/null
	if [ $((SECONDS - begin)) -lt 15 ]; then ok "$other stops when told"; else no "$other stops when told" "$((SECONDS - begin)) s"; fi
	docker start "$other" >/dev/null
	verdict "$other is back" within 60 answers "$other"
}

# leader_of CONTAINERS: the one that says of itself that it leads.
leader_of() {
	local container
	for container in $1; do
		if docker exec "$container" timeout 15 consul info | grep '^[[:space:]]*leader = true' >/dev/null; then
			printf '%s\n' "$container"
		fi
	done
}

# Nowhere on the disk of the container or of its data, and for the user of the program alone.
key_in_memory() {
	docker exec "$1" sh -c 'key=$(jq -r .encrypt /etc/hacc/consul.json)
		stat -c "%U %a" /run/hacc/consul.json
		[ ${#key} -eq 44 ] && grep -qF -- "$key" /run/hacc/consul.json && ! grep -rqsF -- "$key" /consul'
}
