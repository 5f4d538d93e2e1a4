/*
 * tests/unit/memory/boot_test.c - allocation at boot, and never again.
 * Aim:    memory is zeroed, aligned and counted; what cannot be had is an error that leaves
 *         everything as it was; allocating or freeing in the wrong phase dies.
 * Method: sizes around every edge; an impossible size; wrong phases in a child process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"
#include "tests/support/death.h"

/* The sanitizers would end the program where malloc returns NULL. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static int begin(void **state)
{
    (void)state;
    scr_boot_enter(SCR_BOOT_OPEN);
    return scr_boot_bytes() == 0 ? 0 : -1;
}

static int end(void **state)
{
    return begin(state);
}

static void test_zeroed_aligned_counted(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 63, 64, 65, 127, 128, 4096, 65536, 1000001};
    enum {
        COUNT = sizeof sizes / sizeof sizes[0]
    };
    void *blocks[COUNT];
    uint64_t total = 0;
    for (size_t i = 0; i < COUNT; i += 1) {
        assert_int_equal(scr_boot_allocate(sizes[i], &blocks[i]), SCR_OK);
        assert_int_equal((uintptr_t)blocks[i] % 64, 0);
        total += sizes[i];
        assert_int_equal(scr_boot_bytes(), total);
        const uint8_t *bytes = blocks[i];
        for (size_t j = 0; j < sizes[i]; j += 1) {
            assert_int_equal(bytes[j], 0);
        }
        memset(blocks[i], 0xff, sizes[i]);
    }
    for (size_t i = 0; i < COUNT; i += 1) {
        scr_boot_free(blocks[i]);
        total -= sizes[i];
        assert_int_equal(scr_boot_bytes(), total);
    }
}

/* Freed memory that comes back is zero again. */
static void test_zeroed_again(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round += 1) {
        void *memory = NULL;
        assert_int_equal(scr_boot_allocate(100, &memory), SCR_OK);
        const uint8_t *bytes = memory;
        for (size_t i = 0; i < 100; i += 1) {
            assert_int_equal(bytes[i], 0);
        }
        memset(memory, 0xff, 100);
        scr_boot_free(memory);
    }
}

static void test_impossible_sizes(void **state)
{
    (void)state;
    static const volatile size_t sizes[] = {
        SIZE_MAX, SIZE_MAX - 63, SIZE_MAX - 127, SIZE_MAX - 128, SIZE_MAX / 2, SIZE_MAX / 4};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i += 1) {
        int mark = 0;
        void *memory = &mark;
        assert_int_equal(scr_boot_allocate(sizes[i], &memory), SCR_ERR_MEMORY);
        assert_ptr_equal(memory, &mark);
        assert_int_equal(scr_boot_bytes(), 0);
    }
}

static void test_null_is_free(void **state)
{
    (void)state;
    scr_boot_free(NULL);
    assert_int_equal(scr_boot_bytes(), 0);
}

static void test_phases(void **state)
{
    (void)state;
    void *memory = NULL;
    assert_int_equal(scr_boot_allocate(64, &memory), SCR_OK);
    scr_boot_enter(SCR_BOOT_SEALED);
    assert_int_equal(scr_boot_bytes(), 64);
    memset(memory, 1, 64);
    scr_boot_enter(SCR_BOOT_TEARDOWN);
    scr_boot_free(memory);
    assert_int_equal(scr_boot_bytes(), 0);
    scr_boot_enter(SCR_BOOT_OPEN);
    assert_int_equal(scr_boot_allocate(64, &memory), SCR_OK);
    scr_boot_free(memory);
}

static void allocate_in(void *context)
{
    void *memory = NULL;
    scr_boot_enter(*(const enum scr_boot_phase *)context);
    (void)!scr_boot_allocate(64, &memory);
}

static void allocate_nothing(void *context)
{
    void *memory = context;
    (void)!scr_boot_allocate(0, &memory);
}

static void free_while_sealed(void *context)
{
    scr_boot_enter(SCR_BOOT_SEALED);
    scr_boot_free(context);
}

static void test_mistakes_die(void **state)
{
    (void)state;
    enum scr_boot_phase phase = SCR_BOOT_SEALED;
    assert_dies(allocate_in, &phase);
    phase = SCR_BOOT_TEARDOWN;
    assert_dies(allocate_in, &phase);
    assert_dies(allocate_nothing, NULL);
    void *memory = NULL;
    assert_int_equal(scr_boot_allocate(64, &memory), SCR_OK);
    assert_dies(free_while_sealed, memory);
    scr_boot_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_aligned_counted),
        cmocka_unit_test(test_zeroed_again),
        cmocka_unit_test(test_impossible_sizes),
        cmocka_unit_test(test_null_is_free),
        cmocka_unit_test(test_phases),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
