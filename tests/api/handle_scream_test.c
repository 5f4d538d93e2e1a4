/*
 * tests/api/handle_scream_test.c - the sound: headers, conditions and what is never rendered.
 * Aim:    everything a GET or HEAD of a scream promises beside its ranges.
 * Method: arena usage and counters are read around what must not render.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/problem.h"
#include "core/base/series.h"
#include "core/synth/preset.h"
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

static uint64_t rendered(void)
{
    return (uint64_t)scr_stats_read(SCR_STAT_RENDERED_SAMPLES, SCR_FORMAT_OGG) +
           (uint64_t)scr_stats_read(SCR_STAT_RENDERED_SAMPLES, SCR_FORMAT_WAV);
}

/* Nothing was reserved, opened or rendered. */
static void assert_untouched(void)
{
    struct scr_arena_usage usage = scr_arena_usage(loopback.service->arena);
    assert_int_equal(usage.extents_used, 0);
    assert_int_equal(usage.jobs, 0);
    assert_int_equal(usage.render_states_used, 0);
    assert_int_equal(scr_stats_read(SCR_STAT_CACHE_MISSES, 0), 0);
    assert_int_equal(scr_pcm_pool_used(loopback.service->pcm), 0);
    assert_int_equal(rendered(), 0);
}

static void a_seeded_sound_is_permanent(void **state)
{
    (void)state;
    struct reply reply;
    reply_open(&loopback, "GET", "/scream.ogg?preset=banshee&seed=42", NULL, &reply);
    assert_int_equal(reply.response.status, 200);
    assert_false(reply.response.length_known); /* chunked while unfinished */
    assert_header(&reply, "Content-Type", "audio/ogg; codecs=opus");
    assert_header(&reply, "Accept-Ranges", "bytes");
    assert_header(&reply, "Cache-Control", "public, max-age=86400");
    assert_header(&reply, "X-Scream-Seed", "42");
    assert_header(&reply, "X-Scream-Engine", "2");
    assert_header(&reply, "Content-Disposition", "inline; filename=\"scream-banshee-42.ogg\"");
    assert_header(&reply, "Cross-Origin-Resource-Policy", "cross-origin");
    assert_header(&reply, "Timing-Allow-Origin", "*");
    assert_header(&reply, "Server-Timing", "cache;desc=miss, app;dur=0.000");
    assert_int_equal(strlen(reply_header(&reply, "ETag")), SCR_ETAG_CHARS - 1);
    assert_null(reply_header(&reply, "Content-Location"));
    assert_null(reply_header(&reply, "Vary"));
    struct body first = reply_body(&reply, 4096);
    reply_close(&reply);

    reply_open(&loopback, "GET", "/scream.ogg?preset=banshee&seed=42", NULL, &reply);
    assert_true(reply.response.length_known);
    assert_int_equal(reply.response.length, first.count);
    assert_header(&reply, "Server-Timing", "cache;desc=hit, app;dur=0.000");
    struct body second = reply_body(&reply, 999);
    assert_memory_equal(first.bytes, second.bytes, first.count);
    reply_close(&reply);
    body_free(&first);
    body_free(&second);
}

static void engine_and_download_change_headers_only(void **state)
{
    (void)state;
    struct reply plain;
    struct reply named;
    reply_open(&loopback, "HEAD", "/scream.wav?preset=robot", NULL, &plain);
    reply_open(&loopback, "HEAD", "/scream.wav?preset=robot&engine=2&download", NULL, &named);
    assert_header(&named, "Cache-Control", "public, max-age=31536000, immutable");
    assert_header(&named, "Content-Disposition", "attachment; filename=\"scream-robot-0.wav\"");
    assert_header(&named, "Content-Type", "audio/wav");
    assert_header(&named, "ETag", reply_header(&plain, "ETag"));
    reply_close(&plain);
    reply_close(&named);
}

static void formats_have_their_own_tags(void **state)
{
    (void)state;
    struct reply ogg;
    struct reply wav;
    reply_open(&loopback, "HEAD", "/scream.ogg?seed=1", NULL, &ogg);
    reply_open(&loopback, "HEAD", "/scream.wav?seed=1", NULL, &wav);
    assert_string_not_equal(reply_header(&ogg, "ETag"), reply_header(&wav, "ETag"));
    reply_close(&ogg);
    reply_close(&wav);
}

