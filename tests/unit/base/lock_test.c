/*
 * tests/unit/base/lock_test.c - a mutex that knows its holder.
 * Aim:    held is true for the holder alone; a lock excludes; every misuse dies instead of waiting
 *         for ever.
 * Method: a second thread for questions only it can ask; counting with four threads (the thread
 *         sanitizer's run is the stricter half of that test); misuse in a child process.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/lock.h"
#include "tests/support/death.h"

static void test_holder(void **state)
{
    (void)state;
    struct scr_lock lock;
    scr_lock_init(&lock);
    assert_false(scr_lock_held(&lock));
    scr_lock_acquire(&lock);
    assert_true(scr_lock_held(&lock));
    scr_lock_release(&lock);
    assert_false(scr_lock_held(&lock));
    assert_true(scr_lock_try_acquire(&lock));
    assert_true(scr_lock_held(&lock));
    scr_lock_release(&lock);
    scr_lock_deinit(&lock);
}

static void test_two_locks(void **state)
{
    (void)state;
    struct scr_lock outer;
    struct scr_lock inner;
    scr_lock_init(&outer);
    scr_lock_init(&inner);
    scr_lock_acquire(&outer);
    assert_false(scr_lock_held(&inner));
    scr_lock_acquire(&inner);
    scr_lock_release(&outer);
    assert_true(scr_lock_held(&inner));
    scr_lock_release(&inner);
    scr_lock_deinit(&inner);
    scr_lock_deinit(&outer);
}

struct stranger {
    struct scr_lock *lock;
    bool thought_held;
    bool taken;
};

static void *ask(void *context)
{
    struct stranger *stranger = context;
    stranger->thought_held = scr_lock_held(stranger->lock);
    stranger->taken = scr_lock_try_acquire(stranger->lock);
    if (stranger->taken) {
        scr_lock_release(stranger->lock);
    }
    return NULL;
}

static struct stranger ask_in_thread(struct scr_lock *lock)
{
    struct stranger stranger = {.lock = lock, .thought_held = true};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ask, &stranger), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    return stranger;
}

static void test_another_thread(void **state)
{
    (void)state;
    struct scr_lock lock;
    scr_lock_init(&lock);
    scr_lock_acquire(&lock);
    struct stranger stranger = ask_in_thread(&lock);
    assert_false(stranger.thought_held);
    assert_false(stranger.taken);
    assert_true(scr_lock_held(&lock));
    scr_lock_release(&lock);
    stranger = ask_in_thread(&lock);
    assert_false(stranger.thought_held);
    assert_true(stranger.taken);
    scr_lock_deinit(&lock);
}

enum {
    THREADS = 4,
    ROUNDS = 5000
};

struct shared {
    struct scr_lock lock;
    long count; /* guarded by lock */
};

static void *count_up(void *context)
{
    struct shared *shared = context;
    for (int i = 0; i < ROUNDS; i += 1) {
        scr_lock_acquire(&shared->lock);
        shared->count += 1;
        scr_lock_release(&shared->lock);
    }
    return NULL;
}

static void test_excludes(void **state)
{
    (void)state;
    struct shared shared = {.count = 0};
    pthread_t threads[THREADS];
    scr_lock_init(&shared.lock);
    for (int i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, &shared), 0);
    }
    for (int i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(shared.count, THREADS * ROUNDS);
    scr_lock_deinit(&shared.lock);
}

static void acquire_twice(void *context)
{
    scr_lock_acquire(context);
    scr_lock_acquire(context);
}

static void try_what_is_held(void *context)
{
    scr_lock_acquire(context);
    (void)scr_lock_try_acquire(context);
}

static void release_free(void *context)
{
    scr_lock_release(context);
}

static void deinit_held(void *context)
{
    scr_lock_acquire(context);
    scr_lock_deinit(context);
}

static void *release_it(void *context)
{
    scr_lock_release(context);
    return NULL;
}

static void release_for_another(void *context)
{
    pthread_t thread;
    scr_lock_acquire(context);
    (void)pthread_create(&thread, NULL, release_it, context);
    (void)pthread_join(thread, NULL);
}

static void test_misuse_dies(void **state)
{
    (void)state;
    struct scr_lock lock;
    scr_lock_init(&lock);
    assert_dies(acquire_twice, &lock);
    assert_dies(try_what_is_held, &lock);
    assert_dies(release_free, &lock);
    assert_dies(deinit_held, &lock);
    assert_dies(release_for_another, &lock);
    scr_lock_deinit(&lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holder),
        cmocka_unit_test(test_two_locks),
        cmocka_unit_test(test_another_thread),
        cmocka_unit_test(test_excludes),
        cmocka_unit_test(test_misuse_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
