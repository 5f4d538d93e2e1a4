/*
 * tests/api/handle_scream_range_test.c - ranges of a sound in every state.
 * Aim:    the bytes of any range equal the slice of the whole, whatever is rendered already.
 * Method: the whole is fetched once from another world; then each range against jobs that are
 *         unrendered, half rendered, finished and evicted, and against WAV.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/problem.h"
#include "core/base/limits.h"
#include "core/job/finisher.h"
#include "tests/support/api_loopback.h"

static struct loopback loopback;

static int begin(void **state)
{
    (void)state;
    loopback_init(&loopback, 16, 4);
    return 0;
}

static int end(void **state)
{
    (void)state;
    loopback_deinit(&loopback);
    return 0;
}

static const char ogg[] = "/scream.ogg?preset=classic&seed=9&duration=12";
static const char wav[] = "/scream.wav?preset=classic&seed=9&duration=1";

/* A range as asked, and what it comes to in a file of `count` bytes. */
struct slice {
    char header[96];
    uint64_t first;
    uint64_t length;
};

#define SLICES 8

static void put_header(struct slice *slice, bool suffix, bool open)
{
    struct scr_text text;
    scr_text_init(&text, slice->header, sizeof slice->header);
    scr_text_put(&text, "Range: bytes=");
    if (suffix) {
        scr_text_put(&text, "-");
        scr_text_put_u64(&text, slice->length);
        return;
    }
    scr_text_put_u64(&text, slice->first);
    scr_text_put(&text, "-");
    if (!open) {
        scr_text_put_u64(&text, slice->first + slice->length - 1);
    }
}

static void make_slices(uint64_t count, struct slice slices[SLICES])
{
    const uint64_t firsts[SLICES] = {0, 0, 0, count / 2, count - 1, count - 500, count / 3, 44};
    const uint64_t lengths[SLICES] = {count, 1, 500, 1000, 1, 500, count - count / 3, 77};
    for (unsigned i = 0; i < SLICES; i += 1) {
        slices[i].first = firsts[i];
        slices[i].length = lengths[i];
        put_header(&slices[i], i == 5, i == 0 || i == 6);
    }
}

static void check_slice(const char *target, const struct slice *slice, const struct body *whole)
{
    struct reply reply;
    char value[80];
    struct scr_text text;
    reply_open(&loopback, "GET", target, slice->header, &reply);
    if (reply.response.status != 206) {
        fail_msg("%s %s: %u", target, slice->header, reply.response.status);
    }
    assert_true(reply.response.length_known);
    scr_text_init(&text, value, sizeof value);
    scr_text_put(&text, "bytes ");
    scr_text_put_u64(&text, slice->first);
    scr_text_put(&text, "-");
    scr_text_put_u64(&text, slice->first + slice->length - 1);
    scr_text_put(&text, "/");
    scr_text_put_u64(&text, whole->count);
    assert_header(&reply, "Content-Range", value);
    struct body body = reply_body(&reply, 4096);
    assert_int_equal(body.count, slice->length);
    assert_memory_equal(body.bytes, whole->bytes + slice->first, body.count);
    body_free(&body);
    reply_close(&reply);
}

/* The whole, from a world of its own. */
static struct body whole_of(const char *target)
{
    struct loopback other;
    loopback_init(&other, 16, 4);
    struct body whole = fetch(&other, target, NULL, 200);
    loopback_deinit(&other);
    return whole;
}

/* Drops everything that is cached by asking for what needs all of the arena. */
static void evict(void)
{
    fake_clock_advance(&loopback.fake, 3 * SCR_JOB_LINGER_NS);
    /* 60 s at 128 kbit/s: 954 extents of 1,024, so the 12 s job must go. */
    struct reply reply;
    reply_open(&loopback, "GET", "/scream.ogg?seed=1&duration=60&bitrate=128000", NULL, &reply);
    assert_int_equal(reply.response.status, 200);
    reply_close(&reply);
    fake_clock_advance(&loopback.fake, 3 * SCR_JOB_LINGER_NS);
    assert_int_equal(scr_arena_usage(loopback.service->arena).jobs, 1);
}

static void unrendered_jobs(void **state)
{
    (void)state;
    struct body whole = whole_of(ogg);
    struct slice slices[SLICES];
    make_slices(whole.count, slices);
    for (unsigned i = 0; i < SLICES; i += 1) {
        check_slice(ogg, &slices[i], &whole);
        evict();
    }
    body_free(&whole);
}

static void half_rendered_jobs(void **state)
{
    (void)state;
    struct body whole = whole_of(ogg);
    struct slice slices[SLICES];
    struct reply half;
    uint8_t bytes[4096];
    uint64_t at = 0;
    make_slices(whole.count, slices);
    reply_open(&loopback, "GET", ogg, NULL, &half);
    while (at < whole.count / 2) {
        size_t count = 0;
        assert_int_equal(scr_response_pull(&half.response, at, bytes, sizeof bytes, &count),
                         SCR_PULL_DATA);
        at += count;
    }
    for (unsigned i = 1; i < SLICES; i += 1) {
        check_slice(ogg, &slices[i], &whole);
    }
    struct body rest = reply_body(&half, 1000);
    assert_memory_equal(rest.bytes, whole.bytes, whole.count);
    body_free(&rest);
    reply_close(&half);
    body_free(&whole);
}

