/*
 * core/dsp/vector.h - as many floats at once as the instruction set has room for.
 * Why:    a kernel is one readable source, compiled once for each row of isa_table.h. Arithmetic is
 *         written with the usual operators (vector extensions of gcc and clang); here is only what
 *         has no operator. With one lane all types are plain numbers: the scalar kernels.
 * Limits: no operation here or in a kernel rounds differently in one set than in another: no
 *         fused multiply-add, no approximate reciprocal, no sum across lanes.
 * Build:  SCR_ISA and SCR_ISA_LANES say which; left out they are scalar and 1.
 */
#ifndef SCR_DSP_VECTOR_H
#define SCR_DSP_VECTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifndef SCR_ISA
#define SCR_ISA scalar
#define SCR_ISA_LANES 1
#endif

/* The name of a kernel in this instruction set: scr_kernel_mix_avx2. */
#define SCR_KERNEL_PASTE(name, isa) scr_kernel_##name##_##isa
#define SCR_KERNEL_NAME(name, isa) SCR_KERNEL_PASTE(name, isa)
#define SCR_KERNEL(name) SCR_KERNEL_NAME(name, SCR_ISA)

#define SCR_VECTOR_LANES SCR_ISA_LANES
/* Between vectors and bytes everything goes by memcpy, which costs nothing here. */
#define SCR_VECTOR_BYTES (4 * SCR_VECTOR_LANES)

#if SCR_VECTOR_LANES == 1
typedef float scr_vf;
typedef int32_t scr_vi;
typedef uint32_t scr_vu;
typedef uint16_t scr_vh;
#else
typedef float scr_vf __attribute__((vector_size(SCR_VECTOR_BYTES)));
typedef int32_t scr_vi __attribute__((vector_size(SCR_VECTOR_BYTES)));
typedef uint32_t scr_vu __attribute__((vector_size(SCR_VECTOR_BYTES)));
typedef uint16_t scr_vh __attribute__((vector_size(SCR_VECTOR_BYTES / 2)));
#endif

/* The larger, the smaller: a when a > b (a < b), else b. The magnitude of a signed number. */
#if SCR_VECTOR_LANES == 1
#define SCR_VECTOR_MAX(a, b) ((a) > (b) ? (a) : (b))
#define SCR_VECTOR_MIN(a, b) ((a) < (b) ? (a) : (b))
#define SCR_VECTOR_ABS(a) ((int32_t)(a) < 0 ? 0U - (a) : (a))
#elif defined(__aarch64__)
#include <arm_neon.h>
#define SCR_VECTOR_MAX(a, b) (scr_vf) vbslq_f32(vcgtq_f32(a, b), a, b)
#define SCR_VECTOR_MIN(a, b) (scr_vf) vbslq_f32(vcltq_f32(a, b), a, b)
#define SCR_VECTOR_ABS(a) (scr_vu) vabsq_s32((int32x4_t)(a))
#else
#include <immintrin.h>
#if SCR_VECTOR_LANES == 4
#define SCR_VECTOR_MAX(a, b) (scr_vf) _mm_max_ps((__m128)(a), (__m128)(b))
#define SCR_VECTOR_MIN(a, b) (scr_vf) _mm_min_ps((__m128)(a), (__m128)(b))
/* Older than the instruction for it. */
#define SCR_VECTOR_ABS(a) (((a) ^ (scr_vu)((scr_vi)(a) >> 31)) - (scr_vu)((scr_vi)(a) >> 31))
#elif SCR_VECTOR_LANES == 8
#define SCR_VECTOR_MAX(a, b) (scr_vf) _mm256_max_ps((__m256)(a), (__m256)(b))
#define SCR_VECTOR_MIN(a, b) (scr_vf) _mm256_min_ps((__m256)(a), (__m256)(b))
#define SCR_VECTOR_ABS(a) (scr_vu) _mm256_abs_epi32((__m256i)(a))
#elif SCR_VECTOR_LANES == 16
#define SCR_VECTOR_MAX(a, b) (scr_vf) _mm512_max_ps((__m512)(a), (__m512)(b))
#define SCR_VECTOR_MIN(a, b) (scr_vf) _mm512_min_ps((__m512)(a), (__m512)(b))
#define SCR_VECTOR_ABS(a) (scr_vu) _mm512_abs_epi32((__m512i)(a))
#endif
#endif

/*
 * Vectors that take the same steps side by side. A filter is a chain of operations that wait for
 * each other, and a processor looks some sixty operations ahead for others that need not wait:
 * so what is independent stands close by. Sixteen lanes of a block are all there are.
 */
