#!/bin/sh
# Same contract as the entry point of the official nginx image: before nginx starts, the
# executable *.sh in /docker-entrypoint.d run in version order and *.envsh are sourced.
set -e

if [ "${1-}" = nginx ] || [ "${1-}" = nginx-debug ]; then
	find /docker-entrypoint.d/ -follow -type f 2>/dev/null | sort -V >/tmp/.entrypoint
	while read -r part; do
		[ -x "$part" ] || continue
		case $part in
		*.envsh)
			# shellcheck source=/dev/null
			. "$part"
			;;
		*.sh) "$part" ;;
		esac
	done </tmp/.entrypoint
	rm -f /tmp/.entrypoint
fi
exec "$@"
