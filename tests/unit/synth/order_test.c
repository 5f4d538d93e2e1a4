/*
 * tests/unit/synth/order_test.c - from what was asked for to the parameters of one scream.
 * Aim:    preset, seed and overrides; what is fresh; configured bounds; the culprit.
 * Method: orders built by hand; for every parameter of the table, that giving it changes that
 *         field and no other.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/synth/params.h"
#include "core/synth/preset.h"
#include "tests/support/death.h"

#define FRESH UINT64_C(0xfeedface)

static const struct scr_order_bounds wide = {.duration_ns_max = SCR_DURATION_MAX_NS,
                                             .volume_max = 1.0};

static void give(struct scr_order *order, enum scr_param param)
{
    order->given |= UINT64_C(1) << param;
}

static void give_preset(struct scr_order *order, enum scr_preset preset)
{
    order->values.preset = (uint32_t)preset;
    give(order, SCR_PARAM_PRESET);
}

static void give_seed(struct scr_order *order, uint64_t seed)
{
    order->values.seed = seed;
    give(order, SCR_PARAM_SEED);
}

static struct scr_params resolve(struct scr_order *order)
{
    struct scr_params params;
    enum scr_param culprit;
    assert_int_equal(scr_order_resolve(order, &wide, FRESH, &params, &culprit), SCR_OK);
    return params;
}

static void assert_refused(struct scr_order *order,
                           const struct scr_order_bounds *bounds,
                           enum scr_param wanted)
{
    struct scr_params params;
    struct scr_params before;
    memset(&params, 0x5a, sizeof params);
    memcpy(&before, &params, sizeof params);
    enum scr_param culprit = SCR_PARAM_COUNT;
    assert_int_equal(scr_order_resolve(order, bounds, FRESH, &params, &culprit),
                     SCR_ERR_PARAM_RANGE);
    assert_int_equal(culprit, wanted);
    assert_memory_equal(&params, &before, sizeof params);
}

static void test_nothing_given_is_fresh(void **state)
{
    (void)state;
    struct scr_order order;
    struct scr_params wanted;
    scr_order_init(&order);
    assert_true(scr_order_is_fresh(&order));
    assert_false(scr_order_has(&order, SCR_PARAM_SEED));
    struct scr_params params = resolve(&order);
    scr_preset_params(SCR_PRESET_RANDOM, FRESH, &wanted);
    assert_memory_equal(&params, &wanted, sizeof params);
}

static void test_what_is_fresh(void **state)
{
    (void)state;
    struct scr_order order;
    scr_order_init(&order);
    give_preset(&order, SCR_PRESET_RANDOM);
    assert_true(scr_order_is_fresh(&order));
    assert_int_equal(resolve(&order).seed, FRESH);
    give_seed(&order, 5);
    assert_false(scr_order_is_fresh(&order));
    assert_int_equal(resolve(&order).seed, 5);

    scr_order_init(&order);
    give_preset(&order, SCR_PRESET_ROBOT);
    assert_false(scr_order_is_fresh(&order));
    assert_int_equal(resolve(&order).seed, 0);
    assert_int_equal(resolve(&order).preset, SCR_PRESET_ROBOT);
    order.seed_random = true;
    assert_true(scr_order_is_fresh(&order));
    assert_int_equal(resolve(&order).seed, FRESH);
    give_seed(&order, 5);
    assert_int_equal(resolve(&order).seed, FRESH);

    scr_order_init(&order);
    give_seed(&order, UINT64_MAX);
    assert_false(scr_order_is_fresh(&order));
    assert_int_equal(resolve(&order).seed, UINT64_MAX);
    assert_int_equal(resolve(&order).preset, SCR_PRESET_RANDOM);
}

/* Writes a valid value that differs from the preset's. */
static void change(struct scr_params *values, const struct scr_param_info *info)
{
    char *field = (char *)values + info->offset;
    double real = info->minimum + (info->maximum - info->minimum) * 0.515625;
    uint32_t count;
    int64_t whole = INT64_C(-123456789);
    switch (info->kind) {
    case SCR_PARAM_KIND_REAL:
        memcpy(field, &real, sizeof real);
        break;
    case SCR_PARAM_KIND_COUNT:
        count = (uint32_t)info->minimum;
        memcpy(field, &count, sizeof count);
        break;
    case SCR_PARAM_KIND_SIGNED:
        memcpy(field, &whole, sizeof whole);
        break;
    case SCR_PARAM_KIND_DURATION:
        values->duration_ns = INT64_C(1234567890);
        break;
    case SCR_PARAM_KIND_CHOICE:
        values->finish = SCR_FINISH_RAW;
        break;
    case SCR_PARAM_KIND_PRESET:
    case SCR_PARAM_KIND_SEED:
        break;
    }
}

static void test_each_override_alone(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i++) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        struct scr_order order;
        struct scr_params wanted;
        scr_order_init(&order);
        scr_preset_params(SCR_PRESET_CLASSIC, 0, &wanted);
        change(&order.values, info);
        change(&wanted, info);
        give(&order, (enum scr_param)i);
        give_preset(&order, SCR_PRESET_CLASSIC);
        assert_true(scr_order_has(&order, (enum scr_param)i));
        struct scr_params params = resolve(&order);
        assert_memory_equal(&params, &wanted, sizeof params);
    }
}

