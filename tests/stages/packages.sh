# tests/stages/packages.sh - what each command needs from Debian, and how it is installed.
# Why:    a person who only wants to hear a scream does not install compilers for other machines.
# Flow:   sourced by common.sh; need GROUP... installs what is missing, else is silent.
# shellcheck shell=bash

# Group by group. "command:package" means: the package is wanted only if the command is missing,
# because some machines have the command from elsewhere.
packages_of() {
    case $1 in
    build)
        echo gcc:gcc libc6-dev cmake:cmake ninja:ninja-build pkg-config:pkgconf
        echo libopus-dev libogg-dev libsodium-dev libssl-dev libmicrohttpd-dev libyaml-dev
        ;;
    serve) echo curl:curl ;;
    unit) echo libcmocka-dev libjansson-dev ;;
    clang) echo clang:clang llvm libclang-rt-14-dev ;;
    format) echo clang-format:clang-format ;;
    tidy) echo clang-tidy:clang-tidy ;;
    cppcheck) echo cppcheck:cppcheck ;;
    valgrind) echo valgrind:valgrind curl:curl libc6-dbg ;;
    scripts) echo shellcheck:shellcheck ;;
    matrix) echo clang:clang gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-aarch64:qemu-user ;;
    coverage) echo gcovr:gcovr ;;
    node) echo npm:npm ca-certificates ;;
    e2e)
        echo curl:curl opusdec:opus-tools oggz-validate:oggz-tools ffprobe:ffmpeg
        echo valgrind:valgrind chromium:chromium netcat:netcat-openbsd wrk:wrk
        echo ss:iproute2 prlimit:util-linux
        ;;
    abuse) echo ss:iproute2 prlimit:util-linux ;;
    bare) echo debootstrap:debootstrap curl:curl ;;
    *) die "there is no package group '$1'" ;;
    esac
}

package_is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Prints the packages of the groups that are not there yet.
missing_packages() {
    local group entry
    for group in "$@"; do
        for entry in $(packages_of "$group"); do
            case $entry in
            *:*) command -v "${entry%%:*}" >/dev/null || echo "${entry#*:}" ;;
            *) package_is_installed "$entry" || echo "$entry" ;;
            esac
        done
    done | sort -u
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# need GROUP...: installs what is missing of the groups.
need() {
    local missing
    command -v dpkg-query >/dev/null || return 0 # Not a Debian: the tools themselves will complain.
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "these packages are missing: $missing
They can be installed by root only, and there is no sudo here. As root, run:
    apt-get update && apt-get install --no-install-recommends $missing"
    fi
    say "Installing $missing" >&2
    as_root apt-get -q -o DPkg::Lock::Timeout=300 update >&2 ||
        note "dev: apt-get update failed; trying with the lists that are there"
    # shellcheck disable=SC2086 # the list is split on purpose
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 install -y --no-install-recommends $missing </dev/null >&2 ||
        die "apt-get could not install: $missing"
}
