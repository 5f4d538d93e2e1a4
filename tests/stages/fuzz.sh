# tests/stages/fuzz.sh - each fuzz target explores for SCR_FUZZ_SECONDS (default 5).
# shellcheck shell=bash
build fuzz
names=()
for source in tests/fuzz/*_fuzz.c; do
    [ ! -f "$source" ] || names+=("$(basename "$source" _fuzz.c)")
done
[ "${#names[@]}" -gt 0 ] || die "no fuzz target in tests/fuzz"

# As many at a time as there are cores, each with its own log.
explore() {
    local name
    for name in "$@"; do
        while [ "$(jobs -rp | wc -l)" -ge "$(jobs_count)" ]; do
            wait -n || true
        done
        tests/stages/fuzz_one "$name" "${SCR_FUZZ_SECONDS:-5}" >"build/logs/fuzz-$name.log" 2>&1 &
    done
    wait || true
}

explore "${names[@]}"
for name in "${names[@]}"; do
    log=build/logs/fuzz-$name.log
    if check "fuzz $name" grep '^fuzz: clean' "$log"; then
        grep '^stat::number_of_executed_units' "$log" || true
    else
        tail -n 60 "$log"
    fi
done
