# tests/stages/emulator.sh - every slot and extent a heap block: unit, API, stream and load tests.
# Why:    in one large block an overflow lands in a neighbour that may be touched; AddressSanitizer
#         sees the borders only of blocks of their own. unit/job/extent_pool proves that it does.
# shellcheck shell=bash
build emulator
run_ctest emulator -L '^(unit|api|load)$'
