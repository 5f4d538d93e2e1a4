/*
 * core/base/limits.h - every capacity and rate of the program, with its reason.
 * Why:    memory is fixed at start, so what the program can hold is decided here and nowhere else.
 * Reads:  a default is what an unconfigured start uses, a MAX what configuration may ask for.
 * Limits: relations between the numbers are static_asserts; they are the proof that sizes fit.
 */
#ifndef SCR_BASE_LIMITS_H
#define SCR_BASE_LIMITS_H

#include <assert.h>
#include <stdint.h>

/* ---- Sound ---------------------------------------------------------------------------- */

/* Opus full band and every preset are 48 kHz; no other rate exists in the program. */
#define SCR_SAMPLE_RATE_HZ 48000

/* A block is one Opus packet of 20 ms: the unit in which everything is pulled. */
#define SCR_BLOCK_SAMPLES 960
static_assert(SCR_BLOCK_SAMPLES * 50 == SCR_SAMPLE_RATE_HZ, "a block is 20 ms");

#define SCR_CHANNELS_MAX 2

/* Look-ahead of the final limiter, 2 ms: long enough to turn down without a click. */
#define SCR_LOOKAHEAD_SAMPLES 96

/* Shorter than 50 ms is a click, not a scream. */
#define SCR_DURATION_MIN_NS INT64_C(50000000)
#define SCR_DURATION_MAX_DEFAULT_NS INT64_C(60000000000)
/* 300 s keeps every sample index below 2^24, where a float still counts each one. */
#define SCR_DURATION_MAX_NS INT64_C(300000000000)
#define SCR_SAMPLES_MAX (300 * SCR_SAMPLE_RATE_HZ)
static_assert(SCR_SAMPLES_MAX < (1 << 24), "the envelope evaluates (float)n exactly");

/* The engine epoch: changes only when a seeded scream would sound different. */
#define SCR_ENGINE_EPOCH 1

/* ---- Opus and Ogg --------------------------------------------------------------------- */

/* A packet is bitrate / 400 bytes, so multiples of 400 give whole bytes (measured: constant). */
#define SCR_BITRATE_STEP 400
#define SCR_BITRATE_MIN 16000
#define SCR_BITRATE_MAX 256000
#define SCR_BITRATE_DEFAULT 96000
#define SCR_PACKET_BYTES_MAX (SCR_BITRATE_MAX / SCR_BITRATE_STEP)
static_assert(SCR_PACKET_BYTES_MAX == 640, "20 ms at the highest rate");

/* Pages of 1, 2, 4, 8, 8 ... packets: the first audio leaves at once, later pages are cheap. */
#define SCR_PAGE_PACKETS_MAX 8
/* 27 bytes of header, 3 lacing values a packet, 8 packets. */
#define SCR_PAGE_BYTES_MAX (27 + SCR_PAGE_PACKETS_MAX * (3 + SCR_PACKET_BYTES_MAX))

/* libopus looks 2.5 ms ahead in low-delay mode; decoders drop that many samples. */
#define SCR_OPUS_PRESKIP_SAMPLES 120
/* Measured for libopus 1.3.1: 43,572 bytes for one channel; checked at boot. */
#define SCR_OPUS_STATE_BYTES_MAX 49152

/* OpusHead page (47) and OpusTags page with vendor, title, preset, seed, engine. */
#define SCR_OGG_HEADER_BYTES_MAX 512
/* Longest preset name a tag may carry: far beyond today's longest, and the page still fits. */
#define SCR_PRESET_NAME_BYTES_MAX 64

/* ---- Arena ---------------------------------------------------------------------------- */

/* One usual scream (3 s at 96 kbit/s: 37 kB) fits in one extent and is served as one buffer. */
#define SCR_EXTENT_BYTES 65536
#define SCR_ARENA_BYTES_DEFAULT (INT64_C(32) << 20)
#define SCR_ARENA_BYTES_MIN (INT64_C(1) << 20)
#define SCR_ARENA_BYTES_MAX (INT64_C(4) << 30)
/* 300 s at 256 kbit/s: packets, lacing and page headers, below 10.0 MB. */
#define SCR_JOB_EXTENTS_MAX 153
static_assert(SCR_JOB_EXTENTS_MAX * (int64_t)SCR_EXTENT_BYTES >
                  SCR_OGG_HEADER_BYTES_MAX +
                      (SCR_SAMPLES_MAX / SCR_BLOCK_SAMPLES / SCR_PAGE_PACKETS_MAX + 4) *
                          (int64_t)SCR_PAGE_BYTES_MAX,
              "the longest scream at the highest rate fits in its extents");

/* A pull works for at most this long before it answers "again" (one slice). */
#define SCR_SLICE_NS INT64_C(2000000)
/* A browser that drops its first request comes back within this time. */
#define SCR_JOB_LINGER_NS INT64_C(2000000000)
/* A job whose readers have not pulled for this long is completed by the finisher. */
#define SCR_JOB_STALL_NS INT64_C(250000000)
/* How often the finisher looks for stalled and abandoned jobs. */
#define SCR_FINISHER_PERIOD_NS INT64_C(100000000)
/* A range that begins this far beyond what is rendered wakes the finisher at once. */
#define SCR_FAR_AHEAD_BYTES SCR_EXTENT_BYTES

