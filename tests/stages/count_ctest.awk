# tests/stages/count_ctest.awk - counts the single cases in CTest's LastTest.log.
# Why:    an executable holds many cases; the suite says how many there were. cmocka says it in its
#         last lines, any other program counts as one case, and so does a crash.
# Writes: "count PASSED FAILED SKIPPED", "blame NAME" and "skip NAME: REASON" lines.

function finish(ok) {
    if (!summary) {
        passed += ok
        failed += !ok
    } else if (!ok && !case_failed) {
        failed++ # It died after or between its cases.
    }
    if (!ok) {
        print "blame " name
    }
}

/^[0-9]+\/[0-9]+ Testing: / {
    name = $0
    sub(/^[^:]*: /, "", name)
    summary = 0
    case_failed = 0
}
/^\[  PASSED  \] [0-9]+ test\(s\)/ { passed += $4; summary = 1 }
/^\[  FAILED  \] +[0-9]+ test\(s\)/ { failed += $4; case_failed = 1; summary = 1 }
/^\[  SKIPPED \] +[0-9]+ test\(s\)/ { skipped += $4 }
/SKIP[:,. ]|SKIP$/ && !/SKIPPED/ { print "skip " name ": " $0 }
/^Test Passed\./ { finish(1) }
/^Test Failed\.|^Test Timeout|^Test time out|\*\*\*Timeout|^Timeout/ { finish(0) }
/^Unable to find executable/ { finish(0) }
END { printf "count %d %d %d\n", passed, failed, skipped }
