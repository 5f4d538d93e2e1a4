# tests/stages/unit.sh - unit and API tests, and the kept fuzz inputs, under ASan and UBSan.
# shellcheck shell=bash
build dev
run_ctest dev -L '^(unit|api|fuzz)$'
