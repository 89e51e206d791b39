"""The names that containers of one compose project can resolve, as lines for /etc/hosts.

Reads the JSON of `compose config --format json` on standard input: service names, container
names, host names and aliases of every service with a fixed address, and extra_hosts."""
import json
import sys


def pairs(project):
    for name, service in (project.get("services") or {}).items():
        for host in service.get("extra_hosts") or []:
            known, _, address = host.replace("=", ":", 1).partition(":")
            yield address, known
        for network in (service.get("networks") or {}).values():
            address = (network or {}).get("ipv4_address")
            if not address:
                continue
            names = [name, service.get("container_name"), service.get("hostname")]
            for known in names + (network.get("aliases") or []):
                if known:
                    yield address, known


for address, known in sorted(set(pairs(json.load(sys.stdin)))):
    print(address, known)
