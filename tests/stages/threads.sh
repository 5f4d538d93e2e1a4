# tests/stages/threads.sh - API tests and those of rooms with threads, under ThreadSanitizer.
# shellcheck shell=bash
build tsan
run_ctest tsan -R '^(api/|unit/(base|memory|job|http|server)/)'
