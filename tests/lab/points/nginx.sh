# The points of the official nginx:<version> image (Debian flavour); sourced by tests/lab/contract.
# shellcheck shell=bash disable=SC2016,SC2154 # the quoted scripts run inside the containers; image is contract's

same 'entry point' '["/docker-entrypoint.sh"]' config Entrypoint
same 'command' '["nginx","-g","daemon off;"]' config Cmd
same 'starts as root, in /' '"" ""' eval 'echo "$(config User) $(config WorkingDir)"'
same 'stop signal' '"SIGQUIT"' config StopSignal
same 'port, no volume' '{"80/tcp":{}} null' eval 'echo "$(config ExposedPorts) $(config Volumes)"'
same 'user and group' '101 101 /nonexistent' inside 'echo "$(id -u nginx) $(id -g nginx) $(getent passwd nginx | cut -d: -f6)"'
same 'logs go to the container' '/dev/stdout /dev/stderr' \
	inside 'echo "$(readlink /var/log/nginx/access.log) $(readlink /var/log/nginx/error.log)"'
same 'it is what the tag says' "nginx version: nginx/$version" inside 'nginx -v'
same 'programs' '/usr/sbin/nginx curl envsubst' \
	inside 'printf %s "$(command -v nginx)"; for i in curl envsubst; do ! command -v $i >/dev/null || printf " %s" $i; done'
same 'a default server' 'default.conf' inside 'ls /etc/nginx/conf.d'
same 'the default file is accepted' 'accepted' inside 'nginx -t -q && echo accepted'
same 'stream needs no load_module' 'accepted' inside \
	'printf "events {}\nstream { server { listen 5600; proxy_pass 127.0.0.1:1; } }\n" >/tmp/n.conf
	nginx -t -q -c /tmp/n.conf -g "daemon off;" && echo accepted'
same '-g of the caller counts' 'refused' inside \
	'nginx -t -q -g "no_such_directive on;" 2>/dev/null && echo accepted || echo refused'
stub='printf "#!/bin/sh\necho here \$EARLY\n" >/usr/sbin/nginx; '
first='printf "#!/bin/sh\necho first\n" >/docker-entrypoint.d/1.sh; chmod +x /docker-entrypoint.d/1.sh; '
same 'scripts of /docker-entrypoint.d run first' $'first\nhere' inside "$stub$first"'/docker-entrypoint.sh nginx' -e NGINX_ENTRYPOINT_QUIET_LOGS=1
same 'those that cannot be executed do not' here \
	inside "$stub$first"'chmod -x /docker-entrypoint.d/1.sh; /docker-entrypoint.sh nginx' -e NGINX_ENTRYPOINT_QUIET_LOGS=1
same 'not before another command' '0' inside "$first"'/docker-entrypoint.sh id -u' -e NGINX_ENTRYPOINT_QUIET_LOGS=1
sourced='here'; ! since 1.22.1 || sourced='here early'
same "*.envsh: $sourced" "$sourced" inside "$stub"'echo "export EARLY=early" >/docker-entrypoint.d/2.envsh
	chmod +x /docker-entrypoint.d/2.envsh; /docker-entrypoint.sh nginx' -e NGINX_ENTRYPOINT_QUIET_LOGS=1
