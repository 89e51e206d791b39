# The topology of a run, and what its README.txt says by hand.
# shellcheck shell=bash disable=SC2154
# $topology is the copy that is built into $tree; $hosts are cluster's.

# of_release RELEASE: the topology asks for what the lab's images of that release hold.
of_release() {
	local program version
	for program in rabbitmq haproxy nginx; do
		version=$(version_in "$1" "$program")
		[ -n "$version" ] || die "no image of $program from $1: run tests/lab/images --release $1"
		sed -i "s/^\\($program .*version=\"\\)[^\"]*/\\1$version/" "$topology"
	done
}

# version_in RELEASE PROGRAM: what the newest of the lab's images holds.
version_in() {
	local image
	image=$(docker image ls -q --filter "reference=hacc-lab/$2:$1-*" --filter "label=hacc-lab.release=$1" | head -n 1)
	[ -n "$image" ] || return 0
	docker image inspect -f '{{index .Config.Labels "hacc-lab.version"}}' "$image"
}

# build_tree: `hacc build`, by the user of the run.
build_tree() {
	as_user env -i PATH="$PATH" HOME="$home" "$work/hacc" build "$topology" -o "$tree" ${force[@]+"${force[@]}"} >"$work/build.log" 2>&1 </dev/null || return
	keep_hosts
}

# keep_hosts: the others want what is not here.
keep_hosts() {
	local folder
	[ -n "$chosen" ] || return 0
	for folder in "$tree"/*/; do
		case " $chosen " in *" $(basename "$folder") "*) ;; *) rm -rf "$folder" ;; esac
	done
}

# readme HOST HEADING [SERVICE]: the commands of a section of the host's README.txt; of its part for one service. Into `steps`; that there
# are none is a failure.
readme() {
	mapfile -t steps < <(awk -v heading="$2" -v part="${3:+  $3:}" '
		$0 == heading { on = 1; next }
		on && /^[A-Z]/ { exit }
		on && part != "" && /^  [^ ]/ { here = $0 == part; next }
		on && /^    / && (part == "" || here)' "$tree/$1/README.txt")
	[ "${#steps[@]}" -gt 0 ] || no "README.txt of $1 says what to do: $2${3:+, $3}"
}

# by_hand HOST LINE: what a line of README.txt says, as the user of the run, in the folder of the host.
by_hand() {
	local line=${2#"${2%%[! ]*}"}
	(cd "$tree/$1" && as_user env -i PATH="$PATH" HOME="$home" sh -c "${line/#docker compose/\"\$0\"}" "$compose") </dev/null >>"$work/compose.log" 2>&1
}

# container_of HOST SERVICE
container_of() {
	awk -F '\t' -v host="$1" -v name="$2" '$1 == "service" && $2 == host && $3 == name { print $4 }' "$facts"
}
