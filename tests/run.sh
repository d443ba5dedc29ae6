#!/usr/bin/env bash
# Passes the tests, on a fresh Debian too: installs the real tools that they compare certkit with
# (tests/setup.sh: by apt and pip where there are root and a network), then runs everything.
#
#   tests/run.sh                              a missing tool skips its tests, and says so
#   CERTKIT_REQUIRE_INTEROP=1 tests/run.sh    a missing tool is a failure
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tests/setup.sh
cargo test --locked
# The library by itself, without the program and what only the program needs.
cargo test --locked --no-default-features --lib