static void test_overrides_of_random(void **state)
{
    (void)state;
    struct scr_order order;
    struct scr_params wanted;
    scr_order_init(&order);
    give_seed(&order, 99);
    order.values.primary.amp = 0.0625;
    give(&order, SCR_PARAM_PRIMARY_AMP);
    struct scr_params params = resolve(&order);
    scr_preset_params(SCR_PRESET_RANDOM, 99, &wanted);
    assert_true(wanted.primary.amp != 0.0625);
    wanted.primary.amp = 0.0625;
    assert_memory_equal(&params, &wanted, sizeof params);
}

static void test_minus_zero_is_zero(void **state)
{
    (void)state;
    struct scr_order order;
    scr_order_init(&order);
    give_preset(&order, SCR_PRESET_CLASSIC);
    order.values.volume = -0.0;
    order.values.highpass_hz = -0.0;
    give(&order, SCR_PARAM_VOLUME);
    give(&order, SCR_PARAM_HIGHPASS_HZ);
    struct scr_params params = resolve(&order);
    assert_false(signbit(params.volume));
    assert_false(signbit(params.highpass_hz));
}

static void test_duration_bound(void **state)
{
    (void)state;
    const struct scr_order_bounds short_one = {.duration_ns_max = INT64_C(1000000000),
                                               .volume_max = 1.0};
    struct scr_order order;
    struct scr_params params;
    enum scr_param culprit;
    scr_order_init(&order);
    give_preset(&order, SCR_PRESET_CLASSIC);
    assert_int_equal(scr_order_resolve(&order, &short_one, 0, &params, &culprit), SCR_OK);
    assert_int_equal(params.duration_ns, INT64_C(1000000000));
    assert_true(order.bounded);
    assert_true(scr_order_has(&order, SCR_PARAM_DURATION)); /* its address says so */
    assert_false(scr_order_has(&order, SCR_PARAM_VOLUME));
    /* Asked for in so many words, the same length is nothing that was changed. */
    assert_int_equal(scr_order_resolve(&order, &short_one, 0, &params, &culprit), SCR_OK);
    assert_int_equal(params.duration_ns, INT64_C(1000000000));
    assert_false(order.bounded);
    order.values.duration_ns = INT64_C(1000000001);
    assert_refused(&order, &short_one, SCR_PARAM_DURATION);
    /* A fault later in the table does not hide it, an earlier one does. */
    order.values.limit = 7.0;
    give(&order, SCR_PARAM_LIMIT);
    assert_refused(&order, &short_one, SCR_PARAM_DURATION);
    order.values.engine = 7;
    give(&order, SCR_PARAM_ENGINE);
    assert_refused(&order, &short_one, SCR_PARAM_ENGINE);
}

static void test_volume_bound(void **state)
{
    (void)state;
    const struct scr_order_bounds half = {.duration_ns_max = SCR_DURATION_MAX_NS,
                                          .volume_max = 0.5};
    struct scr_order order;
    struct scr_params params;
    enum scr_param culprit;
    scr_order_init(&order);
    give_preset(&order, SCR_PRESET_CLASSIC);
    assert_int_equal(scr_order_resolve(&order, &half, 0, &params, &culprit), SCR_OK);
    assert_true(params.volume == 0.5);
    assert_true(order.bounded && scr_order_has(&order, SCR_PARAM_VOLUME));
    assert_false(scr_order_has(&order, SCR_PARAM_DURATION));
    order.values.volume = 0.25;
    assert_int_equal(scr_order_resolve(&order, &half, 0, &params, &culprit), SCR_OK);
    assert_true(params.volume == 0.25);
    order.values.volume = 0.75;
    assert_int_equal(scr_order_resolve(&order, &half, 0, &params, &culprit), SCR_OK);
    assert_true(params.volume == 0.5);
    order.values.volume = 1.5;
    assert_refused(&order, &half, SCR_PARAM_VOLUME);
}

static void test_refusals(void **state)
{
    (void)state;
    struct scr_order order;
    scr_order_init(&order);
    order.values.preset = SCR_PRESET_COUNT;
    give(&order, SCR_PARAM_PRESET);
    assert_refused(&order, &wide, SCR_PARAM_PRESET);
    order.values.preset = UINT32_MAX;
    assert_refused(&order, &wide, SCR_PARAM_PRESET);
    scr_order_init(&order);
    order.values.comp_ratio = 0.5;
    give(&order, SCR_PARAM_COMP_RATIO);
    assert_refused(&order, &wide, SCR_PARAM_COMP_RATIO);
    order.values.comp_ratio = (double)NAN;
    assert_refused(&order, &wide, SCR_PARAM_COMP_RATIO);
}

static void resolve_without_bounds(void *context)
{
    struct scr_order *order = context;
    const struct scr_order_bounds none = {.duration_ns_max = 0};
    struct scr_params params;
    enum scr_param culprit;
    (void)!scr_order_resolve(order, &none, 0, &params, &culprit);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    struct scr_order order;
    scr_order_init(&order);
    assert_dies(resolve_without_bounds, &order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_given_is_fresh),
        cmocka_unit_test(test_what_is_fresh),
        cmocka_unit_test(test_each_override_alone),
        cmocka_unit_test(test_overrides_of_random),
        cmocka_unit_test(test_minus_zero_is_zero),
        cmocka_unit_test(test_duration_bound),
        cmocka_unit_test(test_volume_bound),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
