# tests/stages/contract.sh - openapi.yaml: linted, its examples tried, its statuses provoked.
# Flow:   npm ci when the lock file changed -> Node 22 from the package -> node --test.
# Gives:  SCREAM_BINARY, SCREAM_CONTRACT_LEDGER to the tests.
# shellcheck shell=bash
need node
build release
install_node_modules
export SCREAM_BINARY=$PWD/build/release/scream
run_judged tests/contract
