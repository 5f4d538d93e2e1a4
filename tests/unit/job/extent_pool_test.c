/*
 * tests/unit/job/extent_pool_test.c - taking and giving back extents.
 * Aim:    no extent is given twice, all that is free can be had, in one run if there is one; all
 *         come back and join; memory is what was announced; the emulator sees a byte written
 *         behind a file, and one read after its release.
 * Method: files are marked byte for byte and compared, in small cases and in thousands of random
 *         steps. In a build with SCR_EMULATOR and AddressSanitizer, the sins in child processes.
 */
#include "core/job/extent_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"
#include "core/memory/poison.h"
#include "tests/support/death.h"

/* Fills a file of `count` extents with a mark, run by run; returns in how many runs it stands. */
static uint32_t
mark_file(const struct scr_extent_pool *pool, uint32_t first, uint32_t count, int mark)
{
    uint64_t bytes = (uint64_t)count * SCR_EXTENT_BYTES;
    uint32_t runs = 0;
    for (uint64_t at = 0; at < bytes; runs += 1) {
        size_t left = 0;
        uint8_t *run = scr_extent_pool_at(pool, first, at, &left);
        assert_true(left > 0 && left % SCR_EXTENT_BYTES == 0 && left <= bytes - at);
        memset(run, mark, left);
        at += left;
    }
    return runs;
}

static void check_file(const struct scr_extent_pool *pool, uint32_t first, uint32_t count, int mark)
{
    for (uint64_t at = 0; at < (uint64_t)count * SCR_EXTENT_BYTES; at += 511) {
        size_t left = 0;
        assert_int_equal(*scr_extent_pool_at(pool, first, at, &left), mark);
    }
}

static void files_are_apart_and_whole(void **state)
{
    (void)state;
    enum {
        COUNT = 9
    };
    struct scr_extent_pool pool;
    uint64_t before = scr_boot_bytes();
    assert_int_equal(scr_extent_pool_init(&pool, COUNT), SCR_OK);
    assert_int_equal(scr_boot_bytes() - before, scr_extent_pool_memory_bytes(COUNT));
    uint32_t a = scr_extent_pool_acquire(&pool, 4);
    uint32_t b = scr_extent_pool_acquire(&pool, COUNT - 4);
    assert_int_equal(pool.free_count, 0);
    assert_false(scr_extent_pool_has_run(&pool, 1));
    assert_int_equal(mark_file(&pool, a, 4, 1), 1);
    assert_int_equal(mark_file(&pool, b, COUNT - 4, 2), 1);
    check_file(&pool, a, 4, 1);
    check_file(&pool, b, COUNT - 4, 2);
    scr_extent_pool_release(&pool, b);
    assert_true(scr_extent_pool_has_run(&pool, COUNT - 4));
    assert_false(scr_extent_pool_has_run(&pool, COUNT - 3));
    scr_extent_pool_release(&pool, a);
    assert_int_equal(pool.free_count, COUNT);
    assert_true(scr_extent_pool_has_run(&pool, COUNT));
    scr_extent_pool_deinit(&pool);
    assert_int_equal(scr_boot_bytes(), before);
}

static void a_file_takes_the_run_that_fits_best(void **state)
{
    (void)state;
    struct scr_extent_pool pool;
    assert_int_equal(scr_extent_pool_init(&pool, 32), SCR_OK);
    uint32_t large = scr_extent_pool_acquire(&pool, 7);
    uint32_t wall = scr_extent_pool_acquire(&pool, 1);
    uint32_t small = scr_extent_pool_acquire(&pool, 5);
    uint32_t rest = scr_extent_pool_acquire(&pool, 19);
    scr_extent_pool_release(&pool, small);
    scr_extent_pool_release(&pool, large);
    assert_int_equal(scr_extent_pool_acquire(&pool, 5), small);
    /* Nothing holds eight: the large run and one more from elsewhere. */
    scr_extent_pool_release(&pool, small);
    uint32_t split = scr_extent_pool_acquire(&pool, 8);
    assert_int_equal(mark_file(&pool, split, 8, 3), 2);
    check_file(&pool, split, 8, 3);
    assert_int_equal(pool.free_count, 4);
    scr_extent_pool_release(&pool, wall);
    scr_extent_pool_release(&pool, split);
    scr_extent_pool_release(&pool, rest);
    scr_extent_pool_deinit(&pool);
}

