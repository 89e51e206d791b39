# Shared by the checkers' and the lab's scripts: the cache, Debian roots, the docker daemon.
# shellcheck shell=bash

# Roots, tarballs and packages that outlive a run; never inside the work tree.
cache=${HACC_LAB_CACHE:-/var/cache/hacc-lab}

# The mirror that this machine's own apt uses, for the other releases too.
apt_source() {
	# shellcheck disable=SC2016 # apt fills these in
	apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
		awk -v codename="$1" '$1 == codename { print $2; exit }'
}

# Debian's releases are where several versions of each program come from without a registry:
# name, then the series expected of RabbitMQ, HAProxy, keepalived, nginx, Compose and Consul ("-": none).
releases() {
	cat <<-'END'
		bullseye 3.8 2.2 2.1 1.18 - 1.8
		bookworm 3.10 2.6 2.2 1.22 1.29 -
		trixie 4.0 3.0 2.3 1.26 2.26 -
		sid 4.3 3.2 2.3 1.30 2.40 -
	END
}

release_names() {
	releases | cut -d' ' -f1
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 2
}

# need PROGRAM PACKAGE: a missing program ends the run; nothing is skipped.
need() {
	command -v "$1" >/dev/null 2>&1 || die "$1 is missing (package $2): run tests/programs/install"
}

need_docker() {
	need docker docker.io
	docker info >/dev/null 2>&1 || die 'the docker daemon does not answer: run tests/programs/install'
}

# The lines of sources.list of a release; unstable has no security archive.
sources_of() {
	local codename main updates
	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && printf '%s\n' "$VERSION_CODENAME")
	# apt knows the code names only once it has fetched its lists.
	[ -n "$(apt_source "$codename")" ] || apt-get update -q >/dev/null 2>&1 || true
	main=${HACC_LAB_MIRROR:-$(apt_source "$codename")}
	updates=${HACC_LAB_SECURITY:-$(apt_source "$codename-security")}
	if [ -z "$main" ] || [ -z "$updates" ]; then
		die 'apt names no mirror: set HACC_LAB_MIRROR and HACC_LAB_SECURITY'
	fi
	printf 'deb %s %s main\n' "$main" "$1"
	[ "$1" = sid ] || printf 'deb %s %s-security main\n' "$updates" "$1"
}

# make_root RELEASE TARGET VARIANT PACKAGES: a tarball (TARGET ends in .tar) or a folder.
# Written beside the target and renamed, so that a killed run leaves no half root.
# A mirror may stand still longer than sid's lists say they are valid: signatures count, not dates.
make_root() {
	local name=$1 target=$2 variant=$3 packages=$4 part sources hooks=()
	need mmdebstrap mmdebstrap
	part="${target%.tar}.part"
	[ "${target%.tar}" = "$target" ] || part="$part.tar"
	rm -rf "$part"
	mkdir -p "$(dirname "$target")"
	# Unpacking alone does not make /bin a link to /usr/bin; Debian's older packages need it.
	[ "$variant" != extract ] || hooks=(--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr)
	sources=$(sources_of "$name") || exit
	printf '%s\n' "$sources" |
		mmdebstrap --quiet --variant="$variant" ${packages:+--include="$packages"} \
			${hooks[@]+"${hooks[@]}"} --dpkgopt='force-unsafe-io' \
			--aptopt='Acquire::Check-Valid-Until "false"' \
			--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
			--dpkgopt='path-exclude=/usr/share/locale/*' "$name" "$part" - >"$target.log" 2>&1 ||
		{ cat "$target.log" >&2; die "no root for $name"; }
	rm -rf "$target"
	mv "$part" "$target"
}

# compose_of RELEASE: the path of that release's Compose v2, or of docker-compose 1.29.
compose_of() {
	case $1 in
	bookworm) command -v docker-compose || die 'docker-compose is missing: run tests/programs/install' ;;
	*) printf '%s\n' "$cache/$1/root/usr/libexec/docker/cli-plugins/docker-compose" ;;
	esac
}
