# tests/stages/format.sh - clang-format would change nothing.
# shellcheck shell=bash
need format
check 'clang-format (./dev format mends it)' bash -euo pipefail -c \
    '. tests/stages/common.sh; c_sources | xargs -0 clang-format --dry-run -Werror --style=file'
