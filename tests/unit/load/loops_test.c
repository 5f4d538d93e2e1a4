/*
 * tests/unit/load/loops_test.c - whole runs of the load client against a server that is known.
 * Aim:    what was asked, answered and broken off is counted right in a closed loop, an open loop
 *         and by listeners; every number is asked once; connections are kept, reopened and closed
 *         as they should; the ideal cache walks the trace that was asked.
 * Method: a server of a hundred lines in a thread, whose answers are decided by the path. Times are
 *         only looked at where the server holds something back for ever.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/load/load.h"

#define PLACES 32
#define NUMBERS 4096

#define HEAD "HTTP/1.1 200 OK\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"

struct place {
    int fd;
    size_t used;
    char text[1024];
};

static struct place places[PLACES];
static int listener;
static uint16_t port;
static pthread_t thread;
static atomic_bool stopping;
static atomic_uint connections;
static atomic_uint asked[NUMBERS]; /* how often each number was asked for */

/* ---- The server ---- */

struct route {
    const char *path;
    const char *answer;
    bool closes;
};

static const struct route routes[] = {
    {"/length", HEAD "Content-Length: 5\r\n\r\nhello", false},
    {"/chunked", CHUNKED "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", false},
    {"/closing", HEAD "Content-Length: 2\r\nConnection: close\r\n\r\nok", true},
    {"/rude", HEAD "Content-Length: 2\r\n\r\nok", true}, /* closes without a word */
    {"/cut", HEAD "Content-Length: 100\r\n\r\nhalf", true},
    {"/half", HEAD "Content-Length: 100\r\n\r\nhalf", false}, /* the rest never comes */
    {"/busy", "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", false},
    {"/unchanged", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false},
};

static void end_place(struct place *place)
{
    (void)close(place->fd);
    place->fd = -1;
    place->used = 0;
}

static void answer_place(struct place *place)
{
    const char *path = strchr(place->text, ' ') + 1;
    const char *number = strstr(path, "n=");
    if (number != NULL) {
        atomic_fetch_add(&asked[strtoul(number + 2, NULL, 10) % NUMBERS], 1);
    }
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i += 1) {
        size_t bytes = strlen(routes[i].path);
        if (strncmp(path, routes[i].path, bytes) == 0) {
            const char *text = routes[i].answer;
            bool is_head = strncmp(place->text, "HEAD", 4) == 0;
            size_t count = is_head ? (size_t)(strstr(text, "\r\n\r\n") - text) + 4 : strlen(text);
            bool sent = send(place->fd, text, count, MSG_NOSIGNAL) == (ssize_t)count;
            bool asked_to_close = strstr(place->text, "Connection: close") != NULL;
            if (!sent || routes[i].closes || asked_to_close) {
                end_place(place);
            }
            break;
        }
    }
    place->used = 0;
}

static void read_place(struct place *place)
{
    size_t room = sizeof place->text - 1 - place->used;
    ssize_t got = recv(place->fd, place->text + place->used, room, 0);
    if (got <= 0) {
        end_place(place);
        return;
    }
    place->used += (size_t)got;
    place->text[place->used] = '\0';
    if (strstr(place->text, "\r\n\r\n") != NULL) {
        answer_place(place);
    }
}

static void take_connection(void)
{
    int fd = accept(listener, NULL, NULL);
    atomic_fetch_add(&connections, 1);
    for (size_t i = 0; i < PLACES; i += 1) {
        if (places[i].fd < 0) {
            places[i].fd = fd;
            return;
        }
    }
    (void)close(fd);
}

static void *serve(void *unused)
{
    (void)unused;
    while (!atomic_load(&stopping)) {
        struct pollfd waiting[PLACES + 1];
        for (size_t i = 0; i < PLACES; i += 1) {
            waiting[i] = (struct pollfd){.fd = places[i].fd, .events = POLLIN};
        }
        waiting[PLACES] = (struct pollfd){.fd = listener, .events = POLLIN};
        (void)poll(waiting, PLACES + 1, 10);
        for (size_t i = 0; i < PLACES; i += 1) {
            if (waiting[i].revents != 0) {
                read_place(&places[i]);
            }
        }
        if (waiting[PLACES].revents != 0) {
            take_connection();
        }
    }
    return NULL;
}

