# The points of the official hashicorp/consul:<version> image; sourced by tests/lab/contract.
# shellcheck shell=bash disable=SC2016,SC2154 # the quoted scripts run inside the containers; image is contract's

same 'entry point' '["docker-entrypoint.sh"]' config Entrypoint
same 'command' '["agent","-dev","-client","0.0.0.0"]' config Cmd
same 'starts as root' '""' config User
same 'volume' '{"/consul/data":{}}' config Volumes
same 'user and group' '100 1000' inside 'echo "$(id -u consul) $(id -g consul)"'
same 'programs' '/bin/consul dumb-init su-exec curl jq' inside \
	'printf %s /bin/consul; [ -x /bin/consul ]; for i in dumb-init su-exec curl jq; do ! command -v $i >/dev/null || printf " %s" $i; done'
same 'folders are its own' '755 100 755 100' inside 'stat -c "%a %u" /consul/data /consul/config | paste -sd " "'
stub='printf "#!/bin/sh\nid -u\ncat /proc/1/comm\necho \"\$*\"\n" >/bin/consul; chmod 0755 /bin/consul; '
same 'agent gets its folders and runs as consul' $'100\nsh\nagent -data-dir=/consul/data -config-dir=/consul/config -x' \
	inside "$stub"'docker-entrypoint.sh agent -x'
same 'another folder of the configuration is handed over' $'100\nsh\nagent -data-dir=/consul/data -config-dir=/c -x\n100' \
	inside "$stub"'mkdir /c; docker-entrypoint.sh agent -x; stat -c %u /c' -e CONSUL_CONFIG_DIR=/c
same 'dumb-init stays process 1' docker-entrypoi \
	docker run --rm --network none "$image" cat /proc/1/comm
same 'another command stays root' 0 inside 'docker-entrypoint.sh id -u'
