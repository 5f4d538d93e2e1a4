/*
 * tests/support/defined_sample.c - what one sample of the classic engine is, by definition.
 * Reads:  layers and mix, clip, high-pass, low-pass, crusher, envelope, compressor, boost, clip.
 *         Polynomials are evaluated from the highest power down.
 */
#include "tests/support/defined_sample.h"

#include <string.h>

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

float defined_magnitude(float x)
{
    return float_of(bits_of(x) & UINT32_C(0x7fffffff));
}

float defined_larger(float a, float b)
{
    return a > b ? a : b;
}

float defined_smaller(float a, float b)
{
    return a < b ? a : b;
}

/* ---- Layers and mix ---- */

float defined_sine(uint32_t phase)
{
    /* The distance from a quarter turn, folded onto -1 .. 1 quarter turns. */
    uint32_t distance = phase - UINT32_C(0x40000000);
    distance = (distance >> 31) != 0 ? 0U - distance : distance;
    float x = (float)(int32_t)(UINT32_C(0x40000000) - distance) * 0x1p-30f;
    float z = x * x;
    float y = 0x1.3c4b2cp-13f;
    y = y * z + -0x1.3232fap-8f;
    y = y * z + 0x1.46676ep-4f;
    y = y * z + -0x1.4abbb6p-1f;
    y = y * z + 0x1.921fb4p+0f;
    return y * x;
}

uint32_t defined_noise_word(uint32_t sum, uint32_t key)
{
    uint32_t x = sum;
    x ^= x >> 16;
    x *= UINT32_C(0x21f0aaad);
    x ^= x >> 15;
    x += key;
    x *= UINT32_C(0xd35a2d97);
    x ^= x >> 15;
    return x;
}

float defined_mix(const struct defined_voices *voices)
{
    uint32_t word = defined_noise_word(voices->noise, voices->noise_key);
    float tone[DEFINED_TONES];
    for (uint32_t i = 0; i < DEFINED_TONES; i++) {
        float level = voices->level[i] + voices->rise[i] * (float)voices->sample;
        tone[i] = level * defined_sine(voices->phase[i]);
    }
    float mix = (tone[0] + tone[1]) + tone[2];
    mix = mix + voices->gate * (float)(int32_t)word;
    mix = mix + voices->floor * (float)(int32_t)(word << 16);
    return defined_larger(defined_smaller(mix, voices->full), -voices->full);
}

/* ---- Filters ---- */

float defined_pass(struct defined_passes *passes, float x)
{
    float high = passes->highpass_keep * (x + passes->highpass);
    passes->highpass = high - x;
    passes->lowpass = passes->lowpass_keep * passes->lowpass + high;
    return passes->lowpass;
}

float defined_crush(const struct defined_crusher *crusher, float x)
{
    float whole_steps = ((x - crusher->centre) + crusher->magic) - crusher->magic;
    return crusher->wet * whole_steps + crusher->dry * x;
}

float defined_choice(const struct defined_follower *follower, float a, float b)
{
    return follower->smaller ? defined_smaller(a, b) : defined_larger(a, b);
}

float defined_follow(const struct defined_follower *follower, float envelope, float x)
{
    float loudness = defined_magnitude(x);
    float attack = follower->attack_keep * envelope + follower->attack_take * loudness;
    float release = follower->release_keep * envelope + follower->release_take * loudness;
    return defined_choice(follower, attack, release);
}

void defined_reach(const struct defined_follower *follower,
                   float reach[DEFINED_GROUP + 1],
                   uint32_t done,
                   float x)
{
    float attack = follower->attack_take * defined_magnitude(x);
    float release = follower->release_take * defined_magnitude(x);
    if (done == 0) {
        reach[0] = attack;
        reach[1] = release;
        return;
    }
    float before[DEFINED_GROUP + 1];
    memcpy(before, reach, sizeof before);
    reach[0] = follower->attack_keep * before[0] + attack;
    for (uint32_t i = 1; i <= done; i++) {
        reach[i] = defined_choice(follower,
                                  follower->attack_keep * before[i] + attack,
                                  follower->release_keep * before[i - 1] + release);
    }
    reach[done + 1] = follower->release_keep * before[done] + release;
}

float defined_log2(float x)
{
    /* 0x3f3504f3 is the square root of one half: the mantissa lies around one. */
    uint32_t u = bits_of(x) - UINT32_C(0x3f3504f3);
    float exponent = (float)((int32_t)u >> 23);
    float t = float_of((u & UINT32_C(0x7fffff)) + UINT32_C(0x3f3504f3)) - 1.0f;
    float y = 0x1.02b968p-2f;
    y = y * t + -0x1.940b92p-2f;
    y = y * t + 0x1.f25ddap-2f;
    y = y * t + -0x1.70c388p-1f;
    y = y * t + 0x1.714ccap+0f;
    return y * t + exponent;
}

float defined_exp2(float x)
{
    /* 1.5 * 2^23: beyond it a float holds whole numbers only. */
    float rounded = x + 12582912.0f;
    float f = x - (rounded - 12582912.0f);
    float y = 0x1.3a02d0p-7f;
    y = y * f + 0x1.c9fc46p-5f;
    y = y * f + 0x1.ec0378p-3f;
    y = y * f + 0x1.62e12cp-1f;
    y = y * f + 1.0f;
    return float_of(bits_of(y) + (bits_of(rounded) << 23));
}

float defined_drive(const struct defined_drive *drive, float x, float envelope)
{
    float above = defined_larger(envelope * drive->over_threshold, 1.0f);
    x = x * defined_exp2(drive->exponent * defined_log2(above));
    x = x * drive->boost;
    return defined_larger(defined_smaller(x, drive->limit), -drive->limit);
}
