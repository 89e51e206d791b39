# Negative control: one server has another gossip key. It joins nobody, and must not count as healthy; the others begin
# nothing without it, for they expect three, so nobody may be healthy. Were this to pass, `consul-joined` would prove nothing.
# shellcheck shell=bash disable=SC2154

prepare() {
	odd=$(containers server | tail -n 1)
	sed -i 's/"encrypt": ".*"/"encrypt": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="/' "$(folder_of "$odd")/consul.json"
}

scenario() {
	local container
	sleep 15
	for container in $(containers server); do
		if said=$(docker exec "$container" /etc/hacc/health 2>&1); then
			no "$container is not healthy" "$said"
		else
			ok "$container is not healthy" "$said"
		fi
	done
	# Told that it is alone, it serves alone: the health must still refuse.
	sed -i 's/"bootstrap_expect": 3/"bootstrap_expect": 1/' "$(folder_of "$odd")/consul.json"
	docker restart -t 25 "$odd" >/dev/null
	verdict "$odd serves alone" within 30 docker exec "$odd" consul kv put lab/a x
	if said=$(docker exec "$odd" /etc/hacc/health 2>&1); then
		no "$odd is still not healthy" "$said"
	else
		ok "$odd is still not healthy" "$said"
	fi
}
