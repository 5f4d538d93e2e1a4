/*
 * server/log_sink.h - where events go: a bounded ring, a writer thread, a descriptor.
 * Why:    a worker must never wait for a terminal or a pipe; when nobody reads, lines are lost
 *         and counted, and the server goes on.
 * Flow:   scr_log (any thread) -> slot of the ring -> writer thread -> write(2), lines together.
 * Memory: SCR_LOG_RING_LINES slots at boot; without a ring (one-shot commands) lines are written
 *         by their caller at once.
 */
#ifndef SCR_SERVER_LOG_SINK_H
#define SCR_SERVER_LOG_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "server/log_line.h"

struct scr_log_sink;

struct scr_log_sink_config {
    int fd; /* stays the caller's */
    bool json;
    enum scr_log_look look; /* of text */
    bool threaded;          /* with ring and thread */
    enum scr_log_level level_min;
};

/** Bytes that a threaded sink takes. */
uint64_t scr_log_sink_memory_bytes(void);

/**
 * Allocates (boot phase), starts the writer and becomes the program's sink.
 * errors  SCR_ERR_MEMORY, SCR_ERR_INTERNAL (no thread)
 * thread  main, before other threads log
 */
SCR_MUST_USE enum scr_err scr_log_sink_start(const struct scr_log_sink_config *config,
                                             struct scr_log_sink **sink);

/**
 * Writes what is left, for at most a second, and frees; events are dropped from then on. A writer
 * that a write holds even then is left behind with its memory: the process is about to end.
 * thread  main, when no other thread logs any more, not while sealed. Nulls; NULL is allowed
 */
void scr_log_sink_stop(struct scr_log_sink **sink);

#endif
