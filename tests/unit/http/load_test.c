/*
 * tests/unit/http/load_test.c - a crowd at four daemons.
 * Aim:    with more daemons than most test machines have cores, every kind of client at once is
 *         served right, and every slot, reader, stream and connection comes back.
 * Method: the whole HTTP side on loopback, more connections than places at times, an arena that
 *         must evict; ThreadSanitizer watches in the preset tsan.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "tests/support/http_bench.h"
#include "tests/support/load.h"

static void a_crowd_leaves_nothing(void **state)
{
    (void)state;
    struct http_bench bench;
    struct load_result result;
    const char *given = getenv("SCREAM_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu (repeat with SCREAM_TEST_SEED)\n", (unsigned long long)seed);
    http_bench_init_with(&bench, 24, 4 << 20, 4);
    const struct load load = {.port = bench.port, .clients = 16, .acts = 60, .seed = seed};
    load_run(&load, &result);
    assert_true(result.answered > 0);
    assert_int_equal(result.unheard, 0);
    http_bench_settle(&bench);
    http_bench_deinit(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_crowd_leaves_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
