/*
 * core/dsp/kernel_pcm16.c - kernel: floats to little-endian samples of 16 bits.
 * How:    sign and size go apart, because the rule is the same on both sides of zero: the size is
 *         clipped, scaled and rounded by adding one half, gets its sign back, and what is behind
 *         the point falls off. A maximum takes its second number when one of them is NaN, which
 *         so becomes 0.
 * Source: the rule stands in core/dsp/pcm16.h.
 */
#include "core/base/assert.h"
#include "core/dsp/kernels.h"
#include "core/dsp/vector.h"

/* The 16 bits as they are stored, in the lower half of each lane; above them there is nothing. */
static inline scr_vu bits_of(scr_vf x)
{
    const scr_vf none = scr_vf_all(0.0f);
    const scr_vf full = scr_vf_all(1.0f);
    scr_vu sign = scr_vf_bits(x) & scr_vu_all(UINT32_C(0x80000000));
    scr_vf size = scr_vf_min(scr_vf_max(scr_vf_abs(x), none), full);
    scr_vf scaled = size * scr_vf_all(32767.0f) + scr_vf_all(0.5f);
    scr_vf value = scr_vf_from_bits(scr_vf_bits(scaled) | sign);
    scr_vu bits = (scr_vu)scr_vf_to_signed(value) & scr_vu_all(0xffff);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bits = bits >> 8 | (bits & scr_vu_all(0xff)) << 8;
#endif
    return bits;
}

/* Samples of all lanes, each once; where to: 2 bytes each. */
static inline void write_once(const float *from, uint8_t *to)
{
    scr_vu_store_low(to, bits_of(scr_vf_load(from)));
}

/* Likewise each twice: 4 bytes each. */
static inline void write_twice(const float *from, uint8_t *to)
{
    scr_vu bits = bits_of(scr_vf_load(from));
    bits |= bits << 16;
    memcpy(to, &bits, sizeof bits);
}

/* What is left over for less than all lanes. */
static void write_rest(const float *from, size_t count, uint32_t copies, uint8_t *to)
{
    float samples[SCR_VECTOR_LANES] = {0};
    uint8_t bytes[4 * SCR_VECTOR_LANES];
    memcpy(samples, from, count * sizeof samples[0]);
    if (copies == 1) {
        write_once(samples, bytes);
    } else {
        write_twice(samples, bytes);
    }
    memcpy(to, bytes, count * copies * 2);
}

void SCR_KERNEL(pcm16)(const float *block, size_t count, uint32_t copies, uint8_t *bytes)
{
    SCR_ASSERT(copies == 1 || copies == 2);
    size_t rest = count % SCR_VECTOR_LANES;
    size_t whole = count - rest;
    if (copies == 1) {
        for (size_t i = 0; i < whole; i += SCR_VECTOR_LANES) {
            write_once(block + i, bytes + 2 * i);
        }
    } else {
        for (size_t i = 0; i < whole; i += SCR_VECTOR_LANES) {
            write_twice(block + i, bytes + 4 * i);
        }
    }
    if (rest > 0) {
        write_rest(block + whole, rest, copies, bytes + whole * copies * 2);
    }
}