static void head_knows_the_length_and_renders_nothing(void **state)
{
    (void)state;
    const char *const targets[] = {"/scream.ogg?preset=classic&seed=5",
                                   "/scream.wav?seed=7",
                                   "/scream.ogg?seed=1&duration=0.05&bitrate=16000&channels=1",
                                   "/scream.wav?seed=1&duration=0.05&channels=1"};
    uint64_t lengths[4];
    for (size_t i = 0; i < 4; i += 1) {
        struct reply reply;
        reply_open(&loopback, "HEAD", targets[i], "Range: bytes=5-6", &reply);
        assert_int_equal(reply.response.status, 200); /* Range is for GET */
        assert_int_equal(reply.response.body, SCR_BODY_NONE);
        assert_true(reply.response.length_known);
        lengths[i] = reply.response.length;
        reply_close(&reply);
    }
    assert_untouched();
    for (size_t i = 0; i < 4; i += 1) {
        struct body body = fetch(&loopback, targets[i], NULL, 200);
        assert_int_equal(body.count, lengths[i]);
        body_free(&body);
    }
    free(fetch_problem(&loopback, "GET", "/scream.ogg?volume=2", NULL, SCR_ERR_PARAM_RANGE));
    struct reply reply;
    reply_open(&loopback, "HEAD", "/scream.ogg?volume=2", NULL, &reply);
    assert_int_equal(reply.response.status, 400);
    reply_close(&reply);
}

static void conditions_are_answered_without_rendering(void **state)
{
    (void)state;
    const char *const targets[] = {"/scream.ogg?seed=8", "/scream.wav?seed=8", "/scream?seed=8"};
    for (size_t i = 0; i < 3; i += 1) {
        struct reply reply;
        char lines[96];
        struct scr_text text;
        reply_open(&loopback, "HEAD", targets[i], NULL, &reply);
        scr_text_init(&text, lines, sizeof lines);
        scr_text_put(&text, "If-None-Match: \"x\", W/");
        scr_text_put(&text, reply_header(&reply, "ETag"));
        uint64_t whole = reply.response.length;
        reply_close(&reply);
        for (unsigned head = 0; head < 2; head += 1) {
            reply_open(&loopback, head == 1 ? "HEAD" : "GET", targets[i], lines, &reply);
            assert_int_equal(reply.response.status, 304);
            assert_int_equal(reply.response.length, whole); /* what a 200 would carry */
            assert_int_equal(reply.response.body, SCR_BODY_NONE);
            assert_non_null(reply_header(&reply, "ETag"));
            assert_header(&reply, "Cache-Control", "public, max-age=86400");
            assert_null(reply_header(&reply, "Content-Type"));
            reply_close(&reply);
        }
        free(fetch_problem(
            &loopback, "GET", targets[i], "If-Match: \"x\"", SCR_ERR_PRECONDITION_FAILED));
    }
    assert_untouched();
}

static void a_fresh_sound_is_replayed_by_its_address(void **state)
{
    (void)state;
    const char *const targets[] = {"/scream.ogg",
                                   "/scream.wav?volume=0.7",
                                   "/scream.ogg?preset=random&boost_db=3.25&duration=1",
                                   "/scream.ogg?preset=glitch&seed=random&duration=0.7"};
    for (size_t i = 0; i < 4; i += 1) {
        struct reply reply;
        char address[512];
        char seed[32];
        struct scr_text text;
        reply_open(&loopback,
                   "GET",
                   targets[i],
                   "Range: bytes=5-6\nIf-None-Match: *\nIf-Match: \"x\"",
                   &reply);
        assert_int_equal(reply.response.status, 200);
        assert_false(reply.response.length_known);
        assert_header(&reply, "Cache-Control", "no-store");
        assert_header(&reply, "Accept-Ranges", "none");
        assert_null(reply_header(&reply, "ETag"));
        assert_null(reply_header(&reply, "Content-Range"));
        scr_text_init(&text, address, sizeof address);
        scr_text_put(&text, reply_header(&reply, "Content-Location"));
        scr_text_init(&text, seed, sizeof seed);
        scr_text_put(&text, reply_header(&reply, "X-Scream-Seed"));
        assert_non_null(strstr(address, seed));
        assert_non_null(strstr(address, "engine=2"));
        struct body fresh = reply_body(&reply, 4096);
        reply_close(&reply);
        struct body again = fetch(&loopback, address, NULL, 200);
        assert_int_equal(again.count, fresh.count);
        assert_memory_equal(again.bytes, fresh.bytes, fresh.count);
        body_free(&fresh);
        body_free(&again);
    }
}

static void fresh_sounds_differ(void **state)
{
    (void)state;
    struct reply a;
    struct reply b;
    reply_open(&loopback, "HEAD", "/scream.ogg", NULL, &a);
    reply_open(&loopback, "HEAD", "/scream.ogg", NULL, &b);
    assert_string_not_equal(reply_header(&a, "X-Scream-Seed"), reply_header(&b, "X-Scream-Seed"));
    reply_close(&a);
    reply_close(&b);
}

