#!/usr/bin/env python3
"""Clients as real ones are: they publish with confirms and consume with acknowledgements, through one entry, and connect
again whenever a connection fails. Every message is accounted for.

usage: AMQP_PASSWORD=… load.py --entry HOST:PORT --user NAME --queue TYPE=NAME … --state FILE --out FILE
Runs until SIGTERM. SIGUSR1: the failure begins now; what is measured counts from here.
TYPE is quorum, or mirrored (a classic queue: a policy of the cluster mirrors it).
--state  gets the word `ready` once every publisher has a confirmed message and every consumer a delivery.
--out    one line a queue at the end: TYPE OUTAGE CONFIRMED LOST DUPLICATED FOREIGN CONNECTIONS, with tabs. The outage is the longest time
         that any one publisher was without a confirmed message, in seconds.
--steal N   takes N messages off each queue and forgets them, before anybody consumes: the account must call N lost.
--repeat N  publishes N confirmed messages again: the account must call N duplicated.
Beside each queue a second one has 100 messages that nobody takes before the end.
Exit code 0: the account is written, whatever it says; 1: never ready, or the account is not to be trusted."""
import argparse
import os
import signal
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

from account import Account  # noqa: E402
from amqp import Connection, Refused  # noqa: E402
from gaps import Gaps  # noqa: E402

FAILED = (OSError, Refused, struct.error)
# As careful clients set them: what takes longer is given up and begun anew.
TIMEOUT = 10.0
HEARTBEAT = 10
PAUSE = 0.1


# Messages that lie in a second queue all the time.
KEPT = 100


class Queue:
    """One queue, its account, and whoever publishes to it; beside it one whose messages lie there until the end."""

    def __init__(self, kind, name):
        self.kind, self.name = kind, name
        self.kept = name + "-kept"
        self.account, self.stored = Account(), Account()
        self.gaps = []
        self.connections = 0

    def arguments(self, release):
        """Whoever declares it first has its leader, so that all queues of a run have theirs on one broker."""
        if self.kind == "mirrored":
            return [("x-queue-master-locator", "client-local")]
        new = tuple(int(part) for part in release.split(".")[:2]) >= (3, 10)
        return [("x-queue-type", "quorum")] + [("x-queue-leader-locator", "client-local")] * new


