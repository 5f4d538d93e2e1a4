# tests/stages/bare.sh - the README's commands in a fresh Debian 12 with git and nothing else.
# shellcheck shell=bash
need bare
check 'the bare Debian' tests/bare/run
