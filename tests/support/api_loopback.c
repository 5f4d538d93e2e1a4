/*
 * tests/support/api_loopback.c - requests from literals, bodies into memory.
 * Why:    see api_loopback.h. The collector checks what every pull promises, so each test that
 *         reads a body tests the contract of scr_response_pull too.
 */
#include "tests/support/api_loopback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "api/header_gate.h"
#include "api/problem.h"
#include "core/base/stats.h"
#include "core/crypto/blake2b.h"

void loopback_init(struct loopback *loopback, uint32_t pieces, uint32_t streams)
{
    assert_int_equal(scr_crypto_init(), SCR_OK);
    loopback->is_admin = false;
    fake_clock_init(&loopback->fake);
    struct scr_service *service = calloc(1, sizeof *service);
    assert_non_null(service);
    struct scr_arena_config config = {
        .arena_bytes = (uint64_t)pieces << 16,
        .readers_max = streams,
        .clock = &loopback->fake.clock,
    };
    assert_int_equal(scr_arena_create(&config, &service->arena), SCR_OK);
    assert_int_equal(scr_pcm_pool_create(streams, &loopback->fake.clock, &service->pcm), SCR_OK);
    service->clock = &loopback->fake.clock;
    service->bounds = (struct scr_order_bounds){
        .duration_ns_max = SCR_DURATION_MAX_DEFAULT_NS,
        .volume_max = 1.0,
    };
    service->build = (struct scr_build){
        .version = "0.0.1",
        .commit = "0123456789ab",
        .built = "2026-01-31",
        .compiler = "any",
        .isa = "scalar",
        .opus = "libopus 1",
        .ogg = "1.3",
        .sodium = "1.0",
        .microhttpd = "0.9",
    };
    atomic_init(&service->ready, true);
    assert_int_equal(scr_service_init(service), SCR_OK);
    loopback->service = service;
    loopback->version = "HTTP/1.1";
    assert_int_equal(scr_address_parse("127.0.0.1", 9, &loopback->peer), SCR_OK);
    scr_stats_reset();
}

void loopback_deinit(struct loopback *loopback)
{
    assert_int_equal(scr_arena_usage(loopback->service->arena).readers, 0);
    assert_int_equal(scr_pcm_pool_used(loopback->service->pcm), 0);
    scr_arena_destroy(&loopback->service->arena);
    scr_pcm_pool_destroy(&loopback->service->pcm);
    free(loopback->service);
    loopback->service = NULL;
}

static void find_headers(void *source, const char *name, scr_header_visit_fn *visit, void *visitor)
{
    const struct asked *asked = source;
    for (size_t i = 0; i < asked->header_count; i += 1) {
        if (strcasecmp(asked->headers[i].name, name) == 0) {
            visit(visitor, asked->headers[i].value);
        }
    }
}

/* Cuts lines of "Name: value" in place of a copy that the request frees with itself. */
static void set_headers(struct asked *asked, const char *lines)
{
    char *at = strdup(lines);
    assert_non_null(at);
    asked->lines = at;
    while (*at != '\0' || asked->header_count == 0) {
        char *colon = strstr(at, ": ");
        assert_non_null(colon);
        assert_true(asked->header_count < LOOPBACK_HEADERS_MAX - 1);
        char *end = colon + strcspn(colon, "\n");
        bool last = *end == '\0';
        *colon = '\0';
        *end = '\0';
        asked->headers[asked->header_count] = (struct scr_header){at, colon + 2};
        asked->header_count += 1;
        if (last) {
            break;
        }
        at = end + 1;
    }
}

static void pass_gate(const char *version, struct asked *asked)
{
    struct scr_header_gate gate;
    scr_header_gate_init(&gate, asked->method, asked->target, version);
    for (size_t i = 0; i < asked->header_count; i += 1) {
        const struct scr_header *line = &asked->headers[i];
        scr_header_gate_add(
            &gate, line->name, strlen(line->name), line->value, strlen(line->value));
    }
    asked->request.defect = scr_header_gate_end(&gate);
    asked->request.has_body = scr_header_gate_has_body(&gate);
}

static void add_host(struct asked *asked)
{
    for (size_t i = 0; i < asked->header_count; i += 1) {
        if (strcasecmp(asked->headers[i].name, "Host") == 0) {
            return;
        }
    }
    asked->headers[asked->header_count] = (struct scr_header){"Host", "scream.example"};
    asked->header_count += 1;
}

