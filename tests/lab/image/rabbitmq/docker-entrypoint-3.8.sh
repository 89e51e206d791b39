#!/bin/bash
# Same contract as the entry point of the official rabbitmq image up to 3.8, but for TLS: rabbitmq.conf is written from
# variables, or where there is none at all; a cookie may come as a variable; user and password may come in files.
set -eu

program=${1-}

for name in RABBITMQ_{,MANAGEMENT_}SSL_{CACERTFILE,CERTFILE,DEPTH,FAIL_IF_NO_PEER_CERT,KEYFILE,VERIFY}; do
	[ -z "${!name-}" ] || { echo "error: $name: the lab's image has no TLS through variables" >&2; exit 1; }
done

if [ "$(id -u)" -eq 0 ] && [ "${program#rabbitmq}" != "$program" ]; then
	if [ "$program" = rabbitmq-server ]; then
		# A read-only mount below the folder ends the container here, as it does there.
		find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq {} +
	fi
	exec gosu rabbitmq "$0" "$@"
fi

# NAME, or what the file $NAME_FILE says; both are an error.
for name in RABBITMQ_DEFAULT_USER RABBITMQ_DEFAULT_PASS; do
	file=${name}_FILE
	if [ -n "${!file-}" ]; then
		[ -z "${!name-}" ] || { echo "error: both $name and $file are set (but are exclusive)" >&2; exit 1; }
		export "$name=$(<"${!file}")"
	fi
	unset "$file"
done

# Set, and not exported, as there: it reaches the server only if the caller exported it before.
if [ -z "${RABBITMQ_USE_LONGNAME-}" ] && [ "$(hostname)" != "$(hostname -s)" ]; then
	RABBITMQ_USE_LONGNAME=true
fi

# A cookie that is there stays; a different one is only mentioned.
if [ -n "${RABBITMQ_ERLANG_COOKIE-}" ]; then
	cookie=/var/lib/rabbitmq/.erlang.cookie
	if [ ! -e "$cookie" ]; then
		printf '%s\n' "$RABBITMQ_ERLANG_COOKIE" >"$cookie"
	elif [ "$(cat "$cookie" 2>/dev/null)" != "$RABBITMQ_ERLANG_COOKIE" ]; then
		echo "warning: $cookie contents do not match RABBITMQ_ERLANG_COOKIE" >&2
	fi
	chmod 600 "$cookie"
fi

base=${RABBITMQ_CONFIG_FILE:-/etc/rabbitmq/rabbitmq}
conf=$base.conf
asked=${RABBITMQ_DEFAULT_PASS-}${RABBITMQ_DEFAULT_USER-}${RABBITMQ_DEFAULT_VHOST-}${RABBITMQ_VM_MEMORY_HIGH_WATERMARK-}
write=0
if [ -n "$asked" ]; then
	write=1
	if ! touch "$conf"; then
		export RABBITMQ_CONFIG_FILE=/tmp/rabbitmq.conf
		cp "$conf" "$RABBITMQ_CONFIG_FILE"
		echo "WARNING: '$conf' is not writable; using $RABBITMQ_CONFIG_FILE, a copy with what the variables ask for" >&2
		conf=$RABBITMQ_CONFIG_FILE
	fi
	[ ! -f "$base.config" ] || { echo "error: configuration by variables, and $base.config is there" >&2; exit 1; }
elif [ ! -f "$base.config" ] && [ ! -f "$conf" ]; then
	write=1
fi

# quoted TEXT: for the left side of sed's s///; replacing TEXT: for its right side.
quoted() { printf '%s\n' "$1" | sed 's/[]\/$*.^|[]/\\&/g'; }
replacing() { printf '%s\n' "$1" | sed 's/[\/&]/\\&/g'; }
# put KEY VALUE: the key has this value, in its line or at the end; without: KEY's line becomes a comment.
put() {
	[ -e "$conf" ] || touch "$conf"
	sed -ri "s/^[[:space:]]*($(quoted "$1")[[:space:]]*=[[:space:]]*)\\S.*\$/\\1$(replacing "$2")/" "$conf"
	grep -qE "^$(quoted "$1")[[:space:]]*=" "$conf" || printf '%s = %s\n' "$1" "$2" >>"$conf"
}
without() {
	[ ! -e "$conf" ] || sed -ri "s/^[[:space:]]*#?[[:space:]]*($(quoted "$1")[[:space:]]*=[[:space:]]*\\S.*)\$/# \\1/" "$conf"
}

if [ "$program" = rabbitmq-server ] && [ "$write" -eq 1 ]; then
	put loopback_users.guest false
	# A limit of the container (cgroup v1 only) that is less than the machine's memory.
	limit=$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null) || limit=
	total=$(awk '$1 == "MemTotal:" { print $2; exit }' /proc/meminfo)
	if [ -n "$limit" ] && awk -v limit="$limit" -v total="$total" 'BEGIN { exit !(limit / 1024 < total) }'; then
		put total_memory_available_override_value "$limit"
	fi
	watermark=${RABBITMQ_VM_MEMORY_HIGH_WATERMARK-}
	case $watermark in
	'') ;;
	*% | *.*[0-9])
		put vm_memory_high_watermark.relative "$(awk -v part="$watermark" 'BEGIN { printf "%0.03f", (part ~ /%$/) ? part / 100 : part + 0 }')"
		without vm_memory_high_watermark.absolute
		;;
	*)
		put vm_memory_high_watermark.absolute "$watermark"
		without vm_memory_high_watermark.relative
		;;
	esac
	put listeners.tcp.default 5672
	for key in default_pass default_user default_vhost; do
		name=RABBITMQ_${key^^}
		if [ -n "${!name-}" ]; then put "$key" "${!name}"; else without "$key"; fi
	done
	if grep -q rabbitmq_management /etc/rabbitmq/enabled_plugins; then
		put management.tcp.port 15672
		[ ! -f /etc/rabbitmq/definitions.json ] || put load_definitions /etc/rabbitmq/definitions.json
	fi
fi

exec "$@"
