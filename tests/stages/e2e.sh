# tests/stages/e2e.sh - the release binary as a user meets it: HTTP, terminal, Chromium.
# Flow:   npm ci when the lock file changed -> Node 22 from the package -> node --test.
# Gives:  SCREAM_BINARY, SCREAM_CHROMIUM to the tests.
# shellcheck shell=bash
need node e2e
build release
install_node_modules
SCREAM_BINARY=$PWD/build/release/scream
SCREAM_CHROMIUM=$(command -v chromium || true)
export SCREAM_BINARY SCREAM_CHROMIUM
run_node tests/e2e tests/browser
