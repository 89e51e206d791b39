# A server loses its disk; what the host's README.txt says replaces it: it takes its place again, with what was stored.
# shellcheck shell=bash disable=SC2154

# shellcheck source=tests/lab/lib/consul.sh
. "$here/lib/consul.sh"

scenario() {
	local container host name volume other
	container=$(containers server | head -n 1)
	other=$(containers server | tail -n 1)
	verdict "$container is one of them" within 90 answers "$container"
	verdict 'something is stored' kv "$other" put lab/kept yes
	IFS=$'\t' read -r _ host name _ < <(awk -F '\t' -v container="$container" '$1 == "service" && $4 == container' "$facts")
	volume=$(docker inspect -f '{{range .Mounts}}{{if eq .Destination "/consul/data"}}{{.Name}}{{end}}{{end}}' "$container")
	host_compose "$host" rm --stop --force "$name" >>"$work/compose.log" 2>&1
	verdict 'its volume can be removed' docker volume rm "$volume"
	host_compose "$host" up -d "$name" >>"$work/compose.log" 2>&1 </dev/null
	verdict "$container is one of them again" within 90 answers "$container"
	verdict "$container has what was stored" docker exec "$container" consul kv get -stale lab/kept
	verdict "$other sees all servers, the lost one no more" within 30 sees_all "$other" "$(containers server | wc -l)"
}
