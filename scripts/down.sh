#!/usr/bin/env bash
# Stops what scripts/up.sh started, and waits until it has finished what was in flight.
set -euo pipefail
data=${GATEHOUSE_DATA:-$HOME/.local/share/gatehouse}
[ -f "$data/up.pid" ] || { printf 'Gatehouse is not up (no %s/up.pid)\n' "$data" >&2; exit 0; }
pid=$(cat "$data/up.pid")
kill -TERM "$pid" 2>/dev/null || true
for _ in $(seq 1 300); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
done
rm -f "$data/up.pid"
