/*
 * core/dsp/isa_table.h - the instruction sets the kernels are compiled for, narrowest first.
 * Rows:   X(ID, name, lanes at once, whether this processor and its system run it)
 */
X(SCALAR, scalar, 1, true)
#if defined(__x86_64__)
X(SSE2, sse2, 4, true)
X(AVX2, avx2, 8, __builtin_cpu_supports("avx2"))
X(AVX512,
  avx512,
  16,
  __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
#elif defined(__aarch64__)
X(NEON, neon, 4, true)
#endif
