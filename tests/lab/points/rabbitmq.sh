# The points of the official rabbitmq:<version>-management image; sourced by tests/lab/contract.
# shellcheck shell=bash disable=SC2016,SC2154 # the quoted scripts run inside the containers; image is contract's

ports() { docker inspect -f '{{range $port, $_ := .Config.ExposedPorts}}{{$port}} {{end}}' "$image"; }
before_39='' sticky=777 erlang=/usr/local/bin first='sh /opt/rabbitmq/sbin/rabbitmq-server'
since 3.9 || before_39=1
! since 3.12 || sticky=1777
! since 3.13 || erlang=/opt/erlang/bin
! since 4.2 || first=beam.smp

same 'entry point' '["docker-entrypoint.sh"]' config Entrypoint
same 'command' '["rabbitmq-server"]' config Cmd
same 'starts as root, in /' '"" ""' eval 'echo "$(config User) $(config WorkingDir)"'
same 'volume' '{"/var/lib/rabbitmq":{}}' config Volumes
same 'ports' '15671/tcp 15672/tcp 15691/tcp 15692/tcp 25672/tcp 4369/tcp 5671/tcp 5672/tcp ' ports
same 'user, group and home' '999 999 /var/lib/rabbitmq /var/lib/rabbitmq' \
	inside 'echo "$(id -u rabbitmq) $(id -g rabbitmq) $(getent passwd rabbitmq | cut -d: -f6) $HOME"'
same "folders are open ($sticky) and its own" "$sticky 999 $sticky 999 $sticky 999 $sticky 999" \
	inside 'stat -c "%a %u" /etc/rabbitmq /etc/rabbitmq/conf.d /var/lib/rabbitmq /var/log/rabbitmq | paste -sd " "'
same 'management and metrics are enabled' 'rabbitmq_management rabbitmq_prometheus' \
	inside 'tr -dc "a-z_,\n" </etc/rabbitmq/enabled_plugins | tr , "\n" | sort | paste -sd " "'
same 'no cookie in the image' '' inside 'ls -A /var/lib/rabbitmq'
same 'programs where they are there' "/opt/rabbitmq/sbin/rabbitmqctl $erlang/erl" \
	inside 'echo "$(command -v rabbitmqctl) $(command -v erl)"'
same 'language' 'C.UTF-8 C.UTF-8 C.UTF-8' inside 'echo "$LANG $LANGUAGE $LC_ALL"'
same 'no wrapper, no ip and socat' '' \
	inside 'for i in ip socat; do command -v $i; done; ls /usr/sbin | grep rabbitmq; :'

stub='printf "#!/bin/sh\nid -u\nstat -c %%u /var/lib/rabbitmq/x\n" >/opt/rabbitmq/sbin/rabbitmq-server; '
same 'root hands over the data folder and drops' $'999\n999' \
	inside "$stub"'touch /var/lib/rabbitmq/x; docker-entrypoint.sh rabbitmq-server'
same 'rabbitmqctl drops too' 999 \
	inside 'printf "#!/bin/sh\nid -u\n" >/opt/rabbitmq/sbin/rabbitmqctl; docker-entrypoint.sh rabbitmqctl'
same 'another command stays root' 0 inside 'docker-entrypoint.sh id -u'
same 'another user stays what it is' 1234 docker run --rm --network none --user 1234 "$image" id -u
same 'a foreign read-only file below it ends the start' \
	"chown: changing ownership of '/var/lib/rabbitmq/x': Read-only file system (exit code 1)" \
	inside 'docker-entrypoint.sh rabbitmq-server' -v /etc/hostname:/var/lib/rabbitmq/x:ro
stub='printf "#!/bin/sh\necho \"\${RABBITMQ_USE_LONGNAME-unset}\"\n" >/opt/rabbitmq/sbin/rabbitmq-server; '
same 'a dotted host name is not told to the server' unset \
	inside "$stub"'docker-entrypoint.sh rabbitmq-server' --hostname a.b.c

