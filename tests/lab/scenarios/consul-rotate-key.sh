# The gossip key is changed as the host's README.txt says: without a stop, and afterwards the old key is nowhere.
# shellcheck shell=bash disable=SC2154

# shellcheck source=tests/lab/lib/consul.sh
. "$here/lib/consul.sh"

scenario() {
	local all container old new=ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8= number host name line
	all=$(containers server)
	number=$(wc -w <<<"$all")
	container=$(head -n 1 <<<"$all")
	verdict "$container is one of them" within 90 answers "$container"
	old=$(sed -n 's/.*"encrypt": "\(.*\)".*/\1/p' "$(folder_of "$container")/consul.json")
	for container in $all; do
		sed -i "s#\"encrypt\": \".*\"#\"encrypt\": \"$new\"#" "$(folder_of "$container")/consul.json"
	done
	line=$(sed -n 's/^ *docker exec [^ ]* sh -c \(.*keyring -use.*\)$/\1/p' "$tree"/*/README.txt | head -n 1)
	if [ -n "$line" ]; then ok 'README.txt says how' ''; else no 'README.txt says how' ''; fi
	container=$(head -n 1 <<<"$all")
	verdict 'the new key is told to one' docker exec "$container" sh -c "$(eval "printf %s $line")"
	for container in $all; do
		IFS=$'\t' read -r _ host name _ < <(awk -F '\t' -v container="$container" '$1 == "service" && $4 == container' "$facts")
		host_compose "$host" up -d --no-deps --force-recreate "$name" >>"$work/compose.log" 2>&1 </dev/null
		verdict "$container is one of them, with the new key alone" within 60 answers "$container"
		verdict "$container sees all servers" within 30 sees_all "$container" "$number"
	done
	verdict 'all have the new key, nobody the old' keys_are "$container" "$new" "$old" "$number"
}

# keys_are CONTAINER NEW OLD NUMBER
keys_are() {
	local said
	said=$(docker exec "$1" timeout 15 consul keyring -list)
	printf '%s\n' "$said" | grep -cF -- "$2" || :
	grep -qF -- "$2 [$4/$4]" <<<"$said" && ! grep -qF -- "$3" <<<"$said"
}
