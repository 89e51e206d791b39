# The notes' client: nobody's contract but its own; sourced by tests/lab/contract.
# shellcheck shell=bash disable=SC2016,SC2154

same 'entry point' '["php","/client.php"]' config Entrypoint
same 'it reads' 'No syntax errors detected in /client.php' inside 'php -l /client.php'
same 'without a password it is called wrongly' 'client.php: AMQP_PASSWORD is not set (exit code 2)' \
	docker run --rm --network none "$image" 127.0.0.1 5672 guest
same 'nobody there is a failure' '1' eval 'docker run --rm --network none -e AMQP_PASSWORD=x "$image" 127.0.0.1 5672 guest >/dev/null; echo $?'
