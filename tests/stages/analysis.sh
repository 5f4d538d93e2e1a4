# tests/stages/analysis.sh - clang-tidy, gcc -fanalyzer and cppcheck over the program.
# Why:    tests are left to the compilers: cmocka's macros would drown what matters.
# Rule:   .clang-tidy says what clang-tidy looks for and why not the rest; what the other two find
#         wrongly stands in tests/stages/findings.txt, at most ten lines, each with its reason.
# shellcheck shell=bash
need build unit clang tidy cppcheck
accepted=tests/stages/findings.txt

# ---- clang-tidy ----

preset=check-clang
cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 ||
    die "see build/$preset.configure.log"
analyse() {
    find core api server -name '*.c' -print0 | sort -z |
        xargs -0 -n 4 -P "$(jobs_count)" clang-tidy --quiet -p "build/$preset" 2>build/logs/tidy.err
}
check clang-tidy analyse || {
    grep -v -E '^[0-9]+ warnings? generated|^Suppressed|^Use -' build/logs/tidy.err || true
}

# ---- gcc -fanalyzer and cppcheck: each prints "tool file finding" per line, details to a log ----

# Always from nothing: a file that is not compiled says nothing.
run_analyzer() {
    local log=build/logs/analyzer.log
    rm -rf build/analyzer
    cmake --preset analyzer >build/analyzer.configure.log 2>&1 || return 1
    cmake --build build/analyzer --parallel "$(jobs_count)" -- -k 0 >"$log" 2>&1 || return 1
    sed -n 's/^\([^ :]*\):[0-9:]* warning: .*\[-W\(analyzer-[a-z-]*\)\]$/analyzer \1 \2/p' "$log" |
        sed "s|$PWD/||" | sort -u
}

cppcheck_all() {
    cppcheck -j "$(jobs_count)" --enable=warning,performance,portability --inconclusive --quiet \
        --std=c11 --language=c --library=posix --library=gnu --include=tests/stages/cppcheck.h \
        --suppress=missingIncludeSystem -I. -D_POSIX_C_SOURCE=200809L -D_GNU_SOURCE \
        --template='{file}:{line}: [{id}] {message}' "$@"
}

run_cppcheck() {
    local log=build/logs/cppcheck.log
    cppcheck_all core api server >"$log" 2>&1 || return 1
    sed -n 's/^\([^ :]*\):[0-9]*: \[\([A-Za-z_]*\)\] .*/cppcheck \1 \2/p' "$log" | sort -u
}

# findings TOOL: what it finds must be what is accepted, no more and no less.
findings() {
    local tool=$1 found wanted
    found=$("run_$tool") || { echo "$tool did not run: build/logs/$tool.log"; return 1; }
    wanted=$(sed -n "s/^\($tool [^ ]* [^ ]*\) .*/\1/p" "$accepted" | sort -u)
    if [ "$found" != "$wanted" ]; then
        diff <(echo "$wanted") <(echo "$found") |
            sed -n 's/^< /no longer found: /p; s/^> /found: /p'
        echo "details: build/logs/$tool.log"
        return 1
    fi
}

# An example that each must find: a tool that is silent about everything proves nothing.
sees_a_leak() {
    local folder=build/logs
    printf '%s\n' '#include <stdio.h>' '#include <stdlib.h>' 'int f(int n) {' \
        '    char *p = malloc(64);' '    if (p == NULL || n) { return 1; }' \
        '    puts(fgets(p, 64, stdin));' '    free(p); free(p);' '    return 0;' '}' \
        >"$folder/leak.c"
    gcc -fanalyzer -O2 -c -o "$folder/leak.o" "$folder/leak.c" 2>&1 |
        grep -E 'analyzer-(double-free|malloc-leak)' >/dev/null &&
        cppcheck_all "$folder/leak.c" 2>&1 | grep -E 'doubleFree|memleak' >/dev/null
}

check 'analyzers see what is wrong in an example' sees_a_leak || true
check 'gcc -fanalyzer' findings analyzer || true
check 'cppcheck' findings cppcheck || true
check 'at most ten accepted findings' [ "$(grep -c -v '^#' "$accepted")" -le 10 ] || true
