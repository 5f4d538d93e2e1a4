/*
 * core/dsp/compressor.h - turns down what is louder than a threshold.
 * Why:    the fourth stage of the chain: the growing layers stay bearable and dense.
 * Flow:   |x| -> envelope (attack, release) -> gain (envelope / threshold)^(1/ratio - 1).
 * Limits: ratio 1 switches the stage off.
 * Source: sound design A.4 item 4, A.8.
 */
#ifndef SCR_DSP_COMPRESSOR_H
#define SCR_DSP_COMPRESSOR_H

#include <stdbool.h>
#include <stdint.h>

struct scr_compressor_config {
    double threshold_db;
    double ratio;      /* at least 1 */
    double attack_ms;  /* above 0 */
    double release_ms; /* above 0 */
    double precharge;  /* envelope before the first sample, 0 to 1 */
};

struct scr_compressor {
    float attack_keep;
    float attack_take;
    float release_keep;
    float release_take;
    float threshold_log2;
    float exponent;   /* 1/ratio - 1, at most 0 */
    bool attack_long; /* attack longer than release */
    float precharge;
    /* From here on restored by reset. */
    float envelope;
};

/** Sets a compressor up and resets it. */
void scr_compressor_init(struct scr_compressor *compressor,
                         const struct scr_compressor_config *config);

/** Back to the precharge. */
void scr_compressor_reset(struct scr_compressor *compressor);

/** Compresses block[count], count at most SCR_BLOCK_SAMPLES, in place. The owner; alloc none. */
void scr_compressor_process(struct scr_compressor *compressor, float *block, uint32_t count);

#endif
