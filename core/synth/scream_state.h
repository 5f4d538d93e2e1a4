/*
 * core/synth/scream_state.h - the members of struct scr_scream.
 * Why:    visible so that its owner can place it in a slot; the fields are core/synth's business.
 * Layout: layers and chain make the samples; the limiter holds SCR_LOOKAHEAD_SAMPLES of them
 *         that were made ahead of their time. kernels is a constant table.
 */
#ifndef SCR_SYNTH_SCREAM_STATE_H
#define SCR_SYNTH_SCREAM_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dsp/chain.h"
#include "core/dsp/limiter.h"
#include "core/synth/layer.h"

struct scr_scream {
    struct scr_layers layers;
    struct scr_chain chain;
    struct scr_limiter limiter; /* smooth only */
    const struct scr_kernels *kernels;
    bool smooth;
    uint32_t total;    /* samples of the whole scream */
    uint32_t position; /* number of the next sample to be pulled */
};

#endif
