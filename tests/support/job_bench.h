/*
 * tests/support/job_bench.h - an arena on a fake clock, and what tests of it need again and again.
 * Why:    each test of core/job starts from the same small world.
 */
#ifndef SCR_TESTS_SUPPORT_JOB_BENCH_H
#define SCR_TESTS_SUPPORT_JOB_BENCH_H

#include <stddef.h>
#include <stdint.h>

#include "core/job/arena.h"
#include "core/synth/params.h"
#include "core/synth/preset.h"
#include "tests/support/fake_clock.h"

struct job_bench {
    struct fake_clock fake;
    struct scr_arena *arena;
};

/** An arena of `arena_bytes` for `readers_max` readers; statistics start at zero. */
void job_bench_init(struct job_bench *bench, uint64_t arena_bytes, uint32_t readers_max);
void job_bench_deinit(struct job_bench *bench);

/** A preset at a seed, cut or stretched to `duration_ms`. */
struct scr_params job_params(enum scr_preset preset, uint64_t seed, int64_t duration_ms);

/** What the arena needs to hold this file. */
uint64_t job_extent_bytes(const struct scr_params *params);

/** Opens and expects success. */
struct scr_job_cursor job_open(struct job_bench *bench, const struct scr_params *params);

/** Pulls the bytes from..to into out; expects no error. Returns how many pulls it took. */
size_t job_read(struct scr_job_cursor *cursor, uint64_t from, uint64_t to, uint8_t *out);

/** The whole file, made without the arena, page by page in one flat buffer; the caller frees. */
uint8_t *job_reference(const struct scr_params *params, size_t *bytes);

#endif
