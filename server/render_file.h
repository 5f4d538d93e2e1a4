/*
 * server/render_file.h - one scream from its parameters to an output.
 * Why:    the terminal uses the arena, cursor and PCM stream of HTTP, so the bytes are the same.
 * Memory: an arena of one job, or one PCM stream, made and freed within the call (boot phase).
 */
#ifndef SCR_SERVER_RENDER_FILE_H
#define SCR_SERVER_RENDER_FILE_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/job/key.h"
#include "core/synth/params.h"
#include "server/output.h"
#include "server/progress.h"

/**
 * Renders and writes; the output is neither opened nor committed here.
 * out     bytes   written
 * errors  SCR_ERR_MEMORY, SCR_ERR_CODEC, SCR_ERR_ARENA_FULL, SCR_ERR_POOL_FULL, SCR_ERR_INTERNAL,
 *         SCR_ERR_IO (the output's error says why)
 * thread  main
 */
SCR_MUST_USE enum scr_err scr_render_file(const struct scr_params *params,
                                          enum scr_format format,
                                          struct scr_output *output,
                                          struct scr_progress *progress,
                                          uint64_t *bytes);

#endif
