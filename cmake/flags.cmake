# cmake/flags.cmake - language, warnings, sanitizers and hardening, the same for every target.
# Why:    a seeded scream is the same samples everywhere, so contraction is off and nothing here may
#         change arithmetic; warnings are errors in our own presets only, never for a packager.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
# CMake's own Release says -O3 -DNDEBUG; we ship our assertions, and -O2.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer")

include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(scr_flags INTERFACE)
target_include_directories(scr_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(scr_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wdouble-promotion -Wshadow
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-qual
    -Wcast-align -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wswitch-enum -Wnull-dereference
    -Wimplicit-fallthrough
    $<$<C_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op
                           -Wjump-misses-init -Wformat-signedness>
    $<$<C_COMPILER_ID:Clang>:-Wcomma -Wconditional-uninitialized -Wunreachable-code>
    $<$<BOOL:${SCR_WERROR}>:-Werror>
    # Never fuse a multiply with an add: the bits would depend on the machine.
    -ffp-contract=off
    # __FILE__ and debug information name the file as the repository does.
    "-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=")
target_compile_definitions(scr_flags INTERFACE
    $<$<BOOL:${SCR_SLOW_ASSERTS}>:SCR_SLOW_ASSERTS>
    $<$<BOOL:${SCR_EMULATOR}>:SCR_EMULATOR>)

if(SCR_SANITIZE)
    target_compile_options(scr_flags INTERFACE
        "-fsanitize=${SCR_SANITIZE}" -fno-sanitize-recover=all)
    target_link_options(scr_flags INTERFACE "-fsanitize=${SCR_SANITIZE}")
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    # What a mistake of ours must meet: canaries, checked copies, no page skipped by a large frame,
    # zeros instead of leftovers, and no reasoning from undefined behaviour that costs us a check.
    # Measured with bench/stage_*.c: no stage is slower. Compilers that lack one go without it.
    target_compile_options(scr_flags INTERFACE
        -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
        -fno-strict-aliasing -fno-delete-null-pointer-checks)
    foreach(flag IN ITEMS -fstack-clash-protection -ftrivial-auto-var-init=zero)
        string(MAKE_C_IDENTIFIER "SCR_HAS${flag}" known)
        check_c_compiler_flag(${flag} ${known})
        if(${known})
            target_compile_options(scr_flags INTERFACE ${flag})
        endif()
    endforeach()
    # No folder of the machine that built it stands in the program: two builds are the same bytes.
    # The last one that fits wins, and the build folder may lie in the source folder.
    target_compile_options(scr_flags INTERFACE
        "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=" "-ffile-prefix-map=${CMAKE_BINARY_DIR}=.")
    target_link_options(scr_flags INTERFACE
        LINKER:-z,relro,-z,now LINKER:-z,noexecstack LINKER:-z,separate-code)
endif()
if(SCR_FUZZ)
    target_compile_options(scr_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SCR_COVERAGE)
    target_compile_options(scr_flags INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(scr_flags INTERFACE --coverage)
endif()

# Applies the flags to a target; GNU asks for Linux' own interfaces beside POSIX.
function(scr_flags target)
    cmake_parse_arguments(arg "GNU" "" "" ${ARGN})
    target_link_libraries(${target} PRIVATE scr_flags)
    if(arg_GNU)
        target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
    else()
        target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L)
    endif()
endfunction()