static int set_up(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    for (size_t i = 0; i < PLACES; i += 1) {
        places[i].fd = -1;
    }
    for (size_t i = 0; i < NUMBERS; i += 1) {
        atomic_store(&asked[i], 0);
    }
    atomic_store(&stopping, false);
    atomic_store(&connections, 0);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, PLACES) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &bytes) != 0) {
        return -1;
    }
    port = ntohs(address.sin_port);
    return pthread_create(&thread, NULL, serve, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    atomic_store(&stopping, true);
    (void)pthread_join(thread, NULL);
    for (size_t i = 0; i < PLACES; i += 1) {
        if (places[i].fd >= 0) {
            end_place(&places[i]);
        }
    }
    (void)close(listener);
    return 0;
}

/* ---- The runs ---- */

static struct load load;

static struct options options_for(const char *target)
{
    return (struct options){.port = port,
                            .connections = 4,
                            .keep = true,
                            .seconds = 30,
                            .requests = 200,
                            .seed = 1,
                            .zipf_exponent = 1,
                            .targets = {target},
                            .target_count = 1,
                            .pids = {getpid()},
                            .pid_count = 1};
}

static void run_loop(const struct options *options, void (*loop)(struct load *))
{
    assert_true(load_init(&load, options));
    load_measure(&load);
    loop(&load);
    load_measured(&load);
    assert_int_equal(load.books.answered + load.books.failed, load.books.asked);
}

static void expect_answers(uint64_t answered, uint64_t failed, unsigned status)
{
    assert_int_equal(load.books.answered, answered);
    assert_int_equal(load.books.failed, failed);
    if (status > 0) {
        assert_int_equal(load.books.statuses[status], load.books.total.count);
    }
}

static void everybody_asks_in_a_closed_loop(void **state)
{
    (void)state;
    struct options options = options_for("/length?n=#");
    options.first = 100;
    run_loop(&options, load_closed);
    expect_answers(200, 0, 200);
    assert_int_equal(load.books.body_bytes, 1000);
    assert_int_equal(load.books.known, 200);
    assert_int_equal(load.books.first.count, 200);
    assert_int_equal(load.books.audio.count, 200);
    assert_int_equal(atomic_load(&connections), 4);
    for (size_t i = 0; i < NUMBERS; i += 1) {
        assert_int_equal(atomic_load(&asked[i]), i >= 100 && i < 300 ? 1 : 0);
    }
    assert_true(load.measured_ns > 0);
    assert_int_equal(load.measured_answers, 200);
    assert_true(load.cpu_ns[0] > 0 && load.own_cpu_ns > 0);
    load_deinit(&load);
}

static void connections_are_closed_when_they_are_not_kept(void **state)
{
    (void)state;
    struct options options = options_for("/chunked");
    options.keep = false;
    run_loop(&options, load_closed);
    expect_answers(200, 0, 200);
    assert_int_equal(load.books.known, 0);
    assert_int_equal(load.books.known_first.count, 0);
    assert_int_equal(load.books.body_bytes, 1000);
    assert_int_equal(atomic_load(&connections), 200);
    load_deinit(&load);
}

static void several_targets_take_turns(void **state)
{
    (void)state;
    struct options options = options_for("/length");
    options.targets[1] = "HEAD /length";
    options.targets[2] = "/unchanged|If-None-Match: \"x\"";
    options.target_count = 3;
    options.requests = 300;
    run_loop(&options, load_closed);
    expect_answers(300, 0, 0);
    assert_int_equal(load.books.statuses[200], 200);
    assert_int_equal(load.books.statuses[304], 100);
    assert_int_equal(load.books.body_bytes, 500);
    load_deinit(&load);
}

static void closed_connections_are_opened_again(void **state)
{
    (void)state;
    struct options options = options_for("/closing");
    options.requests = 20;
    run_loop(&options, load_closed);
    expect_answers(20, 0, 200);
    assert_int_equal(load.books.reopened, 0);
    load_deinit(&load);
    /* Who closes without a word may meet our next request, which is asked again. */
    options.targets[0] = "/rude";
    run_loop(&options, load_closed);
    expect_answers(20, 0, 200);
    load_deinit(&load);
}

