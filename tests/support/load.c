/*
 * tests/support/load.c - what the clients of the crowd do.
 * Why:    see load.h. Acts are rows of a table: some common, some rude.
 */
#include "tests/support/load.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/dsp/mix64.h"
#include "tests/support/http_client.h"

#define TARGET_CHARS 160

struct client {
    const struct load *load;
    uint64_t seed;
    struct load_result result;
};

typedef void act_fn(struct client *client, uint64_t draw);

/* Few seeds, so that jobs are unfinished, shared, finished and evicted in turn. */
static void put_sound(char target[TARGET_CHARS], uint64_t draw, const char *format, unsigned ms)
{
    static const char *const presets[] = {"classic", "robot", "banshee", "glitch"};
    (void)snprintf(target,
                   TARGET_CHARS,
                   "/scream.%s?preset=%s&seed=%u&duration=%ums",
                   format,
                   presets[draw % 4],
                   (unsigned)(draw / 4 % 8),
                   ms);
}

/* Books one whole answer; anything but these statuses is a mistake of the server. */
static void book(struct client *client, const struct http_answer *answer, int wanted)
{
    if (answer->status == 0 || !answer->whole) {
        client->result.unheard += 1;
    } else if (answer->status == 503 || answer->status == 429) {
        client->result.busy += 1;
    } else {
        assert_int_equal(answer->status, wanted);
        client->result.answered += 1;
        client->result.body_bytes += answer->body_bytes;
    }
}

static void get(struct client *client, const char *target, const char *headers, int wanted)
{
    char all_headers[256];
    struct http_client http;
    struct http_answer answer;
    if (!http_client_open(&http, client->load->port)) {
        client->result.unheard += 1;
        return;
    }
    /* Where proxies are trusted, the crowd has four addresses. */
    (void)snprintf(all_headers,
                   sizeof all_headers,
                   "X-Forwarded-For: 192.0.2.%u\r\n%s",
                   (unsigned)(client->seed % 4),
                   headers);
    http_client_get(&http, target, all_headers, &answer);
    book(client, &answer, wanted);
    http_answer_free(&answer);
    http_client_close(&http);
}

static void listen_to_ogg(struct client *client, uint64_t draw)
{
    char target[TARGET_CHARS];
    put_sound(target, draw, "ogg", 300 + (unsigned)(draw / 64 % 8) * 250);
    get(client, target, "", 200);
}

static void listen_to_wav(struct client *client, uint64_t draw)
{
    char target[TARGET_CHARS];
    put_sound(target, draw, "wav", 200 + (unsigned)(draw / 64 % 4) * 100);
    get(client, target, "", 200);
}

static void take_range(struct client *client, uint64_t draw)
{
    char target[TARGET_CHARS];
    char range[64];
    put_sound(target, draw, draw / 32 % 2 == 0 ? "ogg" : "wav", 1000);
    (void)snprintf(range,
                   sizeof range,
                   "Range: bytes=%u-%u\r\n",
                   (unsigned)(draw / 64 % 4000),
                   (unsigned)(draw / 64 % 4000 + draw / 4096 % 4000));
    get(client, target, range, 206);
}

static void read_documents(struct client *client, uint64_t draw)
{
    static const char *const targets[] = {"/metrics", "/presets", "/readyz?verbose", "/version"};
    get(client, targets[draw % 4], "", 200);
}

static void ask_wrongly(struct client *client, uint64_t draw)
{
    static const char *const targets[] = {"/scream.ogg?seed=1&seed=2", "/scream.wav?duration=nan"};
    get(client, targets[draw % 2], "", 400);
}

/* One connection for several requests. */
static void keep_asking(struct client *client, uint64_t draw)
{
    static const char *const targets[] = {"/livez", "/metrics", "/parameters", "/livez"};
    struct http_client http;
    struct http_answer answer;
    if (!http_client_open(&http, client->load->port)) {
        client->result.unheard += 1;
        return;
    }
    bool open = true;
    for (uint64_t i = 0; i < 2 + draw / 4 % 6 && open; i += 1) {
        http_client_get(&http, targets[(draw + i) % 4], "", &answer);
        book(client, &answer, 200);
        open = answer.whole && answer.keeps_alive;
        http_answer_free(&answer);
    }
    http_client_close(&http);
}

