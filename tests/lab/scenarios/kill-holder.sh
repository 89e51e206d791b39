# The balancer that holds the VIP dies at once (kill -9): the VIP moves, clients come back, and the
# restart policy brings the dead one back without the VIP moving again (nopreempt).
# shellcheck shell=bash

scenario() {
	local vip holder other begin
	vip=$(vips | head -n 1)
	within 60 one_holder "$vip" >/dev/null || true
	holder=$(holders "$vip" | head -n 1)
	[ -n "$holder" ] || { no 'somebody holds the VIP at first'; return; }
	begin=$(date +%s%N)
	kill -KILL "$(docker inspect -f '{{.State.Pid}}' "$holder")"
	verdict 'AMQP again after kill -9 of the holder' amqp --within 30 --message
	printf 'seconds: kill to first AMQP %s\n' "$(awk -v ns=$(($(date +%s%N) - begin)) 'BEGIN { printf "%.1f", ns / 1e9 }')"
	other=$(holders "$vip" | head -n 1)
	if [ "$other" != "$holder" ]; then ok 'the VIP has moved' "$holder to ${other:-nobody}"; else no 'the VIP has moved' "$other"; fi
	verdict "$holder is back" within 60 healthy "$holder"
	verdict 'the VIP is still on one balancer' one_holder "$vip"
}
