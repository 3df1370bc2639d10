#!/usr/bin/env bash
# Installs what this machine lacks, from Debian's (or Ubuntu's) packages and, for tests and benchmarks, PyPI. Safe to run again.
# usage: scripts/setup.sh build|test|bench|bench-gateway|bench-mcp|bench-secrets
set -euo pipefail
cd "$(dirname "$0")/.."

# The one place where packages are asked for.
build_packages=(libvectorscan-dev libpcre2-dev libsqlite3-dev zlib1g-dev pkg-config git ca-certificates curl)
test_packages=(chromium python3-venv fonts-dejavu-core)
bench_packages=(python3-venv)
gateway_packages=(python3-venv nginx-light wrk)
python_packages=("bandit[sarif]" aiosmtpd playwright jsonschema openapi-spec-validator prometheus-client sarif-pydantic openai anthropic opentelemetry-proto cryptography securesystemslib sigstore-protobuf-specs in-toto-attestation mcp==2.3.0 regopy==1.5.2)

say() { printf 'setup: %s\n' "$*" >&2; }

missing() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || printf '%s\n' "$package"
    done
}

install_packages() {
    local wanted
    mapfile -t wanted < <(missing "$@")
    [ "${#wanted[@]}" -gt 0 ] || return 0
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { say "as root, run: apt-get install ${wanted[*]}"; exit 1; }
        root=(sudo)
    fi
    say "installing ${wanted[*]}"
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
}

check_swift() {
    command -v swift >/dev/null || { say 'Swift 6.3 is needed: see https://www.swift.org/install/linux'; exit 1; }
    local version
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
    read -r major minor <<<"$version"
    if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
        say "Swift $major.$minor is here; 6.3 or later is needed: see https://www.swift.org/install/linux"
        exit 1
    fi
}

install_python() {
    local marker=.venv/.installed wanted="${python_packages[*]}"
    [ -f "$marker" ] && [ "$(cat "$marker")" = "$wanted" ] && return 0
    say "installing into .venv: $wanted"
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check "${python_packages[@]}"
    printf '%s' "$wanted" >"$marker"
}

# Semgrep, which assessments may run, in an environment of its own: it wants another release of mcp than the tests.
install_semgrep() {
    [ -x .venv-semgrep/bin/semgrep ] && return 0
    say 'installing into .venv-semgrep: semgrep'
    python3 -m venv .venv-semgrep
    .venv-semgrep/bin/pip install --quiet --disable-pip-version-check semgrep==1.182.0
}

# detect-secrets, which looking for secrets is measured beside.
install_detect_secrets() {
    [ -x .venv-secrets/bin/detect-secrets ] && return 0
    say 'installing into .venv-secrets: detect-secrets'
    python3 -m venv .venv-secrets
    .venv-secrets/bin/pip install --quiet --disable-pip-version-check detect-secrets==1.5.0
}

# LiteLLM, which the gateway is measured beside, in an environment of its own: it brings a great deal.
install_peer() {
    [ -x .venv-peer/bin/litellm ] && return 0
    say 'installing into .venv-peer: litellm[proxy]'
    python3 -m venv .venv-peer
    .venv-peer/bin/pip install --quiet --disable-pip-version-check 'litellm[proxy]'
}

case "${1:-}" in
build)
    install_packages "${build_packages[@]}"
    check_swift
    ;;
test)
    install_packages "${build_packages[@]}" "${test_packages[@]}"
    check_swift
    install_python
    install_semgrep
    ;;
bench)
    install_packages "${build_packages[@]}" "${bench_packages[@]}"
    check_swift
    install_python
    ;;
bench-gateway)
    install_packages "${build_packages[@]}" "${gateway_packages[@]}"
    check_swift
    install_peer
    ;;
bench-secrets)
    install_packages "${build_packages[@]}" "${bench_packages[@]}"
    check_swift
    install_detect_secrets
    ;;
bench-mcp)
    install_packages "${build_packages[@]}" "${gateway_packages[@]}"
    check_swift
    install_python
    ;;
*)
    say 'usage: scripts/setup.sh build|test|bench|bench-gateway|bench-mcp|bench-secrets'
    exit 2
    ;;
esac
