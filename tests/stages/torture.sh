# tests/stages/torture.sh - every allocation fails once: startup, requests, a stream, the stop.
# Gives:  SCR_TORTURE_LONG (from the stage long): two and five failures in a row as well.
# shellcheck shell=bash
build check
status=0
run_ctest check -L '^torture$' || status=$?
# One line per kind, and their sum: each failure was survived, or the tests above have failed.
awk '/^torture [a-z-]+: [0-9]+ allocations failed/ { print; sum += $3 }
    END { printf "torture: %d allocations failed in all\n", sum }' \
    build/check/Testing/Temporary/LastTest.log
exit "$status"