/* Sends a request and reads a little of the answer; false when nobody answered. */
static bool begin(struct client *client, struct http_client *http, uint64_t draw, size_t bytes)
{
    char target[TARGET_CHARS];
    char text[TARGET_CHARS + 64];
    char taken[512];
    put_sound(target, draw, draw / 8 % 2 == 0 ? "ogg" : "wav", 20000);
    (void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    if (!http_client_open(http, client->load->port)) {
        client->result.unheard += 1;
        return false;
    }
    (void)http_client_send(http, text);
    for (size_t got = 1; bytes > 0 && got > 0; bytes -= got) {
        got = http_client_some(http, taken, bytes < sizeof taken ? bytes : sizeof taken);
        if (got == 0) {
            break;
        }
    }
    return true;
}

static void hang_up(struct client *client, uint64_t draw)
{
    struct http_client http;
    if (!begin(client, &http, draw, draw / 128 % 20000)) {
        return;
    }
    if (draw / 64 % 2 == 0) {
        http_client_reset(&http);
    } else {
        http_client_close(&http);
    }
    client->result.left += 1;
}

/* Takes a few hundred bytes, waits, takes more, and has had enough. */
static void read_slowly(struct client *client, uint64_t draw)
{
    struct http_client http;
    char taken[256];
    if (!begin(client, &http, draw, 100)) {
        return;
    }
    for (unsigned i = 0; i < 10; i += 1) {
        (void)poll(NULL, 0, 2);
        if (http_client_some(&http, taken, sizeof taken) == 0) {
            break;
        }
    }
    http_client_close(&http);
    client->result.left += 1;
}

/* A part of a head, or no request at all, and goodbye. */
static void send_rubbish(struct client *client, uint64_t draw)
{
    static const char *const texts[] = {"GET /scream.ogg?pre",
                                        "\x16\x03\x01\x02",
                                        "GET / HTTP/1.1\r\n: v\r\n\r\n",
                                        "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"};
    struct http_client http;
    if (!http_client_open(&http, client->load->port)) {
        client->result.unheard += 1;
        return;
    }
    (void)http_client_send(&http, texts[draw % 4]);
    if (draw / 4 % 2 == 0) {
        http_client_reset(&http);
    } else {
        http_client_close(&http);
    }
    client->result.left += 1;
}

static act_fn *const acts[] = {listen_to_ogg,
                               listen_to_ogg,
                               listen_to_wav,
                               take_range,
                               take_range,
                               read_documents,
                               ask_wrongly,
                               keep_asking,
                               hang_up,
                               hang_up,
                               read_slowly,
                               send_rubbish};

static void *be_client(void *context)
{
    struct client *client = context;
    for (uint64_t i = 0; i < client->load->acts; i += 1) {
        uint64_t draw = scr_mix64(client->seed + i);
        acts[draw % (sizeof acts / sizeof acts[0])](client, draw / 16);
    }
    return NULL;
}

void load_run(const struct load *load, struct load_result *result)
{
    static struct client clients[LOAD_CLIENTS_MAX];
    pthread_t threads[LOAD_CLIENTS_MAX];
    assert_true(load->clients >= 1 && load->clients <= LOAD_CLIENTS_MAX);
    for (unsigned i = 0; i < load->clients; i += 1) {
        clients[i] = (struct client){.load = load, .seed = load->seed + (uint64_t)i * 1000003};
        assert_int_equal(pthread_create(&threads[i], NULL, be_client, &clients[i]), 0);
    }
    *result = (struct load_result){0};
    for (unsigned i = 0; i < load->clients; i += 1) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        result->answered += clients[i].result.answered;
        result->busy += clients[i].result.busy;
        result->unheard += clients[i].result.unheard;
        result->left += clients[i].result.left;
        result->body_bytes += clients[i].result.body_bytes;
    }
    print_message("load: %u answered, %u busy, %u unheard, %u left; %llu body bytes\n",
                  result->answered,
                  result->busy,
                  result->unheard,
                  result->left,
                  (unsigned long long)result->body_bytes);
}
