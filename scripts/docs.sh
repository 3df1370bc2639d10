#!/usr/bin/env bash
# Writes what is generated from the code: the configuration's reference and schema, the API's description, the screenshots.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release --static-swift-stdlib --product gatehouse
program=.build/release/gatehouse
"$program" config reference >docs/configuration.md
"$program" config schema >docs/gatehouse.schema.json
"$program" workflow schema >docs/workflow.schema.json
"$program" agent schema >docs/agent.schema.json
"$program" api >docs/openapi.json
GATEHOUSE_SCREENSHOTS=$PWD/docs/screenshots GATEHOUSE_PYTHON=$PWD/.venv/bin/python swift test --filter BrowserTests
