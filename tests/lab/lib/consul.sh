# What scenarios about Consul servers share.
# shellcheck shell=bash

# kv CONTAINER WORD…
kv() {
	docker exec "$1" timeout 15 consul kv "${@:2}"
}

# kv_is CONTAINER KEY VALUE
kv_is() {
	local is
	is=$(kv "$1" get "$2") || { printf '%s\n' "$is"; return 1; }
	printf '%s\n' "$is"
	[ "$is" = "$3" ]
}

# answers CONTAINER: its own health script is content; Docker asks it only now and then.
answers() {
	docker exec "$1" /etc/hacc/health
}

# sees_all CONTAINER NUMBER: that many voters, by the word of the leader, and as many members alive.
sees_all() {
	local voters alive
	voters=$(docker exec "$1" timeout 15 consul operator raft list-peers | awk 'NR > 1 && $5 == "true"' | wc -l)
	alive=$(docker exec "$1" timeout 15 consul members | awk 'NR > 1 && $3 == "alive"' | wc -l)
	printf '%s voters, %s alive\n' "$voters" "$alive"
	[ "$voters" -eq "$2" ] && [ "$alive" -eq "$2" ]
}
