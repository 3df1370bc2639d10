#!/usr/bin/env bash
# Every test: a bounded round of fuzzing, then the Swift suites, which start real servers, a browser and child processes.
# usage: scripts/test.sh [--filter PATTERN] [--skip PATTERN]
# environment: FUZZ_SECONDS (per target, default 30), FUZZ_SEED (default 1, so that a run can be had again; `make fuzz` draws)
set -euo pipefail
cd "$(dirname "$0")/.."
export GATEHOUSE_PYTHON=${GATEHOUSE_PYTHON:-$PWD/.venv/bin/python}

# Fuzzers that are not optimised try a third of the inputs in a time, and get three times the time: making them optimised
# takes longer than all else. `make fuzz` does.
FUZZ_SEED=${FUZZ_SEED:-1} FUZZ_CONFIGURATION=${FUZZ_CONFIGURATION:-debug} scripts/fuzz.sh all "${FUZZ_SECONDS:-30}"
swift build --build-tests --quiet

# The bundle is run by itself because `swift test` begins all tests at once: on a slow machine each of them then takes as
# long as the whole run, and what waits for a server or a deadline waits too long.
log=.build/test.log
bundle=$(swift build --show-bin-path)/gatehousePackageTests.xctest
status=0
# Into a file that is followed, and not through a pipe: a child that outlives its test would hold the pipe open for ever.
# Shown is how far it is and what fails; all that the tests say is in the file.
: >"$log"
timeout 45m "$bundle" --testing-library swift-testing \
    --experimental-maximum-parallelization-width $((2 * $(nproc))) "$@" >"$log" 2>&1 &
tail -n +1 -s 1 -f --pid=$! "$log" | awk '
    /✘|↳|Test run/ { print; fflush() }
    /(✔|✘) Test .* after/ { if (++ended % 200 == 0) { print "test: " ended " have ended"; fflush() } }'
wait $! || status=$?
sed -i 's/\x1b\[[0-9;]*m//g' "$log"
if [ "$status" -ne 0 ]; then
    echo "test: exit $status; the end of $log:" >&2
    tail -n 40 "$log" | cut -c1-300 >&2
    echo 'test: what failed, and what had not ended:' >&2
    grep -aE '^(✘|↳)' "$log" | cut -c1-1000 >&2 || true
    sed -nE '/^◇ Test (run|case)/d; s/^◇ Test (.*) started\.$/\1/p' "$log" | sort >.build/test.started
    sed -nE 's/ with [0-9]+ test cases?//; s/^(✔|✘) Test (.*) (passed|failed) after .*/\2/p' "$log" | sort >.build/test.ended
    comm -23 .build/test.started .build/test.ended >&2
fi
exit "$status"
