#!/usr/bin/env python3
"""A small AMQP 0-9-1 client on Python's standard library, for the lab.

As a program: one real handshake through an entry, and with --message one confirmed message there
and back.   usage: AMQP_PASSWORD=… amqp.py HOST PORT USER [--vhost /] [--within SECONDS] [--message]
Prints one line (seconds, cluster, node); exit code 1 with the last reason when none came in time.
"""
import argparse
import os
import socket
import struct
import sys
import time

# Seconds after which an answer is waited for no more, though the peer is alive.
PATIENCE = 60
METHOD, HEADER, BODY, HEARTBEAT, END = 1, 2, 3, 8, 0xCE


class Refused(Exception):
    """The peer closed, answered something else, or was silent for too long."""


def short(text):
    data = text.encode()
    return struct.pack("B", len(data)) + data


def long(data):
    return struct.pack(">I", len(data)) + data


def table(data):
    """The string entries of a field table that holds strings, tables and booleans."""
    found, at = {}, 0
    while at < len(data):
        size = data[at]
        name = data[at + 1 : at + 1 + size].decode()
        at += 1 + size
        kind = data[at : at + 1]
        at += 1
        if kind in (b"S", b"F"):
            (size,) = struct.unpack_from(">I", data, at)
            value = data[at + 4 : at + 4 + size]
            at += 4 + size
            found[name] = value.decode(errors="replace") if kind == b"S" else ""
        elif kind == b"t":
            at += 1
        else:
            break
    return found


