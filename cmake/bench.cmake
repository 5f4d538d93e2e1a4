# cmake/bench.cmake - the programs of the bench, built only when asked for: ./dev bench.
# Flow:   scr_bench_program makes one and hangs it on the target bench_programs.
# Why:    they are compiled by the flags of the program they measure, and link its rooms.

add_custom_target(bench_programs COMMENT "Building the programs of the bench")

# scr_bench_program(NAME SOURCES file... [LIBRARIES target...] [GNU])
function(scr_bench_program name)
    cmake_parse_arguments(arg "GNU" "" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
    if(arg_GNU)
        scr_flags(${name} GNU)
    else()
        scr_flags(${name})
    endif()
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} Threads::Threads m)
    add_dependencies(bench_programs ${name})
endfunction()

# What the stage programs share. tests/unit/bench links it too.
set(SCR_BENCH_FOREIGN "")
foreach(module opus ogg)
    scr_foreign(${module} library)
    list(APPEND SCR_BENCH_FOREIGN "${library}")
endforeach()
add_library(scr_bench STATIC EXCLUDE_FROM_ALL bench/bare_opus.c bench/definition.c
            bench/screams.c bench/stopwatch.c)
scr_flags(scr_bench)
target_link_libraries(scr_bench PUBLIC scr_job ${SCR_BENCH_FOREIGN} ${CMAKE_DL_LIBS} m)

file(GLOB stage_sources CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/bench/stage_*.c")
foreach(source IN LISTS stage_sources)
    get_filename_component(stage "${source}" NAME_WE)
    scr_bench_program("bench_${stage}" SOURCES "${source}" LIBRARIES scr_bench)
endforeach()

# The load client, and the encoder on its own beside it. tests/unit/load links scr_load.
file(GLOB load_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/load/*.c")
list(REMOVE_ITEM load_sources "${CMAKE_SOURCE_DIR}/bench/load/main.c"
     "${CMAKE_SOURCE_DIR}/bench/load/opus_loop.c")
add_library(scr_load STATIC EXCLUDE_FROM_ALL ${load_sources})
scr_flags(scr_load GNU)
target_link_libraries(scr_load PUBLIC scr_dsp m)
scr_bench_program(bench_load GNU SOURCES bench/load/main.c LIBRARIES scr_load)
# Its reference is libopus as it is packaged, opened by name (bench/bare_opus.h).
scr_bench_program(bench_opus_loop SOURCES bench/load/opus_loop.c LIBRARIES scr_bench)

# Who calls the heap while the release program serves: tests/alloc, without a build of its own.
add_library(bench_interposer MODULE EXCLUDE_FROM_ALL tests/alloc/interposer.c)
scr_flags(bench_interposer GNU)
target_compile_options(bench_interposer PRIVATE -fno-builtin)
set_target_properties(bench_interposer PROPERTIES PREFIX "")
add_dependencies(bench_programs bench_interposer)

# What the encoder's speed costs the ear; tests/quality holds the same measures to their formulas.
scr_bench_program(bench_quality
    SOURCES bench/quality.c tests/support/quality_guard.c tests/support/quality.c
            tests/support/critical_bands.c tests/support/opus_road.c tests/support/spectrum.c
    LIBRARIES scr_synth scr_codec ${SCR_BENCH_FOREIGN})
