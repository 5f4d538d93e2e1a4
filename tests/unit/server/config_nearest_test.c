/*
 * tests/unit/server/config_nearest_test.c - suggestions for wrong names.
 * Aim:    slips of a letter and names that are half right find their setting; the rest finds none.
 * Method: names people wrote, against the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/config_nearest.h"

static void names_find_their_setting(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum scr_setting setting;
    } cases[] = {{"volum", SCR_SETTING_VOLUME},
                 {"rates", SCR_SETTING_RATE},
                 {"rate_limit", SCR_SETTING_RATE},
                 {"RATE_LIMIT", SCR_SETTING_RATE},
                 {"rate-limit", SCR_SETTING_RATE},
                 {"ratelimit", SCR_SETTING_RATE},
                 {"max_conn", SCR_SETTING_MAX_CONNECTIONS},
                 {"max_connection", SCR_SETTING_MAX_CONNECTIONS},
                 {"connections", SCR_SETTING_MAX_CONNECTIONS},
                 {"burst", SCR_SETTING_RATE_BURST},
                 {"per_address", SCR_SETTING_MAX_PER_ADDRESS},
                 {"drain", SCR_SETTING_DRAIN_DELAY},
                 {"timeout", SCR_SETTING_DRAIN_TIMEOUT},
                 {"trusted_proxy", SCR_SETTING_TRUSTED_PROXIES},
                 {"admin", SCR_SETTING_ADMIN_PORT},
                 {"something_else", SCR_SETTING_COUNT},
                 {"a", SCR_SETTING_COUNT},
                 {"", SCR_SETTING_COUNT},
                 {"_", SCR_SETTING_COUNT},
                 {"__ra__", SCR_SETTING_COUNT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        enum scr_setting found = scr_setting_nearest(cases[i].name, false);
        if (found != cases[i].setting) {
            fail_msg("%s: %s",
                     cases[i].name,
                     found == SCR_SETTING_COUNT ? "nothing" : scr_setting_info(found)->key);
        }
    }
}

static void a_key_without_a_variable_is_for_files(void **state)
{
    (void)state;
    assert_int_equal(scr_setting_nearest("dry_rum", false), SCR_SETTING_DRY_RUN);
    assert_int_equal(scr_setting_nearest("dry_rum", true), SCR_SETTING_COUNT);
}

/* Both edges of what is looked at. */
static void long_names_find_nothing(void **state)
{
    (void)state;
    char name[65];
    memset(name, '_', sizeof name);
    memcpy(name, "drain", 5);
    name[63] = '\0';
    assert_int_equal(scr_setting_nearest(name, true), SCR_SETTING_DRAIN_DELAY);
    name[63] = '_';
    name[64] = '\0';
    assert_int_equal(scr_setting_nearest(name, true), SCR_SETTING_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_find_their_setting),
        cmocka_unit_test(a_key_without_a_variable_is_for_files),
        cmocka_unit_test(long_names_find_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
