/*
 * api/handle_metrics.c - GET /metrics: every number the program keeps, for Prometheus.
 * Why:    see core/base/stats.h. The text is written when it is sent, into the server's one buffer.
 * Limits: series of requests are printed once they are not zero; all others always. The worst case
 *         fits SCR_METRICS_BYTES_MAX, which a test proves.
 * Source: Prometheus text exposition format 0.0.4.
 */
#include "api/observe.h"
#include "api/routes.h"
#include "core/base/assert.h"
#include "core/base/series.h"
#include "core/synth/preset.h"

/* How a table row's series are told apart. */
enum labels {
    LABELS_NONE,
    LABELS_REQUEST,
    LABELS_ROUTE,
    LABELS_RENDER,
    LABELS_FORMAT,
    LABELS_CUT,
    LABELS_LIMIT
};

static const enum labels labels_of[SCR_STAT_COUNT] = {
#define X(id, name, kind, labels, series, sentence) [SCR_STAT_##id] = LABELS_##labels,
#include "core/base/stats_table.h"
#undef X
};

/* One label; the last of a list has no name. */
struct label {
    const char *name;
    const char *value;
};

#define LABELS_MAX 5

static void put_head(struct scr_text *text, const char *name, const char *type, const char *help)
{
    scr_text_put(text, "# HELP ");
    scr_text_put(text, name);
    scr_text_put_char(text, ' ');
    scr_text_put(text, help);
    scr_text_put(text, "\n# TYPE ");
    scr_text_put(text, name);
    scr_text_put_char(text, ' ');
    scr_text_put(text, type);
    scr_text_put_char(text, '\n');
}

/* name_suffix{label="value",...} and the space behind it. Our label values need no escapes. */
static void put_name(struct scr_text *text,
                     const char *name,
                     const char *suffix,
                     const struct label labels[LABELS_MAX])
{
    const char *separator = "{";
    scr_text_put(text, name);
    scr_text_put(text, suffix);
    for (unsigned i = 0; i < LABELS_MAX && labels[i].name != NULL; i += 1) {
        scr_text_put(text, separator);
        scr_text_put(text, labels[i].name);
        scr_text_put(text, "=\"");
        scr_text_put(text, labels[i].value);
        scr_text_put_char(text, '"');
        separator = ",";
    }
    scr_text_put(text, separator[0] == ',' ? "} " : " ");
}

static void put_seconds(struct scr_text *text, uint64_t duration_us)
{
    scr_text_put_u64(text, duration_us / 1000000);
    scr_text_put_char(text, '.');
    scr_text_put_u64_padded(text, duration_us % 1000000, 6);
}

static void
put_histogram(struct scr_text *text, enum scr_stat stat, uint32_t series, struct label label)
{
    const char *name = scr_stat_info(stat)->name;
    struct scr_stat_histogram read = scr_stats_read_histogram(stat, series);
    struct label labels[LABELS_MAX] = {label};
    struct label *bound = &labels[label.name != NULL ? 1 : 0];
    for (unsigned bucket = 0; bucket < SCR_STAT_BUCKETS; bucket += 1) {
        char chars[24];
        struct scr_text bound_text;
        scr_text_init(&bound_text, chars, sizeof chars);
        if (bucket < SCR_STAT_BUCKETS - 1) {
            scr_text_put_real(&bound_text, (double)scr_stat_bucket_us[bucket] / 1e6);
        } else {
            scr_text_put(&bound_text, "+Inf");
        }
        *bound = (struct label){"le", chars};
        put_name(text, name, "_bucket", labels);
        scr_text_put_u64(text, read.cumulative[bucket]);
        scr_text_put_char(text, '\n');
    }
    *bound = (struct label){NULL, NULL};
    put_name(text, name, "_sum", labels);
    put_seconds(text, read.sum_us);
    scr_text_put_char(text, '\n');
    put_name(text, name, "_count", labels);
    scr_text_put_u64(text, read.cumulative[SCR_STAT_BUCKETS - 1]);
    scr_text_put_char(text, '\n');
}

static void put_series(struct scr_text *text,
                       enum scr_stat stat,
                       uint32_t series,
                       const struct label labels[LABELS_MAX])
{
    if (scr_stat_info(stat)->kind == SCR_STAT_HISTOGRAM) {
        put_histogram(text, stat, series, labels[0]);
        return;
    }
    put_name(text, scr_stat_info(stat)->name, "", labels);
    scr_text_put_i64(text, scr_stats_read(stat, series));
    scr_text_put_char(text, '\n');
}