#if SCR_VECTOR_LANES == 16
#define SCR_VECTOR_SIDES 1
#else
#define SCR_VECTOR_SIDES 2
#endif

/* The same number in every lane; written so that compilers see through it, -0 included. */
static inline scr_vf scr_vf_all(float x)
{
    return x - (scr_vf){0};
}

static inline scr_vu scr_vu_all(uint32_t x)
{
    return x + (scr_vu){0};
}

static inline scr_vf scr_vf_load(const float *from)
{
    scr_vf v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void scr_vf_store(float *to, scr_vf v)
{
#if SCR_VECTOR_LANES == 1
    *to = v; /* gcc takes what is copied for a whole number, and chooses it by branches */
#else
    memcpy(to, &v, sizeof v);
#endif
}

static inline scr_vu scr_vu_load(const uint32_t *from)
{
    scr_vu v;
    memcpy(&v, from, sizeof v);
    return v;
}

/* The bit patterns of floats, and back. */
static inline scr_vu scr_vf_bits(scr_vf v)
{
    scr_vu bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static inline scr_vf scr_vf_from_bits(scr_vu bits)
{
    scr_vf v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Four floats, where at least so many go at once. */
#if SCR_VECTOR_LANES > 1
typedef float scr_vf4 __attribute__((vector_size(16)));

static inline scr_vf4 scr_vf4_load(const float *from)
{
    scr_vf4 v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void scr_vf4_store(float *to, scr_vf4 v)
{
    memcpy(to, &v, sizeof v);
}
#endif

/* As signed numbers. */
static inline scr_vi scr_vu_signed(scr_vu v)
{
    return (scr_vi)v;
}

/* Signed whole numbers to the nearest floats. */
static inline scr_vf scr_vf_from_signed(scr_vi v)
{
#if SCR_VECTOR_LANES == 1
    return (float)v;
#else
    return __builtin_convertvector(v, scr_vf);
#endif
}

/* Floats to whole numbers, towards zero; magnitudes below 2^31. */
static inline scr_vi scr_vf_to_signed(scr_vf v)
{
#if SCR_VECTOR_LANES == 1
    return (int32_t)v;
#else
    return __builtin_convertvector(v, scr_vi);
#endif
}

/* The lower 16 bits of each lane, side by side. */
static inline void scr_vu_store_low(uint8_t *to, scr_vu v)
{
#if SCR_VECTOR_LANES == 1
    scr_vh low = (uint16_t)v;
#else
    scr_vh low = __builtin_convertvector(v, scr_vh);
#endif
    memcpy(to, &low, sizeof low);
}

static inline scr_vf scr_vf_max(scr_vf a, scr_vf b)
{
    return SCR_VECTOR_MAX(a, b);
}

static inline scr_vf scr_vf_min(scr_vf a, scr_vf b)
{
    return SCR_VECTOR_MIN(a, b);
}

static inline scr_vf scr_vf_abs(scr_vf v)
{
#if SCR_VECTOR_LANES == 1
    return __builtin_fabsf(v);
#else
    return scr_vf_from_bits(scr_vf_bits(v) & scr_vu_all(UINT32_C(0x7fffffff)));
#endif
}

/* The magnitude of a signed number; 2^31 stays what it is. */
static inline scr_vu scr_vu_abs(scr_vu v)
{
    return SCR_VECTOR_ABS(v);
}

/* v with another number in one lane. */
static inline scr_vu scr_vu_with(scr_vu v, uint32_t lane, uint32_t number)
{
    uint32_t numbers[SCR_VECTOR_LANES];
    memcpy(numbers, &v, sizeof v);
    numbers[lane] = number;
    return scr_vu_load(numbers);
}

/* Whether any bit is set. */
static inline bool scr_vu_any(scr_vu v)
{
    uint32_t numbers[SCR_VECTOR_LANES];
    memcpy(numbers, &v, sizeof v);
    uint32_t any = 0;
    for (uint32_t i = 0; i < SCR_VECTOR_LANES; i++) {
        any |= numbers[i];
    }
    return any != 0;
}

/* The largest of all lanes. */
static inline float scr_vf_highest(scr_vf v)
{
    float numbers[SCR_VECTOR_LANES];
    memcpy(numbers, &v, sizeof v);
    float highest = numbers[0];
    for (uint32_t i = 1; i < SCR_VECTOR_LANES; i++) {
        highest = numbers[i] > highest ? numbers[i] : highest;
    }
    return highest;
}

#endif
