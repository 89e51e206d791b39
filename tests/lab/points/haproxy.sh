# The points of the official haproxy:<version> image (Debian flavour); sourced by tests/lab/contract.
# shellcheck shell=bash disable=SC2016,SC2154 # the quoted scripts run inside the containers; image is contract's

# Until 2.3 it ran as root. Nobody has made a folder for its user before 2.2.18.
user='""' folder='"/var/lib/haproxy"' home='no home' socat=no authorities=no script=yes
! since 2.4 || user='"haproxy"' script=no
since 2.7 || folder='""'
! since 2.2.18 || home='755 99'
! since 2.8.1 || authorities=yes
! since 3.2.8 || socat=yes

same 'entry point' '["docker-entrypoint.sh"]' config Entrypoint
same 'command' '["haproxy","-f","/usr/local/etc/haproxy/haproxy.cfg"]' config Cmd
same "user $user" "$user" config User
same "folder $folder" "$folder" config WorkingDir
same 'stop signal' '"SIGUSR1"' config StopSignal
same 'no volume, no port' 'null null' eval 'echo "$(config Volumes) $(config ExposedPorts)"'
same 'user, group and home' '99 99 /var/lib/haproxy' \
	inside 'echo "$(id -u haproxy) $(id -g haproxy) $(getent passwd haproxy | cut -d: -f6)"'
same "the home: $home" "$home" inside 'stat -c "%a %u" /var/lib/haproxy 2>/dev/null || echo no home'
same 'the program is in /usr/local/sbin only' '/usr/local/sbin/haproxy no' \
	inside 'echo "$(command -v haproxy) $([ -e /usr/sbin/haproxy ] && echo yes || echo no)"'
same 'it is what the tag says' "$version" inside 'haproxy -v | sed -n "s/^HA-*Proxy version \([0-9.]*\).*/\1/p"'
same 'configuration folder' 'errors' inside 'ls /usr/local/etc/haproxy; ls /etc/haproxy 2>/dev/null || :'
same 'no ip, ps and keepalived' '' inside 'for i in ip ps keepalived; do command -v $i; done; :'
same "socat: $socat" "$socat" inside 'command -v socat >/dev/null && echo yes || echo no'
same "certificates of authorities: $authorities" "$authorities" inside '[ -e /etc/ssl/certs/ca-certificates.crt ] && echo yes || echo no'
same "/docker-entrypoint.sh: $script" "$script" inside '[ -x /docker-entrypoint.sh ] && echo yes || echo no'
stub='printf "#!/bin/sh\necho \"\$*\"\n" >/usr/local/sbin/haproxy; '
same 'becomes master and worker' '-W -db -f x' inside "$stub"'docker-entrypoint.sh haproxy -f x'
same 'options alone mean haproxy' '-W -db -f x' inside "$stub"'docker-entrypoint.sh -f x'
same 'another command is left alone' 'here' inside 'docker-entrypoint.sh echo here'
who=99; since 2.4 || who=0
same "another command runs as $who" "$who" docker run --rm --network none "$image" id -u
same 'accepts a file' accepted docker run --rm --network none "$image" sh -c \
	'printf "defaults\n mode tcp\n timeout client 1s\n timeout server 1s\n timeout connect 1s\nlisten x\n bind :5600\n server a 127.0.0.1:1\n" >/tmp/c
	haproxy -c -q -f /tmp/c && echo accepted'
