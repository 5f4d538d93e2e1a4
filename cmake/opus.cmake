# cmake/opus.cmake - libopus: the archive with our own pulse search, or else the shared library.
# Why:    on amd64 libopus searches its codewords with approximate reciprocals, and packets differ
#         between makers of processors. In the archive that function is an object file of its own,
#         so a program that defines the symbol replaces it (core/codec/opus_encoder.c), and the
#         same scream is the same packets on every amd64 machine: docs/decisions/0013.
# Flow:   amd64 -> a version whose sources were read -> its archive is here -> a probe, linked to
#         it, runs and is asked for the search. Anything else: the shared library as it is, and
#         the codec class tells machines apart as before.
# Gives:  the target scr_opus, and with our search the definition SCR_OPUS_SEARCH.

option(SCR_OPUS_SEARCH "Link libopus.a with our own pulse search where that fits" ON)
set(SCR_OPUS_SEARCH_VERSIONS 1.3.1)

# Sets out to the archive when all of the above holds, else to nothing; says why.
function(scr_opus_archive out)
    set(${out} "" PARENT_SCOPE)
    set(shared "Opus: the shared library")
    if(NOT SCR_OPUS_SEARCH)
        message(STATUS "${shared}, as asked")
        return()
    endif()
    if(CMAKE_CROSSCOMPILING OR NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
        message(STATUS "${shared}, this is not amd64")
        return()
    endif()
    if(NOT OPUS_VERSION IN_LIST SCR_OPUS_SEARCH_VERSIONS)
        message(STATUS "${shared}, our search is not known to fit ${OPUS_VERSION}")
        return()
    endif()
    find_library(SCR_OPUS_ARCHIVE libopus.a HINTS "${OPUS_LIBDIR}")
    if(NOT SCR_OPUS_ARCHIVE)
        message(STATUS "${shared}, there is no libopus.a")
        return()
    endif()
    string(MAKE_C_IDENTIFIER "SCR_OPUS_SEARCH_FITS_${OPUS_VERSION}" fits)
    try_run(${fits} ${fits}_LINKS "${CMAKE_BINARY_DIR}/opus_probe"
            "${CMAKE_SOURCE_DIR}/cmake/opus_probe.c"
            CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${OPUS_INCLUDE_DIRS}"
            LINK_LIBRARIES "${SCR_OPUS_ARCHIVE}" m)
    if(NOT ${fits}_LINKS OR NOT ${fits} EQUAL 0)
        message(STATUS "${shared}, its archive does not ask for our search")
        return()
    endif()
    message(STATUS "Opus: ${SCR_OPUS_ARCHIVE} with our own pulse search")
    set(${out} "${SCR_OPUS_ARCHIVE}" PARENT_SCOPE)
endfunction()

# One target for all, tests too: two copies of libopus in one program would be a riddle.
function(scr_opus_target)
    pkg_check_modules(OPUS REQUIRED QUIET IMPORTED_TARGET GLOBAL opus)
    scr_opus_archive(archive)
    add_library(scr_opus INTERFACE)
    target_include_directories(scr_opus SYSTEM INTERFACE ${OPUS_INCLUDE_DIRS})
    if(archive)
        target_compile_definitions(scr_opus INTERFACE SCR_OPUS_SEARCH)
        target_link_libraries(scr_opus INTERFACE "${archive}" m)
    else()
        target_link_libraries(scr_opus INTERFACE PkgConfig::OPUS)
    endif()
endfunction()
