#!/usr/bin/env bash
# Every test: the Swift suites (which start real servers, browsers and child processes) and a bounded round of fuzzing.
set -euo pipefail
cd "$(dirname "$0")/.."
export GATEHOUSE_PYTHON=$PWD/.venv/bin/python

scripts/fuzz.sh all "${FUZZ_SECONDS:-10}"
swift build --build-tests 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]' || true
swift test --skip-build "$@"
