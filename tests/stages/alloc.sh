# tests/stages/alloc.sh - no heap allocation by our code once the memory is sealed.
# shellcheck shell=bash
build check
run_ctest check -L '^alloc$'
