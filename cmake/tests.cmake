# cmake/tests.cmake - one executable per test file, registered with CTest under a label.
# Why:    a unit test links its own room (and what that room may use) and the support library, so a
#         test also proves that its room stands on the rooms below it alone.
# Labels: unit, api, load, alloc, torture, fuzz.

file(GLOB support_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/support/*.c")
file(GLOB_RECURSE unit_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/tests/unit/*_test.c")
file(GLOB quality_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/tests/quality/*_test.c")
file(GLOB api_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/tests/api/*_test.c")
file(GLOB alloc_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/tests/alloc/*_test.c")
file(GLOB load_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/tests/load/*_test.c")
file(GLOB torture_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/tests/torture/*_test.c")
file(GLOB fuzz_tests CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
     "${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.c")

get_property(all_rooms GLOBAL PROPERTY SCR_ROOMS)
list(TRANSFORM all_rooms PREPEND scr_)

set(SCR_TEST_ENVIRONMENT
    "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1")

# Tests compare with libm and with the foreign libraries themselves, so they may link them.
function(scr_test_flags target)
    scr_flags(${target})
    target_compile_definitions(${target} PRIVATE "SCR_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\""
                                                 "SCR_BINARY_DIR=\"${CMAKE_BINARY_DIR}\"")
    target_link_libraries(${target} PRIVATE ${ARGN} Threads::Threads m)
endfunction()

function(scr_register name target label timeout_s)
    add_test(NAME "${name}" COMMAND ${target} ${ARGN})
    set_tests_properties("${name}" PROPERTIES LABELS "${label}" TIMEOUT ${timeout_s}
        WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" ENVIRONMENT "${SCR_TEST_ENVIRONMENT}")
endfunction()

# The target that scr_test makes of a file.
function(scr_test_target file out)
    string(REGEX REPLACE "^tests/(.*)_test\\.c$" "\\1" name "${file}")
    string(REPLACE "/" "_" target "${name}_test")
    set(${out} "${target}" PARENT_SCOPE)
endfunction()

# scr_preload(NAME FOLDER): FOLDER/NAME.c becomes a library to preload, FOLDER/NAME.so.
function(scr_preload name folder)
    add_library(${name} MODULE "${folder}/${name}.c")
    scr_flags(${name} GNU)
    target_compile_options(${name} PRIVATE -fno-builtin)
    set_target_properties(${name} PROPERTIES PREFIX ""
        LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${folder}")
endfunction()

# scr_test(FILE LABEL TIMEOUT library...): tests/unit/base/error_test.c becomes the test
# unit/base/error and the executable tests/unit/base/error_test of the build folder.
function(scr_test file label timeout_s)
    string(REGEX REPLACE "^tests/(.*)_test\\.c$" "\\1" name "${file}")
    scr_test_target("${file}" target)
    get_filename_component(folder "${file}" DIRECTORY)
    get_filename_component(output "${file}" NAME_WE)
    add_executable(${target} "${file}")
    set_target_properties(${target} PROPERTIES OUTPUT_NAME "${output}"
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${folder}")
    scr_test_flags(${target} scr_isa_environment ${support_libraries} ${ARGN} ${foreign_libraries})
    scr_register("${name}" ${target} ${label} ${timeout_s})
endfunction()

# What tests compare with.
set(foreign_libraries "")
foreach(module opus ogg libsodium jansson yaml-0.1)
    scr_foreign(${module} library)
    list(APPEND foreign_libraries "${library}")
endforeach()

if(SCR_TESTS)
    scr_foreign(cmocka library)
    list(APPEND foreign_libraries "${library}")
    # Runs before main in every test; from an archive nobody would call it in.
    set(environment "${CMAKE_SOURCE_DIR}/tests/support/isa_environment.c")
    list(REMOVE_ITEM support_sources "${environment}")
    add_library(scr_isa_environment OBJECT "${environment}")
    scr_test_flags(scr_isa_environment)
    if(support_sources)
        add_library(scr_support STATIC ${support_sources})
        scr_test_flags(scr_support ${foreign_libraries})
        # One file may serve several rooms: a test links only the functions it calls.
        target_compile_options(scr_support PRIVATE -ffunction-sections)
        target_link_options(scr_support INTERFACE LINKER:--gc-sections)
        # Before the rooms on the link line, for it may call them.
        set(support_libraries scr_support)
    endif()
    foreach(file IN LISTS unit_tests)
        string(REGEX REPLACE "^tests/unit/([^/]+)/.*$" "\\1" room "${file}")
        if(TARGET "scr_${room}")
            scr_test("${file}" unit 120 "scr_${room}")
        else()
            message(STATUS "${file}: its room is still empty")
        endif()
    endforeach()
    # What listeners get: synth and codec together, judged by the models of tests/support.
    foreach(file IN LISTS quality_tests)
        scr_test("${file}" unit 120 scr_synth scr_codec)
    endforeach()
    # It plays a libopus that fails.
    if(TARGET unit_codec_opus_encoder_test)
        target_link_options(unit_codec_opus_encoder_test PRIVATE LINKER:--wrap=opus_encoder_init)
    endif()
    foreach(file IN LISTS api_tests)
        if(TARGET scr_api)
            scr_test("${file}" api 300 scr_api)
        endif()
    endforeach()
    if(TARGET scream)
        foreach(file IN LISTS load_tests)
            scr_test("${file}" load 300 scr_dsp)
            scr_test_target("${file}" target)
            add_dependencies(${target} scream)
        endforeach()
    endif()
    # They stand between the program and the heap, where sanitizers and gcov stand as well.
    if(TARGET scream AND NOT SCR_SANITIZE AND NOT SCR_COVERAGE)
        scr_preload(interposer tests/alloc)
        scr_preload(saboteur tests/torture)
        foreach(file IN LISTS alloc_tests)
            scr_test("${file}" alloc 300)
            scr_test_target("${file}" target)
            add_dependencies(${target} scream interposer)
        endforeach()
        foreach(file IN LISTS torture_tests)
            scr_test("${file}" torture 1800)
            scr_test_target("${file}" target)
            target_sources(${target} PRIVATE tests/torture/victim.c)
            add_dependencies(${target} scream saboteur)
        endforeach()
    endif()
endif()

# With libFuzzer a target explores; without it a small main replays the corpus in CTest.
foreach(file IN LISTS fuzz_tests)
    get_filename_component(target "${file}" NAME_WE)
    string(REGEX REPLACE "_fuzz$" "" corpus "${target}")
    add_executable(${target} "${file}")
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/fuzz")
    scr_test_flags(${target} ${all_rooms} ${foreign_libraries})
    if(SCR_FUZZ)
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        target_sources(${target} PRIVATE tests/fuzz/replay_main.c)
        set(folders "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${corpus}")
        if(EXISTS "${CMAKE_SOURCE_DIR}/tests/fuzz/regressions/${corpus}")
            list(APPEND folders "${CMAKE_SOURCE_DIR}/tests/fuzz/regressions/${corpus}")
        endif()
        scr_register("fuzz/${corpus}" ${target} fuzz 120 ${folders})
    endif()
endforeach()
