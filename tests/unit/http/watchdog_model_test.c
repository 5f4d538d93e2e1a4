/*
 * tests/unit/http/watchdog_model_test.c - the watchdog against a model of it, at random.
 * Aim:    whatever order connections come, go and change phase in, exactly those are cut whose time
 *         is over, each once; a descriptor that was given again is never touched.
 * Method: a printed seed draws the steps. The model counts rounds of its own and knows nothing of
 *         words, marks or slices. Descriptors that leave the table are closed at once, so that the
 *         next connection gets the number; every third is a stranger the table never hears of.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/series.h"
#include "core/base/stats.h"
#include "core/dsp/mix64.h"
#include "core/memory/boot.h"
#include "server/http/watchdog.h"
#include "tests/support/tcp_pair.h"

#define SLOTS 24
#define STEPS 60000
#define FILES_MAX 256
#define STREAM_TICKS 60
#define HEAD_BYTES 7

enum model_state {
    MODEL_FREE,
    MODEL_STRANGER, /* a connection that is not in the table */
    MODEL_HANDED,
    MODEL_HEAD,
    MODEL_IDLE,
    MODEL_BODY,
    MODEL_RESPONSE
};

struct model {
    enum model_state state;
    struct tcp_pair pair;
    struct scr_connection *entry;
    uint32_t rounds;      /* since the phase began */
    uint32_t head_rounds; /* since a round saw the first byte of the next head */
    bool has_begun;       /* that byte is there */
    bool was_seen;
    bool in_request;
    bool is_cut;
};

static struct scr_connection_table table;
static struct scr_watchdog watchdog;
static struct model models[SLOTS];
static int64_t expected_cuts;
static uint64_t seed;
static uint64_t drawn;

static uint64_t draw(uint64_t below)
{
    return scr_mix64(seed + drawn++) % below;
}

static void begin(struct model *model, enum model_state state)
{
    model->state = state;
    model->rounds = 0;
    model->head_rounds = 0;
    model->has_begun = false;
    model->was_seen = false;
}

/* ---- Steps ---- */

static void open_one(struct model *model)
{
    static const struct scr_address nobody;
    uint32_t daemon = 0;
    *model = (struct model){.pair = tcp_pair_open()};
    if (draw(3) == 0) {
        begin(model, MODEL_STRANGER);
        return;
    }
    assert_int_equal(scr_connections_enter(&table, model->pair.ours, &nobody, &daemon), SCR_OK);
    begin(model, MODEL_HANDED);
}

static void close_one(struct model *model)
{
    if (model->state != MODEL_STRANGER) {
        scr_connections_leave(&table, model->pair.ours);
    }
    tcp_pair_close(&model->pair);
    model->state = MODEL_FREE;
}

static void start(struct model *model)
{
    /* The time of a head runs from acceptance: rounds go on being counted. */
    model->entry = scr_connections_start(&table, model->pair.ours);
    model->state = MODEL_HEAD;
}

static void make_head_whole(struct model *model)
{
    tcp_pair_send(&model->pair, HEAD_BYTES - (model->has_begun ? 1 : 0));
    (void)tcp_pair_drain(model->pair.ours);
    if (!model->in_request) {
        scr_connections_begin_request(model->entry);
    }
    model->in_request = true;
    scr_connections_begin_body(&table, model->entry, HEAD_BYTES);
    begin(model, MODEL_BODY);
}

/* The first byte of a head, or with it the request line. */
static void send_part(struct model *model)
{
    if (!model->has_begun) {
        tcp_pair_send(&model->pair, 1);
        model->has_begun = true;
    } else if (!model->in_request) {
        scr_connections_begin_request(model->entry);
        model->in_request = true;
    }
}

