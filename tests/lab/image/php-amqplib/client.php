<?php
/* The client of the notes, php-amqplib, connected as their author did: host, port, user, password, and the library's
 * defaults for all else (AMQPLAIN, no heartbeat, 3 s to connect and for each read). It declares a durable queue, publishes with
 * confirms, consumes what it published with an acknowledgement for each message, and deletes the queue.
 *
 * usage: AMQP_PASSWORD=… client.php [--queue quorum|classic] [--messages N] [--seconds N] HOST PORT USER [VHOST]
 *   --messages   how many (100);   --seconds   how long confirms, and then messages, may take each (30)
 * One line with the counts and 0; or one line with the reason and 1; 2: it was called wrongly. */

require 'PhpAmqpLib/autoload.php';

use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

function usage(string $why): void
{
    fwrite(STDERR, "client.php: $why\n");
    exit(2);
}

$options = getopt('', ['queue:', 'messages:', 'seconds:'], $rest);
$words = array_slice($argv, $rest);
$type = $options['queue'] ?? 'classic';
$messages = (int) ($options['messages'] ?? 100);
$seconds = (int) ($options['seconds'] ?? 30);
$password = getenv('AMQP_PASSWORD');
if (count($words) < 3 || count($words) > 4 || $messages < 1 || $seconds < 1) {
    usage('give HOST PORT USER [VHOST]; --messages and --seconds are at least 1');
}
if (!in_array($type, ['quorum', 'classic'], true)) {
    usage("no queue type $type");
}
if ($password === false) {
    usage('AMQP_PASSWORD is not set');
}
[$host, $port, $user] = $words;
$vhost = $words[3] ?? '/';

$begin = microtime(true);
$queue = 'php-amqplib-' . bin2hex(random_bytes(6));
$confirmed = $redelivered = 0;
$refused = $returned = $seen = [];
$channel = null;
$declared = false;
try {
    $connection = new AMQPStreamConnection($host, $port, $user, $password, $vhost);
    $server = $connection->getServerProperties();
    $channel = $connection->channel();
    $arguments = new AMQPTable(['x-queue-type' => $type]);
    $channel->queue_declare($queue, false, true, false, false, false, $arguments);
    $declared = true;

    $channel->confirm_select();
    $channel->set_ack_handler(function () use (&$confirmed) {
        $confirmed++;
    });
    $channel->set_nack_handler(function (AMQPMessage $message) use (&$refused) {
        $refused[] = $message->getBody();
    });
    $channel->set_return_listener(function ($code, $text) use (&$returned) {
        $returned[] = "$code $text";
    });
    for ($n = 1; $n <= $messages; $n++) {
        $message = new AMQPMessage("$queue $n", ['delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT]);
        $channel->basic_publish($message, '', $queue, true);
    }
    $channel->wait_for_pending_acks_returns($seconds);
    if ($refused !== [] || $returned !== [] || $confirmed !== $messages) {
        throw new RuntimeException(sprintf('%d of %d confirmed, %d refused, %d returned %s', $confirmed, $messages,
            count($refused), count($returned), $returned[0] ?? ''));
    }

    $channel->basic_qos(0, 20, false);
    $channel->basic_consume($queue, '', false, false, false, false,
        function (AMQPMessage $message) use (&$seen, &$redelivered) {
            $redelivered += $message->isRedelivered() ? 1 : 0;
            $seen[$message->getBody()] = true;
            $message->ack();
        });
    $until = microtime(true) + $seconds;
    while (count($seen) < $messages) {
        $left = $until - microtime(true);
        if ($left <= 0) {
            throw new RuntimeException(sprintf('%d of %d consumed after %d s', count($seen), $messages, $seconds));
        }
        $channel->wait(null, false, $left);
    }
    for ($n = 1; $n <= $messages; $n++) {
        if (!isset($seen["$queue $n"])) {
            throw new RuntimeException("message $n came back as something else");
        }
    }
    $left = $channel->queue_delete($queue);
    $declared = false;
    if ($left > 0) {
        throw new RuntimeException("$left messages were still in the queue");
    }
    $channel->close();
    $connection->close();
    printf("RabbitMQ %s, %s queue: %d published, %d confirmed, %d consumed, %d acknowledged, %d redelivered, %.1f s\n",
        $server['version'][1] ?? '?', $type, $messages, $confirmed, count($seen), count($seen), $redelivered,
        microtime(true) - $begin);
} catch (Throwable $reason) {
    if ($declared) {
        try {
            $channel->queue_delete($queue);
        } catch (Throwable $_) {
            // The reason above is the one that counts.
        }
    }
    printf("failed after %.1f s: %s: %s\n", microtime(true) - $begin, get_class($reason),
        trim(preg_replace('/\s+/', ' ', $reason->getMessage())));
    exit(1);
}
