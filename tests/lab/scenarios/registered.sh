# Started in any order, every instance runs with the values that are meant for it and stands in Consul.
# shellcheck shell=bash disable=SC2154
# shellcheck source=tests/lab/lib/registry.sh
. "$here/lib/registry.sh"

scenario() {
	local container
	for container in $(instances); do
		timed "$container is registered" 120 registered "$container"
		verdict "$container: key and value" registered "$container"
		verdict "$container got what was meant for it" got "$container"
	done
	for container in $(everything); do
		verdict "$container is healthy" within 120 healthy "$container"
	done
}

# answer INSTANCE KEY: that line of its file of variables, else of its environment.
answer() {
	curl -s -m 3 "http://$(of_register own "$1")/$2"
}

# got INSTANCE: IP and PORT are what readers are given, other lines of the file are kept, variables arrive unchanged.
got() {
	local environment name value
	if [ -e "$(folder_of "$1")/init.sh" ]; then
		[ "$(answer "$1" IP):$(answer "$1" PORT)" = "$(of_register shown "$1")" ] || { echo 'IP and PORT'; return 1; }
		[ "$(answer "$1" HOST)" = "$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1")" ] ||
			{ echo 'HOST'; return 1; }
		[ "$(answer "$1" TYPE) $(answer "$1" APP_NAME)" = 'tcp lab' ] || { echo 'TYPE and APP_NAME'; return 1; }
	fi
	environment=$(folder_of "$1")/environment
	[ -e "$environment" ] || { echo 'nothing to get'; return 0; }
	while IFS='=' read -r name value; do
		case $name in '#'*) continue ;; esac
		case $value in \'*) value=${value#\'} value=${value%\'} ;; esac
		[ "$(answer "$1" "$name")" = "$value" ] || { echo "$name"; return 1; }
	done <"$environment"
	echo 'file and environment'
}