static void step_on(struct model *model)
{
    switch (model->state) {
    case MODEL_FREE:
        open_one(model);
        return;
    case MODEL_STRANGER:
        return;
    case MODEL_HANDED:
        start(model);
        return;
    case MODEL_HEAD:
    case MODEL_IDLE:
        if (draw(2) == 0) {
            send_part(model);
        } else {
            make_head_whole(model);
        }
        return;
    case MODEL_BODY:
        scr_connections_begin_response(&table, model->entry, SCR_HTTP_SLOW_S);
        begin(model, MODEL_RESPONSE);
        return;
    case MODEL_RESPONSE:
        scr_connections_end_request(&table, model->entry);
        model->in_request = false;
        begin(model, MODEL_IDLE);
        return;
    }
}

/* ---- The model of a round ---- */

static bool is_time_over(const struct model *model)
{
    switch (model->state) {
    case MODEL_FREE:
    case MODEL_STRANGER:
    case MODEL_HANDED:
        return false;
    case MODEL_HEAD:
        return model->rounds > SCR_WATCH_TICKS(SCR_HTTP_HEAD_S);
    case MODEL_IDLE:
        return model->was_seen ? model->head_rounds >= SCR_WATCH_TICKS(SCR_HTTP_HEAD_S)
                               : model->rounds > SCR_WATCH_TICKS(SCR_HTTP_IDLE_S);
    case MODEL_BODY:
        return model->rounds > SCR_WATCH_TICKS(SCR_HTTP_BODY_S);
    case MODEL_RESPONSE:
        return model->rounds > STREAM_TICKS;
    }
    return false;
}

static void model_round(void)
{
    for (size_t i = 0; i < SLOTS; i++) {
        struct model *model = &models[i];
        model->rounds++;
        if (model->was_seen) {
            model->head_rounds++;
        }
        if (model->state == MODEL_IDLE && model->has_begun) {
            model->was_seen = true;
        }
        if (!model->is_cut && is_time_over(model)) {
            model->is_cut = true;
            expected_cuts++;
        }
    }
}

static int64_t cuts(void)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < SCR_CUT_COUNT; i++) {
        sum += scr_stats_read(SCR_STAT_HTTP_CUT, i);
    }
    return sum;
}

/* As its client sees it. */
static bool is_open(const struct model *model)
{
    return tcp_pair_look(model->pair.theirs) == TCP_END_NONE;
}

static void compare(void)
{
    assert_int_equal(cuts(), expected_cuts);
    for (size_t i = 0; i < SLOTS; i++) {
        struct model *model = &models[i];
        if (model->state == MODEL_FREE) {
            continue;
        }
        if (!model->is_cut) {
            assert_true(is_open(model));
            continue;
        }
        tcp_pair_expect_end(model->pair.theirs,
                            model->state == MODEL_RESPONSE ? TCP_END_RESET : TCP_END_CLEAN);
        /* Its daemon notices. */
        close_one(model);
    }
}

static void test_random_lives(void **state)
{
    (void)state;
    const char *given = getenv("SCREAM_TEST_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    scr_boot_enter(SCR_BOOT_OPEN);
    scr_stats_reset();
    assert_int_equal(scr_connections_init(&table, SLOTS, FILES_MAX, 2), SCR_OK);
    scr_watchdog_init(&watchdog, &table, INT64_C(1000000) * SCR_WATCH_PERIOD_MS * STREAM_TICKS);
    for (uint32_t i = 0; i < STEPS; i++) {
        struct model *model = &models[draw(SLOTS)];
        uint64_t kind = draw(100);
        if (kind < 60) {
            scr_watchdog_tick(&watchdog);
            model_round();
            compare();
        } else if (kind < 95) {
            step_on(model);
        } else if (model->state != MODEL_FREE) {
            close_one(model);
        }
    }
    assert_true(expected_cuts > 100);
    for (size_t i = 0; i < SLOTS; i++) {
        if (models[i].state != MODEL_FREE) {
            close_one(&models[i]);
        }
    }
    assert_int_equal(scr_connections_count(&table), 0);
    scr_connections_deinit(&table);
    assert_int_equal(scr_boot_bytes(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_lives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
