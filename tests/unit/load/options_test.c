/*
 * tests/unit/load/options_test.c - the command line of the load client.
 * Aim:    every word reaches its field; what makes no sense is refused, and no run is without a
 *         bound.
 * Method: rows of words, good and bad, both edges of what has a limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/load/options.h"

#define WORDS_MAX 24

static struct options options;

static bool read_words(const char *const words[])
{
    static char copies[WORDS_MAX][64];
    char *pointers[WORDS_MAX];
    int count = 0;
    while (words[count] != NULL) {
        (void)snprintf(copies[count], sizeof copies[count], "%s", words[count]);
        pointers[count] = copies[count];
        count += 1;
    }
    return options_read(&options, count, pointers);
}

static void every_word_reaches_its_field(void **state)
{
    (void)state;
    static const char *const words[] = {"load",
                                        "--port",
                                        "8080",
                                        "--target",
                                        "/a#",
                                        "--target",
                                        "HEAD /b",
                                        "--keep",
                                        "--seconds",
                                        "2.5",
                                        "--connections",
                                        "16384",
                                        "--rate",
                                        "40",
                                        "--zipf",
                                        "10000",
                                        "--lru-bytes",
                                        "134217728",
                                        "--lru-item-bytes",
                                        "37146",
                                        "--pid",
                                        "1",
                                        NULL};
    assert_true(read_words(words));
    assert_int_equal(options.port, 8080);
    assert_int_equal(options.connections, 16384);
    assert_int_equal(options.target_count, 2);
    assert_string_equal(options.targets[1], "HEAD /b");
    assert_true(options.keep);
    assert_false(options.real_time);
    assert_true(options.seconds == 2.5);
    assert_true(options.rate == 40);
    assert_int_equal(options.zipf_urls, 10000);
    assert_true(options.zipf_exponent == 1);
    assert_int_equal(options.lru_bytes, 134217728);
    assert_int_equal(options.lru_item_bytes, 37146);
    assert_int_equal(options.pid_count, 1);
    assert_int_equal(options.pids[0], 1);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][12] = {
        {"load", NULL},
        {"load", "--port", "80", "--target", "/", NULL},                      /* no bound in time */
        {"load", "--port", "80", "--seconds", "1", NULL},                     /* nothing to ask */
        {"load", "--target", "/", "--seconds", "1", NULL},                    /* nobody to ask */
        {"load", "--port", "65536", "--target", "/", "--seconds", "1", NULL}, /* no port */
        {"load", "--port", "80x", "--target", "/", "--seconds", "1", NULL},
        {"load", "--port", "-80", "--target", "/", "--seconds", "1", NULL},
        {"load", "--port", "80", "--target", "/", "--seconds", "-1", NULL},
        {"load", "--port", "80", "--target", "/", "--seconds", NULL},
        {"load", "--port", "80", "--target", "/", "--seconds", "1", "--fast", NULL},
        {"load", "--port", "80", "--target", "/", "--seconds", "1", "--play", "3", NULL},
        {"load",
         "--port",
         "80",
         "--target",
         "/",
         "--seconds",
         "1",
         "--rest",
         "1",
         "--connections",
         "2",
         NULL},
        {"load", "--port", "80", "--target", "/", "--seconds", "1", "--lru-bytes", "9", NULL},
        {"load", "--port", "80", "--target", "/", "--seconds", "1", "--connections", "0", NULL},
        {"load", "--port", "80", "--target", "/", "--seconds", "1", "--connections", "16385", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += 1) {
        assert_false(read_words(rows[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_reaches_its_field),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
