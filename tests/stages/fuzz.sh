# tests/stages/fuzz.sh - each fuzz target explores for SCR_FUZZ_SECONDS (default 5).
# Also:   the kept inputs of all targets together stay small.
# shellcheck shell=bash
build fuzz

check 'the kept fuzz inputs fit' corpus_fits || true

explore "${SCR_FUZZ_SECONDS:-5}" "$(jobs_count)" || true
while IFS= read -r name; do
    check "fuzz $name" grep "^fuzz: $name: .*, clean$" "build/logs/fuzz-$name.txt" ||
        cat "build/logs/fuzz-$name.txt"
done < <(fuzz_targets)
