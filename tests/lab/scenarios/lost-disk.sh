# A broker loses its disk, and README.txt says how it is replaced: it is a member again, with every replica.
# shellcheck shell=bash disable=SC2154

scenario() {
	settled 60 && load_begin || return 0
	local container host name line volume before
	container=$(leader_of_queue) || { no 'one broker leads all queues'; return; }
	IFS=$'\t' read -r _ host name _ < <(awk -F '\t' -v container="$container" '$1 == "service" && $4 == container' "$facts")
	volume=$(docker inspect -f '{{range .Mounts}}{{if eq .Destination "/var/lib/rabbitmq"}}{{.Name}}{{end}}{{end}}' "$container")
	before=$(docker volume inspect -f '{{.CreatedAt}}' "$volume")
	the_failure true
	readme "$host" 'REPLACE A BROKER THAT LOST ITS DISK' "$name"
	for line in "${steps[@]}"; do
		verdict "$line" within 120 by_hand "$host" "$line"
	done
	settled 120 || true
	if [ "$(docker volume inspect -f '{{.CreatedAt}}' "$volume")" != "$before" ]; then ok 'its disk is a new one'; else no 'its disk is a new one'; fi
	sleep 3
	load_end all "$(after_check 1)" 0
}
