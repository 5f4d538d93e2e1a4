# tests/stages/analysis.sh - clang-tidy over the program (see .clang-tidy for what and why not).
# Why:    tests are left to the compilers: cmocka's macros would drown what matters.
# shellcheck shell=bash
need build unit clang tidy
preset=check-clang
cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 ||
    die "see build/$preset.configure.log"
analyse() {
    find core api server -name '*.c' -print0 | sort -z |
        xargs -0 -n 4 -P "$(jobs_count)" clang-tidy --quiet -p "build/$preset" 2>build/logs/tidy.err
}
check clang-tidy analyse || {
    grep -v -E '^[0-9]+ warnings? generated|^Suppressed|^Use -' build/logs/tidy.err || true
    false
}
