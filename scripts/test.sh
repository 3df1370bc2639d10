#!/usr/bin/env bash
# Every test: a bounded round of fuzzing, then the Swift suites, which start real servers, a browser and child processes.
# usage: scripts/test.sh [arguments of swift test]
# environment: FUZZ_SECONDS (per target, default 10), FUZZ_SEED (default 1, so that a run can be had again; `make fuzz` draws)
set -euo pipefail
cd "$(dirname "$0")/.."
export GATEHOUSE_PYTHON=${GATEHOUSE_PYTHON:-$PWD/.venv/bin/python}

FUZZ_SEED=${FUZZ_SEED:-1} scripts/fuzz.sh all "${FUZZ_SECONDS:-10}"
swift build --build-tests --quiet
swift test --skip-build "$@"
