# php-amqplib, the notes' own client, opens a channel through the front door, publishes with confirms and consumes.
# shellcheck shell=bash disable=SC2154

scenario() {
	local kind
	for kind in $(kinds); do
		verdict "php-amqplib, a $kind queue" php "$kind"
	done
}

php() {
	docker run --rm --network host -e AMQP_PASSWORD="$password" lab/php-amqplib \
		--queue "$([ "$1" = quorum ] && echo quorum || echo classic)" "$entry_address" "$entry_port" "$user"
}
