/*
 * tests/api/rate_limit_test.c - limits of one client, as requests meet them.
 * Aim:    a client beyond its share gets a 429 that says when to come back, all others their
 *         answers and what is left; probes and preflights are never limited; the client is who the
 *         trusted proxies say; every place comes back once; refusals are counted.
 * Method: the loopback with clients on its fake clock, so that tokens come back when the test says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/rate_limit.h"
#include "api/routes.h"
#include "core/base/series.h"
#include "tests/support/api_loopback.h"

#define SECOND INT64_C(1000000000)

static struct loopback loopback;

static void set_peer(const char *text)
{
    assert_int_equal(scr_address_parse(text, strlen(text), &loopback.peer), SCR_OK);
}

static int end(void **state)
{
    (void)state;
    if (loopback.service->clients != NULL) {
        scr_clients_destroy(&loopback.service->clients);
    }
    loopback_deinit(&loopback);
    return 0;
}

/* 192.0.2.1 asks; 10.0.0.0/8 are proxies. */
static void limited(double rate_per_s, uint32_t burst, uint32_t open_max)
{
    struct scr_clients_config config = {
        .rate_per_s = rate_per_s, .burst = burst, .open_max = open_max};
    loopback_init(&loopback, 16, 8);
    assert_int_equal(scr_network_list_parse("127.0.0.0/8, 10.0.0.0/8", &config.exempt), SCR_OK);
    assert_int_equal(scr_network_list_parse("10.0.0.0/8", &loopback.service->trusted_proxies),
                     SCR_OK);
    assert_int_equal(scr_clients_create(&config, &loopback.service->clients), SCR_OK);
    set_peer("192.0.2.1");
}

static void complete(struct reply *reply)
{
    struct scr_completion completion = {.body_bytes = 0, .duration_ns = 1, .whole = true};
    scr_service_completed(loopback.service, &reply->asked.request, &reply->response, &completion);
    reply_close(reply);
}

static uint16_t status_of(const char *method, const char *target, const char *headers)
{
    struct reply reply;
    reply_open(&loopback, method, target, headers, &reply);
    uint16_t status = reply.response.status;
    complete(&reply);
    return status;
}

static void nothing_is_said_without_limits(void **state)
{
    (void)state;
    struct reply reply;
    loopback_init(&loopback, 16, 8);
    reply_open(&loopback, "GET", "/version", NULL, &reply);
    assert_int_equal(reply.response.status, 200);
    assert_null(reply_header(&reply, "RateLimit"));
    assert_null(reply_header(&reply, "RateLimit-Policy"));
    assert_false(reply.response.has_place);
    complete(&reply);
}

static void fields_count_down_to_the_refusal(void **state)
{
    (void)state;
    static const char *const says[] = {
        "\"client\";r=2;t=1", "\"client\";r=1;t=1", "\"client\";r=0;t=2"};
    struct reply reply;
    limited(2.0, 3, 0);
    for (size_t i = 0; i < 3; i += 1) {
        reply_open(&loopback, "GET", "/version", NULL, &reply);
        assert_int_equal(reply.response.status, 200);
        assert_header(&reply, "RateLimit-Policy", "\"client\";q=3;w=2");
        assert_header(&reply, "RateLimit", says[i]);
        assert_null(reply_header(&reply, "Retry-After"));
        complete(&reply);
    }
    reply_open(&loopback, "GET", "/version", NULL, &reply);
    struct body body = reply_body(&reply, 4096);
    assert_int_equal(reply.response.status, 429);
    assert_header(&reply, "RateLimit-Policy", "\"client\";q=3;w=2");
    assert_header(&reply, "RateLimit", "\"client\";r=0;t=2");
    assert_header(&reply, "Retry-After", "1");
    assert_header(&reply, "Content-Type", "application/problem+json");
    assert_header(&reply, "Cache-Control", "no-store");
    assert_non_null(strstr((char *)body.bytes, "\"type\":\"/problems/too-many-requests\""));
    assert_non_null(strstr((char *)body.bytes, "can pass in 1 s."));
    assert_int_equal(reply.response.route, SCR_ROUTE_VERSION);
    assert_false(reply.response.close_connection);
    body_free(&body);
    complete(&reply);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_RATE), 1);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_OPEN), 0);
    /* HEAD says the same without a body; a preflight is the browser's own doing. */
    assert_int_equal(status_of("HEAD", "/version", NULL), 429);
    assert_int_equal(status_of("OPTIONS", "/version", NULL), 204);
    assert_int_equal(status_of("OPTIONS", "*", NULL), 204);
    /* One token after half a second, and no more. */
    fake_clock_advance(&loopback.fake, SECOND / 2);
    assert_int_equal(status_of("GET", "/version", NULL), 200);
    assert_int_equal(status_of("GET", "/version", NULL), 429);
    /* Another client has not noticed. */
    set_peer("192.0.2.2");
    assert_int_equal(status_of("GET", "/version", NULL), 200);
}

