/*
 * tests/api/response_test.c - headers, bodies and their end.
 * Aim:    the contract of pull, views and close for every kind of body.
 * Method: bodies from the loopback, pulled in pieces of 1 byte up to more than the whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"
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

#include "tests/support/death.h"

static struct reply shared;

static void an_empty_response_is_a_500(void **state)
{
    (void)state;
    scr_response_init(&shared.response);
    assert_int_equal(shared.response.status, 500);
    assert_int_equal(shared.response.body, SCR_BODY_NONE);
    assert_int_equal(shared.response.header_count, 0);
    scr_response_close(&shared.response);
}

static void copied_headers_do_not_mix(void **state)
{
    (void)state;
    scr_response_init(&shared.response);
    scr_response_header_copy(&shared.response, "A", "one");
    scr_response_header_copy(&shared.response, "B", "two");
    assert_header(&shared, "a", "one");
    assert_header(&shared, "b", "two");
}

static void add_headers(void *context)
{
    unsigned count = *(unsigned *)context;
    scr_response_init(&shared.response);
    for (unsigned i = 0; i < count; i += 1) {
        scr_response_header(&shared.response, "A", "b");
    }
}

static void one_header_too_many_aborts(void **state)
{
    (void)state;
    unsigned count = SCR_RESPONSE_HEADERS_MAX;
    add_headers(&count);
    count += 1;
    assert_dies(add_headers, &count);
}

/* Every size of piece gives the same bytes. */
static void check_pieces(const char *target, const char *headers)
{
    const size_t sizes[] = {1, 7, 4096, 65536, 1 << 20};
    struct body whole = {.bytes = NULL};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i += 1) {
        struct reply reply;
        reply_open(&loopback, "GET", target, headers, &reply);
        struct body body = reply_body(&reply, sizes[i]);
        reply_close(&reply);
        if (i == 0) {
            whole = body;
            continue;
        }
        assert_int_equal(body.count, whole.count);
        assert_memory_equal(body.bytes, whole.bytes, whole.count);
        body_free(&body);
    }
    assert_true(whole.count > 0);
    body_free(&whole);
}

static void pieces_of_any_size_are_the_same_bytes(void **state)
{
    (void)state;
    check_pieces("/presets", NULL);
    check_pieces("/scream.ogg?seed=1&duration=0.3", NULL);
    check_pieces("/scream.wav?seed=1&duration=0.1", NULL);
    check_pieces("/scream.wav?seed=1&duration=0.1", "Range: bytes=100-999");
    check_pieces("/nothing", NULL);
}

static void slices_may_run_out(void **state)
{
    (void)state;
    struct reply reply;
    struct body quick = fetch(&loopback, "/scream.ogg?seed=2&duration=1", NULL, 200);
    atomic_store(&loopback.fake.tick_ns, 3000000);
    reply_open(&loopback, "GET", "/scream.ogg?seed=3&duration=1", NULL, &reply);
    struct body slow = reply_body(&reply, 4096);
    reply_close(&reply);
    assert_int_equal(slow.count, quick.count);
    reply_open(&loopback, "GET", "/scream.wav?seed=3&duration=2", "Range: bytes=300000-", &reply);
    struct body far = reply_body(&reply, 4096);
    reply_close(&reply);
    assert_true(far.pulls > (far.count + 4095) / 4096 + 1); /* some said "again" */
    body_free(&quick);
    body_free(&slow);
    body_free(&far);
}

static void views_show_what_stands_in_memory(void **state)
{
    (void)state;
    static const char target[] = "/scream.ogg?seed=4&duration=10";
    struct scr_view views[4];
    struct reply reply;
    reply_open(&loopback, "GET", target, NULL, &reply);
    assert_int_equal(scr_response_views(&reply.response, views, 4), 0); /* not rendered yet */
    struct body whole = reply_body(&reply, 4096);
    assert_int_equal(scr_response_views(&reply.response, views, 0), 0);
    assert_int_equal(scr_response_views(&reply.response, views, 4), 1);
    assert_int_equal(views[0].count, whole.count);
    assert_memory_equal(views[0].bytes, whole.bytes, whole.count);
    reply_close(&reply);
    reply_open(&loopback, "GET", target, "Range: bytes=65530-65540", &reply);
    assert_int_equal(scr_response_views(&reply.response, views, 4), 1);
    assert_int_equal(views[0].count, 11);
    assert_memory_equal(views[0].bytes, whole.bytes + 65530, 11);
    reply_close(&reply);
    reply_open(&loopback, "GET", "/presets", NULL, &reply);
    assert_int_equal(scr_response_views(&reply.response, views, 0), 0);
    assert_int_equal(scr_response_views(&reply.response, views, 4), 1);
    reply_close(&reply);
    reply_open(&loopback, "GET", "/scream.wav?seed=1", NULL, &reply);
    assert_int_equal(scr_response_views(&reply.response, views, 4), 0);
    reply_close(&reply);
    reply_open(&loopback, "GET", "/metrics", NULL, &reply);
    assert_int_equal(scr_response_views(&reply.response, views, 4), 0);
    reply_close(&reply);
    body_free(&whole);
}

static void closing_gives_everything_back(void **state)
{
    (void)state;
    struct reply ogg;
    struct reply wav;
    reply_open(&loopback, "GET", "/scream.ogg?seed=5", NULL, &ogg);
    reply_open(&loopback, "GET", "/scream.wav?seed=5", NULL, &wav);
    assert_int_equal(scr_arena_usage(loopback.service->arena).readers, 1);
    assert_int_equal(scr_pcm_pool_used(loopback.service->pcm), 1);
    reply_close(&ogg);
    reply_close(&wav);
    assert_int_equal(scr_arena_usage(loopback.service->arena).readers, 0);
    assert_int_equal(scr_pcm_pool_used(loopback.service->pcm), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_response_is_a_500, begin, end),
        cmocka_unit_test_setup_teardown(copied_headers_do_not_mix, begin, end),
        cmocka_unit_test_setup_teardown(one_header_too_many_aborts, begin, end),
        cmocka_unit_test_setup_teardown(pieces_of_any_size_are_the_same_bytes, begin, end),
        cmocka_unit_test_setup_teardown(slices_may_run_out, begin, end),
        cmocka_unit_test_setup_teardown(views_show_what_stands_in_memory, begin, end),
        cmocka_unit_test_setup_teardown(closing_gives_everything_back, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
