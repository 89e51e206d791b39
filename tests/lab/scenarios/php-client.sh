# php-amqplib, the notes' own client, opens a channel through the front door, publishes with confirms and consumes.
# shellcheck shell=bash disable=SC2154

scenario() {
	local kind
	for kind in $(kinds); do
		verdict "php-amqplib, a $kind queue" within 30 php "$kind"
	done
}

php() {
	docker run --rm --network host -e AMQP_PASSWORD="$password" lab/php-amqplib "$entry_address" "$entry_port" "$user" / \
		"$([ "$1" = quorum ] && echo quorum || echo classic)" 20
}
