#!/usr/bin/env bash
# Kills a house thirty times while it runs each of the agents' patterns, and looks at what it left behind.
# usage: scripts/kill-patterns.sh     environment: GATEHOUSE_KILLS (default 30), GATEHOUSE_SEED (default: another each time)
set -euo pipefail
cd "$(dirname "$0")/.."
export GATEHOUSE_KILLS=${GATEHOUSE_KILLS:-30}
swift build --build-tests --quiet
exec "$(swift build --show-bin-path)/gatehousePackageTests.xctest" --testing-library swift-testing --filter PatternKillTests
