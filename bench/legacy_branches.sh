#!/usr/bin/env bash
# Branches of the legacy server's computing functions that their unit tests cover.
set -euo pipefail
cd "$(dirname "$0")/.."
data=$(mktemp)
trap 'rm -f "$data"' EXIT
computing="chunks digests errors formats listing planning progress requests retries state summary"
include=$(printf '*/%s.py,' $computing)
.venv/bin/coverage run --data-file "$data" --branch --source legacy_py/sable -m pytest -q \
  tests/legacy/test_{formats,computing,requests,state}.py
.venv/bin/coverage report --data-file "$data" --include "${include%,}" --fail-under 90