void reply_open(struct loopback *loopback,
                const char *method,
                const char *target,
                const char *headers,
                struct reply *reply)
{
    struct asked *asked = &reply->asked;
    memset(asked, 0, sizeof *asked);
    asked->method = method;
    asked->target = target;
    if (headers != NULL) {
        set_headers(asked, headers);
    }
    add_host(asked);
    asked->request = (struct scr_request){
        .method = method,
        .target = target,
        .headers = find_headers,
        .headers_source = asked,
        .is_admin = loopback->is_admin,
        .request_id = "test-1",
        .peer = loopback->peer,
        .started_ns = scr_clock_now_ns(loopback->service->clock),
    };
    struct scr_text remote;
    scr_text_init(&remote, asked->request.remote, sizeof asked->request.remote);
    scr_address_put(&remote, &loopback->peer);
    assert_false(remote.overflow);
    pass_gate(loopback->version, asked);
    /* Nothing may depend on what stood there before. */
    memset(&reply->response, 0xa5, sizeof reply->response);
    scr_service_handle(loopback->service, &asked->request, &reply->response);
    assert_header(reply, "X-Request-Id", "test-1");
    assert_header(reply, "X-Content-Type-Options", "nosniff");
    assert_header(reply, "Access-Control-Allow-Origin", "*");
}

void reply_close(struct reply *reply)
{
    scr_response_close(&reply->response);
    scr_response_close(&reply->response);
    free(reply->asked.lines);
    reply->asked.lines = NULL;
    reply->asked.header_count = 0;
}

const char *reply_header(const struct reply *reply, const char *name)
{
    const char *value = NULL;
    for (uint16_t i = 0; i < reply->response.header_count; i += 1) {
        if (strcasecmp(reply->response.headers[i].name, name) == 0) {
            assert_null(value);
            value = reply->response.headers[i].value;
        }
    }
    return value;
}

void assert_header(const struct reply *reply, const char *name, const char *value)
{
    const char *is = reply_header(reply, name);
    if (is == NULL || strcmp(is, value) != 0) {
        fail_msg("%s is %s, not %s", name, is == NULL ? "absent" : is, value);
    }
}

static uint64_t body_length(const struct scr_response *response)
{
    return response->body == SCR_BODY_NONE ? 0 : response->length;
}

struct body reply_body(struct reply *reply, size_t piece_bytes)
{
    struct scr_response *response = &reply->response;
    struct body body = {.count = (size_t)body_length(response)};
    body.bytes = malloc(body.count + 1);
    assert_non_null(body.bytes);
    body.bytes[body.count] = '\0';
    size_t at = 0;
    while (response->body != SCR_BODY_NONE) {
        size_t count = 0;
        /* A block of its exact size lets a sanitizer see a write beyond it. */
        uint8_t *piece = malloc(piece_bytes);
        assert_non_null(piece);
        enum scr_pull pull = scr_response_pull(response, at, piece, piece_bytes, &count);
        body.pulls += 1;
        assert_int_not_equal(pull, SCR_PULL_ERROR);
        if (pull == SCR_PULL_DATA) {
            assert_in_range(count, 1, piece_bytes);
            assert_true(count <= body.count - at);
            memcpy(body.bytes + at, piece, count);
            at += count;
        }
        free(piece);
        if (pull == SCR_PULL_END) {
            assert_int_equal(at, body.count);
            break;
        }
    }
    return body;
}

void body_free(struct body *body)
{
    free(body->bytes);
    body->bytes = NULL;
}

struct body
fetch(struct loopback *loopback, const char *target, const char *headers, uint16_t status)
{
    struct reply reply;
    reply_open(loopback, "GET", target, headers, &reply);
    if (reply.response.status != status) {
        fail_msg("%s: status %u, not %u", target, reply.response.status, status);
    }
    struct body body = reply_body(&reply, 4096);
    reply_close(&reply);
    return body;
}

char *fetch_problem(struct loopback *loopback,
                    const char *method,
                    const char *target,
                    const char *headers,
                    enum scr_err err)
{
    struct reply reply;
    char type[96];
    struct scr_text text;
    reply_open(loopback, method, target, headers, &reply);
    struct body body = reply_body(&reply, 1024);
    scr_text_init(&text, type, sizeof type);
    scr_text_put(&text, "\"type\":\"/problems/");
    scr_text_put(&text, scr_err_name(err));
    scr_text_put(&text, "\"");
    if (reply.response.status != scr_problem_status(err) ||
        strstr((char *)body.bytes, type) == NULL) {
        fail_msg("%s %.200s: %u %s", method, target, reply.response.status, (char *)body.bytes);
    }
    assert_header(&reply, "Content-Type", "application/problem+json");
    assert_header(&reply, "Cache-Control", "no-store");
    assert_null(reply_header(&reply, "ETag"));
    assert_true(reply.response.length_known);
    assert_int_equal(reply_header(&reply, "Retry-After") != NULL, scr_problem_passes(err));
    reply_close(&reply);
    return (char *)body.bytes;
}