class Load:
    """All clients. `ending` stops the publishers, `over` the consumers."""

    def __init__(self, args, password):
        self.args, self.password = args, password
        self.queues = [Queue(*word.split("=", 1)) for word in args.queue]
        self.ending, self.over, self.stolen = threading.Event(), threading.Event(), threading.Event()
        self.waiting = threading.Semaphore(0)
        self.trace = open(args.trace, "w", encoding="utf-8") if args.trace else None
        self.began = time.monotonic()

    def say(self, who, what):
        if self.trace:
            self.trace.write(f"{time.monotonic() - self.began:8.2f} {who}: {what}\n")
            self.trace.flush()

    def connect(self, queue):
        queue.connections += 1
        connection = self.open()
        try:
            self.declare(connection, queue)
        except BaseException:
            connection.sock.close()
            raise
        return connection

    @staticmethod
    def declare(connection, queue):
        for name in (queue.name, queue.kept):
            connection.declare(name, arguments=queue.arguments(connection.server.get("version", "0.0")))

    def open(self):
        host, port = self.args.entry.rsplit(":", 1)
        connection = Connection(host, int(port), self.args.user, self.password, self.args.vhost, TIMEOUT, HEARTBEAT)
        try:
            connection.open_channel()
        except BaseException:
            connection.sock.close()
            raise
        return connection

    def publisher(self, queue, who):
        gaps = Gaps(time.monotonic())
        queue.gaps.append(gaps)
        connection, number, body, last = None, 0, None, []
        # What was not confirmed is published again, under the same name, until it is; at the end for a while only.
        while not self.ending.is_set() or (body is not None and time.monotonic() < self.end_by):
            try:
                if connection is None:
                    connection = self.connect(queue)
                    self.say(who, "connected")
                if body is None:
                    number += 1
                    body = f"{who}-{number}".encode()
                    queue.account.sent(body)
                begin = time.monotonic()
                connection.publish(queue.name, body)
                now = time.monotonic()
                if now - begin > 1:
                    self.say(who, f"confirmed after {now - begin:.1f} s")
                gaps.confirmed(now)
                queue.account.confirmed(body)
                last, body = [body, *last[: self.args.repeat - 1]], None
                if number == 1:
                    self.waiting.release()
                time.sleep(1 / self.args.rate)
            except FAILED as reason:
                self.say(who, f"{type(reason).__name__} {reason}")
                connection = self.drop(connection)
                time.sleep(PAUSE)
        gaps.end(time.monotonic())
        if self.args.repeat and who.endswith("p0"):
            for again in last[: self.args.repeat]:
                connection.publish(queue.name, again)
        self.drop(connection)

    def consumer(self, queue, who):
        self.stolen.wait()
        connection, first = None, True
        while not self.over.is_set():
            try:
                if connection is None:
                    connection = self.connect(queue)
                    connection.consume(queue.name, 50)
                    connection.sock.settimeout(0.5)
                    heard = beaten = time.monotonic()
                now = time.monotonic()
                if now - beaten >= HEARTBEAT / 2:
                    connection.beat()
                    beaten = now
                try:
                    delivery = connection.delivery()
                except socket.timeout:
                    if now - heard > 2 * HEARTBEAT:
                        raise Refused("no heartbeat") from None
                    continue
                heard = time.monotonic()
                if delivery is not None:
                    queue.account.delivered(delivery[1])
                    connection.ack(delivery[0])
                    if first:
                        self.waiting.release()
                        first = False
            except FAILED as reason:
                self.say(who, f"{type(reason).__name__} {reason}")
                connection = self.drop(connection)
                time.sleep(PAUSE)
        self.drop(connection)

    @staticmethod
    def drop(connection):
        if connection is not None:
            connection.sock.close()

    def steal(self):
        """Somebody takes messages and loses them."""
        by = time.monotonic() + self.args.within
        for queue in self.queues:
            connection, taken = self.connect(queue), 0
            while taken < self.args.steal:
                taken += connection.get(queue.name) is not None
                if time.monotonic() > by:
                    sys.exit(f"nothing to take from {queue.name}")
            connection.close()
        self.stolen.set()

    def run(self):
        everybody = [
            threading.Thread(target=work, args=(queue, f"{queue.kind}-{short}{n}"), daemon=True)
            for queue in self.queues
            for work, short, count in ((self.publisher, "p", self.args.publishers), (self.consumer, "c", self.args.consumers))
            for n in range(count)
        ]
        publishers = [thread for n, thread in enumerate(everybody) if n % (self.args.publishers + self.args.consumers) < self.args.publishers]
        # All queues are declared over one connection, before anybody races for them.
        self.patiently(self.begin)
        for thread in everybody:
            thread.start()
        if self.args.steal:
            self.patiently(self.steal)
        self.stolen.set()
        for _ in everybody:
            if not self.waiting.acquire(timeout=self.args.within):
                sys.exit("not everybody has published or consumed")
        with open(self.args.state, "w", encoding="utf-8") as state:
            state.write("ready\n")
        self.ending.wait()
        for thread in publishers:
            thread.join()
        by = time.monotonic() + self.args.drain
        while any(queue.account.missing() for queue in self.queues) and time.monotonic() < by:
            time.sleep(0.2)
        # A second copy may still be on its way.
        time.sleep(1)
        self.over.set()
        for thread in everybody:
            thread.join(2 * TIMEOUT)
        self.patiently(self.fetch)
        self.write()
        self.patiently(self.delete)

    def begin(self):
        connection = self.open()
        for queue in self.queues:
            self.declare(connection, queue)
            for n in range(len(queue.stored.sent_already()), KEPT):
                body = f"kept-{n}".encode()
                queue.stored.sent(body)
                connection.publish(queue.kept, body)
                queue.stored.confirmed(body)
        connection.close()

    def fetch(self):
        """What lay there all the time, up to the last one."""
        connection = self.open()
        for queue in self.queues:
            while (body := connection.get(queue.kept)) is not None:
                queue.stored.delivered(body)
        connection.close()

    def patiently(self, work):
        by = time.monotonic() + self.args.within
        while True:
            try:
                return work()
            except FAILED as reason:
                self.say("all", f"{type(reason).__name__} {reason}")
                if time.monotonic() > by:
                    sys.exit(f"not in {self.args.within:.0f} s: {reason}")
                time.sleep(0.5)

    def delete(self):
        for queue in self.queues:
            connection = self.connect(queue)
            connection.delete(queue.name)
            connection.delete(queue.kept)
            connection.close()

    def write(self):
        with open(self.args.out, "w", encoding="utf-8") as out:
            for queue in self.queues:
                stored = queue.stored.totals()
                totals = {name: count + stored[name] for name, count in queue.account.totals().items()}
                outage = max(gaps.worst for gaps in queue.gaps)
                words = [queue.kind, f"{outage:.1f}", *map(str, totals.values()), str(queue.connections)]
                out.write("\t".join(words) + "\n")
                for body in sorted(queue.account.missing() | queue.stored.missing())[:20]:
                    self.say("account", f"lost {body.decode()} of {queue.name}")

    def mark(self, *_):
        for queue in self.queues:
            for gaps in queue.gaps:
                gaps.mark(time.monotonic())
        self.say("all", "the failure begins")

    def end(self, *_):
        self.end_by = time.monotonic() + self.args.drain
        self.say("all", "the end")
        self.ending.set()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--entry", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--vhost", default="/")
    parser.add_argument("--queue", action="append", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--trace", help="every failure of a client, with its time")
    parser.add_argument("--publishers", type=int, default=3)
    parser.add_argument("--consumers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=10, help="messages a second and publisher")
    parser.add_argument("--within", type=float, default=60, help="seconds to be ready in")
    parser.add_argument("--drain", type=float, default=90, help="seconds for what is open at the end")
    parser.add_argument("--steal", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=0)
    args = parser.parse_args()
    load = Load(args, os.environ["AMQP_PASSWORD"])
    # A client that ends by a mistake of its own would neither lose nor wait any more.
    crashed = []
    threading.excepthook = lambda what: (sys.__excepthook__(*what[:3]), crashed.append(what.thread))
    signal.signal(signal.SIGUSR1, load.mark)
    signal.signal(signal.SIGTERM, load.end)
    load.run()
    if crashed:
        sys.exit("a client ended by a mistake of its own")


if __name__ == "__main__":
    main()
