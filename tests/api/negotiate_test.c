/*
 * tests/api/negotiate_test.c - which format an Accept header likes best.
 * Aim:    weights, precision, ties, parameters, and words that cannot be understood.
 * Method: headers of real clients and of RFC 9110, against Ogg Opus and WAV.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/negotiate.h"

struct lines {
    const char *name;
    const char *values[3];
};

static void find(void *source, const char *name, scr_header_visit_fn *visit, void *visitor)
{
    const struct lines *lines = source;
    for (size_t i = 0; i < 3 && lines->values[i] != NULL; i += 1) {
        if (strcmp(lines->name, name) == 0) {
            visit(visitor, lines->values[i]);
        }
    }
}

static const char *const ogg[] = {"audio/ogg", "application/ogg", NULL};
static const char *const wav[] = {"audio/wav", "audio/x-wav", NULL};
static const struct scr_candidate candidates[] = {{ogg, "opus"}, {wav, NULL}};

static size_t choose(const char *first, const char *second)
{
    struct lines lines = {.name = "Accept", .values = {first, second}};
    struct scr_request request = {.headers = find, .headers_source = &lines};
    return scr_negotiate(&request, candidates, 2);
}

struct row {
    const char *accept;
    size_t chosen; /* 0 Ogg, 1 WAV, 2 nothing */
};

static const struct row rows[] = {
    {NULL, 0},
    {"", 0},
    {"*/*", 0},
    {"audio/*", 0},
    {"audio/wav", 1},
    {"AUDIO/WAV", 1},
    {"audio/x-wav", 1},
    {"application/ogg", 0},
    {"audio/wav, audio/ogg", 0},
    {"audio/wav;q=1, audio/ogg;q=0.9", 1},
    {"audio/wav;q=0.5, */*;q=0.6", 0},
    {"audio/ogg;q=0, */*", 1},
    {"audio/ogg;q=0.001, audio/wav;q=0", 0},
    {"audio/*;q=0.3, audio/wav;q=0.4", 1},
    {"audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,application/ogg;q=0.7,video/*;q=0.6,*/*;q=0.5",
     0},
    {"text/html,application/xhtml+xml,*/*;q=0.8", 0},
    {"audio/ogg;codecs=opus", 0},
    {"audio/ogg; codecs=\"opus\"", 0},
    {"audio/ogg;codecs=vorbis", 2},
    {"audio/ogg;codecs=vorbis, audio/wav;q=0.1", 1},
    {"text/html", 2},
    {"*/*;q=0", 2},
    {"audio/wav;q=2", 0}, /* malformed: as if it were not there */
    {"audio/wav;q=0.5555", 0},
    {"audio/wav;q=x, audio/ogg;q=0.1", 0},
    {";;;, audio/wav", 1},
    {"audio/wav;q", 0},
    {"audio/wav;codecs=\"1", 0},
};

static void each_header_has_its_favourite(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        size_t chosen = choose(rows[i].accept, NULL);
        if (chosen != rows[i].chosen) {
            fail_msg("%s: %zu, not %zu", rows[i].accept, chosen, rows[i].chosen);
        }
    }
}

static void several_lines_are_one_list(void **state)
{
    (void)state;
    assert_int_equal(choose("audio/ogg;q=0.2", "audio/wav;q=0.3"), 1);
    assert_int_equal(choose("text/html", "audio/wav"), 1);
}

static void every_truncation_is_safe(void **state)
{
    (void)state;
    static const char list[] = "audio/ogg; codecs=\"opus\" ;q=0.25 , audio/*;q=0.1";
    for (size_t count = 0; count <= sizeof list - 1; count += 1) {
        char *exact = malloc(count + 1);
        assert_non_null(exact);
        memcpy(exact, list, count);
        exact[count] = '\0';
        assert_true(choose(exact, NULL) <= 2);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_header_has_its_favourite),
        cmocka_unit_test(several_lines_are_one_list),
        cmocka_unit_test(every_truncation_is_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