/* Thousands of files come and go; each keeps its bytes, and in the end all is one run again. */
static void random_files_keep_their_bytes(void **state)
{
    (void)state;
    enum {
        EXTENTS = 200,
        FILES = 24,
        STEPS = 20000
    };
    unsigned seed = 20261121;
    print_message("seed %u\n", seed);
    srand(seed);
    struct scr_extent_pool pool;
    uint32_t first[FILES];
    uint32_t count[FILES] = {0};
    uint32_t taken = 0;
    assert_int_equal(scr_extent_pool_init(&pool, EXTENTS), SCR_OK);
    for (int step = 0; step < STEPS; step += 1) {
        int f = rand() % FILES;
        if (count[f] > 0) {
            check_file(&pool, first[f], count[f], f);
            scr_extent_pool_release(&pool, first[f]);
            taken -= count[f];
            count[f] = 0;
        } else if (taken < EXTENTS) {
            uint32_t wanted = 1 + (uint32_t)rand() % 40;
            uint32_t room = EXTENTS - taken;
            count[f] = wanted < room ? wanted : room; /* all that is free can be had */
            bool one = scr_extent_pool_has_run(&pool, count[f]);
            first[f] = scr_extent_pool_acquire(&pool, count[f]);
            assert_int_equal(mark_file(&pool, first[f], count[f], f) == 1, one);
            taken += count[f];
        }
        assert_int_equal(pool.free_count, EXTENTS - taken);
    }
    for (int f = 0; f < FILES; f += 1) {
        if (count[f] > 0) {
            scr_extent_pool_release(&pool, first[f]);
        }
    }
    assert_true(scr_extent_pool_has_run(&pool, EXTENTS));
    scr_extent_pool_deinit(&pool);
}

#if defined SCR_EMULATOR && defined SCR_HAS_ASAN

/* Both extents are taken, so that only the border between them can be what is seen. */
static void write_between(void *context)
{
    size_t left = 0;
    volatile uint8_t *bytes = scr_extent_pool_at(context, 0, 0, &left);
    bytes[left] = 1;
}

static void read_released(void *context)
{
    size_t left = 0;
    const volatile uint8_t *bytes = scr_extent_pool_at(context, 0, 0, &left);
    scr_extent_pool_release(context, 0);
    (void)bytes[7];
}

static void write_inside(void *context)
{
    size_t left = 0;
    volatile uint8_t *bytes = scr_extent_pool_at(context, 0, 0, &left);
    bytes[left - 1] = 1;
}

static void the_emulator_sees_borders(void **state)
{
    (void)state;
    char said[4096];
    struct scr_extent_pool pool;
    assert_int_equal(scr_extent_pool_init(&pool, 4), SCR_OK);
    assert_int_equal(scr_extent_pool_acquire(&pool, 2), 0);
    uint32_t other = scr_extent_pool_acquire(&pool, 2);
    (void)death_of(write_inside, &pool, said, sizeof said);
    assert_string_equal(said, "");
    (void)death_of(write_between, &pool, said, sizeof said);
    assert_non_null(strstr(said, "heap-buffer-overflow"));
    (void)death_of(read_released, &pool, said, sizeof said);
    assert_non_null(strstr(said, "heap-use-after-free"));
    scr_extent_pool_release(&pool, 0);
    scr_extent_pool_release(&pool, other);
    scr_extent_pool_deinit(&pool);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_apart_and_whole),
        cmocka_unit_test(a_file_takes_the_run_that_fits_best),
        cmocka_unit_test(random_files_keep_their_bytes),
#if defined SCR_EMULATOR && defined SCR_HAS_ASAN
        cmocka_unit_test(the_emulator_sees_borders),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
