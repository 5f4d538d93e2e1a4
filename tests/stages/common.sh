# tests/stages/common.sh - what ./dev and the stages of the suite share.
# Flow:   sourced from the root of the repository; a stage reports with count and blame, and exits
#         non-zero when something failed.
# shellcheck shell=bash

. tests/stages/packages.sh

# Heavy things that are made once (unpacked daemons, the bare Debian) live here.
export SCREAM_CACHE=${SCREAM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/scream}

say() { printf '\n== %s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }
die() {
    printf 'dev: %s\n' "$*" >&2
    exit 1
}

# What was typed is wrong, and nothing was done.
misuse() {
    printf 'dev: %s\n' "$*" >&2
    exit 64
}

# Whether one of the arguments asks for help.
wants_help() {
    local word
    for word in "$@"; do
        case $word in
        help | -h | --help) return 0 ;;
        esac
    done
    return 1
}

jobs_count() { nproc 2>/dev/null || echo 2; }

# The C files that clang-format owns, separated by NUL: tables are laid out by hand.
c_sources() {
    find api bench core server tests -name node_modules -prune -o -path tests/tidy/bad -prune -o \
        -name '*.[ch]' ! -name '*_table.h' -print0
}

# What git tracks or would track, but for the examples of tests/tidy; without git, every file
# outside build folders.
tree_files() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files -co --exclude-standard
    else
        find . \( -name .git -o -name build -o -name node_modules \) -prune -o -type f -print |
            cut -c3-
    fi | grep -v -E '^tests/tidy/(bad|good)/' | while IFS= read -r path; do
        [ ! -f "$path" ] || printf '%s\n' "$path"
    done
}

# build PRESET [ARG...]: installs what it needs, configures and builds into build/PRESET.
build() {
    local preset=$1
    shift
    case $preset in
    release) need build ;;
    check | dev | tsan | coverage) need build unit ;;
    *) need build unit clang ;;
    esac
    say "Building build/$preset"
    mkdir -p build
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || {
        cat "build/$preset.configure.log" >&2
        die "cmake could not configure the preset '$preset'"
    }
    # A log wants the errors, all of them; a terminal wants to see that something moves.
    local ninja=(-k 0)
    [ -t 1 ] || ninja+=(--quiet)
    cmake --build "build/$preset" --parallel "$(jobs_count)" "$@" -- "${ninja[@]}"
}

# count PASSED FAILED SKIPPED: adds to the totals of the running stage.
count() { echo "count $1 $2 $3" >>"${SCR_RESULTS:-/dev/null}"; }

# blame TEXT: names what failed, for the list at the end.
blame() { echo "blame $*" >>"${SCR_RESULTS:-/dev/null}"; }

# check NAME COMMAND...: one test that is one command.
check() {
    local name=$1
    shift
    if "$@"; then
        count 1 0 0
    else
        count 0 1 0
        blame "$name"
        return 1
    fi
}

# run_counted COMMAND...: a script that ends with "NAME: N passed, N failed" and says "FAIL ..." of
# each failure.
run_counted() {
    local log=build/logs/counted.log status=0
    "$@" 2>&1 | tee "$log" || status=$?
    sed -n 's/^FAIL /blame /p' "$log" >>"${SCR_RESULTS:-/dev/null}"
    sed -n 's/^[a-z]*: \([0-9]*\) passed, \([0-9]*\) failed$/count \1 \2 0/p' "$log" |
        tail -n 1 >>"${SCR_RESULTS:-/dev/null}"
    return "$status"
}

# ThreadSanitizer and old AddressSanitizers cannot place their shadow when the kernel randomises
# addresses by more than 28 bits; a personality without randomisation helps where it is allowed.
fixed_addresses() {
    local bits
    bits=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28)
    if [ "$bits" -gt 28 ] && setarch -R true 2>/dev/null; then
        setarch -R "$@"
    else
        "$@"
    fi
}

# run_ctest PRESET [CTEST ARG...]: runs registered tests and counts their single cases.
run_ctest() {
    local preset=$1 folder log junit status=0
    shift
    folder=build/$preset/Testing/Temporary
    log=$folder/LastTest.log
    junit=$folder/junit.xml
    rm -f "$log" "$junit"
    fixed_addresses ctest --test-dir "build/$preset" --parallel "$(jobs_count)" --no-tests=error \
        --output-on-failure --output-junit "$PWD/$junit" --schedule-random "$@" || status=$?
    if [ ! -s "$log" ] || [ ! -s "$junit" ]; then
        die "CTest ran nothing in build/$preset"
    fi
    awk -v build="$preset" -f tests/stages/count_ctest.awk "$junit" "$log" \
        >>"${SCR_RESULTS:-/dev/null}"
    return "$status"
}

# Installs tests/node_modules when the lock file is not the one they were made from.
install_node_modules() {
    local stamp=tests/node_modules/.made-from
    cmp -s tests/package-lock.json "$stamp" && return 0
    say "Installing tests/node_modules"
    (cd tests && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error)
    cp tests/package-lock.json "$stamp"
}

