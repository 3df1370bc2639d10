# The two commands that a newcomer needs are `make up` and `make test`; the rest are for those who build.
REPO ?= $(CURDIR)

# One file that runs where no Swift is installed; calls into the standard library are cheaper too.
RELEASE = swift build -c release --static-swift-stdlib

.PHONY: up down test check bench bench-gateway bench-mcp bench-secrets fmt docs fuzz clean

up: ## install what is missing, build, start on 127.0.0.1:8700, assess REPO (this checkout) and print the console's link
	@scripts/setup.sh build
	$(RELEASE) --product gatehouse
	@scripts/up.sh "$(REPO)"

down: ## stop what `make up` started
	@scripts/down.sh

test: ## install what tests need and run every test
	@scripts/setup.sh test
	@scripts/test.sh

check: ## formatting and warnings as errors
	swift format lint --strict --parallel --recursive Sources Tests Fuzz Package.swift
	swift build --build-tests -Xswiftc -warnings-as-errors

bench: ## figures against their goals, printed with the machine's name
	@scripts/setup.sh bench
	$(RELEASE) --product gatehouse
	$(RELEASE) --product benchmarks
	@.build/release/benchmarks

bench-gateway: ## what a call through the model gateway costs, beside LiteLLM
	@scripts/setup.sh bench-gateway
	$(RELEASE) --product gatehouse
	@scripts/bench/gateway.py

bench-mcp: ## what a tool call through the MCP gateway costs, beside the Python SDK's server
	@scripts/setup.sh bench-mcp
	$(RELEASE) --product gatehouse
	@scripts/bench/mcp.py

bench-secrets: ## what looking for secrets in a source tree costs, beside detect-secrets
	@scripts/setup.sh bench-secrets
	$(RELEASE) --product gatehouse
	@scripts/bench/secret_scan.py

fmt:
	swift format --in-place --parallel --recursive Sources Tests Fuzz Package.swift

docs: ## regenerate the pages and schemas that come from the code
	@scripts/docs.sh

fuzz: ## every fuzz target, 60 seconds each
	@scripts/fuzz.sh all 60

clean:
	rm -rf .build .venv .venv-peer .venv-secrets .venv-semgrep
