"""What an emitted tree says about its containers, for the lab's shell scripts.

usage: tree.py OUTDIR COMPOSE [KINDS]   prints tab-separated lines, one fact each:
  service  HOST NAME CONTAINER KIND FOLDER     KIND: broker, balancer, edge, server, other
  node     CONTAINER NODE                      the Erlang node of a broker
  member   CONTAINER NODE                      a node that the broker's own list declares
  vip      CONTAINER ADDRESS
  entry    CONTAINER ADDRESS PORT              a port that an edge publishes
KINDS, with blanks: no others.
The kind is told by the files in the folder that is mounted at /etc/hacc."""
import json
import os
import re
import subprocess
import sys


def read(folder, name):
    path = os.path.join(folder, name)
    if not os.path.isfile(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def kind_of(folder):
    for name, kind in (("rabbitmq.conf", "broker"), ("haproxy.cfg", "balancer"), ("nginx.conf", "edge"),
                       ("consul.json", "server")):
        if os.path.isfile(os.path.join(folder, name)):
            return kind
    return "other"


def say(*words):
    print("\t".join(words))


def service(host, name, settings, only):
    folder = next(
        (v.get("source", "") for v in settings.get("volumes") or [] if v.get("target") == "/etc/hacc"), ""
    )
    kind = kind_of(folder)
    if only and kind not in only.split():
        return
    container = settings.get("container_name") or name
    say("service", host, name, container, kind, folder)
    if kind == "broker":
        say("node", container, "rabbit@" + settings.get("hostname", name))
        for line in read(folder, "rabbitmq.conf").splitlines():
            key, _, value = line.partition("=")
            if key.strip().startswith("cluster_formation.classic_config.nodes."):
                say("member", container, value.strip())
    text = read(folder, "keepalived.conf")
    for block in re.findall(r"virtual_ipaddress\s*\{([^}]*(?:\{[^}]*\}[^}]*)*)\n\s*\}", text):
        for line in block.splitlines():
            words = line.split()
            if words:
                say("vip", container, words[0].partition("/")[0])
    if kind == "edge":
        for port in settings.get("ports") or []:
            address = port.get("host_ip") or "0.0.0.0"
            say("entry", container, "127.0.0.1" if address == "0.0.0.0" else address, str(port["published"]))


def main():
    out, compose, only = [*sys.argv[1:], ""][:3]
    for host in sorted(os.listdir(out)):
        folder = os.path.join(out, host)
        if not os.path.isfile(os.path.join(folder, "docker-compose.yml")):
            continue
        text = subprocess.run(
            [compose, "config", "--format", "json"], cwd=folder, check=True, stdout=subprocess.PIPE
        ).stdout
        for name, settings in sorted(json.loads(text)["services"].items()):
            service(host, name, settings, only)


main()
