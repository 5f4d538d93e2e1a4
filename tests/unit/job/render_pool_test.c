/*
 * tests/unit/job/render_pool_test.c - render states and their lasting encoders.
 * Aim:    as many as asked for, each with its own encoder; a used one serves again; the edge.
 */
#include "core/job/render_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/memory/boot.h"

static void states_come_and_go(void **state)
{
    (void)state;
    struct scr_render_pool pool;
    struct scr_render_state *a = NULL;
    struct scr_render_state *b = NULL;
    struct scr_render_state *c = NULL;
    uint64_t before = scr_boot_bytes();
    assert_int_equal(scr_render_pool_init(&pool, 2), SCR_OK);
    assert_int_equal(scr_boot_bytes() - before, scr_render_pool_memory_bytes(2));
    assert_int_equal(scr_render_pool_acquire(&pool, &a), SCR_OK);
    assert_int_equal(scr_render_pool_acquire(&pool, &b), SCR_OK);
    assert_ptr_not_equal(a->encoder, b->encoder);
    assert_int_equal(scr_render_pool_acquire(&pool, &c), SCR_ERR_POOL_FULL);
    a->primed = true;
    scr_render_pool_release(&pool, a);
    assert_int_equal(scr_render_pool_acquire(&pool, &c), SCR_OK);
    assert_false(c->primed);
    assert_int_equal(scr_opus_encoder_reset(c->encoder, SCR_BITRATE_DEFAULT), SCR_OK);
    scr_render_pool_release(&pool, b);
    scr_render_pool_release(&pool, c);
    scr_render_pool_deinit(&pool);
    assert_int_equal(scr_boot_bytes(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(states_come_and_go)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
