"""Makes the compose file of a host run in a container that stands for the machine.

usage: machine.py FOLDER MACHINE   rewrites FOLDER/docker-compose.yml: `network_mode: "host"` becomes the network of the container
MACHINE, and what Compose refuses beside that (hostname, extra_hosts) is taken out, for the machine to have. Nothing else
changes. Prints the machine's options for `docker run`: its name and its hosts.
A service that is not on the host's network ends it with 1."""
import json
import os
import re
import sys

folder, machine = sys.argv[1:]
path = os.path.join(folder, "docker-compose.yml")
kept, hosts, names = [], {}, {}
service, within = None, None
services = 0
with open(path, encoding="utf-8") as file:
    lines = file.read().splitlines()
for line in lines:
    if re.match(r'  "[^"]*":$', line):
        service, within = json.loads(line.strip()[:-1]), None
    elif re.match(r"    \S", line):
        within = line.strip().partition(":")[0]
    if within == "hostname":
        names[service] = json.loads(line.strip().partition(":")[2])
        within = None
        continue
    if within == "extra_hosts":
        if not line.strip().startswith("extra_hosts"):
            name, _, address = line.strip().partition(":")
            hosts[json.loads(name)] = json.loads(address)
        continue
    if line == '    network_mode: "host"':
        line = f'    network_mode: "container:{machine}"'
        services += 1
    kept.append(line)
if services != sum(1 for line in lines if line.startswith("    image:")):
    sys.exit("a service is not on the host's network")
with open(path, "w", encoding="utf-8") as file:
    file.write("\n".join(kept) + "\n")
# A broker calls itself by its host name; nobody else looks at it.
own = [name for name in names.values() if name in hosts]
print("--hostname", (own or [machine])[0])
for name, address in sorted(hosts.items()):
    print("--add-host", f"{name}:{address}")