static void waiting_as_told_is_enough(void **state)
{
    (void)state;
    struct reply reply;
    limited(0.1, 1, 0);
    assert_int_equal(status_of("GET", "/version", NULL), 200);
    fake_clock_advance(&loopback.fake, 3 * SECOND + 1);
    reply_open(&loopback, "GET", "/version", NULL, &reply);
    assert_int_equal(reply.response.status, 429);
    assert_header(&reply, "Retry-After", "7");
    complete(&reply);
    fake_clock_advance(&loopback.fake, 7 * SECOND);
    assert_int_equal(status_of("GET", "/version", NULL), 200);
}

/* Errors cost a token like any answer, on every address but those of health, metrics and
 * what an error means. */
static void what_is_limited(void **state)
{
    (void)state;
    static const char *const targets[] = {"/scream.ogg?seed=1",
                                          "/scream.wav?seed=1",
                                          "/scream?seed=1",
                                          "/presets",
                                          "/parameters",
                                          "/openapi.yaml",
                                          "/version",
                                          "/problems",
                                          "/nowhere",
                                          "/scream.ogg?nonsense=1"};
    static const char *const probes[] = {
        "/livez", "/readyz", "/startupz", "/metrics", "/problems/too-many-requests"};
    limited(0.001, 1, 0);
    assert_int_equal(status_of("GET", "/nowhere", NULL), 404);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i += 1) {
        assert_int_equal(status_of("GET", targets[i], NULL), 429);
    }
    assert_int_equal(status_of("DELETE", "/version", NULL), 429);
    assert_int_equal(status_of("BREW", "/version", NULL), 429);
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i += 1) {
        struct reply reply;
        for (int j = 0; j < 5; j += 1) {
            assert_int_equal(status_of("GET", probes[i], NULL), 200);
        }
        reply_open(&loopback, "GET", probes[i], NULL, &reply);
        assert_null(reply_header(&reply, "RateLimit"));
        complete(&reply);
    }
    assert_int_equal(status_of("GET", "/problems/nonsense", NULL), 404);
    /* The admin listener answers nothing else, and limits nobody. */
    loopback.is_admin = true;
    loopback.service->admin_apart = true;
    assert_int_equal(status_of("GET", "/version", NULL), 404);
    assert_int_equal(status_of("GET", "/livez", NULL), 200);
    assert_int_equal(status_of("DELETE", "/livez", NULL), 405);
    assert_int_equal(status_of("BREW", "/livez", NULL), 501);
    /* Asked for where they are not, they are an address like any other that does not exist. */
    loopback.is_admin = false;
    assert_int_equal(status_of("GET", "/livez", NULL), 429);
}

