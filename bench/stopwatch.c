/*
 * bench/stopwatch.c - runs what a stage program measures, and prints what it took.
 * Why:    see stopwatch.h.
 */
#include "bench/stopwatch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/assert.h"
#include "core/dsp/isa.h"

#define ROUNDS_DEFAULT 21
/* Long beside the clock's own cost, some 300 ns, and short beside a time slice. */
#define MEASURED_NS_MIN 2000000.0
#define REPEATS_MAX 100000
#define SUBJECTS_MAX 64

#define EXIT_MISUSE 64
#define EXIT_CONFIGURATION 78

/* What the command line asks for. */
struct request {
    uint32_t rounds;
    const char *only;
    const char *once;
    bool list;
    bool isas;
};

/* One subject on its way. */
struct course {
    const struct scr_subject *subject;
    uint32_t repeats;
    double *rounds; /* ns per block */
};

void scr_stopwatch_must(enum scr_err err)
{
    if (err != SCR_OK) {
        (void)fprintf(stderr, "bench: %s\n", scr_err_sentence(err));
        exit(1);
    }
}

void *scr_stopwatch_memory(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (memory == NULL) {
        scr_stopwatch_must(SCR_ERR_MEMORY);
    }
    return memory;
}

static double cpu_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
        scr_stopwatch_must(SCR_ERR_INTERNAL);
    }
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

__attribute__((noinline)) void scr_stopwatch_counted(const struct scr_subject *subject)
{
    subject->run(subject->what);
}

/* ---- Measuring ---- */

static double measure(const struct scr_subject *subject, uint32_t repeats)
{
    double began = cpu_ns();
    for (uint32_t i = 0; i < repeats; i += 1) {
        subject->run(subject->what);
    }
    return cpu_ns() - began;
}

/* The first run pays for cold caches and memory, the second tells how often it must be repeated. */
static uint32_t warm_up(const struct scr_subject *subject)
{
    (void)measure(subject, 1);
    double once_ns = measure(subject, 1);
    if (once_ns >= MEASURED_NS_MIN) {
        return 1;
    }
    double wanted = MEASURED_NS_MIN / (once_ns > 1.0 ? once_ns : 1.0) + 1.0;
    return wanted < REPEATS_MAX ? (uint32_t)wanted : REPEATS_MAX;
}

static void print_course(const struct course *course, uint32_t rounds)
{
    const struct scr_subject *subject = course->subject;
    (void)printf("{\"subject\":\"%s\",\"blocks\":%u,\"rounds\":[", subject->name, subject->blocks);
    for (uint32_t r = 0; r < rounds; r += 1) {
        (void)printf("%s%.2f", r == 0 ? "" : ",", course->rounds[r]);
    }
    (void)printf("]}\n");
}

static void measure_all(const struct scr_subject *const *subjects, size_t count, uint32_t rounds)
{
    static struct course courses[SUBJECTS_MAX];
    for (size_t s = 0; s < count; s += 1) {
        courses[s] = (struct course){
            .subject = subjects[s],
            .repeats = warm_up(subjects[s]),
            .rounds = scr_stopwatch_memory(rounds * sizeof(double)),
        };
    }
    for (uint32_t r = 0; r < rounds; r += 1) {
        for (size_t s = 0; s < count; s += 1) {
            struct course *course = &courses[s];
            double spent_ns = measure(course->subject, course->repeats);
            course->rounds[r] =
                spent_ns / (double)course->repeats / (double)course->subject->blocks;
        }
    }
    for (size_t s = 0; s < count; s += 1) {
        print_course(&courses[s], rounds);
        free(courses[s].rounds);
    }
}

/* ---- Instruction sets ---- */

static void refuse_isa(const char *name)
{
    (void)fprintf(stderr, "bench: SCREAM_ISA=%s cannot be used here; these can:", name);
    for (uint32_t i = 0; i < SCR_ISA_COUNT; i += 1) {
        if (scr_isa_runs((enum scr_isa)i)) {
            (void)fprintf(stderr, " %s", scr_isa_name((enum scr_isa)i));
        }
    }
    (void)fprintf(stderr, "\n");
}

