/*
 * tests/api/handle_openapi_test.c - GET /openapi.yaml.
 * Aim:    the bytes served are the file of the repository.
 * Method: both are read and compared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/api_loopback.h"

static struct loopback loopback;

static int begin(void **state)
{
    (void)state;
    loopback_init(&loopback, 16, 4);
    return 0;
}

static int end(void **state)
{
    (void)state;
    loopback_deinit(&loopback);
    return 0;
}

#include <stdio.h>

static void the_file_is_served(void **state)
{
    (void)state;
    struct body body = fetch(&loopback, "/openapi.yaml", NULL, 200);
    FILE *file = fopen(SCR_SOURCE_DIR "/openapi.yaml", "rb");
    assert_non_null(file);
    uint8_t *bytes = malloc(body.count + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, body.count + 1, file), body.count);
    assert_memory_equal(bytes, body.bytes, body.count);
    fclose(file);
    free(bytes);
    body_free(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_file_is_served, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
