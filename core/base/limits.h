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
#define SCR_ENGINE_EPOCH 2

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

/* A file wastes half an extent: of a usual scream (3 s at 96 kbit/s: 37 kB) one part in 70. */
#define SCR_EXTENT_BYTES 1024
/* There is one job for so much of the arena; shorter sounds (1.3 s) leave some of it unused. */
#define SCR_JOB_SHARE_BYTES 16384
#define SCR_ARENA_BYTES_DEFAULT (INT64_C(32) << 20)
#define SCR_ARENA_BYTES_MIN (INT64_C(1) << 20)
#define SCR_ARENA_BYTES_MAX (INT64_C(4) << 30)
/* 300 s at 256 kbit/s: packets, lacing and page headers, below 10.0 MB. */
#define SCR_JOB_EXTENTS_MAX 9792
/* To have a file in one piece, up to so many times its size is given up beyond what it needs. */
#define SCR_EVICT_EXTRA 2
static_assert(SCR_JOB_EXTENTS_MAX * (int64_t)SCR_EXTENT_BYTES >
                  SCR_OGG_HEADER_BYTES_MAX +
                      (SCR_SAMPLES_MAX / SCR_BLOCK_SAMPLES / SCR_PAGE_PACKETS_MAX + 4) *
                          (int64_t)SCR_PAGE_BYTES_MAX,
              "the longest scream at the highest rate fits in its extents");

/* A pull works for at most this long before it answers (one slice). */
#define SCR_SLICE_NS INT64_C(2000000)
/* All streams of one thread have had a slice after this: many streams take short ones. */
#define SCR_LAP_NS INT64_C(50000000)
/* How long streams render before the thread looks at its other connections; and, because a look
 * costs half a microsecond for each stream, so much more for each. */
#define SCR_PASS_NS INT64_C(1500000)
#define SCR_PASS_STREAM_NS INT64_C(20000)
/* Newcomers go before all streams, but however many they are, for no longer than this. */
#define SCR_NEWCOMERS_NS INT64_C(5000000)
/* A browser that drops its first request comes back within this time. */
#define SCR_JOB_LINGER_NS INT64_C(2000000000)
/* A job whose readers have not pulled for this long is completed by the finisher. */
#define SCR_JOB_STALL_NS INT64_C(250000000)
/* How often the finisher looks for stalled and abandoned jobs. */
#define SCR_FINISHER_PERIOD_NS INT64_C(100000000)
/* A range that begins this far beyond what is rendered wakes the finisher at once. */
#define SCR_FAR_AHEAD_BYTES 65536

/* ---- HTTP ----------------------------------------------------------------------------- */

#define SCR_CONNECTIONS_DEFAULT 256
#define SCR_CONNECTIONS_MIN 8
#define SCR_CONNECTIONS_MAX 16384
/* libmicrohttpd's pool per connection: request head, response head and chunk buffer. */
#define SCR_HTTP_POOL_BYTES 16384
#define SCR_HTTP_DAEMONS_MAX 64
/* libopus at complexity 0 needs far less; complexity 10 was measured at 65 KiB of stack. */
#define SCR_HTTP_STACK_BYTES (512 * 1024)
/* Kernel buffers per connection, so that a stalled listener cannot pin megabytes. Requests are
 * small, and what a client sends beside them is not read before its answer is sent. */
#define SCR_HTTP_SNDBUF_BYTES 65536
#define SCR_HTTP_RCVBUF_BYTES 16384
/* What the kernel takes for a connection at most: twice what is asked for, and one write that
 * overshoots (measured: at most 200 KiB together; with no receive limit 1.7 MiB). */
#define SCR_HTTP_KERNEL_BYTES (2 * (SCR_HTTP_SNDBUF_BYTES + SCR_HTTP_RCVBUF_BYTES) + 65536)
static_assert(SCR_HTTP_KERNEL_BYTES <= 256 * 1024, "promised for readers that stall");
/* For a refused one that lingers: what it sends, and its short answer. */
#define SCR_HTTP_KERNEL_REFUSED_BYTES (2 * SCR_HTTP_RCVBUF_BYTES + 4096)
#define SCR_HTTP_BACKLOG 1024
/* Unacknowledged bytes for this long mean that the client's machine is gone. The kernel counts a
 * shut window as well, and from the first one on: so for those who listen slowly it is raised to
 * their patience and this, and for those who go on listening time and again (watchdog.c). */
#define SCR_HTTP_USER_TIMEOUT_S 15
#define SCR_HTTP_USER_TIMEOUT_EXTRA_S 5
/* Connections taken from a listening socket before the acceptor looks at anything else. */
#define SCR_HTTP_ACCEPT_BURST 64
/* Out of descriptors or kernel memory: accept nothing for this long instead of spinning. */
#define SCR_HTTP_BACKOFF_NS INT64_C(100000000)
/* Refused connections kept until the client has read its 503 (else a reset destroys it). */
#define SCR_HTTP_LINGER_MAX 64
#define SCR_HTTP_LINGER_NS INT64_C(1000000000)
/* Without descriptors one client at a time is refused, on the spare one; it has this long to send
 * its end. */
#define SCR_HTTP_STARVED_MS 20
/* The 503 of the acceptor: head and problem document. */
#define SCR_HTTP_REFUSAL_BYTES_MAX 2048
/* Open files beside connections. Of a listener: its socket, what wakes acceptor and watchdog, the
 * spare one, refused ones that linger, and one more while it is being refused. */