stub='echo "#!/bin/sh" >/opt/rabbitmq/sbin/rabbitmq-server; run() { docker-entrypoint.sh rabbitmq-server; }; '
show='sort /etc/rabbitmq/rabbitmq.conf | paste -sd ";"'
cookie='cat /var/lib/rabbitmq/.erlang.cookie; stat -c %a /var/lib/rabbitmq/.erlang.cookie'
if [ -n "$before_39" ]; then
	own='listeners.tcp.default = 5672;loopback_users.guest = false;management.tcp.port = 15672'
	same 'logs go to the console' - environment RABBITMQ_LOGS
	same 'no defaults in conf.d' '' inside 'ls /etc/rabbitmq/conf.d'
	same 'rabbitmq.conf is written where there is none' "$own" inside "$stub run; $show"
	same 'for the server alone' "cat: /etc/rabbitmq/rabbitmq.conf: No such file or directory (exit code 1)" \
		inside 'docker-entrypoint.sh true; cat /etc/rabbitmq/rabbitmq.conf'
	same 'definitions are loaded where they are' "${own/;/;load_definitions = \/etc\/rabbitmq\/definitions.json;}" \
		inside "$stub"': >/etc/rabbitmq/definitions.json; run;'"$show"
	same 'rabbitmq.conf that is there stays as it is' 'x = 1' inside "$stub"'echo "x = 1" >/etc/rabbitmq/rabbitmq.conf; run; '"$show"
	same 'unless a variable asks' "# default_user = old;default_pass = a/&b;$own;x = 1" \
		inside "$stub"'printf "x = 1\ndefault_user = old\n" >/etc/rabbitmq/rabbitmq.conf; chown rabbitmq /etc/rabbitmq/rabbitmq.conf; run; '"$show" \
		-e 'RABBITMQ_DEFAULT_PASS=a/&b'
	same 'a password in a file' "default_pass = secret;$own" \
		inside "$stub"'echo secret >/tmp/p; run; '"$show" -e RABBITMQ_DEFAULT_PASS_FILE=/tmp/p
	same 'a password in a file and a variable is refused' \
		'error: both RABBITMQ_DEFAULT_PASS and RABBITMQ_DEFAULT_PASS_FILE are set (but are exclusive) (exit code 1)' \
		inside "$stub"'echo secret >/tmp/p; run' -e RABBITMQ_DEFAULT_PASS_FILE=/tmp/p -e RABBITMQ_DEFAULT_PASS=y
	same 'a cookie in a variable is written' $'c1\n600' inside "$stub run; $cookie" -e RABBITMQ_ERLANG_COOKIE=c1
	same 'unless there is one' $'warning: /var/lib/rabbitmq/.erlang.cookie contents do not match RABBITMQ_ERLANG_COOKIE\nc2\n600' \
		inside "$stub"'echo c2 >/var/lib/rabbitmq/.erlang.cookie; run; '"$cookie" -e RABBITMQ_ERLANG_COOKIE=c1
else
	same 'logs are told by a file, not by a variable' '' environment RABBITMQ_LOGS
	same 'defaults in conf.d' 'log.console = true;loopback_users.guest = false' \
		inside 'grep -hv "^#" /etc/rabbitmq/conf.d/* | sed /^$/d | sort | paste -sd ";"'
	same 'rabbitmq.conf is not written' '10-defaults.conf conf.d enabled_plugins ' \
		inside "$stub"'run; ls /etc/rabbitmq /etc/rabbitmq/conf.d | grep -v "^/" | sed /^$/d | sort | tr "\n" " "' -e RABBITMQ_DEFAULT_PASS=x
	same 'a removed variable is refused' $'error: RABBITMQ_SSL_KEYFILE is set but deprecated (exit code 1)' \
		inside 'docker-entrypoint.sh rabbitmq-server' -e RABBITMQ_SSL_KEYFILE=x
	same 'a cookie in a variable is not written' '' \
		inside "$stub"'run; ls -A /var/lib/rabbitmq' -e RABBITMQ_ERLANG_COOKIE=c1
fi

# The real server. It is asked as rabbitmq: root, coming first, would make the cookie, and the server could not read it.
container=$(docker run -d --network none --hostname lab "$image" rabbitmq-server)
asked() { docker exec --user rabbitmq "$container" timeout 20 "$@"; }
boots() {
	local end=$((SECONDS + 60)) said
	until said=$(asked rabbitmq-diagnostics --quiet check_running 2>&1); do
		if [ "$SECONDS" -ge "$end" ]; then
			printf '%s\n' "$said"
			docker logs --tail 5 "$container"
			return 1
		fi
		sleep 1
	done
	printf '%s\n' "$said"
}
same 'the server boots within a minute' 'RabbitMQ on node rabbit@lab is fully booted and running' boots
same 'it is what the tag says' "$version" eval 'asked rabbitmqctl --quiet eval "rabbit_misc:version()." | tr -d "\""'
same "process 1 is $first" "$first" asked sh -c 'case $(cat /proc/1/comm) in beam.smp) echo beam.smp ;; *) tr "\0" " " </proc/1/cmdline | sed "s#^/bin/##; s/ *$//" ;; esac'
same 'root may ask it' '[{rabbit,' eval 'docker exec "$container" timeout 20 rabbitmqctl --quiet eval "[{rabbit, 1}]." | cut -c1-9'
same 'it logs to the console' yes eval 'docker logs "$container" 2>&1 | grep "Server startup complete" >/dev/null && echo yes || echo no'
docker rm -fv "$container" >/dev/null
