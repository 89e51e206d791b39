#!/bin/bash
# Same contract as the entry point of the official rabbitmq image, 3.9 and later:
# started by root, a rabbitmq program runs as the user rabbitmq, and the server first takes
# over its data folder; a dotted host name means long node names.
set -euo pipefail

program=${1-}

if [ "$(id -u)" -eq 0 ] && [ "${program#rabbitmq}" != "$program" ]; then
	if [ "$program" = rabbitmq-server ]; then
		# A read-only mount below the folder ends the container here, as it does there.
		find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq {} +
	fi
	exec gosu rabbitmq "$0" "$@"
fi

# Configuration through these variables went away with 3.9: refused by name.
gone=0
for name in \
	RABBITMQ_DEFAULT_PASS_FILE RABBITMQ_DEFAULT_USER_FILE RABBITMQ_VM_MEMORY_HIGH_WATERMARK \
	RABBITMQ_SSL_CACERTFILE RABBITMQ_SSL_CERTFILE RABBITMQ_SSL_DEPTH \
	RABBITMQ_SSL_FAIL_IF_NO_PEER_CERT RABBITMQ_SSL_KEYFILE RABBITMQ_SSL_VERIFY \
	RABBITMQ_MANAGEMENT_SSL_CACERTFILE RABBITMQ_MANAGEMENT_SSL_CERTFILE \
	RABBITMQ_MANAGEMENT_SSL_DEPTH RABBITMQ_MANAGEMENT_SSL_FAIL_IF_NO_PEER_CERT \
	RABBITMQ_MANAGEMENT_SSL_KEYFILE RABBITMQ_MANAGEMENT_SSL_VERIFY; do
	if [ -n "${!name-}" ]; then
		echo "error: $name is set but deprecated" >&2
		gone=1
	fi
done
[ "$gone" -eq 0 ] || exit 1

# Set, and not exported, as there: it reaches the server only if the caller exported it before.
if [ -z "${RABBITMQ_USE_LONGNAME-}" ] && [ "$(hostname)" != "$(hostname -s)" ]; then
	RABBITMQ_USE_LONGNAME=true
fi

exec "$@"
