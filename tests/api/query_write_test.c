/*
 * tests/api/query_write_test.c - canonical queries and sentences.
 * Aim:    write, parse, write is a fixpoint and the same sound; texts say what is allowed.
 * Method: literals, then random orders over the whole table with their seed printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/query.h"
#include "core/crypto/blake2b.h"
#include "core/job/key.h"
#include "core/synth/preset.h"

static const struct scr_order_bounds bounds = {
    .duration_ns_max = SCR_DURATION_MAX_DEFAULT_NS,
    .volume_max = 1.0,
};
static struct scr_query query;
static struct scr_query_error error;

static enum scr_err parse(const char *raw)
{
    return scr_query_parse(raw, &bounds, &query, &error);
}

static char chars[4096];

static const char *canonical(const char *raw, struct scr_params *params)
{
    struct scr_text text;
    if (parse(raw) != SCR_OK ||
        scr_query_resolve(&query.order, &bounds, 77, params, &error) != SCR_OK) {
        fail_msg("%s", raw);
    }
    scr_text_init(&text, chars, sizeof chars);
    scr_query_write(&query.order, params, &text);
    assert_false(text.overflow);
    return chars;
}

static void preset_seed_and_engine_always_stand(void **state)
{
    (void)state;
    struct scr_params params;
    assert_string_equal(canonical("", &params), "preset=random&seed=77&engine=2");
    assert_string_equal(canonical("preset=classic", &params), "preset=classic&seed=0&engine=2");
    assert_string_equal(canonical("seed=random&preset=robot", &params),
                        "preset=robot&seed=77&engine=2");
    assert_string_equal(canonical("seed=-1", &params),
                        "preset=random&seed=18446744073709551615&engine=2");
    assert_string_equal(canonical("download=1&boost_db=-0&duration=0m5.5s&preset=death-metal"
                                  "&primary_base_hz=1.2e3&bitrate=0096000&finish=raw&seed=3",
                                  &params),
                        "preset=death-metal&seed=3&engine=2&duration=5.5"
                        "&bitrate=96000&finish=raw&primary_base_hz=1200&boost_db=0");
}

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return random_state >> 20;
}

static void put_random_value(const struct scr_param_info *info, struct scr_text *text)
{
    double share = (double)(next_random() % 1000001) / 1e6;
    double real = info->minimum + share * (info->maximum - info->minimum);
    switch (info->kind) {
    case SCR_PARAM_KIND_PRESET:
        scr_text_put(text, scr_preset_name((enum scr_preset)(next_random() % SCR_PRESET_COUNT)));
        return;
    case SCR_PARAM_KIND_CHOICE:
        scr_text_put(text, scr_finish_name((enum scr_finish)(next_random() % SCR_FINISH_COUNT)));
        return;
    case SCR_PARAM_KIND_DURATION:
        scr_text_put_real(text, 0.05 + share * 59.9);
        return;
    case SCR_PARAM_KIND_REAL:
        scr_text_put_real(text, real);
        return;
    case SCR_PARAM_KIND_COUNT:
        scr_text_put_u64(text, (uint64_t)real / (real > 400 ? 400 : 1) * (real > 400 ? 400 : 1));
        return;
    case SCR_PARAM_KIND_SEED:
    case SCR_PARAM_KIND_SIGNED:
        scr_text_put_i64(text, (int64_t)(next_random() * 7919) - 1000000007);
        return;
    }
}

static void writing_is_a_fixpoint(void **state)
{
    (void)state;
    random_state = 4711;
    print_message("seed 4711\n");
    for (unsigned round = 0; round < 500; round += 1) {
        char raw[2048];
        char first[4096];
        struct scr_params params;
        struct scr_params again;
        struct scr_text text;
        scr_text_init(&text, raw, sizeof raw);
        for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
            const struct scr_param_info *info = scr_param_info((enum scr_param)i);
            if (next_random() % 3 == 0) {
                scr_text_put(&text, info->name);
                scr_text_put(&text, "=");
                put_random_value(info, &text);
                scr_text_put(&text, "&");
            }
        }
        size_t bytes = strlen(canonical(raw, &params));
        memcpy(first, chars, bytes + 1);
        assert_string_equal(canonical(first, &again), first);
        struct scr_key key = scr_key_of(&params);
        struct scr_key key_again = scr_key_of(&again);
        assert_true(scr_key_equal(&key, &key_again));
    }
}

static void every_parameter_says_what_it_allows(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        char allowed[SCR_QUERY_ALLOWED_BYTES];
        struct scr_text text;
        scr_text_init(&text, allowed, sizeof allowed);
        scr_query_allowed((enum scr_param)i, &bounds, &text);
        assert_false(text.overflow);
        assert_true(text.used > 0);
    }
    struct scr_text text;
    scr_text_init(&text, chars, sizeof chars);
    scr_query_allowed(SCR_PARAM_BITRATE, &bounds, &text);
    assert_string_equal(chars, "16000 to 256000 bit/s, a multiple of 400");
    scr_text_init(&text, chars, sizeof chars);
    scr_query_allowed(SCR_PARAM_ENGINE, &bounds, &text);
    assert_string_equal(chars, "2, the one epoch this program makes");
    scr_text_init(&text, chars, sizeof chars);
    scr_query_allowed(SCR_PARAM_CHANNELS, &bounds, &text);
    assert_string_equal(chars, "1 to 2, a whole number");
}

static void errors_become_one_line(void **state)
{
    (void)state;
    struct scr_text text;
    struct scr_order order;
    scr_order_init(&order);
    assert_int_equal(scr_query_set(&order, &bounds, "volume", "1\n\x1b[", &error),
                     SCR_ERR_PARAM_SYNTAX);
    scr_text_init(&text, chars, sizeof chars);
    scr_query_error_write(&error, &text);
    assert_string_equal(chars,
                        "volume: The value is not written the way this parameter needs. "
                        "Given: \"1??[\". Allowed: 0 to 1.");
    assert_int_equal(scr_query_set(&order, &bounds, "presett", "x", &error), SCR_ERR_PARAM_UNKNOWN);
    scr_text_init(&text, chars, sizeof chars);
    scr_query_error_write(&error, &text);
    assert_string_equal(chars,
                        "presett: There is no parameter of this name. Given: \"x\". "
                        "Did you mean \"preset\"?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preset_seed_and_engine_always_stand),
        cmocka_unit_test(writing_is_a_fixpoint),
        cmocka_unit_test(every_parameter_says_what_it_allows),
        cmocka_unit_test(errors_become_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
