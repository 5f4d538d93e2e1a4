# tests/stages/threads.sh - under ThreadSanitizer: API tests, those of rooms with threads, the
#         program itself with a crowd at its door.
# shellcheck shell=bash
build tsan
run_ctest tsan -R '^(api/|unit/(base|memory|job|http|server)/|load/)'
