# tests/stages/compilers.sh - the same tests by gcc and clang with release flags, and by clang's
#         sanitizers.
# Why:    undefined behaviour shows where optimisers differ; -Werror holds for both.
# Also:   the program links, no room exports a name without our prefix, and none is defined twice.
# shellcheck shell=bash
for preset in check check-clang dev-clang; do
    build "$preset"
    run_ctest "$preset" -L '^(unit|api|fuzz)$'
done

# An empty list proves nothing: inside check, where errexit is off, the lists are asked for first.
not_empty() {
    [ -n "$2" ] || { echo "$1: nothing to look at"; return 1; }
}

# The external names our rooms define; the libraries of tests and bench are no rooms.
external_names() {
    find build/check -maxdepth 1 -name 'libscr_*.a' ! -name libscr_support.a \
        ! -name libscr_load.a ! -name libscr_bench.a -print0 |
        xargs -0 -r nm --defined-only --extern-only | awk 'NF == 3 { print $3 }'
}

prefixed() {
    local names strange
    names=$(external_names) || return 1
    not_empty 'external names in build/check' "$names" || return 1
    # libopus asks for its pulse search by this name (core/codec/pvq_search.h).
    strange=$(awk '!/^scr_/ && $0 != "op_pvq_search_sse2"' <<<"$names") || return 1
    [ -z "$strange" ] || { echo "external names without scr_: $strange"; return 1; }
}
check 'external names begin with scr_' prefixed

# Archives hide a name that two rooms define: the linker takes the first in silence.
defined_once() {
    local names twice
    names=$(external_names) || return 1
    not_empty 'external names in build/check' "$names" || return 1
    twice=$(sort <<<"$names" | uniq -d) || return 1
    [ -z "$twice" ] || { echo "defined more than once: $twice"; return 1; }
}
check 'each external name is defined once' defined_once
