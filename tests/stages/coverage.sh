# tests/stages/coverage.sh - unit and API tests reach at least 90 % of the lines of core and api.
# Reads:  build/coverage/report.txt, file by file.
# shellcheck shell=bash
need coverage
build coverage
find build/coverage -name '*.gcda' -delete
run_ctest coverage -L '^(unit|api|fuzz)$' || true
report=build/coverage/report.txt
covered() {
    gcovr --root . --filter "$1/" --exclude-unreachable-branches --fail-under-line 90 \
        -j "$(jobs_count)" build/coverage >"$report.part"
}
for folder in core api; do
    check "line coverage of $folder" covered "$folder" || true
    cat "$report.part"
done | tee "$report"
