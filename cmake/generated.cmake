# cmake/generated.cmake - sources made at build time: the version stamp and embedded files.
# Why:    one binary carries everything it serves, and says exactly which source it was built from.

set(SCR_GENERATED_DIR "${CMAKE_BINARY_DIR}/generated")
find_package(Git QUIET)

# Adds the definitions of core/base/version.h to a target. The stamp is looked at in every build and
# rewritten only when it changes.
function(scr_stamp_version target)
    if(NOT TARGET ${target})
        return()
    endif()
    set(output "${SCR_GENERATED_DIR}/version.c")
    add_custom_target(scr_version_stamp
        COMMAND "${CMAKE_COMMAND}" "-DSOURCE_DIR=${CMAKE_SOURCE_DIR}" "-DOUTPUT=${output}"
                "-DVERSION=${PROJECT_VERSION}" "-DCOMMIT=${SCR_COMMIT}"
                "-DGIT=${GIT_EXECUTABLE}" -P "${CMAKE_SOURCE_DIR}/cmake/stamp_version.cmake"
        BYPRODUCTS "${output}"
        COMMENT "Looking at the version stamp" VERBATIM)
    target_sources(${target} PRIVATE "${output}")
    add_dependencies(${target} scr_version_stamp)
endfunction()

# scr_embed(TARGET FILE SYMBOL HEADER): the bytes of FILE as SYMBOL[] and SYMBOL_bytes, both
# declared in HEADER.
function(scr_embed target file symbol header)
    if(NOT TARGET ${target} OR NOT EXISTS "${CMAKE_SOURCE_DIR}/${file}")
        return()
    endif()
    set(output "${SCR_GENERATED_DIR}/${symbol}.c")
    add_custom_command(OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" "-DINPUT=${CMAKE_SOURCE_DIR}/${file}" "-DOUTPUT=${output}"
                "-DSYMBOL=${symbol}" "-DHEADER=${header}"
                -P "${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake"
        DEPENDS "${CMAKE_SOURCE_DIR}/${file}" "${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake"
        COMMENT "Embedding ${file}" VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()
