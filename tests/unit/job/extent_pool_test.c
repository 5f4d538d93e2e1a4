/*
 * tests/unit/job/extent_pool_test.c - taking and giving back extents.
 * Aim:    no extent is given twice, all come back, memory is what was announced.
 * Method: take all, mark each, compare; release in another order.
 */
#include "core/job/extent_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"

static void extents_are_distinct(void **state)
{
    (void)state;
    enum {
        COUNT = 9
    };
    struct scr_extent_pool pool;
    uint16_t extents[COUNT];
    uint64_t before = scr_boot_bytes();
    assert_int_equal(scr_extent_pool_init(&pool, COUNT), SCR_OK);
    assert_int_equal(scr_boot_bytes() - before, scr_extent_pool_memory_bytes(COUNT));
    scr_extent_pool_acquire(&pool, extents, 4);
    scr_extent_pool_acquire(&pool, extents + 4, COUNT - 4);
    assert_int_equal(pool.free_count, 0);
    for (int i = 0; i < COUNT; i += 1) {
        memset(scr_extent_pool_bytes(&pool, extents[i]), i, SCR_EXTENT_BYTES);
    }
    for (int i = 0; i < COUNT; i += 1) {
        const uint8_t *bytes = scr_extent_pool_bytes(&pool, extents[i]);
        assert_int_equal(bytes[0], i);
        assert_int_equal(bytes[SCR_EXTENT_BYTES - 1], i);
    }
    scr_extent_pool_release(&pool, extents + 4, COUNT - 4);
    scr_extent_pool_release(&pool, extents, 4);
    assert_int_equal(pool.free_count, COUNT);
    scr_extent_pool_deinit(&pool);
    assert_int_equal(scr_boot_bytes(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(extents_are_distinct)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
