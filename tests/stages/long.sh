# tests/stages/long.sh - more of what may be found: longer fuzzing, torture, other seeds.
# Gives:  SCREAM_TEST_SEED to the random tests, another one in each round, printed first.
# shellcheck shell=bash
SCR_FUZZ_SECONDS=${SCR_FUZZ_SECONDS:-60}
. tests/stages/fuzz.sh
(
    export SCR_TORTURE_LONG=1
    . tests/stages/torture.sh
)
build tsan
build dev
for round in 1 2 3; do
    SCREAM_TEST_SEED=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
    export SCREAM_TEST_SEED
    say "Round $round with SCREAM_TEST_SEED=$SCREAM_TEST_SEED"
    run_ctest dev -L '^(unit|api)$'
    run_ctest tsan -L '^load$'
    run_ctest tsan -R '^unit/http/load$'
done
