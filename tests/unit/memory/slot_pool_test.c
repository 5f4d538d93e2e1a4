/*
 * tests/unit/memory/slot_pool_test.c - N equal slots, no more and no fewer.
 * Aim:    every slot is given once, whole and aligned; the slot after the last is an error; what
 *         is released comes back; foreign and double releases die; the arithmetic of its memory is
 *         exact.
 * Method: pools of several shapes emptied and refilled; threads that stamp their slots; misuse in
 *         a child process; under AddressSanitizer a released slot must be poisoned.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/memory/boot.h"
#include "core/memory/poison.h"
#include "core/memory/slot_pool.h"
#include "tests/support/death.h"

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

enum {
    COUNT_MAX = 32
};

static struct scr_slot_pool *make_pool(uint32_t count, size_t slot_bytes)
{
    struct scr_slot_pool *pool = NULL;
    assert_int_equal(scr_boot_bytes(), 0);
    assert_int_equal(scr_slot_pool_create(count, slot_bytes, &pool), SCR_OK);
    assert_non_null(pool);
    return pool;
}

static void end_pool(struct scr_slot_pool *pool)
{
    scr_slot_pool_destroy(&pool);
    assert_null(pool);
    assert_int_equal(scr_boot_bytes(), 0);
}

static void check_shape(uint32_t count, size_t slot_bytes)
{
    struct scr_slot_pool *pool = make_pool(count, slot_bytes);
    assert_int_equal(scr_boot_bytes(), scr_slot_pool_memory_bytes(count, slot_bytes));
    assert_int_equal(scr_slot_pool_count(pool), count);
    uint8_t *slots[COUNT_MAX];
    uint32_t seen = 0;
    for (uint32_t i = 0; i < count; i += 1) {
        void *slot = NULL;
        assert_int_equal(scr_slot_pool_used(pool), i);
        assert_int_equal(scr_slot_pool_acquire(pool, &slot), SCR_OK);
        assert_int_equal((uintptr_t)slot % 64, 0);
        uint32_t index = scr_slot_pool_index(pool, slot);
        assert_true(index < count);
        assert_true((seen >> index & 1) == 0);
        seen |= UINT32_C(1) << index;
        slots[i] = slot;
        memset(slot, (int)index, slot_bytes);
    }
    int mark = 0;
    void *none = &mark;
    assert_int_equal(scr_slot_pool_acquire(pool, &none), SCR_ERR_POOL_FULL);
    assert_ptr_equal(none, &mark);
    assert_int_equal(scr_slot_pool_used(pool), count);
    for (uint32_t i = 0; i < count; i += 1) {
        /* Whole: filling one slot never reached into another. */
        for (size_t j = 0; j < slot_bytes; j += 1) {
            assert_int_equal(slots[i][j], scr_slot_pool_index(pool, slots[i]));
        }
        scr_slot_pool_release(pool, slots[i]);
    }
    assert_int_equal(scr_slot_pool_used(pool), 0);
    end_pool(pool);
}

static void test_shapes(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 63, 64, 65, 1000, 65536};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i += 1) {
        check_shape(1, sizes[i]);
        check_shape(2, sizes[i]);
        check_shape(COUNT_MAX, sizes[i]);
    }
}

/* Full, one back, and exactly that one can be had again: the warm one. */
static void test_released_comes_back(void **state)
{
    (void)state;
    struct scr_slot_pool *pool = make_pool(3, 100);
    void *slots[3];
    for (int i = 0; i < 3; i += 1) {
        assert_int_equal(scr_slot_pool_acquire(pool, &slots[i]), SCR_OK);
    }
    for (int i = 0; i < 3; i += 1) {
        void *again = NULL;
        memset(slots[i], 0x11, 100);
        scr_slot_pool_release(pool, slots[i]);
        assert_int_equal(scr_slot_pool_acquire(pool, &again), SCR_OK);
#ifndef SCR_EMULATOR
        assert_ptr_equal(again, slots[i]);
#endif
#if defined SCR_SLOW_ASSERTS && !defined SCR_EMULATOR
        for (int j = 0; j < 100; j += 1) {
            assert_int_equal(((uint8_t *)again)[j], 0xdd);
        }
#endif
        slots[i] = again;
        assert_int_equal(scr_slot_pool_acquire(pool, &again), SCR_ERR_POOL_FULL);
    }
    for (int i = 0; i < 3; i += 1) {
        scr_slot_pool_release(pool, slots[i]);
    }
    end_pool(pool);
}