static void print_isas(void)
{
    for (uint32_t i = 0; i < SCR_ISA_COUNT; i += 1) {
        enum scr_isa isa = (enum scr_isa)i;
        (void)printf("{\"isa\":\"%s\",\"runs\":%s,\"used\":%s}\n",
                     scr_isa_name(isa),
                     scr_isa_runs(isa) ? "true" : "false",
                     isa == scr_isa_current() ? "true" : "false");
    }
}

static bool choose_isa(void)
{
    const char *name = getenv("SCREAM_ISA");
    if (name == NULL || name[0] == '\0') {
        return true;
    }
    enum scr_isa isa;
    if (!scr_isa_find(name, strlen(name), &isa) || !scr_isa_runs(isa)) {
        refuse_isa(name);
        return false;
    }
    scr_isa_use(isa);
    return true;
}

/* ---- The command line ---- */

static bool read_rounds(const char *text, uint32_t *rounds)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || value < 1 || value > SCR_STOPWATCH_ROUNDS_MAX) {
        return false;
    }
    *rounds = (uint32_t)value;
    return true;
}

static bool read_request(int argc, char **argv, struct request *request)
{
    *request = (struct request){.rounds = ROUNDS_DEFAULT, .only = ""};
    for (int i = 1; i < argc; i += 1) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--list") == 0) {
            request->list = true;
            continue;
        }
        if (strcmp(argv[i], "--isas") == 0) {
            request->isas = true;
            continue;
        }
        if (value == NULL) {
            return false;
        }
        if (strcmp(argv[i], "--only") == 0) {
            request->only = value;
        } else if (strcmp(argv[i], "--once") == 0) {
            request->once = value;
        } else if (strcmp(argv[i], "--rounds") != 0 || !read_rounds(value, &request->rounds)) {
            return false;
        }
        i += 1;
    }
    return true;
}

static void print_list(const struct scr_subject *const *subjects, size_t count)
{
    for (size_t s = 0; s < count; s += 1) {
        (void)printf(
            "{\"subject\":\"%s\",\"blocks\":%u}\n", subjects[s]->name, subjects[s]->blocks);
    }
}

static int run_once(const struct scr_subject *const *subjects, size_t count, const char *name)
{
    for (size_t s = 0; s < count; s += 1) {
        if (strcmp(subjects[s]->name, name) == 0) {
            subjects[s]->run(subjects[s]->what);
            scr_stopwatch_counted(subjects[s]);
            return 0;
        }
    }
    (void)fprintf(stderr, "bench: there is no subject '%s'\n", name);
    return EXIT_MISUSE;
}

int scr_stopwatch_main(int argc, char **argv, const struct scr_subject *subjects, size_t count)
{
    struct request request;
    if (!read_request(argc, argv, &request)) {
        (void)fprintf(stderr,
                      "usage: %s [--rounds N] [--only PREFIX] | --list | --once NAME | --isas\n",
                      argv[0]);
        return EXIT_MISUSE;
    }
    if (!choose_isa()) {
        return EXIT_CONFIGURATION;
    }
    if (request.isas) {
        print_isas();
        return 0;
    }
    SCR_ASSERT(count <= SUBJECTS_MAX);
    const struct scr_subject *chosen[SUBJECTS_MAX];
    size_t chosen_count = 0;
    for (size_t s = 0; s < count; s += 1) {
        if (strncmp(subjects[s].name, request.only, strlen(request.only)) == 0) {
            chosen[chosen_count] = &subjects[s];
            chosen_count += 1;
        }
    }
    if (request.list) {
        print_list(chosen, chosen_count);
    } else if (request.once != NULL) {
        return run_once(chosen, chosen_count, request.once);
    } else {
        measure_all(chosen, chosen_count, request.rounds);
    }
    return 0;
}
