# cmake/foreign.cmake - the libraries of others, found by pkg-config.
# Why:    imported targets are SYSTEM: our warnings do not judge their headers. A library is looked
#         for only when a room that exists asks for it.

find_package(PkgConfig REQUIRED)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
include(opus)

# Sets out to the target of a pkg-config module.
function(scr_foreign module out)
    if(module STREQUAL "opus")
        if(NOT TARGET scr_opus)
            scr_opus_target()
        endif()
        set(${out} scr_opus PARENT_SCOPE)
        return()
    endif()
    string(MAKE_C_IDENTIFIER "${module}" name)
    string(TOUPPER "${name}" name)
    pkg_check_modules(${name} REQUIRED QUIET IMPORTED_TARGET GLOBAL "${module}")
    set(${out} "PkgConfig::${name}" PARENT_SCOPE)
endfunction()
