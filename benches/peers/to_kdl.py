#!/usr/bin/env python3
"""to_kdl.py INPUT.json > topo.kdl

The brokers of a comparison with other generators (clusters of three with two balancers, a VIP and an nginx, every number
said), as a topology. How it is used: docs/performance.md.
"""
import json
import sys

CLUSTER = """
network "{name}" on="{host}" subnet="{subnet}"
secret "cookie-{name}" literal="{cookie}"
secret "vrrp-{name}" literal="{vrrp_auth}"
secret "stats-{name}" literal="{stats_password}"
rabbitmq "mq-{name}" version="3.10.8" on="{host}" cookie="cookie-{name}" {{
    attach "{name}"
{brokers}}}
haproxy "lb-{name}" version="2.6.12" on="{host}" {{
    attach "{name}"
{balancers}    listen "amqp" port={front_port} to="mq-{name}/amqp" balance="roundrobin" {{ check every="5s" rise=2 fall=2; }}
    stats port={stats_port} path="/haproxy" user="root" password="stats-{name}"
    vip "front" "{vip}" vrid={vrid} auth="vrrp-{name}" {{
{members}    }}
}}
nginx "edge-{name}" version="1.26.3" on="{host}" {{
    attach "{name}"
    stream "amqp" port={front_port} to="lb-{name}/amqp" via="front"
}}
"""


def broker(node, first):
    cookie = "" if node["cookie"] == first["cookie"] else ' cookie="cookie-%s"' % node["name"]
    return ('    node "%(name)s" address="%(address)s" kind="%(type)s"' % node + cookie + ' {'
            ' publish "amqp" port=%(amqp)d bind="0.0.0.0"; publish "management" port=%(management)d bind="0.0.0.0"; }\n' % node)


def balancer(node):
    return ('    node "%(name)s" address="%(address)s" {'
            ' publish "amqp" port=%(front)d bind="0.0.0.0"; publish "stats" port=%(stats)d bind="0.0.0.0"; }\n' % node)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        topology = json.load(file)
    clusters = topology["clusters"]
    hosts = sorted({cluster["host"] for cluster in clusters})
    out = ['topology "%s"\n' % topology["topology"]]
    out.append('allow "secret-literal" reason="the comparison gives every value"\n')
    out += ['host "%s" address="192.168.%d.%d"\n' % (host, n // 250, n % 250 + 1) for n, host in enumerate(hosts)]
    for cluster in clusters:
        brokers, balancers = cluster["brokers"], cluster["balancers"]
        for node in brokers:
            if node["cookie"] != brokers[0]["cookie"]:
                out.append('secret "cookie-%(name)s" literal="%(cookie)s"\n' % node)
        lines = {
            "brokers": "".join(broker(node, brokers[0]) for node in brokers),
            "balancers": "".join(map(balancer, balancers)),
            "members": "".join('        member "%(name)s" priority=%(priority)d\n' % node for node in balancers),
            "cookie": brokers[0]["cookie"],
        }
        out.append(CLUSTER.format(**{**cluster, **lines}))
    sys.stdout.write("".join(out))


main()
