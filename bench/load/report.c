/*
 * bench/load/report.c - the books of a run as one line of JSON.
 * Why:    whoever started the client is a script.
 */
#include <inttypes.h>
#include <stdio.h>

#include "bench/load/load.h"

static double microseconds(int64_t value_ns)
{
    return (double)value_ns / 1000;
}

static void print_samples(const char *name, struct samples *samples)
{
    (void)printf(",\"%s\":{\"count\":%zu,\"dropped\":%zu,\"mean\":%.3f,\"p50\":%.3f,\"p90\":%.3f,"
                 "\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}",
                 name,
                 samples->count,
                 samples->dropped,
                 samples_mean(samples) / 1000,
                 microseconds(samples_percentile(samples, 0.5)),
                 microseconds(samples_percentile(samples, 0.9)),
                 microseconds(samples_percentile(samples, 0.99)),
                 microseconds(samples_percentile(samples, 0.999)),
                 microseconds(samples_percentile(samples, 1)));
}

static void print_statuses(const struct books *books)
{
    const char *comma = "";
    (void)printf(",\"statuses\":{");
    for (unsigned i = 0; i < LOAD_STATUS_MAX; i += 1) {
        if (books->statuses[i] > 0) {
            (void)printf("%s\"%u\":%" PRIu64, comma, i, books->statuses[i]);
            comma = ",";
        }
    }
    (void)printf("}");
}

void load_report(struct load *load)
{
    struct books *books = &load->books;
    int64_t server_ns = 0;
    for (uint32_t i = 0; i < load->options->pid_count; i += 1) {
        server_ns += load->cpu_ns[i];
    }
    (void)printf("{\"asked\":%" PRIu64 ",\"answered\":%" PRIu64 ",\"failed\":%" PRIu64
                 ",\"known\":%" PRIu64 ",\"reopened\":%" PRIu64 ",\"body_bytes\":%" PRIu64,
                 books->asked,
                 books->answered,
                 books->failed,
                 books->known,
                 books->reopened,
                 books->body_bytes);
    (void)printf(",\"measured_answers\":%" PRId64
                 ",\"seconds\":%.6f,\"server_cpu_us\":%.1f,\"client_cpu_us\":%.1f",
                 load->measured_answers,
                 (double)load->measured_ns / (double)NS_PER_S,
                 microseconds(server_ns),
                 microseconds(load->own_cpu_ns));
    (void)printf(",\"ideal_hits\":%" PRIu64 ",\"starved\":%" PRIu64 ",\"looks\":%" PRIu64
                 ",\"late_looks\":%" PRIu64 ",\"client_priority\":\"%s\"",
                 books->ideal_hits,
                 books->starved,
                 books->looks,
                 books->late_looks,
                 load->priority);
    print_statuses(books);
    print_samples("first_us", &books->first);
    print_samples("audio_us", &books->audio);
    print_samples("known_first_us", &books->known_first);
    print_samples("total_us", &books->total);
    print_samples("lag_us", &books->lag);
    (void)printf("}\n");
}
