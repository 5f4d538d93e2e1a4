/*
 * bench/load/options.c - "--name value" pairs by a table.
 * Why:    see options.h.
 */
#include "bench/load/options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    KIND_COUNT,
    KIND_REAL,
    KIND_FLAG,
    KIND_TARGET,
    KIND_PID
};

struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *sentence;
};

#define AT(field) offsetof(struct options, field)

static const struct row rows[] = {
    {"--port", KIND_COUNT, AT(port), "of 127.0.0.1"},
    {"--connections", KIND_COUNT, AT(connections), "clients at once"},
    {"--requests", KIND_COUNT, AT(requests), "stop after so many"},
    {"--seconds", KIND_REAL, AT(seconds), "stop asking after so long"},
    {"--keep", KIND_FLAG, AT(keep), "keep connections"},
    {"--real-time", KIND_FLAG, AT(real_time), "SCHED_FIFO, if allowed"},
    {"--rate", KIND_REAL, AT(rate), "requests a second, as Poisson arrivals"},
    {"--rest", KIND_REAL, AT(rest_s), "seconds between an answer and the next request"},
    {"--hold", KIND_REAL, AT(hold_s), "seconds connected afterwards"},
    {"--play", KIND_REAL, AT(play_s), "seconds of a sound that is heard as it plays"},
    {"--play-bytes", KIND_COUNT, AT(play_bytes), "bytes of it"},
    {"--seed", KIND_COUNT, AT(seed), "of arrivals and ranks"},
    {"--first", KIND_COUNT, AT(first), "first number of a target"},
    {"--zipf", KIND_COUNT, AT(zipf_urls), "draw among so many numbers"},
    {"--exponent", KIND_REAL, AT(zipf_exponent), "of the Zipf distribution"},
    {"--trace-from", KIND_COUNT, AT(trace_from), "begin with this draw"},
    {"--lru-bytes", KIND_COUNT, AT(lru_bytes), "size of an ideal cache on the same trace"},
    {"--lru-item-bytes", KIND_COUNT, AT(lru_item_bytes), "size of one answer in it"},
    {"--target", KIND_TARGET, 0, "[METHOD ]PATH[|HEADER LINE], # is the number"},
    {"--pid", KIND_PID, 0, "measure the CPU time of this process too"},
};

static bool read_count(const char *text, uint64_t *value)
{
    char *end = NULL;
    *value = strtoull(text, &end, 10);
    return end != text && *end == '\0' && text[0] != '-';
}

static bool read_real(const char *text, double *value)
{
    char *end = NULL;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value >= 0;
}

/* Writes a count into the field of a row, whatever its width; false when it is too large. */
static bool set_count(struct options *options, const struct row *row, uint64_t value)
{
    if (row->offset == AT(port)) {
        options->port = (uint16_t)value;
        return value <= UINT16_MAX;
    }
    if (row->offset == AT(connections)) {
        options->connections = (uint32_t)value;
        return value <= OPTIONS_CONNECTIONS_MAX;
    }
    if (row->offset == AT(zipf_urls)) {
        options->zipf_urls = (uint32_t)value;
        return value <= UINT32_MAX;
    }
    memcpy((char *)options + row->offset, &value, sizeof value);
    return true;
}

static bool take(struct options *options, const struct row *row, const char *text)
{
    uint64_t count = 0;
    double real = 0;
    bool flag = true;
    switch (row->kind) {
    case KIND_FLAG:
        memcpy((char *)options + row->offset, &flag, sizeof flag);
        return true;
    case KIND_REAL:
        if (!read_real(text, &real)) {
            return false;
        }
        memcpy((char *)options + row->offset, &real, sizeof real);
        return true;
    case KIND_COUNT:
        return read_count(text, &count) && set_count(options, row, count);
    case KIND_TARGET:
        if (options->target_count == OPTIONS_TARGETS_MAX) {
            return false;
        }
        options->targets[options->target_count] = text;
        options->target_count += 1;
        return true;
    case KIND_PID:
        if (options->pid_count == OPTIONS_PIDS_MAX || !read_count(text, &count)) {
            return false;
        }
        options->pids[options->pid_count] = (pid_t)count;
        options->pid_count += 1;
        return true;
    }
    return false;
}

static const struct row *find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool make_sense(const struct options *options)
{
    const char *wrong = NULL;
    if (options->port == 0 || options->target_count == 0 || options->connections == 0) {
        wrong = "a port, a target and at least one connection are needed";
    } else if (options->seconds <= 0) {
        wrong = "every run is bounded: --seconds is needed";
    } else if (options->rest_s > 0 && options->connections > 1) {
        wrong = "only one client can rest";
    } else if (options->play_s > 0 && options->play_bytes == 0) {
        wrong = "listeners need --play-bytes";
    } else if (options->lru_bytes > 0 &&
               (options->zipf_urls == 0 || options->lru_item_bytes == 0)) {
        wrong = "an ideal cache needs --zipf and --lru-item-bytes";
    }
    if (wrong != NULL) {
        (void)fprintf(stderr, "load: %s\n", wrong);
    }
    return wrong == NULL;
}

bool options_read(struct options *options, int count, char *const words[])
{
    *options = (struct options){.connections = 1, .zipf_exponent = 1, .seed = 1};
    for (int i = 1; i < count; i += 1) {
        const struct row *row = find(words[i]);
        const char *text = "";
        if (row != NULL && row->kind != KIND_FLAG) {
            i += 1;
            text = i < count ? words[i] : NULL;
        }
        if (row == NULL || text == NULL || !take(options, row, text)) {
            (void)fprintf(stderr, "load: wrong near \"%s\"\n", words[i < count ? i : count - 1]);
            return false;
        }
    }
    return make_sense(options);
}

void options_help(FILE *to)
{
    (void)fprintf(to, "Usage: bench_load --port N --target TARGET --seconds S [OPTION...]\n\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        (void)fprintf(to, "  %-18s %s\n", rows[i].name, rows[i].sentence);
    }
}
