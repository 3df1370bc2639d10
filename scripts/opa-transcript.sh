#!/usr/bin/env bash
# Writes docs/opa-api-transcript.md: what a client of OPA (curl) says to a running Gatehouse, and what it is answered.
# usage: scripts/opa-transcript.sh [PROGRAM] >docs/opa-api-transcript.md
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(realpath "${1:-.build/release/gatehouse}")
listen=${GATEHOUSE_LISTEN:-127.0.0.1:18181}
data=$(mktemp -d)
export GATE=http://$listen
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$data"' EXIT

"$program" up --data "$data" --listen "$listen" >"$data/log" 2>&1 &
server=$!
for _ in $(seq 1 200); do
    curl -fsS -o /dev/null "$GATE/health" 2>/dev/null && break
    kill -0 "$server" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
    sleep 0.1
done

cd "$data"
cat >rbac.rego <<'REGO'
package app.rbac

default allow := false

allow if {
	some role in data.app_roles.users[input.user]
	some grant in data.app_roles.grants[role]
	grant == {"action": input.action, "type": input.type}
}
REGO
cat >roles.json <<'JSON'
{"users": {"alice": ["admin"], "bob": ["reader"]},
 "grants": {"admin": [{"action": "read", "type": "dog"}, {"action": "update", "type": "dog"}],
            "reader": [{"action": "read", "type": "dog"}]}}
JSON
cat >mask.rego <<'REGO'
package system.log

mask contains "/input/password"
REGO
printf 'package broken\n\nallow if x > 1\n' >broken.rego

# Shows a command, runs it, and shows what came of it. Ids and times are as they were.
run() {
    printf '```console\n$ %s\n' "$1"
    bash -c "$1" 2>&1 | sed 's/\r$//'
    printf '\n```\n\n'
}
say() { printf '%s\n\n' "$*"; }

cat <<'TEXT'
# A client of OPA speaks to Gatehouse

Written by `scripts/opa-transcript.sh` against a server that it started; nothing is edited. `$GATE` is the server's address.
The file `auth` says `unix-socket = "gatehouse.sock"`, where the kernel vouches for the caller, an admin; over the network it would say
`header = "Authorization: Bearer KEY"`.

TEXT
# The socket knows who asks: this user, who is an admin here. Elsewhere it is: header = "Authorization: Bearer KEY"
echo 'unix-socket = "gatehouse.sock"' >auth

say "Policy and data are put. Each is an action through the gate, which lets an admin do it at once:"
run 'curl -sS -K auth -X PUT --data-binary @rbac.rego -w "%{http_code}" $GATE/v1/policies/rbac.rego'
run 'curl -sS -K auth -X PUT -d @roles.json -w "%{http_code}" $GATE/v1/data/app_roles'
run 'curl -sS -K auth -X PUT --data-binary @mask.rego -w "%{http_code}" $GATE/v1/policies/mask.rego'
say "What does not compile is refused with its place:"
run 'curl -sS -K auth -X PUT --data-binary @broken.rego $GATE/v1/policies/broken.rego'
say "Decisions:"
run $'curl -sS -K auth $GATE/v1/data/app/rbac/allow -d \'{"input": {"user": "bob", "action": "read", "type": "dog", "password": "hunter2"}}\''
run $'curl -sS -K auth "$GATE/v1/data/app/rbac/allow?pretty&metrics&provenance" -d \'{"input": {"user": "bob", "action": "update", "type": "dog"}}\''
run 'curl -sS -K auth $GATE/v1/data/app/rbac/nothing -d "{}"'
run $'curl -sS -K auth $GATE/v0/data/app/rbac/allow -d \'{"user": "alice", "action": "update", "type": "dog"}\''
run $'curl -sS -K auth "$GATE/v1/data/app/rbac/allow?pretty&explain=fails" -d \'{"input": {"user": "eve", "action": "read", "type": "dog"}}\''
say "A query, and what is left of one when the action is not known:"
run $'curl -sS -K auth -G $GATE/v1/query --data-urlencode \'q=data.app_roles.users[name][_] == "admin"\''
run $'curl -sS -K auth "$GATE/v1/compile" -d \'{"query": "data.app.rbac.allow == true", "unknowns": ["input.action"], "input": {"user": "bob", "type": "dog"}}\''
say "Data is patched and read back:"
run $'curl -sS -K auth -X PATCH -w "%{http_code}" $GATE/v1/data/app_roles/users -d \'[{"op": "add", "path": "/eve", "value": ["reader"]}]\''
run 'curl -sS -K auth $GATE/v1/data/app_roles/users'
say "Health and status; the first is open to anyone:"
run 'curl -sS -w "%{http_code}" "$GATE/health?bundles&plugins"'
run 'curl -sS -K auth "$GATE/v1/status?pretty"'
run 'curl -sS $GATE/v1/data/app/rbac/allow'
say "Each decision is in the ledger, without what the mask took out:"
run $'curl -sS -K auth "$GATE/api/v1/ledger?limit=20" | python3 -c \'import json, sys
for entry in reversed(json.load(sys.stdin)["entries"]):
    payload = entry.get("payload") or {}
    if payload.get("type") == "decision_log" and payload["event"].get("erased"): print(json.dumps(payload["event"], indent=1))\''