/* ---- HTTP ----------------------------------------------------------------------------- */

#define SCR_CONNECTIONS_DEFAULT 256
#define SCR_CONNECTIONS_MIN 8
#define SCR_CONNECTIONS_MAX 16384
/* libmicrohttpd's pool per connection: request head, response head and chunk buffer. */
#define SCR_HTTP_POOL_BYTES 16384
#define SCR_HTTP_DAEMONS_MAX 64
/* libopus at complexity 0 needs far less; complexity 10 was measured at 65 KiB of stack. */
#define SCR_HTTP_STACK_BYTES (512 * 1024)
/* Kernel buffer per connection, so that a stalled listener cannot pin megabytes. */
#define SCR_HTTP_SNDBUF_BYTES 65536
#define SCR_HTTP_BACKLOG 1024
#define SCR_HTTP_TIMEOUT_S 10
/* Unacknowledged bytes for this long mean that the client's machine is gone. */
#define SCR_HTTP_USER_TIMEOUT_MS 15000
/* Connections taken from a listening socket before the acceptor looks at anything else. */
#define SCR_HTTP_ACCEPT_BURST 64
/* Out of descriptors or kernel memory: accept nothing for this long instead of spinning. */
#define SCR_HTTP_BACKOFF_NS INT64_C(100000000)
/* Refused connections kept until the client has read its 503 (else a reset destroys it). */
#define SCR_HTTP_LINGER_MAX 64
#define SCR_HTTP_LINGER_NS INT64_C(1000000000)
/* The 503 of the acceptor: head and problem document. */
#define SCR_HTTP_REFUSAL_BYTES_MAX 2048
/* Descriptors beside connections: files, listeners, epoll, lingering ones. */
#define SCR_HTTP_FDS_OTHER 1024
/* Open files that must be allowed beside connections: the lingering ones, epoll and event
 * descriptor of each daemon, and standard ones, listener, log, files of libraries. */
#define SCR_SPARE_FILES (SCR_HTTP_LINGER_MAX + 2 * SCR_HTTP_DAEMONS_MAX + 32)
static_assert(SCR_SPARE_FILES <= SCR_HTTP_FDS_OTHER,
              "every number such a file has is in the table");
/* Bytes asked of a body at once when its length is known. */
#define SCR_HTTP_BLOCK_BYTES 16384
/* Methods we know have at most seven letters; what is longer is unknown however it goes on. */
#define SCR_METHOD_BYTES_MAX 23
/* Rendering yields to the thread that must keep a 20 ms beat. */
#define SCR_HTTP_NICE 5
/* Messages of libmicrohttpd that reach the log; a client may provoke them without end. */
#define SCR_HTTP_LIBRARY_LOG_PER_S 10

#define SCR_URI_BYTES_MAX 2048
/* Every parameter there is at once, so that any canonical address can be asked for again. */
#define SCR_QUERY_PARAMS_MAX 48
#define SCR_QUERY_NAME_BYTES_MAX 64
#define SCR_QUERY_VALUE_BYTES_MAX 256
#define SCR_SEED_TEXT_BYTES_MAX 64
#define SCR_REQUEST_ID_BYTES_MAX 64
#define SCR_RESPONSE_HEADERS_MAX 28
/* Values of headers made for one response: file name, links, ranges, timing. */
#define SCR_RESPONSE_TEXT_BYTES 8192
/* A problem document or a small JSON body. */
#define SCR_RESPONSE_BODY_BYTES 6144
/* /metrics with every series there can be: measured 91,972 bytes. */
#define SCR_METRICS_BYTES_MAX (128 * 1024)
/* /parameters and /presets, written once at boot. */
#define SCR_DOCUMENT_BYTES_MAX (64 * 1024)

/* ---- Configuration -------------------------------------------------------------------- */

/* A configuration file is some twenty short lines; what is larger is the wrong file. */
#define SCR_CONFIG_FILE_BYTES_MAX 65536
/* Longest value of a setting: a path. */
#define SCR_CONFIG_TEXT_BYTES_MAX 1023
#define SCR_CONFIG_SENTENCE_BYTES_MAX 768
/* Warnings kept for showing; the rest is only counted. */
#define SCR_CONFIG_WARNINGS_MAX 16
/* An hour: longer waits at a stop are a mistake in the unit. */
#define SCR_DRAIN_MAX_NS INT64_C(3600000000000)

/* ---- Logs ----------------------------------------------------------------------------- */

#define SCR_LOG_LINE_BYTES_MAX 1024
#define SCR_LOG_FIELDS_MAX 20
#define SCR_LOG_VALUE_BYTES_MAX 256
#define SCR_LOG_RING_LINES 1024

#endif
