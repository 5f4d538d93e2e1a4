# tests/stages/tidy.sh - the house rules; each is first shown to be able to fail.
# shellcheck shell=bash
need build
run_counted tests/tidy/run