static void finished_jobs(void **state)
{
    (void)state;
    struct body whole = whole_of(ogg);
    struct body here = fetch(&loopback, ogg, NULL, 200);
    struct slice slices[SLICES];
    make_slices(whole.count, slices);
    for (unsigned i = 0; i < SLICES; i += 1) {
        check_slice(ogg, &slices[i], &whole);
    }
    body_free(&here);
    body_free(&whole);
}

static void evicted_jobs(void **state)
{
    (void)state;
    struct body whole = whole_of(ogg);
    struct slice slices[SLICES];
    make_slices(whole.count, slices);
    for (unsigned i = 0; i < SLICES; i += 1) {
        struct body here = fetch(&loopback, ogg, NULL, 200);
        body_free(&here);
        evict();
        check_slice(ogg, &slices[i], &whole);
    }
    body_free(&whole);
}

static void wav_files(void **state)
{
    (void)state;
    struct body whole = whole_of(wav);
    struct slice slices[SLICES];
    assert_int_equal(whole.count, 44 + 48000 * 4);
    make_slices(whole.count, slices);
    for (unsigned i = 0; i < SLICES; i += 1) {
        check_slice(wav, &slices[i], &whole);
    }
    body_free(&whole);
}

static void beyond_the_end_is_refused_unrendered(void **state)
{
    (void)state;
    const char *const targets[] = {ogg, wav};
    const char *const ranges[] = {"Range: bytes=9999999-", "Range: bytes=-0"};
    for (unsigned i = 0; i < 4; i += 1) {
        struct reply head;
        struct reply reply;
        char value[48];
        struct scr_text text;
        free(fetch_problem(
            &loopback, "GET", targets[i / 2], ranges[i % 2], SCR_ERR_RANGE_UNSATISFIABLE));
        reply_open(&loopback, "HEAD", targets[i / 2], NULL, &head);
        scr_text_init(&text, value, sizeof value);
        scr_text_put(&text, "bytes */");
        scr_text_put_u64(&text, head.response.length);
        reply_open(&loopback, "GET", targets[i / 2], ranges[i % 2], &reply);
        assert_header(&reply, "Content-Range", value);
        reply_close(&reply);
        reply_close(&head);
    }
    assert_int_equal(scr_arena_usage(loopback.service->arena).jobs, 0);
}

static void what_is_no_single_range_is_the_whole(void **state)
{
    (void)state;
    const char *const ranges[] = {"Range: bytes=0-1,5-6",
                                  "Range: lines=0-1",
                                  "Range: bytes=0-1\nRange: bytes=2-3",
                                  "Range: bytes=b",
                                  "Range: bytes=0-1\nIf-Range: \"other\"",
                                  "Range: bytes=0-1\nIf-Range: Fri, 20 Nov 2026 12:00:00 GMT"};
    struct body whole = whole_of(wav);
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i += 1) {
        struct body body = fetch(&loopback, wav, ranges[i], 200);
        assert_int_equal(body.count, whole.count);
        assert_memory_equal(body.bytes, whole.bytes, whole.count);
        body_free(&body);
    }
    body_free(&whole);
}

static bool finisher_was_asked(const char *range)
{
    struct reply reply;
    reply_open(&loopback, "GET", ogg, range, &reply);
    assert_int_equal(reply.response.status, 206);
    /* The clock stands still, so nothing counts as stalled. */
    while (scr_finisher_round(loopback.service->arena) > 0) {
    }
    bool finished = scr_job_cursor_is_finished(&reply.response.cursor);
    reply_close(&reply);
    return finished;
}

static void a_range_far_ahead_wakes_the_finisher(void **state)
{
    (void)state;
    assert_false(finisher_was_asked("Range: bytes=65536-"));
    assert_true(finisher_was_asked("Range: bytes=65537-"));
}

static void the_right_if_range_keeps_the_range(void **state)
{
    (void)state;
    struct reply reply;
    char lines[96];
    struct scr_text text;
    reply_open(&loopback, "HEAD", ogg, NULL, &reply);
    scr_text_init(&text, lines, sizeof lines);
    scr_text_put(&text, "Range: bytes=0-1\nIf-Range: ");
    scr_text_put(&text, reply_header(&reply, "ETag"));
    reply_close(&reply);
    struct body body = fetch(&loopback, ogg, lines, 206);
    assert_int_equal(body.count, 2);
    body_free(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unrendered_jobs, begin, end),
        cmocka_unit_test_setup_teardown(half_rendered_jobs, begin, end),
        cmocka_unit_test_setup_teardown(finished_jobs, begin, end),
        cmocka_unit_test_setup_teardown(evicted_jobs, begin, end),
        cmocka_unit_test_setup_teardown(wav_files, begin, end),
        cmocka_unit_test_setup_teardown(beyond_the_end_is_refused_unrendered, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_single_range_is_the_whole, begin, end),
        cmocka_unit_test_setup_teardown(a_range_far_ahead_wakes_the_finisher, begin, end),
        cmocka_unit_test_setup_teardown(the_right_if_range_keeps_the_range, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
