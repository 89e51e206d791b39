#!/bin/sh
# Same contract as the entry point of the official haproxy image: options alone mean haproxy,
# and haproxy runs as master and worker (-W) in the foreground (-db).
set -e

case ${1-} in
-*) set -- haproxy "$@" ;;
esac
if [ "${1-}" = haproxy ]; then
	shift
	set -- haproxy -W -db "$@"
fi
exec "$@"
