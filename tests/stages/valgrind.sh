# tests/stages/valgrind.sh - the binary that ships under memcheck: requests, streams, a clean stop.
# Aim:    no error, no block definitely lost, no descriptor left but the three everybody has.
# Method: fifty requests of every kind and three long streams by curl, one of them broken off; then
#         SIGTERM, and valgrind's own words are read.
# shellcheck shell=bash
need serve valgrind
build release
log=build/logs/valgrind.txt
out=build/logs/valgrind.out
rm -f "$log"
: >"$out" # it is read before the server has begun to write
# shellcheck disable=SC2094 # the server writes, we only read
SCREAM_ARENA_BYTES=4MiB SCREAM_MAX_CONNECTIONS=32 valgrind --log-file="$log" \
    --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
    --track-fds=yes --error-exitcode=99 --num-callers=20 \
    build/release/scream serve --http-port 0 >"$out" 2>build/logs/valgrind.err &
server=$!
trap 'kill -KILL "$server" 2>/dev/null || true' EXIT

base=
for ((i = 0; i < 600 && ${#base} == 0; i += 1)); do
    kill -0 "$server" 2>/dev/null || break
    base=$(sed -n 's|.*\(http://127\.0\.0\.1:[0-9]*\)/.*|\1|p' "$out")
    sleep 0.1
done
[ -n "$base" ] || {
    cat build/logs/valgrind.err "$log" || true
    die "the server did not come up under valgrind"
}

# answers STATUS ARG...: one request, its body thrown away.
answers() {
    local wanted=$1 status
    shift
    status=$(curl -s -o /dev/null -w '%{http_code}' --max-time 120 "$@") || true
    [ "$status" = "$wanted" ] || { echo "wanted $wanted, got $status: $*"; return 1; }
}

fifty_requests() {
    local i
    for i in 1 2 3 4 5; do
        answers 200 "$base/scream.ogg?duration=0.3&seed=$i" &&
            answers 200 "$base/scream.wav?duration=0.3&seed=$i" &&
            answers 206 -H 'Range: bytes=1000-1999' "$base/scream.ogg?duration=0.3&seed=$i" &&
            answers 200 -I "$base/scream.ogg?duration=0.3&seed=$i" &&
            answers 304 -H 'If-None-Match: *' "$base/scream.ogg?duration=0.3&seed=$i" &&
            answers 400 "$base/scream.ogg?duration=nan$i" &&
            answers 404 "$base/nothing/$i" &&
            answers 200 "$base/metrics" &&
            answers 200 "$base/openapi.yaml" &&
            answers 200 "$base/readyz?verbose" || return 1
    done
}

three_streams() {
    local broken
    answers 200 "$base/scream.ogg?duration=20&seed=91" || return 1
    answers 200 "$base/scream.wav?duration=20&seed=92" || return 1
    broken=$(curl -s --max-time 120 "$base/scream.wav?duration=60&seed=93" | head -c 100000 | wc -c)
    [ "$broken" -eq 100000 ]
}

check 'valgrind: fifty requests' fifty_requests || true
check 'valgrind: three streams' three_streams || true
kill -TERM "$server"
status=0
wait "$server" || status=$?
trap - EXIT
check "valgrind: the server ends with 0" [ "$status" -eq 0 ] || true

# Valgrind's own log and what this shell had open are inherited; whatever else is left is a leak.
descriptors_closed() {
    awk '/FILE DESCRIPTORS: [0-9]+ open/ { told = 1 } /Open file descriptor/ { open++ }
        /<inherited from parent>/ { inherited++ }
        END { exit !(told && open == inherited) }' "$log"
}
check 'valgrind: descriptors are closed' descriptors_closed || cat "$log"
no_errors() { grep 'ERROR SUMMARY: 0 errors from 0 contexts' "$log"; }
check 'valgrind: no errors, nothing lost' no_errors || cat "$log"
