/*
 * tests/unit/memory/cells_test.c - equal cells, opened and closed.
 * Aim:    cells are aligned, whole and apart; numbers and addresses belong together; what is closed
 *         is out of bounds; memory is what was announced; misuse dies.
 * Method: several shapes, every cell filled to its last byte; AddressSanitizer asked about borders;
 *         misuse in a child process. The same cases hold in the emulator build.
 */
#include "core/memory/cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"
#include "core/memory/poison.h"
#include "tests/support/death.h"

enum {
    COUNT = 5
};

static void check_shape(size_t cell_bytes)
{
    struct scr_cells cells;
    uint64_t before = scr_boot_bytes();
    assert_int_equal(scr_cells_init(&cells, COUNT, cell_bytes), SCR_OK);
    assert_int_equal(scr_boot_bytes() - before, scr_cells_memory_bytes(COUNT, cell_bytes));
    assert_true(scr_cells_memory_bytes(COUNT, cell_bytes) >= COUNT * cell_bytes);
    for (uint32_t i = 0; i < COUNT; i += 1) {
        uint8_t *cell = scr_cells_open(&cells, i);
        assert_int_equal((uintptr_t)cell % 64, 0);
        assert_ptr_equal(cell, scr_cells_at(&cells, i));
        assert_int_equal(scr_cells_index(&cells, cell), i);
        memset(cell, (int)i, cell_bytes);
    }
    for (uint32_t i = 0; i < COUNT; i += 1) {
        const uint8_t *cell = scr_cells_at(&cells, i);
        for (size_t j = 0; j < cell_bytes; j += 1) {
            assert_int_equal(cell[j], i);
        }
        scr_cells_close(&cells, i);
    }
    scr_cells_deinit(&cells);
    assert_int_equal(scr_boot_bytes(), before);
}

static void test_shapes(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 8, 63, 64, 65, 1000, 65536};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i += 1) {
        check_shape(sizes[i]);
    }
}

static void test_opened_again(void **state)
{
    (void)state;
    struct scr_cells cells;
    assert_int_equal(scr_cells_init(&cells, 2, 100), SCR_OK);
    for (int round = 0; round < 3; round += 1) {
        memset(scr_cells_open(&cells, 1), round, 100);
        scr_cells_close(&cells, 1);
    }
    scr_cells_deinit(&cells);
}

static void test_runs_are_one_piece(void **state)
{
    (void)state;
    struct scr_cells cells;
    assert_int_equal(scr_cells_init(&cells, COUNT, 128), SCR_OK);
    uint8_t *whole = scr_cells_open_run(&cells, 0, COUNT);
    memset(whole, 7, COUNT * 128);
    assert_ptr_equal(scr_cells_at(&cells, 0), whole);
    scr_cells_close_run(&cells, 0, COUNT);
    uint8_t *first = scr_cells_open_run(&cells, 1, 2);
    uint8_t *second = scr_cells_open_run(&cells, 3, 2);
    memset(first, 1, 256);
    memset(second, 2, 256);
    assert_int_equal(first[255], 1);
    scr_cells_close_run(&cells, 1, 2);
    assert_int_equal(second[0], 2);
    scr_cells_close_run(&cells, 3, 2);
    scr_cells_deinit(&cells);
}

static void test_nothing_made(void **state)
{
    (void)state;
    static const volatile size_t huge = SIZE_MAX - 70;
    struct scr_cells cells = {0};
    scr_cells_deinit(&cells);
    assert_int_equal(scr_cells_init(&cells, 2, huge), SCR_ERR_MEMORY);
    assert_int_equal(scr_cells_init(&cells, 1, SIZE_MAX), SCR_ERR_MEMORY);
    assert_null(cells.block);
}

#ifdef SCR_HAS_ASAN
static void test_borders_are_poisoned(void **state)
{
    (void)state;
    struct scr_cells cells;
    assert_int_equal(scr_cells_init(&cells, 2, 100), SCR_OK);
    uint8_t *cell = scr_cells_open(&cells, 0);
    assert_null(__asan_region_is_poisoned(cell, 100));
    assert_int_equal(__asan_address_is_poisoned(cell + 100), 1);
    scr_cells_close(&cells, 0);
    assert_int_equal(__asan_address_is_poisoned(cell), 1);
    assert_int_equal(__asan_address_is_poisoned(cell + 99), 1);
    scr_cells_deinit(&cells);
}
#endif

static void at_the_end(void *context)
{
    (void)scr_cells_at(context, 2);
}

static void open_at_the_end(void *context)
{
    (void)scr_cells_open(context, 2);
}

static void index_of_the_middle(void *context)
{
    (void)scr_cells_index(context, (uint8_t *)scr_cells_at(context, 0) + 1);
}

static void index_of_a_stranger(void *context)
{
    (void)scr_cells_index(context, (uint8_t *)context - 4096);
}

static void no_cells(void *context)
{
    (void)!scr_cells_init(context, 0, 64);
}

static void no_bytes(void *context)
{
    (void)!scr_cells_init(context, 1, 0);
}

static void test_misuse_dies(void **state)
{
    (void)state;
    struct scr_cells cells;
    assert_int_equal(scr_cells_init(&cells, 2, 64), SCR_OK);
    (void)scr_cells_open(&cells, 0);
    assert_dies(at_the_end, &cells);
    assert_dies(open_at_the_end, &cells);
    assert_dies(index_of_the_middle, &cells);
    assert_dies(index_of_a_stranger, &cells);
    assert_dies(no_cells, &cells);
    assert_dies(no_bytes, &cells);
    scr_cells_close(&cells, 0);
    scr_cells_deinit(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_opened_again),
        cmocka_unit_test(test_runs_are_one_piece),
        cmocka_unit_test(test_nothing_made),
#ifdef SCR_HAS_ASAN
        cmocka_unit_test(test_borders_are_poisoned),
#endif
        cmocka_unit_test(test_misuse_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