class Connection:
    """One connection with one channel (1). A peer that is silent for `timeout` seconds is given up, and one that
    sends nothing but heartbeats after a minute."""

    def __init__(self, host, port, user, password, vhost="/", timeout=5.0, heartbeat=0):
        """Asks for a heartbeat of so many seconds; 0: the one that the server proposes."""
        self.heartbeat = heartbeat
        self.sock = socket.create_connection((host, port), timeout)
        self.sock.settimeout(timeout)
        self.buffer = b""
        try:
            self._handshake(user, password, vhost)
        except BaseException:
            self.sock.close()
            raise

    def _handshake(self, user, password, vhost):
        self.sock.sendall(b"AMQP\x00\x00\x09\x01")
        start = self._expect(10, 10)
        (size,) = struct.unpack_from(">I", start, 2)
        self.server = table(start[6 : 6 + size])
        response = long(b"\x00" + user.encode() + b"\x00" + password.encode())
        # A consumer wants to hear when its queue goes away.
        able = short("capabilities") + b"F" + long(short("consumer_cancel_notify") + b"t\x01")
        self.send(0, 10, 11, long(able) + short("PLAIN") + response + short("en_US"))
        channels, frame, heartbeat = struct.unpack(">HIH", self._expect(10, 30))
        self.heartbeat = self.heartbeat or heartbeat
        self.send(0, 10, 31, struct.pack(">HIH", channels, frame, self.heartbeat))
        self.send(0, 10, 40, short(vhost) + short("") + b"\x00")
        self._expect(10, 41)

    def _fill(self, count):
        """Reads until `count` bytes wait in the buffer. A timeout loses nothing of a frame that is half there."""
        while len(self.buffer) < count:
            part = self.sock.recv(65536)
            if not part:
                raise Refused("closed by the peer")
            self.buffer += part

    def any_frame(self):
        """The next frame, heartbeats too: its type and payload."""
        self._fill(7)
        kind, _, size = struct.unpack_from(">BHI", self.buffer)
        if kind == ord("A"):
            raise Refused("another protocol version")
        self._fill(size + 8)
        payload, end = self.buffer[7 : 7 + size], self.buffer[7 + size]
        self.buffer = self.buffer[8 + size :]
        if end != END:
            raise Refused("a frame without its end")
        return kind, payload

    def frame(self):
        """The next frame that is no heartbeat: its type and payload. A heartbeat is answered: who waits is alive."""
        by = time.monotonic() + PATIENCE
        while True:
            kind, payload = self.any_frame()
            if kind != HEARTBEAT:
                return kind, payload
            self.beat()
            if time.monotonic() > by:
                raise Refused(f"no answer in {PATIENCE} s, heartbeats alone")

    def _expect(self, cls, method):
        kind, payload = self.frame()
        got = struct.unpack_from(">HH", payload)
        if kind != METHOD or got != (cls, method):
            reason = ""
            if got in ((10, 50), (20, 40)):
                (code,) = struct.unpack_from(">H", payload, 4)
                reason = f": {code} {payload[7:7 + payload[6]].decode(errors='replace')}"
            raise Refused(f"{got} instead of {(cls, method)}{reason}")
        return payload[4:]

    def send(self, channel, cls, method, arguments=b""):
        self._frame(METHOD, channel, struct.pack(">HH", cls, method) + arguments)

    def _frame(self, kind, channel, payload):
        self.sock.sendall(struct.pack(">BHI", kind, channel, len(payload)) + payload + bytes([END]))

    def open_channel(self):
        """Opens channel 1 in confirm mode."""
        self.send(1, 20, 10, short(""))
        self._expect(20, 11)
        self.send(1, 85, 10, b"\x00")
        self._expect(85, 11)

    def declare(self, queue, durable=True, arguments=()):
        """A queue with these pairs of texts as arguments."""
        arguments = b"".join(short(name) + b"S" + long(value.encode()) for name, value in arguments)
        self.send(1, 50, 10, struct.pack(">H", 0) + short(queue) + bytes([2 if durable else 0]) + long(arguments))
        self._expect(50, 11)

    def delete(self, queue):
        self.send(1, 50, 40, struct.pack(">H", 0) + short(queue) + b"\x00")
        self._expect(50, 41)

    def publish(self, queue, body):
        """Publishes one persistent message and returns once the broker has confirmed it."""
        self.send(1, 60, 40, struct.pack(">H", 0) + short("") + short(queue) + b"\x00")
        self._frame(HEADER, 1, struct.pack(">HHQHB", 60, 0, len(body), 0x1000, 2))
        self._frame(BODY, 1, body)
        self._expect(60, 80)

    def get(self, queue):
        """Takes one message off a queue (acknowledged at once); None when there is none."""
        self.send(1, 60, 70, struct.pack(">H", 0) + short(queue) + b"\x01")
        _, payload = self.frame()
        if struct.unpack_from(">HH", payload) == (60, 72):
            return None
        return self._content()

    def consume(self, queue, prefetch):
        """Deliveries of a queue, at most `prefetch` without an acknowledgement at once; see `delivery`."""
        self.send(1, 60, 10, struct.pack(">IHB", 0, prefetch, 0))
        self._expect(60, 11)
        self.send(1, 60, 20, struct.pack(">H", 0) + short(queue) + short("") + b"\x00" + long(b""))
        self._expect(60, 21)

    def delivery(self):
        """The next delivery as tag and body; None for a heartbeat."""
        kind, payload = self.any_frame()
        if kind == HEARTBEAT:
            return None
        got = struct.unpack_from(">HH", payload)
        if kind != METHOD or got != (60, 60):
            raise Refused(f"{got} instead of a delivery")
        (tag,) = struct.unpack_from(">Q", payload, 5 + payload[4])
        return tag, self._content()

    def _content(self):
        _, header = self.frame()
        (size,) = struct.unpack_from(">Q", header, 4)
        body = b""
        while len(body) < size:
            body += self.frame()[1]
        return body

    def ack(self, tag):
        self.send(1, 60, 80, struct.pack(">QB", tag, 0))

    def beat(self):
        self.sock.sendall(struct.pack(">BHIB", HEARTBEAT, 0, 0, END))

    def close(self):
        try:
            self.send(0, 10, 50, struct.pack(">H", 200) + short("bye") + struct.pack(">HH", 0, 0))
            self._expect(10, 51)
        finally:
            self.sock.close()


def once(args, password):
    connection = Connection(args.host, args.port, args.user, password, args.vhost)
    if args.message:
        body = os.urandom(16).hex().encode()
        queue = f"lab-{body[:8].decode()}"
        connection.open_channel()
        connection.declare(queue)
        connection.publish(queue, body)
        if connection.get(queue) != body:
            raise Refused("the confirmed message is not there")
        connection.delete(queue)
    server = connection.server
    connection.close()
    return server


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("user")
    parser.add_argument("--vhost", default="/")
    parser.add_argument("--within", type=float, default=0.0)
    parser.add_argument("--message", action="store_true")
    args = parser.parse_args()
    password = os.environ["AMQP_PASSWORD"]
    begin = time.monotonic()
    while True:
        try:
            server = once(args, password)
            break
        except (OSError, Refused, struct.error) as reason:
            if time.monotonic() - begin >= args.within:
                sys.exit(f"no AMQP at {args.host}:{args.port}: {reason}")
            time.sleep(0.2)
    print(f"{time.monotonic() - begin:.1f} {server.get('cluster_name', '-')} {server.get('version', '-')}")


if __name__ == "__main__":
    main()