#define SCR_FILES_PER_LISTENER (4 + SCR_HTTP_LINGER_MAX + 1)
/* Of a daemon: epoll, what wakes it, a connection it has counted out but not closed yet, and a file
 * of /proc that it reads for /metrics. */
#define SCR_FILES_PER_DAEMON 4
/* Standard input, output, error, and what a library may open for a moment. */
#define SCR_FILES_OTHER 8
/* Numbers of descriptors beside those of connections, in the tables that such a number indexes. */
#define SCR_HTTP_FDS_OTHER 1024
static_assert(2 * SCR_FILES_PER_LISTENER + (SCR_HTTP_DAEMONS_MAX + 1) * SCR_FILES_PER_DAEMON +
                      SCR_FILES_OTHER <=
                  SCR_HTTP_FDS_OTHER,
              "every number such a file has is in the tables");
/* Pieces of a body that are sent as they stand in memory; one in more pieces is copied. */
#define SCR_HTTP_VIEWS_MAX 160
/* Bytes asked of a body at once when its length is known. */
#define SCR_HTTP_BLOCK_BYTES 16384
/* Likewise when it is not known. Chunks are made in the connection's own memory (16 KiB); only a
 * client of HTTP/1.0 is sent what stands in this. */
#define SCR_HTTP_UNCHUNKED_BYTES 4096
/* A body that is so far, a third of a second of WAV, need not leave in small pieces any more: what
 * the kernel holds back for a fifth of a second is not missed. */
#define SCR_HTTP_CORK_BYTES 65536
/* Methods we know have at most seven letters; what is longer is unknown however it goes on. */
#define SCR_METHOD_BYTES_MAX 23
/* Rendering yields to the thread that must keep a 20 ms beat. */
#define SCR_HTTP_NICE 5
/* Messages of libmicrohttpd that reach the log; a client may provoke them without end. */
#define SCR_HTTP_LIBRARY_LOG_PER_S 10
/* Access lines of requests that were refused for the client's fault or for want of room; metrics
 * count all of them. A person who tries things out stays far below, a flood far above. */
#define SCR_LOG_REFUSED_PER_S 50

/* ---- The front: deadlines, cut-offs, clients ------------------------------------------- */

/* The watchdog counts time in its own rounds: a process that was stopped for a while, or a machine
 * that slept, must not find all its clients late. */
#define SCR_WATCH_PERIOD_MS 250
#define SCR_WATCH_TICKS(seconds) ((uint32_t)((seconds)*1000 / SCR_WATCH_PERIOD_MS))
/* Entries looked at before the table's lock is given back: 256 take some 0.2 ms. */
#define SCR_WATCH_SLICE 256
/* How often the reader of one response is looked at: every 2 s. */
#define SCR_WATCH_LOOK_TICKS SCR_WATCH_TICKS(2)
/* A request's head must be whole this long after the connection, or on a kept connection after
 * its first byte; its body, where one is allowed, as long after that. */
#define SCR_HTTP_HEAD_S 5
#define SCR_HTTP_BODY_S 5
/* A kept connection without a request. */
#define SCR_HTTP_IDLE_S 10
/* Who takes less than this of a waiting answer in this time is cut off. */
#define SCR_HTTP_SLOW_S 10
#define SCR_HTTP_SLOW_BYTES 4096
static_assert(SCR_HTTP_SLOW_S * 1000 % (SCR_WATCH_LOOK_TICKS * SCR_WATCH_PERIOD_MS) == 0,
              "a look falls on the moment when the time is over");
/* A receive window that was shut opens in steps (measured: some 88 KiB). Who listens as fast as the
 * sound plays moves nothing until so much has been heard, and has that long, within this bound. */
#define SCR_HTTP_WINDOW_STEP_BYTES (UINT64_C(128) << 10)
#define SCR_HTTP_SLOW_MAX_S 60
static_assert(SCR_HTTP_USER_TIMEOUT_S >= SCR_HTTP_SLOW_S + SCR_HTTP_USER_TIMEOUT_EXTRA_S,
              "the watchdog is the first to lose its patience");
/* A whole response may take one and a half times the longest scream, and this. */
#define SCR_HTTP_STREAM_EXTRA_S 30
/* Health and metrics when the public side is full: probes and a scraper or two. */
#define SCR_ADMIN_CONNECTIONS 16
/* Objects of the library that a daemon keeps to answer with again: one for each kind, length and
 * sound that is asked for time and again, and one for each such answer that is under way. */
#define SCR_KEPT_ANSWERS 16
/* Header values written for one such answer: a sound's have 150 bytes; whose have more, because
 * they name a long address, is not kept. */
#define SCR_KEPT_TEXT_BYTES_MAX 512
/* Header lines of one request; browsers send some twenty. */
#define SCR_HTTP_HEADERS_MAX 64
/* Plans of URLs that are remembered: with Zipf(1.0) over 10,000 URLs 512 of them are two in three
 * requests; a text that names a preset, a seed and a few values fits. */
#define SCR_PLANS_MAX 512
#define SCR_PLAN_TEXT_BYTES_MAX 159
/* Client addresses that are remembered for limits. */
#define SCR_CLIENTS_MAX 4096
/* More at once than the largest server has connections is no limit. */
#define SCR_CLIENT_BURST_MAX 100000
/* Networks in one list: trusted proxies, and loopback with its two. */
#define SCR_NETWORKS_MAX 64
#define SCR_TRUSTED_PROXIES_MAX (SCR_NETWORKS_MAX - 2)

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
/* /metrics with every series there can be: measured 109,126 bytes. */
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
