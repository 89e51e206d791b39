# What Consul has of the registered instances, asked in the way nginx-upsync-module asks: GET FOLDER?recurse; the address
# at the end of the key, whole numbers in the value.
# shellcheck shell=bash disable=SC2154

# instances: the containers that a register stands for.
instances() {
	everything | sed -n 's/-register$//p'
}

# of_register NAME INSTANCE: a value of the instance's register.
of_register() {
	(eval "$(grep "^$1=" "$(folder_of "$2-register")/register")" && printf '%s\n' "${!1}")
}

# registered INSTANCE: its key and value; fails where there is none. The first server that answers is asked.
registered() {
	local path server text=
	path=$(of_register path "$1")
	for server in $(of_register servers "$1"); do
		text=$(curl -s -m 3 "http://$server/v1/kv/${path%/*}/?recurse") && break
	done
	python3 -c 'import base64, json, sys
path, text = sys.argv[1:]
for entry in json.loads(text or "[]"):
    if entry["Key"] == path:
        value = json.loads(base64.b64decode(entry["Value"]))
        assert all(type(value[name]) is int for name in ("weight", "max_fails", "fail_timeout")), value
        assert entry.get("Session"), "no session holds it"
        print(entry["Key"], json.dumps(value))
        sys.exit()
sys.exit(path + " is not there")' "$path" "$text"
}

gone() {
	! registered "$1"
}

# steady SECONDS COMMAND…: it never fails in that time.
steady() {
	local end=$((SECONDS + $1)) said
	shift
	while [ "$SECONDS" -lt "$end" ]; do
		said=$("$@" 2>&1) || { printf '%s\n' "$said"; return 1; }
		sleep 0.2
	done
	printf '%s\n' "$said"
}
