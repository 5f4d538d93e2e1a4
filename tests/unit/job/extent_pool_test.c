/*
 * tests/unit/job/extent_pool_test.c - taking and giving back extents.
 * Aim:    no extent is given twice, all come back, memory is what was announced; the emulator
 *         sees a byte written between two extents, and one read after its release.
 * Method: take all, mark each, compare; release in another order. In a build with SCR_EMULATOR and
 *         AddressSanitizer, the same sins in child processes.
 */
#include "core/job/extent_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"
#include "core/memory/poison.h"
#include "tests/support/death.h"

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

#if defined SCR_EMULATOR && defined SCR_HAS_ASAN

/* Both extents are taken, so that only the border between them can be what is seen. */
static void write_between(void *context)
{
    const struct scr_extent_pool *pool = context;
    volatile uint8_t *bytes = scr_extent_pool_bytes(pool, 0);
    bytes[SCR_EXTENT_BYTES] = 1;
}

static void read_released(void *context)
{
    struct scr_extent_pool *pool = context;
    const uint16_t extent = 0;
    const volatile uint8_t *bytes = scr_extent_pool_bytes(pool, extent);
    scr_extent_pool_release(pool, &extent, 1);
    (void)bytes[7];
}

static void write_inside(void *context)
{
    const struct scr_extent_pool *pool = context;
    volatile uint8_t *bytes = scr_extent_pool_bytes(pool, 0);
    bytes[SCR_EXTENT_BYTES - 1] = 1;
}

static void the_emulator_sees_borders(void **state)
{
    (void)state;
    char said[4096];
    struct scr_extent_pool pool;
    uint16_t extents[2];
    assert_int_equal(scr_extent_pool_init(&pool, 2), SCR_OK);
    scr_extent_pool_acquire(&pool, extents, 2);
    (void)death_of(write_inside, &pool, said, sizeof said);
    assert_string_equal(said, "");
    (void)death_of(write_between, &pool, said, sizeof said);
    assert_non_null(strstr(said, "heap-buffer-overflow"));
    (void)death_of(read_released, &pool, said, sizeof said);
    assert_non_null(strstr(said, "heap-use-after-free"));
    scr_extent_pool_release(&pool, extents, 2);
    scr_extent_pool_deinit(&pool);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extents_are_distinct),
#if defined SCR_EMULATOR && defined SCR_HAS_ASAN
        cmocka_unit_test(the_emulator_sees_borders),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
