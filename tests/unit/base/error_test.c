/*
 * tests/unit/base/error_test.c - the error table.
 * Aim:    every error has a name fit for an address, a class and a sentence; names are unique.
 * Method: all rows are visited; SCR_TRY is run both ways.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/error.h"
#include "tests/support/death.h"

static void test_ok(void **state)
{
    (void)state;
    assert_int_equal(SCR_OK, 0);
    assert_string_equal(scr_err_name(SCR_OK), "ok");
    assert_int_equal(scr_err_class(SCR_OK), SCR_CLASS_NONE);
    assert_true(strlen(scr_err_sentence(SCR_OK)) > 0);
}

static void test_every_row(void **state)
{
    (void)state;
    for (int i = SCR_OK + 1; i < SCR_ERR_COUNT; i += 1) {
        const char *name = scr_err_name((enum scr_err)i);
        const char *sentence = scr_err_sentence((enum scr_err)i);
        assert_true(strlen(name) > 0);
        for (const char *at = name; *at != '\0'; at += 1) {
            assert_true(islower((unsigned char)*at) || *at == '-');
        }
        assert_true(scr_err_class((enum scr_err)i) > SCR_CLASS_NONE);
        assert_true(scr_err_class((enum scr_err)i) <= SCR_CLASS_INTERNAL);
        assert_true(isupper((unsigned char)sentence[0]));
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
    }
}

static void test_names_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < SCR_ERR_COUNT; i += 1) {
        for (int j = 0; j < i; j += 1) {
            assert_string_not_equal(scr_err_name((enum scr_err)i), scr_err_name((enum scr_err)j));
        }
    }
}

/* Names are addresses of pages: a few, by heart, so that nobody renames them unawares. */
static void test_stable_names(void **state)
{
    (void)state;
    assert_string_equal(scr_err_name(SCR_ERR_PARAM_UNKNOWN), "unknown-parameter");
    assert_int_equal(scr_err_class(SCR_ERR_PARAM_UNKNOWN), SCR_CLASS_INPUT);
    assert_string_equal(scr_err_name(SCR_ERR_PARAM_RANGE), "value-out-of-range");
    assert_string_equal(scr_err_name(SCR_ERR_NOT_FOUND), "not-found");
    assert_int_equal(scr_err_class(SCR_ERR_NOT_FOUND), SCR_CLASS_MISSING);
    assert_string_equal(scr_err_name(SCR_ERR_ARENA_FULL), "arena-full");
    assert_int_equal(scr_err_class(SCR_ERR_ARENA_FULL), SCR_CLASS_BUSY);
    assert_string_equal(scr_err_name(SCR_ERR_CODEC), "codec-failed");
    assert_int_equal(scr_err_class(SCR_ERR_CODEC), SCR_CLASS_INTERNAL);
}

static enum scr_err try_it(enum scr_err first, int *reached)
{
    SCR_TRY(first);
    *reached += 1;
    return SCR_OK;
}

static void test_try(void **state)
{
    (void)state;
    int reached = 0;
    assert_int_equal(try_it(SCR_ERR_IO, &reached), SCR_ERR_IO);
    assert_int_equal(reached, 0);
    assert_int_equal(try_it(SCR_OK, &reached), SCR_OK);
    assert_int_equal(reached, 1);
}

static void ask_name(void *context)
{
    (void)scr_err_name((enum scr_err) * (const int *)context);
}

static void ask_class(void *context)
{
    (void)scr_err_class((enum scr_err) * (const int *)context);
}

static void ask_sentence(void *context)
{
    (void)scr_err_sentence((enum scr_err) * (const int *)context);
}

static void test_no_such_error_dies(void **state)
{
    (void)state;
    int beyond = SCR_ERR_COUNT;
    int below = -1;
    assert_dies(ask_name, &beyond);
    assert_dies(ask_name, &below);
    assert_dies(ask_class, &beyond);
    assert_dies(ask_sentence, &beyond);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ok),
        cmocka_unit_test(test_every_row),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_stable_names),
        cmocka_unit_test(test_try),
        cmocka_unit_test(test_no_such_error_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
