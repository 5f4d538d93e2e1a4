/*
 * tests/unit/load/lru_test.c - the ideal cache beside the arena.
 * Aim:    the least recently used item goes first, as many as needed and no more; bytes are counted
 *         exactly; what does not fit at all is not kept.
 * Method: traces by hand; random traces against a cache that is written the slowest and plainest
 *         way, a list that is searched (seed printed).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bench/load/lru.h"
#include "core/dsp/mix64.h"

#define ITEMS 40

static void the_oldest_goes_first(void **state)
{
    (void)state;
    struct lru lru;
    assert_true(lru_init(&lru, 4, 30));
    assert_false(lru_touch(&lru, 0, 10));
    assert_false(lru_touch(&lru, 1, 10));
    assert_false(lru_touch(&lru, 2, 10));
    assert_int_equal(lru.used_bytes, 30);
    assert_true(lru_touch(&lru, 0, 10));  /* now 1 is the oldest */
    assert_false(lru_touch(&lru, 3, 10)); /* and goes */
    assert_true(lru_touch(&lru, 0, 10));
    assert_true(lru_touch(&lru, 2, 10));
    assert_false(lru_touch(&lru, 1, 10));
    assert_int_equal(lru.used_bytes, 30);
    lru_deinit(&lru);
}

static void large_ones_push_out_several(void **state)
{
    (void)state;
    struct lru lru;
    assert_true(lru_init(&lru, 4, 30));
    assert_false(lru_touch(&lru, 0, 10));
    assert_false(lru_touch(&lru, 1, 10));
    assert_false(lru_touch(&lru, 2, 10));
    assert_false(lru_touch(&lru, 3, 15));
    assert_int_equal(lru.used_bytes, 25);
    assert_true(lru_touch(&lru, 2, 10));
    assert_false(lru_touch(&lru, 0, 5));
    assert_int_equal(lru.used_bytes, 30);
    lru_deinit(&lru);
}

static void edges_of_the_capacity(void **state)
{
    (void)state;
    struct lru lru;
    assert_true(lru_init(&lru, 3, 30));
    assert_false(lru_touch(&lru, 0, 30));
    assert_true(lru_touch(&lru, 0, 30));
    assert_false(lru_touch(&lru, 1, 31));
    assert_false(lru_touch(&lru, 1, 31));
    assert_true(lru_touch(&lru, 0, 30));
    assert_int_equal(lru.used_bytes, 30);
    lru_deinit(&lru);
    assert_true(lru_init(&lru, 1, 0));
    assert_false(lru_touch(&lru, 0, 1));
    assert_false(lru_touch(&lru, 0, 1));
    lru_deinit(&lru);
}

/* Newest first; bytes of each. */
struct plain {
    uint32_t items[ITEMS];
    uint64_t bytes[ITEMS];
    uint32_t count;
};

static uint64_t used(const struct plain *plain)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < plain->count; i += 1) {
        sum += plain->bytes[i];
    }
    return sum;
}

static void drop(struct plain *plain, uint32_t at)
{
    plain->count -= 1;
    memmove(&plain->items[at], &plain->items[at + 1], (plain->count - at) * sizeof(uint32_t));
    memmove(&plain->bytes[at], &plain->bytes[at + 1], (plain->count - at) * sizeof(uint64_t));
}

static bool plain_touch(struct plain *plain, uint64_t capacity, uint32_t item, uint64_t bytes)
{
    bool was_there = false;
    for (uint32_t i = 0; i < plain->count; i += 1) {
        if (plain->items[i] == item) {
            was_there = true;
            drop(plain, i);
            break;
        }
    }
    if (bytes > capacity) {
        return was_there;
    }
    while (used(plain) + bytes > capacity) {
        drop(plain, plain->count - 1);
    }
    memmove(&plain->items[1], &plain->items[0], plain->count * sizeof(uint32_t));
    memmove(&plain->bytes[1], &plain->bytes[0], plain->count * sizeof(uint64_t));
    plain->items[0] = item;
    plain->bytes[0] = bytes;
    plain->count += 1;
    return was_there;
}

static void random_traces_beside_a_plain_list(void **state)
{
    (void)state;
    const char *given = getenv("SCREAM_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    for (uint64_t round = 0; round < 20; round += 1) {
        struct lru lru;
        struct plain plain = {.count = 0};
        uint64_t capacity = 50 + scr_mix64(seed + round) % 400;
        assert_true(lru_init(&lru, ITEMS, capacity));
        for (uint64_t i = 0; i < 2000; i += 1) {
            uint64_t draw = scr_mix64(seed + round * 10000 + i);
            uint32_t item = (uint32_t)(draw % ITEMS);
            uint64_t bytes = 1 + draw / ITEMS % 60;
            bool wanted = plain_touch(&plain, capacity, item, bytes);
            assert_int_equal(lru_touch(&lru, item, bytes), wanted);
            assert_int_equal(lru.used_bytes, used(&plain));
            assert_true(lru.used_bytes <= capacity);
        }
        lru_deinit(&lru);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_goes_first),
        cmocka_unit_test(large_ones_push_out_several),
        cmocka_unit_test(edges_of_the_capacity),
        cmocka_unit_test(random_traces_beside_a_plain_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
