# tests/stages/e2e.sh - the release binary as a user meets it: HTTP, terminal, Chromium; and the
#         scripts of the bench with made-up figures.
# Flow:   npm ci when the lock file changed -> Node 22 from the package -> node --test; every answer
#         is held against openapi.yaml on its way (tests/contract/support/ledger.mjs).
# Gives:  SCREAM_BINARY, SCREAM_CHROMIUM, SCREAM_CONTRACT_LEDGER to the tests.
# shellcheck shell=bash
need node e2e
build release
install_node_modules
SCREAM_BINARY=$PWD/build/release/scream
SCREAM_CHROMIUM=$(command -v chromium || true)
export SCREAM_BINARY SCREAM_CHROMIUM
run_judged tests/bench tests/e2e tests/browser
