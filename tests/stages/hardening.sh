# tests/stages/hardening.sh - the binary that ships is hardened, and everybody builds the same one.
# Method: readelf and nm over build/release/scream, never trust in flags alone; those that leave no
#         trace in a binary are looked for in the compile commands. A soft program is built first,
#         which every check must refuse. Then the same source is built in another folder.
# shellcheck shell=bash
build release
work=build/hardening
rm -rf "$work"
mkdir -p "$work"

# ---- One binary ----

# grep -q ends at the first find, and its writer by a signal: with pipefail that is a failure.
finds() { grep -E -- "$1" >/dev/null; }
headers() { readelf -hlW "$1"; }
dynamic() { readelf -dW "$1"; }

is_pie() { headers "$1" | finds 'DYN .Position-Independent'; }
binds_now() { dynamic "$1" | finds 'FLAGS.*NOW' && headers "$1" | finds GNU_RELRO; }
has_no_executable_stack() { headers "$1" | finds 'GNU_STACK.* RW  *0x'; }
has_no_writable_code() { ! headers "$1" | grep -E '^ *LOAD' | finds ' R?WE '; }
imports() { nm -D --undefined-only "$1"; }
checks_copies() { imports "$1" | finds ' __(mem|str|read|v?snprintf)[a-z]*_chk(@|$)'; }
has_canaries() { imports "$1" | finds ' __stack_chk_fail'; }
searches_no_paths() { ! dynamic "$1" | finds 'RPATH|RUNPATH'; }
relocates_no_text() { ! dynamic "$1" | finds TEXTREL; }

# In particular never libmicrohttpd_ws. libm is libopus', where that is part of the program; that
# the sound does not need it is a rule of tests/tidy.
library_names='lib(opus|ogg|microhttpd|sodium|crypto|yaml-0|c|m)\.so\.[0-9]+'
library_names+='|ld-linux[-a-z0-9_]*\.so\.[0-9]+'
needs_known_libraries() {
    local needed
    needed=$(dynamic "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    # An empty list would prove nothing.
    [ -n "$needed" ] && ! grep -v -x -E "$library_names" <<<"$needed"
}

# Segments begin on pages of their own: code is never in the page of data.
separates_code() {
    headers "$1" | awk '$1 == "LOAD" { if ($0 ~ / R E /) code++; else if ($0 ~ / R  /) data++ }
        END { exit !(code == 1 && data >= 2) }'
}

# No approximate reciprocal, whose bits are the processor's, and no fused multiply-add: in our code
# and in the libopus that is part of the program.
rounds_exactly() {
    ! objdump -d --no-show-raw-insn "$1" |
        finds '[[:space:]](v?r(sqrt|cp)(14|28)?[ps][sd]|vfn?m(add|sub)[0-9a-z]*)[[:space:]]'
}

properties=(is_pie binds_now has_no_executable_stack has_no_writable_code checks_copies
    has_canaries searches_no_paths needs_known_libraries separates_code relocates_no_text)
[ "$(uname -m)" != x86_64 ] || properties+=(rounds_exactly)

# ---- A soft program, to see each check fail ----

make_soft() {
    cat >"$work/soft.c" <<'TEXT'
#include <stdio.h>
#ifdef __x86_64__
__asm__(".text\nrsqrtps %xmm0, %xmm0");
#endif
extern int printf(const char *format, ...);
__asm__(".section .soft,\"awx\",@progbits\n.byte 0\n.previous");
int (*volatile speak)(const char *format, ...) = printf;
int main(int argc, char **argv)
{
    char text[64];
    for (int i = 0; i < argc && i < 64; i++) {
        text[i] = argv[0][i];
    }
    return speak("%c\n", text[0]);
}
TEXT
    gcc -O0 -w -fno-stack-protector -U_FORTIFY_SOURCE -fno-pie -no-pie -o "$work/soft" \
        "$work/soft.c" -Wl,-z,norelro,-z,lazy,-z,execstack,-z,noseparate-code \
        -Wl,-rpath,/nowhere -Wl,--no-as-needed -lresolv
    # Text relocations need a shared object whose code is not position independent.
    gcc -O0 -w -fno-pic -mcmodel=large -shared -o "$work/soft.so" "$work/soft.c" \
        -Wl,-z,notext 2>/dev/null
}

refuses_soft() {
    local property=$1 soft=$work/soft
    [ "$property" != relocates_no_text ] || soft=$work/soft.so
    ! "$property" "$soft" >/dev/null
}

check 'a soft program can be built' make_soft
for property in "${properties[@]}"; do
    check "hardening: $property can fail" refuses_soft "$property" || true
    check "hardening: $property" "$property" build/release/scream || true
done

# ---- Flags ----

flags=(-O2 -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
    -ftrivial-auto-var-init=zero -fno-strict-aliasing -fno-delete-null-pointer-checks
    -ffile-prefix-map= -ffp-contract=off)
# Every command that compiles a file of core, api or server has the flag.
compiled_with() {
    local commands
    commands=$(grep -E '"command":.* -c .*/(core|api|server)/' build/release/compile_commands.json)
    [ "$(wc -l <<<"$commands")" -gt 50 ] && ! grep -v -F -e " $1" <<<"$commands"
}
for flag in "${flags[@]}"; do
    check "hardening: compiled with $flag" compiled_with "$flag" || true
done

# ---- The same bytes elsewhere ----

stamp_of() {
    sed -n "s/^const char scr_version_$1\[\] = \"\(.*\)\";/\1/p" \
        build/release/generated/version.c
}

# Another source folder, another build folder, no git: what git said is given.
rebuilds_the_same() {
    local copy=$work/elsewhere
    mkdir -p "$copy"
    tree_files | grep -E '^(core|api|server|bench|cmake|CMake|openapi)' | tar -cf - -T - |
        tar -xf - -C "$copy"
    SOURCE_DATE_EPOCH=$(date -u -d "$(stamp_of date)" +%s)
    export SOURCE_DATE_EPOCH
    cmake -S "$copy" -B "$copy/out" -G Ninja -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release \
        "-DSCR_COMMIT=$(stamp_of commit)" >"$work/configure.log" 2>&1 &&
        cmake --build "$copy/out" --parallel "$(jobs_count)" --target scream -- --quiet &&
        cmp build/release/scream "$copy/out/scream"
}
check 'two builds are the same bytes' rebuilds_the_same
rm -rf "$work/elsewhere"