static void test_released_is_poisoned(void **state)
{
    (void)state;
#ifdef SCR_HAS_ASAN
    struct scr_slot_pool *pool = make_pool(2, 100);
    void *slot = NULL;
    assert_int_equal(scr_slot_pool_acquire(pool, &slot), SCR_OK);
    assert_null(__asan_region_is_poisoned(slot, 100));
    assert_int_equal(__asan_address_is_poisoned((uint8_t *)slot + 100), 1);
    scr_slot_pool_release(pool, slot);
    assert_int_equal(__asan_address_is_poisoned(slot), 1);
    assert_int_equal(__asan_address_is_poisoned((uint8_t *)slot + 99), 1);
    end_pool(pool);
#else
    print_message("SKIP: no AddressSanitizer in this build\n");
    skip();
#endif
}

static void test_impossible_pool(void **state)
{
    (void)state;
    static const volatile size_t slot_bytes = SIZE_MAX / 8;
    struct scr_slot_pool *pool = NULL;
    assert_int_equal(scr_slot_pool_create(1, slot_bytes, &pool), SCR_ERR_MEMORY);
    assert_null(pool);
    assert_int_equal(scr_boot_bytes(), 0);
}

static void test_destroy_nothing(void **state)
{
    (void)state;
    struct scr_slot_pool *pool = NULL;
    scr_slot_pool_destroy(&pool);
    assert_null(pool);
}

enum {
    THREADS = 4,
    ROUNDS = 3000,
    SLOTS = 3
};

/* A slot belongs to one thread while it is taken: nobody else's stamp may appear in it. */
static void *take_and_give(void *context)
{
    struct scr_slot_pool *pool = context;
    uintptr_t mistakes = 0;
    for (int i = 0; i < ROUNDS; i += 1) {
        void *slot = NULL;
        if (scr_slot_pool_acquire(pool, &slot) == SCR_OK) {
            pthread_t self = pthread_self();
            pthread_t found;
            memcpy(slot, &self, sizeof self);
            (void)sched_yield();
            memcpy(&found, slot, sizeof found);
            mistakes += pthread_equal(found, self) == 0;
            scr_slot_pool_release(pool, slot);
        }
    }
    return (void *)mistakes; /* NULL when there were none */
}

static void test_threads(void **state)
{
    (void)state;
    struct scr_slot_pool *pool = make_pool(SLOTS, 64);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, pool), 0);
    }
    for (int i = 0; i < THREADS; i += 1) {
        void *mistakes = NULL;
        assert_int_equal(pthread_join(threads[i], &mistakes), 0);
        assert_null(mistakes);
    }
    assert_int_equal(scr_slot_pool_used(pool), 0);
    end_pool(pool);
}

struct misuse {
    struct scr_slot_pool *pool;
    uint8_t *slot;
};

static void release_it(void *context)
{
    struct misuse *misuse = context;
    scr_slot_pool_release(misuse->pool, misuse->slot);
}

static void release_twice(void *context)
{
    release_it(context);
    release_it(context);
}

static void destroy_in_use(void *context)
{
    struct misuse *misuse = context;
    scr_slot_pool_destroy(&misuse->pool);
}

static void create_without_slots(void *context)
{
    struct misuse *misuse = context;
    (void)!scr_slot_pool_create(0, 64, &misuse->pool);
}

static void create_without_bytes(void *context)
{
    struct misuse *misuse = context;
    (void)!scr_slot_pool_create(1, 0, &misuse->pool);
}

static void create_while_sealed(void *context)
{
    struct misuse *misuse = context;
    scr_boot_enter(SCR_BOOT_SEALED);
    (void)!scr_slot_pool_create(1, 64, &misuse->pool);
}

static void test_misuse_dies(void **state)
{
    (void)state;
    struct scr_slot_pool *pool = make_pool(2, 64);
    void *slot = NULL;
    assert_int_equal(scr_slot_pool_acquire(pool, &slot), SCR_OK);
    uint8_t *first = slot;
    uint8_t *base = first - 64 * scr_slot_pool_index(pool, slot);
    assert_dies(release_twice, &(struct misuse){pool, first});
    assert_dies(release_it, &(struct misuse){pool, first + 1});
    assert_dies(release_it, &(struct misuse){pool, base - 64});
    assert_dies(release_it, &(struct misuse){pool, base + 128});
    /* The one nobody took. */
    assert_dies(release_it, &(struct misuse){pool, first == base ? base + 64 : base});
    assert_dies(destroy_in_use, &(struct misuse){pool, first});
    scr_slot_pool_release(pool, slot);
    end_pool(pool);
    assert_dies(create_without_slots, &(struct misuse){NULL, NULL});
    assert_dies(create_without_bytes, &(struct misuse){NULL, NULL});
    assert_dies(create_while_sealed, &(struct misuse){NULL, NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_released_comes_back),
        cmocka_unit_test(test_released_is_poisoned),
        cmocka_unit_test(test_impossible_pool),
        cmocka_unit_test(test_destroy_nothing),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_misuse_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
