#!/usr/bin/env bash
# Starts Gatehouse in the background, assesses a repository through it and prints the way to its console.
# usage: scripts/up.sh [PATH|GIT-URL]     environment: GATEHOUSE_DATA, GATEHOUSE_LISTEN
set -euo pipefail
cd "$(dirname "$0")/.."

repository=${1:-$PWD}
data=${GATEHOUSE_DATA:-$HOME/.local/share/gatehouse}
listen=${GATEHOUSE_LISTEN:-127.0.0.1:8700}
program=$PWD/.build/release/gatehouse
say() { printf '%s\n' "$*" >&2; }

mkdir -p "$data" && chmod 700 "$data"
if [ -f "$data/up.pid" ] && kill -0 "$(cat "$data/up.pid")" 2>/dev/null; then
    say "restarting Gatehouse (pid $(cat "$data/up.pid"))"
    "$PWD/scripts/down.sh"
fi

setsid "$program" up --data "$data" --listen "$listen" >>"$data/up.log" 2>&1 </dev/null &
echo $! >"$data/up.pid"
for _ in $(seq 1 100); do
    curl -fsS -o /dev/null "http://$listen/readyz" 2>/dev/null && ready=1 && break
    kill -0 "$(cat "$data/up.pid")" 2>/dev/null || break
    sleep 0.1
done
if [ -z "${ready:-}" ]; then
    say "Gatehouse did not start; the end of $data/up.log:"
    tail -n 20 "$data/up.log" >&2
    exit 1
fi

"$program" assess "$repository" --data "$data" || { code=$?; [ "$code" -eq 1 ] || exit "$code"; }
say ""
say "Gatehouse is up on http://$listen (data in $data, log in $data/up.log; stop it with: make down)"
say "Sign in once with this link, within 10 minutes:"
"$program" console-link --data "$data"
