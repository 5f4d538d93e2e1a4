# cmake/kernels.cmake - the vector kernels, once for each instruction set of this architecture.
# Why:    one program serves every processor (core/dsp/isa_table.h names the same sets). The room's
#         own glob compiles them with one lane: scalar, which every architecture has.

# What pays in kernels only: loops unrolled, and no regard for floating-point traps, which nobody
# here switches on. gcc also makes branches of a maximum with a constant (thread-jumps) and gathers
# numbers into vectors (slp), which is not what the scalar kernels are for.
# None of it changes a value: the bits are those of every other build (golden_test).
set(SCR_KERNEL_OPTIONS
    $<$<CONFIG:Release>:-O3> -fno-trapping-math -fno-tree-slp-vectorize
    $<$<C_COMPILER_ID:GNU>:-fno-thread-jumps>)
file(GLOB scalar_kernels CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/core/dsp/kernel_*.c")
set_source_files_properties(${scalar_kernels} PROPERTIES COMPILE_OPTIONS "${SCR_KERNEL_OPTIONS}")
# The engine's scalar kernels are what a processor without vectors runs, and measured as that.
# (clang's vectors would halve the speed of kernel mix; gcc's gain a twentieth in kernel drive.)
foreach(name mix shape drive)
    set_property(SOURCE "${CMAKE_SOURCE_DIR}/core/dsp/kernel_${name}.c"
                 APPEND PROPERTY COMPILE_OPTIONS -fno-tree-vectorize)
endforeach()

# scr_kernels(ROOM ISA LANES [FLAG...])
function(scr_kernels room isa lanes)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/core/${room}/kernel_*.c")
    set(target "scr_${room}_${isa}")
    add_library(${target} OBJECT ${sources})
    scr_flags(${target})
    target_compile_definitions(${target} PRIVATE SCR_ISA=${isa} SCR_ISA_LANES=${lanes})
    target_compile_options(${target} PRIVATE ${ARGN}
        # gcc 12's analyser takes a vector's lanes for the precision of its numbers; and where
        # AddressSanitizer keeps frames of returned functions, it lays vectors of 64 bytes to
        # multiples of 32 and stores them with instructions that need 64.
        $<$<C_COMPILER_ID:GNU>:-fno-analyzer>
        $<$<C_COMPILER_ID:GNU>:--param=asan-use-after-return=0>)
    target_sources("scr_${room}" PRIVATE $<TARGET_OBJECTS:${target}>)
endfunction()

# 32-bit user space on a 64-bit kernel has neither.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    scr_kernels(dsp sse2 4)
    scr_kernels(dsp avx2 8 -mavx2)
    scr_kernels(dsp avx512 16
        -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    scr_kernels(dsp neon 4)
endif()