static void formats_are_negotiated(void **state)
{
    (void)state;
    const char *const accepts[] = {NULL, "Accept: audio/wav", "Accept: audio/wav, audio/ogg"};
    const char *const types[] = {"audio/ogg; codecs=opus", "audio/wav", "audio/ogg; codecs=opus"};
    const char *const addresses[] = {"/scream.ogg?preset=classic&seed=0&engine=2",
                                     "/scream.wav?preset=classic&seed=0&engine=2",
                                     "/scream.ogg?preset=classic&seed=0&engine=2"};
    for (size_t i = 0; i < 3; i += 1) {
        struct reply reply;
        reply_open(&loopback, "HEAD", "/scream?preset=classic", accepts[i], &reply);
        assert_int_equal(reply.response.status, 200);
        assert_header(&reply, "Content-Type", types[i]);
        assert_header(&reply, "Vary", "Accept");
        assert_header(&reply, "Content-Location", addresses[i]);
        reply_close(&reply);
    }
    char *body =
        fetch_problem(&loopback, "GET", "/scream", "Accept: image/png", SCR_ERR_NOT_ACCEPTABLE);
    assert_non_null(strstr(body, "\"available\":[\"audio/ogg; codecs=opus\",\"audio/wav\"]"));
    free(body);
}

static void the_first_pull_renders_one_page(void **state)
{
    (void)state;
    struct reply reply;
    uint8_t bytes[65536];
    size_t count = 0;
    uint64_t at = 0;
    reply_open(&loopback, "GET", "/scream.ogg?preset=classic&seed=5", NULL, &reply);
    assert_int_equal(rendered(), 0);
    assert_int_equal(scr_response_pull(&reply.response, at, bytes, sizeof bytes, &count),
                     SCR_PULL_DATA);
    assert_memory_equal(bytes, "OggS", 4);
    at += count;
    assert_true(rendered() <= SCR_BLOCK_SAMPLES); /* the first audio page: one packet */
    /* From then on as much as the reader takes at once: here the next page, of two. */
    assert_int_equal(scr_response_pull(&reply.response, at, bytes, 500, &count), SCR_PULL_DATA);
    assert_int_equal(count, 500);
    assert_int_equal(rendered(), 3 * SCR_BLOCK_SAMPLES);
    at += count;
    assert_int_equal(scr_response_pull(&reply.response, at, bytes, 16000, &count), SCR_PULL_DATA);
    assert_int_equal(count, 16000);
    reply_close(&reply);
}

static void hostile_values_are_clear_errors(void **state)
{
    (void)state;
    const char *const values[] = {"nan",
                                  "1e309",
                                  "-0",
                                  "0x10",
                                  "1,5",
                                  "%C0%80",
                                  "%D9%A1",
                                  "%00",
                                  "inf",
                                  "%201",
                                  "1%20",
                                  "+1",
                                  "",
                                  "1e",
                                  "0",
                                  "-1",
                                  "61",
                                  "99999999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i += 1) {
        char target[128];
        struct scr_text text;
        struct reply reply;
        scr_text_init(&text, target, sizeof target);
        scr_text_put(&text, "/scream.ogg?duration=");
        scr_text_put(&text, values[i]);
        reply_open(&loopback, "GET", target, NULL, &reply);
        struct body body = reply_body(&reply, 4096);
        if (reply.response.status != 400 || strstr((char *)body.bytes, "duration") == NULL) {
            fail_msg("%s: %s", target, (char *)body.bytes);
        }
        body_free(&body);
        reply_close(&reply);
    }
    assert_untouched();
}

static void what_the_server_bounds_has_another_address(void **state)
{
    (void)state;
    loopback.service->bounds.duration_ns_max = INT64_C(1000000000);
    loopback.service->bounds.volume_max = 0.5;
    struct reply reply;
    reply_open(&loopback, "GET", "/scream.wav?preset=banshee&engine=2", NULL, &reply);
    assert_int_equal(reply.response.status, 200);
    assert_header(&reply, "Cache-Control", "no-cache");
    assert_header(&reply,
                  "Content-Location",
                  "/scream.wav?preset=banshee&seed=0&engine=2&duration=1&volume=0.5");
    reply_close(&reply);
    /* That address is the same sound wherever it is allowed, and may be kept. */
    const char *const pinned = "/scream.wav?preset=banshee&seed=0&engine=2&duration=1&volume=0.5";
    reply_open(&loopback, "GET", pinned, NULL, &reply);
    assert_header(&reply, "Cache-Control", "public, max-age=31536000, immutable");
    assert_null(reply_header(&reply, "Content-Location"));
    reply_close(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_seeded_sound_is_permanent, begin, end),
        cmocka_unit_test_setup_teardown(engine_and_download_change_headers_only, begin, end),
        cmocka_unit_test_setup_teardown(formats_have_their_own_tags, begin, end),
        cmocka_unit_test_setup_teardown(head_knows_the_length_and_renders_nothing, begin, end),
        cmocka_unit_test_setup_teardown(conditions_are_answered_without_rendering, begin, end),
        cmocka_unit_test_setup_teardown(a_fresh_sound_is_replayed_by_its_address, begin, end),
        cmocka_unit_test_setup_teardown(fresh_sounds_differ, begin, end),
        cmocka_unit_test_setup_teardown(formats_are_negotiated, begin, end),
        cmocka_unit_test_setup_teardown(the_first_pull_renders_one_page, begin, end),
        cmocka_unit_test_setup_teardown(hostile_values_are_clear_errors, begin, end),
        cmocka_unit_test_setup_teardown(what_the_server_bounds_has_another_address, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
