# tests/stages/coverage.sh - unit and API tests reach at least 90 % of the lines of core and api.
# Gives:  build/coverage/report.txt, file by file.
# shellcheck shell=bash
need coverage
build coverage
find build/coverage -name '*.gcda' -delete
# A failed test does not keep the report from being written; the stage fails at its end.
ctest_status=0
run_ctest coverage -L '^(unit|api|fuzz)$' || ctest_status=$?
report=build/coverage/report.txt
covered() {
    gcovr --root . --filter "$1/" --exclude-unreachable-branches --fail-under-line 90 \
        -j "$(jobs_count)" build/coverage >"$report.part"
}
for folder in core api; do
    check "line coverage of $folder" covered "$folder" || true
    cat "$report.part"
done | tee "$report"
[ "$ctest_status" -eq 0 ] || die "CTest ended with status $ctest_status"