# The Node of the package, which is the same everywhere.
node_binary() {
    local node
    for node in tests/node_modules/node-linux-*/bin/node; do
        if [ -x "$node" ] && "$node" --version >/dev/null 2>&1; then
            printf '%s\n' "$PWD/$node"
            return 0
        fi
    done
    die "tests/node_modules holds no Node for this machine ($(uname -m))"
}

# run_node FOLDER...: runs the *.test.mjs and *_test.mjs of the folders and counts their tests.
run_node() {
    local folder log=build/logs/node.tap status=0 files=()
    while IFS= read -r -d '' file; do files+=("$file"); done < <(
        for folder in "$@"; do
            [ ! -d "$folder" ] || find "$folder" -name '*[._]test.mjs' -print0 | sort -z
        done
    )
    [ "${#files[@]}" -gt 0 ] || die "no *.test.mjs or *_test.mjs in $*"
    "$(node_binary)" --test --test-timeout="${SCR_NODE_TIMEOUT_MS:-300000}" \
        --test-concurrency="$(jobs_count)" --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$log" "${files[@]}" || status=$?
    awk '$1 == "#" && $2 == "pass" { p = $3 } $1 == "#" && $2 ~ /^(fail|cancelled)$/ { f += $3 }
        $1 == "#" && $2 == "skipped" { s = $3 }
        /^ *not ok [0-9]+ - / { n = $0; sub(/^ *not ok [0-9]+ - /, "", n); print "blame " n }
        / # SKIP/ { n = $0; sub(/^ *ok [0-9]+ - /, "", n); print "skip " n }
        END { printf "count %d %d %d\n", p, f, s }' "$log" >>"${SCR_RESULTS:-/dev/null}"
    return "$status"
}

# run_judged FOLDER...: run_node, whose answers are all held against openapi.yaml; says how many
# were, and fails when none was, or when one broke the contract that its own test did not mind.
run_judged() {
    local status=0
    export SCREAM_CONTRACT_LEDGER=$PWD/build/logs/contract.ledger
    rm -f "$SCREAM_CONTRACT_LEDGER"
    run_node "$@" || status=$?
    check "openapi.yaml holds for every answer" judge_ledger "$SCREAM_CONTRACT_LEDGER" || status=1
    return "$status"
}

# judge_ledger FILE: adds up what tests/contract/support/ledger.mjs wrote.
judge_ledger() {
    if [ ! -s "$1" ]; then
        note "no answer was held against openapi.yaml"
        return 1
    fi
    awk '$1 == "responses" { heads += $2; bodies += $3; library += $4 }
        $1 == "pair" { line = $0; sub(/^pair [0-9]+ /, "", line); pairs += !seen[line]++ }
        $1 == "breach" { print; breaches += 1 }
        END {
            printf "\ncontract: %d responses held against openapi.yaml (%d with their bodies)",
                heads, bodies
            printf ", %d kinds of operation and status; %d of the HTTP library outside of it",
                pairs, library
            printf "; %d breaches\n", breaches
            exit breaches > 0 || heads == 0
        }' "$1"
}

# ---- Fuzzing ----

# All kept inputs and regressions together: small enough to live in the repository.
fuzz_corpus_bytes_max=$((2 * 1024 * 1024))

# The bytes of the files whose names come parted by NUL.
bytes_of_files() { xargs -0 -r cat -- | wc -c; }

# Whether all kept inputs fit.
corpus_fits() {
    local bytes
    bytes=$(find tests/fuzz/corpus tests/fuzz/regressions -type f -print0 | bytes_of_files)
    echo "fuzz: all kept inputs take $bytes of $fuzz_corpus_bytes_max bytes"
    [ "$bytes" -gt 0 ] && [ "$bytes" -le "$fuzz_corpus_bytes_max" ]
}

# The names of all fuzz targets.
fuzz_targets() {
    local source
    for source in tests/fuzz/*_fuzz.c; do
        [ -f "$source" ] || die "there is no fuzz target in tests/fuzz"
        basename "$source" _fuzz.c
    done
}

# explore SECONDS JOBS [TARGET...]: lets the targets (default: all) explore, so many at a time, each
# for so long; its figures go to build/logs/fuzz-TARGET.txt. Fails when one broke.
explore() {
    local seconds=$1 jobs=$2 name names broke=0
    shift 2
    names=("$@")
    [ $# -gt 0 ] || mapfile -t names < <(fuzz_targets)
    mkdir -p build/logs
    for name in "${names[@]}"; do
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
            wait -n || true
        done
        tests/stages/fuzz_one "$name" "$seconds" >"build/logs/fuzz-$name.txt" 2>&1 &
    done
    wait || true
    for name in "${names[@]}"; do
        grep -q "^fuzz: $name: .*, clean$" "build/logs/fuzz-$name.txt" || broke=1
    done
    return "$broke"
}