static void put_requests(struct scr_text *text, enum scr_stat stat)
{
    for (unsigned route = 0; route < SCR_ROUTE_COUNT; route += 1) {
        for (unsigned method = 0; method <= SCR_METHOD_KNOWN; method += 1) {
            for (uint32_t status = 0; status < scr_status_count(); status += 1) {
                uint32_t series = scr_series_request(route, method, status);
                char code[8];
                struct scr_text code_text;
                if (scr_stats_read(stat, series) == 0) {
                    continue;
                }
                scr_text_init(&code_text, code, sizeof code);
                scr_text_put_u64(&code_text, scr_status_code(status));
                const struct label labels[LABELS_MAX] = {
                    {"route", scr_route_label((enum scr_route)route)},
                    {"method", scr_method_label((enum scr_method)method)},
                    {"code", scr_status_code(status) == 0 ? "other" : code},
                };
                put_series(text, stat, series, labels);
            }
        }
    }
}

static void put_routes(struct scr_text *text, enum scr_stat stat)
{
    for (unsigned route = 0; route < SCR_ROUTE_COUNT; route += 1) {
        const struct label labels[LABELS_MAX] = {{"route", scr_route_label((enum scr_route)route)}};
        put_series(text, stat, route, labels);
    }
}

static void put_renders(struct scr_text *text, enum scr_stat stat)
{
    static const char *const results[] = {[SCR_RENDER_OK] = "ok", [SCR_RENDER_DROPPED] = "dropped"};
    for (unsigned preset = 0; preset < SCR_PRESET_COUNT; preset += 1) {
        for (unsigned format = 0; format < SCR_FORMAT_COUNT; format += 1) {
            for (unsigned result = 0; result < SCR_SERIES_RESULTS; result += 1) {
                const struct label labels[LABELS_MAX] = {
                    {"preset", scr_preset_name((enum scr_preset)preset)},
                    {"format", scr_format_name((enum scr_format)format)},
                    {"result", results[result]},
                };
                put_series(text, stat, scr_series_render(preset, format, result), labels);
            }
        }
    }
}

static void put_formats(struct scr_text *text, enum scr_stat stat)
{
    for (unsigned format = 0; format < SCR_FORMAT_COUNT; format += 1) {
        const struct label labels[LABELS_MAX] = {
            {"format", scr_format_name((enum scr_format)format)}};
        put_series(text, stat, format, labels);
    }
}

/* A closed list of one label's values, in the order of the series. */
static void put_values(struct scr_text *text,
                       enum scr_stat stat,
                       const char *name,
                       const char *const *values,
                       uint32_t count)
{
    for (uint32_t series = 0; series < count; series += 1) {
        const struct label labels[LABELS_MAX] = {{name, values[series]}};
        put_series(text, stat, series, labels);
    }
}

static void put_stat(struct scr_text *text, enum scr_stat stat)
{
    static const char *const types[] = {"counter", "gauge", "histogram"};
    static const struct label none[LABELS_MAX] = {{NULL, NULL}};
    static const char *const cuts[SCR_CUT_COUNT] = {[SCR_CUT_HEAD] = "head",
                                                    [SCR_CUT_BODY] = "body",
                                                    [SCR_CUT_IDLE] = "idle",
                                                    [SCR_CUT_STREAM] = "stream",
                                                    [SCR_CUT_SLOW] = "slow",
                                                    [SCR_CUT_HALF_DEAD] = "half_dead"};
    static const char *const limits[SCR_LIMIT_COUNT] = {
        [SCR_LIMIT_RATE] = "rate", [SCR_LIMIT_OPEN] = "open"};
    const struct scr_stat_info *info = scr_stat_info(stat);
    put_head(text, info->name, types[info->kind], info->sentence);
    switch (labels_of[stat]) {
    case LABELS_NONE:
        put_series(text, stat, 0, none);
        return;
    case LABELS_REQUEST:
        put_requests(text, stat);
        return;
    case LABELS_ROUTE:
        put_routes(text, stat);
        return;
    case LABELS_RENDER:
        put_renders(text, stat);
        return;
    case LABELS_FORMAT:
        put_formats(text, stat);
        return;
    case LABELS_CUT:
        put_values(text, stat, "reason", cuts, SCR_CUT_COUNT);
        return;
    case LABELS_LIMIT:
        put_values(text, stat, "limit", limits, SCR_LIMIT_COUNT);
        return;
    }
    SCR_UNREACHABLE();
}

