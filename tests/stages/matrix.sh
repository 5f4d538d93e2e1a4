# tests/stages/matrix.sh - the same samples from every compiler, optimisation and machine.
# shellcheck shell=bash
need build matrix
run_counted tests/matrix/run
