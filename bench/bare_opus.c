/*
 * bench/bare_opus.c - libopus and nothing else.
 * Why:    see bare_opus.h.
 */
#include "bench/bare_opus.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opus/opus.h>

#include "bench/screams.h"

#define LIBRARY "libopus.so.0"
#define PACKET_BYTES (SCR_BITRATE_DEFAULT / SCR_BITRATE_STEP)

typedef OpusEncoder *create_fn(opus_int32 rate_hz, int channels, int application, int *status);
typedef int control_fn(OpusEncoder *state, int request, ...);
typedef opus_int32 encode_fn(
    OpusEncoder *state, const float *block, int samples, unsigned char *packet, opus_int32 bytes);

static OpusEncoder *encoder;
static control_fn *control;
static encode_fn *encode;
static const float (*sound)[SCR_BLOCK_SAMPLES];

static void must(int status)
{
    scr_stopwatch_must(status == OPUS_OK ? SCR_OK : SCR_ERR_CODEC);
}

/* C has no cast from an object's address to a function's; POSIX says that both are alike. */
static void find(void *library, const char *name, void *function, size_t bytes)
{
    void *address = library == NULL ? NULL : dlsym(library, name);
    if (address == NULL) {
        (void)fprintf(stderr, "bench: %s\n", dlerror());
        exit(1);
    }
    memcpy(function, &address, bytes);
}

void scr_bare_opus_init(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    create_fn *create = NULL;
    find(library, "opus_encoder_create", &create, sizeof create);
    find(library, "opus_encoder_ctl", &control, sizeof control);
    find(library, "opus_encode_float", &encode, sizeof encode);
    int status = OPUS_OK;
    encoder = create(SCR_SAMPLE_RATE_HZ, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &status);
    must(status);
    must(control(encoder, OPUS_SET_VBR(0)));
    must(control(encoder, OPUS_SET_COMPLEXITY(0)));
    must(control(encoder, OPUS_SET_BITRATE(SCR_BITRATE_DEFAULT)));
    sound = scr_bench_sound(SCR_FINISH_SMOOTH);
}

void scr_bare_opus_encode(const float (*any)[SCR_BLOCK_SAMPLES])
{
    unsigned char packet[PACKET_BYTES];
    must(control(encoder, OPUS_RESET_STATE));
    for (int i = 0; i < SCR_BENCH_BLOCKS_CODED; i += 1) {
        opus_int32 bytes = encode(encoder, any[i], SCR_BLOCK_SAMPLES, packet, PACKET_BYTES);
        must(bytes == PACKET_BYTES ? OPUS_OK : OPUS_INTERNAL_ERROR);
    }
}

void scr_bare_opus(const void *unused)
{
    (void)unused;
    scr_bare_opus_encode(sound);
}