static void places_come_back_when_the_exchange_is_completed(void **state)
{
    (void)state;
    struct reply replies[3];
    struct reply refused;
    limited(0.0, 1, 2);
    for (size_t i = 0; i < 2; i += 1) {
        reply_open(&loopback, "GET", "/scream.wav?seed=1", NULL, &replies[i]);
        assert_int_equal(replies[i].response.status, 200);
        assert_true(replies[i].response.has_place);
        assert_null(reply_header(&replies[i], "RateLimit"));
    }
    reply_open(&loopback, "GET", "/scream.wav?seed=1", NULL, &refused);
    struct body body = reply_body(&refused, 4096);
    assert_int_equal(refused.response.status, 429);
    assert_header(&refused, "Retry-After", "1");
    assert_false(refused.response.has_place);
    assert_non_null(strstr((char *)body.bytes, "\"type\":\"/problems/too-many-at-once\""));
    body_free(&body);
    /* That a refusal ends gives nothing back. */
    complete(&refused);
    assert_int_equal(status_of("GET", "/version", NULL), 429);
    assert_int_equal(status_of("GET", "/livez", NULL), 200);
    complete(&replies[0]);
    assert_int_equal(status_of("GET", "/version", NULL), 200);
    reply_open(&loopback, "GET", "/scream.wav?seed=1", NULL, &replies[2]);
    assert_int_equal(replies[2].response.status, 200);
    assert_int_equal(status_of("GET", "/version", NULL), 429);
    complete(&replies[1]);
    complete(&replies[2]);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_OPEN), 3);
    assert_int_equal(scr_stats_read(SCR_STAT_HTTP_LIMITED, SCR_LIMIT_RATE), 0);
}

/* Problems that close the connection come before any limit, and hold no place. */
static void bad_heads_take_nothing(void **state)
{
    (void)state;
    limited(0.001, 1, 1);
    for (int i = 0; i < 5; i += 1) {
        assert_int_equal(status_of("GET", "/version", "Content-Length: 5"), 400);
    }
    assert_int_equal(status_of("GET", "/version", NULL), 200);
}

static void clients_behind_proxies_have_their_own_share(void **state)
{
    (void)state;
    struct reply reply;
    limited(0.001, 1, 0);
    set_peer("10.0.0.1");
    assert_int_equal(status_of("GET", "/version", "X-Forwarded-For: 192.0.2.9"), 200);
    assert_int_equal(
        status_of("GET", "/version", "X-Forwarded-For: 127.0.0.1, 192.0.2.9:4, 10.0.0.2"), 429);
    assert_int_equal(status_of("GET", "/version", "X-Forwarded-For: 192.0.2.10"), 200);
    /* One /64 is one client. */
    assert_int_equal(status_of("GET", "/version", "X-Forwarded-For: 2001:db8::1"), 200);
    assert_int_equal(status_of("GET", "/version", "X-Forwarded-For: 2001:db8::ffff:1"), 429);
    assert_int_equal(status_of("GET", "/version", "X-Forwarded-For: 2001:db8:0:1::1"), 200);
    /* The proxy itself has no limit. */
    for (int i = 0; i < 5; i += 1) {
        assert_int_equal(status_of("GET", "/version", NULL), 200);
    }
    /* The log and the limit mean the same client. */
    reply_open(&loopback, "GET", "/version", "X-Forwarded-For: 192.0.2.77, 10.0.0.2", &reply);
    assert_string_equal(reply.asked.request.remote, "192.0.2.77");
    complete(&reply);
    /* From anybody else the field is his own invention. */
    set_peer("198.51.100.1");
    assert_int_equal(status_of("GET", "/version", "X-Forwarded-For: 192.0.2.100"), 200);
    assert_int_equal(status_of("GET", "/version", "X-Forwarded-For: 192.0.2.101"), 429);
    reply_open(&loopback, "GET", "/livez", "X-Forwarded-For: 127.0.0.1", &reply);
    assert_string_equal(reply.asked.request.remote, "198.51.100.1");
    complete(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nothing_is_said_without_limits, end),
        cmocka_unit_test_teardown(fields_count_down_to_the_refusal, end),
        cmocka_unit_test_teardown(waiting_as_told_is_enough, end),
        cmocka_unit_test_teardown(what_is_limited, end),
        cmocka_unit_test_teardown(places_come_back_when_the_exchange_is_completed, end),
        cmocka_unit_test_teardown(bad_heads_take_nothing, end),
        cmocka_unit_test_teardown(clients_behind_proxies_have_their_own_share, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
