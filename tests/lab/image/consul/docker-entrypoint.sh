#!/usr/bin/dumb-init /bin/sh
# shellcheck shell=sh
# Same contract as the entry point of the official hashicorp/consul image: dumb-init is process 1 and stays root; "agent" gets
# the folders of data and configuration; consul runs as the user consul, who is given those folders first.
set -e

# lookup INTERFACE: its first IPv4 address.
lookup() {
	ip -o -4 addr list "$1" | awk 'NR == 1 { split($4, part, "/"); print part[1] }'
}
[ -n "${CONSUL_BIND-}" ] || [ -z "${CONSUL_BIND_INTERFACE-}" ] || CONSUL_BIND="-bind=$(lookup "$CONSUL_BIND_INTERFACE")"
[ -n "${CONSUL_CLIENT-}" ] || [ -z "${CONSUL_CLIENT_INTERFACE-}" ] || CONSUL_CLIENT="-client=$(lookup "$CONSUL_CLIENT_INTERFACE")"
data=${CONSUL_DATA_DIR:-/consul/data}
config=${CONSUL_CONFIG_DIR:-/consul/config}
[ -z "${CONSUL_LOCAL_CONFIG-}" ] || printf '%s\n' "$CONSUL_LOCAL_CONFIG" >"$config/local.json"

case ${1-} in
-*) set -- consul "$@" ;;
agent)
	shift
	set -- consul agent -data-dir="$data" -config-dir="$config" \
		${CONSUL_BIND:+"$CONSUL_BIND"} ${CONSUL_CLIENT:+"$CONSUL_CLIENT"} "$@"
	;;
version) set -- consul "$@" ;;
*) ! consul --help "${1-}" 2>&1 | grep -q "consul ${1-}" || set -- consul "$@" ;;
esac

if [ "${1-}" = consul ] && [ -z "${CONSUL_DISABLE_PERM_MGMT+x}" ]; then
	user=${CONSUL_UID:-$(id -u consul)} group=${CONSUL_GID:-$(id -g consul)}
	for folder in "$data" "$config"; do
		[ "$(stat -c %u "$folder")" = "$user" ] || chown "$user:$group" "$folder"
	done
	[ -z "${CONSUL_ALLOW_PRIVILEGED_PORTS+x}" ] || setcap cap_net_bind_service=+ep /bin/consul
	set -- su-exec "$user:$group" "$@"
fi
exec "$@"