static void put_gauge(struct scr_text *text, const char *name, const char *help, uint64_t value)
{
    put_head(text, name, "gauge", help);
    scr_text_put(text, name);
    scr_text_put_char(text, ' ');
    scr_text_put_u64(text, value);
    scr_text_put_char(text, '\n');
}

static void put_arena(struct scr_text *text, struct scr_service *service)
{
    struct scr_arena_usage usage = scr_arena_usage(service->arena);
    put_gauge(text, "scream_arena_extents", "Extents of 1 KiB in the arena.", usage.extents_total);
    put_gauge(text, "scream_arena_extents_used", "Extents that hold a job.", usage.extents_used);
    put_gauge(text,
              "scream_arena_extents_wanted",
              "Extents of jobs with a reader, or left unfinished less than 2 s ago.",
              usage.extents_wanted);
    put_gauge(text,
              "scream_cache_bytes",
              "Bytes of extents that hold a job.",
              (uint64_t)usage.extents_used * SCR_EXTENT_BYTES);
    put_gauge(text,
              "scream_cache_file_bytes",
              "Bytes of their files; the rest of those extents is lost.",
              usage.file_bytes);
    put_gauge(text, "scream_arena_jobs", "Jobs in the arena.", usage.jobs);
    put_gauge(text, "scream_arena_jobs_unfinished", "Jobs being rendered.", usage.jobs_unfinished);
    put_gauge(text, "scream_arena_readers", "Readers of jobs.", usage.readers);
    put_gauge(text,
              "scream_render_states",
              "Render states, one per unfinished job.",
              usage.render_states_total);
    put_gauge(text, "scream_render_states_used", "Render states in use.", usage.render_states_used);
    put_gauge(text,
              "scream_pcm_streams_used",
              "WAV responses being synthesised.",
              scr_pcm_pool_used(service->pcm));
}

static void put_build_info(struct scr_text *text, const struct scr_build *build)
{
    const struct label labels[LABELS_MAX] = {
        {"version", build->version},
        {"revision", build->commit},
        {"opus", build->opus},
        {"sodium", build->sodium},
        {"isa", build->isa},
    };
    put_head(text,
             "scream_build_info",
             "gauge",
             "Always 1; what the program was built from and runs with.");
    put_name(text, "scream_build_info", "", labels);
    scr_text_put(text, "1\n");
}

static void
put_real(struct scr_text *text, const char *name, const char *type, const char *help, double value)
{
    put_head(text, name, type, help);
    scr_text_put(text, name);
    scr_text_put_char(text, ' ');
    scr_text_put_real(text, value);
    scr_text_put_char(text, '\n');
}

static void put_process(struct scr_text *text, const struct scr_service *service)
{
    struct scr_process_usage usage = {.threads = 0};
    if (service->process_usage == NULL) {
        return;
    }
    service->process_usage(&usage);
    put_real(text,
             "process_cpu_seconds_total",
             "counter",
             "User and system time spent.",
             usage.cpu_seconds);
    put_real(text,
             "process_start_time_seconds",
             "gauge",
             "Start of the process since 1970.",
             usage.start_time_seconds);
    put_gauge(text, "process_open_fds", "Open descriptors.", usage.open_fds);
    put_gauge(text, "process_max_fds", "Descriptors the process may open.", usage.max_fds);
    put_gauge(
        text, "process_virtual_memory_bytes", "Size of the address space.", usage.virtual_bytes);
    put_gauge(text, "process_resident_memory_bytes", "Resident memory.", usage.resident_bytes);
    put_gauge(text, "process_threads", "Threads.", usage.threads);
}

enum scr_err scr_metrics_write(struct scr_service *service, struct scr_text *text)
{
    SCR_ASSERT(service != NULL && text != NULL);
    for (unsigned stat = 0; stat < SCR_STAT_COUNT; stat += 1) {
        put_stat(text, (enum scr_stat)stat);
    }
    put_arena(text, service);
    put_build_info(text, &service->build);
    put_process(text, service);
    return text->overflow ? SCR_ERR_NO_SPACE : SCR_OK;
}

void scr_handle_metrics(struct scr_service *service,
                        const struct scr_call *call,
                        struct scr_response *response)
{
    (void)service;
    (void)call;
    response->status = 200;
    response->body = SCR_BODY_METRICS;
    response->length_known = false;
    scr_response_header(response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    scr_response_header(response, "Cache-Control", "no-store");
}