static void what_breaks_off_has_failed(void **state)
{
    (void)state;
    struct options options = options_for("/cut");
    options.requests = 12;
    run_loop(&options, load_closed);
    expect_answers(0, 12, 0);
    load_deinit(&load);
    options.targets[0] = "/busy";
    run_loop(&options, load_closed);
    expect_answers(0, 12, 503);
    load_deinit(&load);
}

static void nobody_listens(void **state)
{
    (void)state;
    struct options options = options_for("/length");
    assert_int_equal(tear_down(NULL), 0);
    run_loop(&options, load_closed);
    expect_answers(0, 200, 0);
    load_deinit(&load);
    assert_int_equal(set_up(NULL), 0);
}

static void requests_arrive_in_an_open_loop(void **state)
{
    (void)state;
    struct options options = options_for("/length?n=#");
    options.rate = 2000;
    run_loop(&options, load_open);
    expect_answers(200, 0, 200);
    assert_int_equal(load.books.asked, 200);
    assert_true(atomic_load(&connections) <= 4);
    for (size_t i = 0; i < 200; i += 1) {
        assert_int_equal(atomic_load(&asked[i]), 1);
    }
    load_deinit(&load);
}

static void the_ideal_cache_walks_the_same_trace(void **state)
{
    (void)state;
    struct options options = options_for("/length?n=#");
    struct zipf zipf;
    struct lru lru;
    uint64_t hits = 0;
    unsigned counts[50] = {0};
    options.zipf_urls = 50;
    options.trace_from = 1000;
    options.lru_item_bytes = 5;
    options.lru_bytes = 50;
    run_loop(&options, load_closed);
    assert_true(zipf_init(&zipf, 50, 1, 1));
    assert_true(lru_init(&lru, 50, 50));
    for (uint64_t i = 0; i < 1200; i += 1) {
        uint32_t rank = zipf_draw(&zipf, i);
        bool hit = lru_touch(&lru, rank, 5);
        hits += i >= 1000 && hit;
        counts[rank] += i >= 1000;
    }
    assert_int_equal(load.books.ideal_hits, hits);
    assert_true(hits > 0 && hits < 200);
    for (size_t i = 0; i < 50; i += 1) {
        assert_int_equal(atomic_load(&asked[i]), counts[i]);
    }
    zipf_deinit(&zipf);
    lru_deinit(&lru);
    load_deinit(&load);
}

static void listeners_hear_whole_sounds(void **state)
{
    (void)state;
    struct options options = options_for("/length?n=#");
    options.play_s = 0.2;
    options.play_bytes = 5;
    options.seconds = 0.6;
    assert_true(load_init(&load, &options));
    load_listen(&load);
    assert_int_equal(load.books.failed, 0);
    assert_int_equal(load.books.answered, load.books.asked);
    assert_true(load.books.asked >= 4);
    assert_int_equal(load.books.body_bytes, 5 * load.books.asked);
    assert_true(load.measured_ns > 0);
    load_deinit(&load);
}

static void listeners_starve_when_nothing_comes(void **state)
{
    (void)state;
    struct options options = options_for("/half");
    options.play_s = 0.4;
    options.play_bytes = 100;
    options.seconds = 0.5;
    assert_true(load_init(&load, &options));
    load_listen(&load);
    assert_int_equal(load.books.asked, 4);
    assert_int_equal(load.books.failed, 4);
    assert_int_equal(load.books.starved, 4);
    assert_int_equal(load.books.lag.count, 4);
    assert_true(load.books.late_looks > 0 && load.books.late_looks <= load.books.looks);
    load_deinit(&load);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(everybody_asks_in_a_closed_loop),
        CASE(connections_are_closed_when_they_are_not_kept),
        CASE(several_targets_take_turns),
        CASE(closed_connections_are_opened_again),
        CASE(what_breaks_off_has_failed),
        CASE(nobody_listens),
        CASE(requests_arrive_in_an_open_loop),
        CASE(the_ideal_cache_walks_the_same_trace),
        CASE(listeners_hear_whole_sounds),
        CASE(listeners_starve_when_nothing_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
