# tests/stages/count_ctest.awk - counts the single cases of a CTest run.
# Reads:  CTest's JUnit file first, then its LastTest.log; -v build=PRESET names the build.
# Why:    an executable holds many cases; the suite says how many there were. cmocka says it in its
#         last lines, any other program counts as one case, and so does a crash. The log says
#         "Test Passed." even of a test that was disabled, skipped or never found, so only the
#         JUnit file tells whether a test ran.
# Writes: "count PASSED FAILED SKIPPED", "blame BUILD TEST" and "skip BUILD TEST [CASE]: REASON".

function attribute(key) {
    return match($0, key "=\"[^\"]*\"") ? substr($0, RSTART + length(key) + 2,
                                                 RLENGTH - length(key) - 3) : ""
}

function skip(what, why) {
    print "skip " build " " what ": " (why == "" ? "no reason given" : why)
}

function left_out(why) {
    skipped++
    skip(name, why)
}

function fail(why) {
    if (!case_failed) {
        failed++ # It never ran, or died after or between its cases.
    }
    print "blame " build " " name why
}

function finish(ok) {
    if (!open) {
        return
    }
    open = 0
    done[name] = 1
    if (state[name] == "disabled" || state[name] == "notrun" && message[name] ~ /^SKIP_/) {
        left_out(state[name] == "disabled" ? "disabled" : message[name])
    } else if (!ok || state[name] != "run") {
        fail(state[name] == "notrun" ? " did not run: " message[name] : "")
    } else if (!summary && reason != "") {
        left_out(reason)
    } else if (!summary) {
        passed++
    }
}

FILENAME == ARGV[1] {
    if (/^[ \t]*<testcase /) {
        name = attribute("name")
        state[name] = attribute("status")
    } else if (/^[ \t]*<skipped /) {
        message[name] = attribute("message")
    }
    next
}

/^[0-9]+\/[0-9]+ Testing: / {
    name = $0
    sub(/^[^:]*: /, "", name)
    open = 1
    summary = case_failed = listing = 0
    reason = ""
}
/^\[ RUN      \]/ { listing = 0; reason = "" }
/^\[  PASSED  \] [0-9]+ test\(s\)/ { passed += $4; summary = 1 }
/^\[  FAILED  \] +[0-9]+ test\(s\)/ { failed += $4; case_failed = 1; summary = 1 }
/^\[  SKIPPED \] +[0-9]+ test\(s\)/ { skipped += $4; listing = 1; next }
/^\[  SKIPPED \]/ && !listing { skip(name " " $4, reason); reason = "" }
# A case that says SKIP and passes all the same.
/^\[       OK \]/ && reason != "" { skip(name " " $4, reason); reason = "" }
/SKIP[:,. ]|SKIP$/ && !/SKIPPED/ { reason = $0 }
/^Test (Passed\.|Pass Reason:)/ { finish(1) }
/^Test (Failed\.|Fail Reason:)/ { finish(0) }
END {
    for (name in state) {
        if (!(name in done)) {
            case_failed = 0
            fail(" is not in the log")
        }
    }
    printf "count %d %d %d\n", passed, failed, skipped
}
