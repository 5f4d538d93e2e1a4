/*
 * tests/unit/server/config_test.c - settings from defaults, environment and flags.
 * Aim:    every row of the table has a valid default; sources overrule each other in the documented
 *         order; each kind accepts both edges of its range and refuses what lies beyond, with a
 *         sentence that names the setting, the value and what is allowed.
 * Method: scr_config_load on made-up environments and flags; files have a test of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/config.h"

static struct scr_config config;
static struct scr_config_report report;

static enum scr_err load(const char *row, enum scr_setting flag, const char *flag_value)
{
    char copy[4096] = "";
    char *environment[2] = {NULL, NULL};
    struct scr_config_sources sources = {.environment = environment};
    if (row != NULL) {
        assert_true(strlen(row) < sizeof copy);
        memcpy(copy, row, strlen(row) + 1);
        environment[0] = copy;
    }
    if (flag_value != NULL) {
        sources.flags[flag] = flag_value;
    }
    return scr_config_load(&sources, &config, &report);
}

static enum scr_err load_env(const char *row)
{
    return load(row, SCR_SETTING_TOKEN, NULL);
}

static void assert_says(const char *word)
{
    if (strstr(report.error, word) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", report.error, word);
    }
}

static void defaults_are_the_documented_ones(void **state)
{
    (void)state;
    assert_int_equal(load_env(NULL), SCR_OK);
    assert_string_equal(report.error, "");
    assert_int_equal(report.warning_count, 0);
    assert_string_equal(scr_config_text(&config, SCR_SETTING_BACKEND), "native");
    assert_string_equal(scr_config_text(&config, SCR_SETTING_PRESET), "classic");
    assert_string_equal(scr_config_text(&config, SCR_SETTING_FORMAT), "ogg");
    assert_string_equal(scr_config_text(&config, SCR_SETTING_HTTP_ADDR), "127.0.0.1");
    assert_true(scr_config_real(&config, SCR_SETTING_VOLUME) == 1.0);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_HTTP_PORT), 8080);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_ARENA_BYTES), SCR_ARENA_BYTES_DEFAULT);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_MAX_CONNECTIONS),
                     SCR_CONNECTIONS_DEFAULT);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_MAX_DURATION),
                     SCR_DURATION_MAX_DEFAULT_NS);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_RATE_BURST), 20);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_DRAIN_DELAY), 0);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_DRAIN_TIMEOUT), INT64_C(30000000000));
    assert_false(scr_config_value(&config, SCR_SETTING_TOKEN)->is_set);
    assert_false(scr_config_value(&config, SCR_SETTING_DURATION)->is_set);
    assert_false(scr_config_value(&config, SCR_SETTING_LOG_LEVEL)->is_set);
}

static void the_table_agrees_with_the_limits(void **state)
{
    (void)state;
    const struct scr_setting_info *duration = scr_setting_info(SCR_SETTING_MAX_DURATION);
    assert_true(duration->minimum * 1e9 == (double)SCR_DURATION_MIN_NS);
    assert_true(duration->maximum * 1e9 == (double)SCR_DURATION_MAX_NS);
    assert_true(scr_setting_info(SCR_SETTING_DRAIN_DELAY)->maximum * 1e9 ==
                (double)SCR_DRAIN_MAX_NS);
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const struct scr_setting_info *info = scr_setting_info((enum scr_setting)i);
        enum scr_setting found = SCR_SETTING_COUNT;
        assert_true(scr_setting_find_key(info->key, &found));
        assert_int_equal(found, i);
        assert_int_equal(info->flag[0] == '\0', info->commands == 0);
        assert_true(info->sentence[strlen(info->sentence) - 1] == '.');
    }
}

static void flags_overrule_the_environment(void **state)
{
    (void)state;
    assert_int_equal(load("SCREAM_HTTP_PORT=1", SCR_SETTING_HTTP_PORT, "2"), SCR_OK);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_HTTP_PORT), 2);
    assert_int_equal(scr_config_value(&config, SCR_SETTING_HTTP_PORT)->origin, SCR_ORIGIN_FLAG);
    assert_int_equal(load_env("SCREAM_HTTP_PORT=1"), SCR_OK);
    assert_int_equal(scr_config_value(&config, SCR_SETTING_HTTP_PORT)->origin,
                     SCR_ORIGIN_ENVIRONMENT);
    /* A wrong variable is found even when a flag would have won. */
    assert_int_equal(load("SCREAM_HTTP_PORT=x", SCR_SETTING_HTTP_PORT, "2"), SCR_ERR_PARAM_SYNTAX);
    assert_int_equal(report.error_origin, SCR_ORIGIN_ENVIRONMENT);
}

static void an_empty_variable_is_unset(void **state)
{
    (void)state;
    assert_int_equal(load_env("SCREAM_VOLUME="), SCR_OK);
    assert_int_equal(scr_config_value(&config, SCR_SETTING_VOLUME)->origin, SCR_ORIGIN_DEFAULT);
}

static void of_a_repeated_variable_the_first_counts(void **state)
{
    (void)state;
    char first[] = "SCREAM_HTTP_PORT=1";
    char second[] = "SCREAM_HTTP_PORT=2";
    char *environment[] = {first, second, NULL};
    struct scr_config_sources sources = {.environment = environment};
    assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
    assert_int_equal(scr_config_integer(&config, SCR_SETTING_HTTP_PORT), 1);
}

struct value_case {
    const char *row;
    enum scr_err err;
    enum scr_setting setting;
    int64_t integer;
};

/* Both edges of every range, and the first value beyond. */
static const struct value_case value_cases[] = {
    {"SCREAM_HTTP_PORT=0", SCR_OK, SCR_SETTING_HTTP_PORT, 0},
    {"SCREAM_HTTP_PORT=65535", SCR_OK, SCR_SETTING_HTTP_PORT, 65535},
    {"SCREAM_HTTP_PORT=65536", SCR_ERR_PARAM_RANGE, SCR_SETTING_HTTP_PORT, 0},
    {"SCREAM_HTTP_PORT=-1", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_HTTP_PORT, 0},
    {"SCREAM_HTTP_PORT= 80", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_HTTP_PORT, 0},
    {"SCREAM_HTTP_PORT=0x50", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_HTTP_PORT, 0},
    {"SCREAM_HTTP_PORT=99999999999999999999", SCR_ERR_PARAM_RANGE, SCR_SETTING_HTTP_PORT, 0},
    {"SCREAM_MAX_CONNECTIONS=8", SCR_OK, SCR_SETTING_MAX_CONNECTIONS, 8},
    {"SCREAM_MAX_CONNECTIONS=7", SCR_ERR_PARAM_RANGE, SCR_SETTING_MAX_CONNECTIONS, 0},
    {"SCREAM_MAX_CONNECTIONS=16384", SCR_OK, SCR_SETTING_MAX_CONNECTIONS, 16384},
    {"SCREAM_MAX_CONNECTIONS=16385", SCR_ERR_PARAM_RANGE, SCR_SETTING_MAX_CONNECTIONS, 0},
    {"SCREAM_ARENA_BYTES=1MiB", SCR_OK, SCR_SETTING_ARENA_BYTES, 1 << 20},
    {"SCREAM_ARENA_BYTES=1048576", SCR_OK, SCR_SETTING_ARENA_BYTES, 1 << 20},
    {"SCREAM_ARENA_BYTES=1048575", SCR_ERR_PARAM_RANGE, SCR_SETTING_ARENA_BYTES, 0},
    {"SCREAM_ARENA_BYTES=2048KiB", SCR_OK, SCR_SETTING_ARENA_BYTES, 2 << 20},
    {"SCREAM_ARENA_BYTES=64Mi", SCR_OK, SCR_SETTING_ARENA_BYTES, 64 << 20},
    {"SCREAM_ARENA_BYTES=4GiB", SCR_OK, SCR_SETTING_ARENA_BYTES, INT64_C(4) << 30},
    {"SCREAM_ARENA_BYTES=5GiB", SCR_ERR_PARAM_RANGE, SCR_SETTING_ARENA_BYTES, 0},
    {"SCREAM_ARENA_BYTES=18446744073709551615GiB", SCR_ERR_PARAM_RANGE, SCR_SETTING_ARENA_BYTES, 0},
    {"SCREAM_ARENA_BYTES=9999999999999999999GiB", SCR_ERR_PARAM_RANGE, SCR_SETTING_ARENA_BYTES, 0},
    {"SCREAM_ARENA_BYTES=32MB", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_ARENA_BYTES, 0},
    {"SCREAM_ARENA_BYTES=1.5GiB", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_ARENA_BYTES, 0},
    {"SCREAM_ARENA_BYTES=MiB", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_ARENA_BYTES, 0},
    {"SCREAM_MAX_DURATION=50ms", SCR_OK, SCR_SETTING_MAX_DURATION, 50000000},
    {"SCREAM_MAX_DURATION=49ms", SCR_ERR_PARAM_RANGE, SCR_SETTING_MAX_DURATION, 0},
    {"SCREAM_MAX_DURATION=5m", SCR_OK, SCR_SETTING_MAX_DURATION, INT64_C(300000000000)},
    {"SCREAM_MAX_DURATION=300.001", SCR_ERR_PARAM_RANGE, SCR_SETTING_MAX_DURATION, 0},
    {"SCREAM_DURATION=1m30s", SCR_OK, SCR_SETTING_DURATION, INT64_C(90000000000)},
    {"SCREAM_DURATION=2.5", SCR_OK, SCR_SETTING_DURATION, INT64_C(2500000000)},
    {"SCREAM_DURATION=nan", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_DURATION, 0},
    {"SCREAM_DURATION=0", SCR_ERR_PARAM_RANGE, SCR_SETTING_DURATION, 0},
    {"SCREAM_DURATION=-3s", SCR_ERR_PARAM_RANGE, SCR_SETTING_DURATION, 0},
    {"SCREAM_DRAIN_DELAY=0s", SCR_OK, SCR_SETTING_DRAIN_DELAY, 0},
    {"SCREAM_DRAIN_TIMEOUT=1h", SCR_OK, SCR_SETTING_DRAIN_TIMEOUT, SCR_DRAIN_MAX_NS},
    {"SCREAM_DRAIN_TIMEOUT=1h1s", SCR_ERR_PARAM_RANGE, SCR_SETTING_DRAIN_TIMEOUT, 0},
    {"SCREAM_VERBOSE=T", SCR_OK, SCR_SETTING_VERBOSE, 1},
    {"SCREAM_VERBOSE=False", SCR_OK, SCR_SETTING_VERBOSE, 0},
    {"SCREAM_VERBOSE=maybe", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_VERBOSE, 0},
    {"SCREAM_LOG_LEVEL=debug", SCR_OK, SCR_SETTING_LOG_LEVEL, 0},
    {"SCREAM_LOG_LEVEL=error", SCR_OK, SCR_SETTING_LOG_LEVEL, 3},
    {"SCREAM_LOG_LEVEL=fatal", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_LOG_LEVEL, 0},
    {"SCREAM_LOG_LEVEL=debug|info", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_LOG_LEVEL, 0},
    {"SCREAM_FORMAT=wav", SCR_OK, SCR_SETTING_FORMAT, 1},
    {"SCREAM_FORMAT=WAV", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_FORMAT, 0},
    {"SCREAM_PRESET=robot", SCR_OK, SCR_SETTING_PRESET, 6},
    {"SCREAM_PRESET=random", SCR_OK, SCR_SETTING_PRESET, 0},
    {"SCREAM_PRESET=Robot", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_PRESET, 0},
    {"SCREAM_GUILD_ID=1", SCR_OK, SCR_SETTING_GUILD_ID, 0},
    {"SCREAM_GUILD_ID=18446744073709551615", SCR_OK, SCR_SETTING_GUILD_ID, 0},
    {"SCREAM_GUILD_ID=18446744073709551616", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_GUILD_ID, 0},
    {"SCREAM_GUILD_ID=0", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_GUILD_ID, 0},
    {"SCREAM_GUILD_ID=12a", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_GUILD_ID, 0},
    {"SCREAM_HTTP_ADDR=::", SCR_OK, SCR_SETTING_HTTP_ADDR, 0},
    {"SCREAM_HTTP_ADDR=*", SCR_OK, SCR_SETTING_HTTP_ADDR, 0},
    {"SCREAM_HTTP_ADDR=localhost", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_HTTP_ADDR, 0},
    {"SCREAM_HTTP_ADDR=127.0.0.1:80", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_HTTP_ADDR, 0},
    {"SCREAM_RATE=0", SCR_OK, SCR_SETTING_RATE, 0},
    {"SCREAM_RATE=0.25", SCR_OK, SCR_SETTING_RATE, 0},
    {"SCREAM_RATE=10000", SCR_OK, SCR_SETTING_RATE, 0},
    {"SCREAM_RATE=10000.1", SCR_ERR_PARAM_RANGE, SCR_SETTING_RATE, 0},
    {"SCREAM_RATE=-1", SCR_ERR_PARAM_RANGE, SCR_SETTING_RATE, 0},
    {"SCREAM_RATE=5/s", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_RATE, 0},
    {"SCREAM_RATE_BURST=1", SCR_OK, SCR_SETTING_RATE_BURST, 1},
    {"SCREAM_RATE_BURST=0", SCR_ERR_PARAM_RANGE, SCR_SETTING_RATE_BURST, 0},
    {"SCREAM_RATE_BURST=100000", SCR_OK, SCR_SETTING_RATE_BURST, 100000},
    {"SCREAM_RATE_BURST=100001", SCR_ERR_PARAM_RANGE, SCR_SETTING_RATE_BURST, 0},
    {"SCREAM_MAX_PER_ADDRESS=0", SCR_OK, SCR_SETTING_MAX_PER_ADDRESS, 0},
    {"SCREAM_MAX_PER_ADDRESS=16384", SCR_OK, SCR_SETTING_MAX_PER_ADDRESS, 16384},
    {"SCREAM_MAX_PER_ADDRESS=16385", SCR_ERR_PARAM_RANGE, SCR_SETTING_MAX_PER_ADDRESS, 0},
    {"SCREAM_TRUSTED_PROXIES=192.0.2.7", SCR_OK, SCR_SETTING_TRUSTED_PROXIES, 0},
    {"SCREAM_TRUSTED_PROXIES=10.0.0.0/8, fd00::/8", SCR_OK, SCR_SETTING_TRUSTED_PROXIES, 0},
    {"DISCORD_TOKEN=abc.def-ghi_j", SCR_OK, SCR_SETTING_TOKEN, 0},
    {"DISCORD_TOKEN=abc def", SCR_ERR_PARAM_SYNTAX, SCR_SETTING_TOKEN, 0},
};

static void each_kind_knows_its_range(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof value_cases / sizeof value_cases[0]; i += 1) {
        const struct value_case *row = &value_cases[i];
        enum scr_err err = load_env(row->row);
        if (err != row->err) {
            fail_msg("%s: %s, %s", row->row, scr_err_name(err), report.error);
        }
        if (err == SCR_OK) {
            const struct scr_setting_value *value = scr_config_value(&config, row->setting);
            assert_true(value->is_set);
            assert_true(value->integer == row->integer);
            assert_string_equal(value->text, strchr(row->row, '=') + 1);
            continue;
        }
        /* A sentence names the variable, and but for secrets the value. */
        char name[64];
        size_t bytes = strcspn(row->row, "=");
        memcpy(name, row->row, bytes);
        name[bytes] = '\0';
        assert_says(name);
        assert_says(" but must be ");
    }
}

static void volume_is_a_number_from_0_to_1(void **state)
{
    (void)state;
    assert_int_equal(load_env("SCREAM_VOLUME=0"), SCR_OK);
    assert_true(scr_config_real(&config, SCR_SETTING_VOLUME) == 0.0);
    assert_int_equal(load_env("SCREAM_VOLUME=1.0"), SCR_OK);
    assert_int_equal(load_env("SCREAM_VOLUME=1.0000001"), SCR_ERR_PARAM_RANGE);
    assert_says("SCREAM_VOLUME is \"1.0000001\"");
    assert_says("a number from 0 to 1");
    assert_int_equal(load_env("SCREAM_VOLUME=1e999"), SCR_ERR_PARAM_RANGE);
    assert_int_equal(load_env("SCREAM_VOLUME=1,5"), SCR_ERR_PARAM_SYNTAX);
    assert_int_equal(load_env("SCREAM_RATE=5/s"), SCR_ERR_PARAM_SYNTAX);
    assert_says("a number of requests per second, such as 5 or 0.1, from 0 to 10000");
}

static void proxies_are_a_list_of_62_at_the_most(void **state)
{
    (void)state;
    char row[2048];
    struct scr_text text;
    scr_text_init(&text, row, sizeof row);
    scr_text_put(&text, "SCREAM_TRUSTED_PROXIES=10.0.0.0/8");
    for (int i = 1; i < SCR_TRUSTED_PROXIES_MAX; i += 1) {
        scr_text_put(&text, ",10.0.0.1");
    }
    assert_int_equal(load_env(row), SCR_OK);
    scr_text_put(&text, ",::1");
    assert_int_equal(load_env(row), SCR_ERR_PARAM_RANGE);
    assert_says("SCREAM_TRUSTED_PROXIES: 63 items; at most 62 are taken");
    scr_text_put(&text, ",::1,::1");
    assert_int_equal(load_env(row), SCR_ERR_PARAM_RANGE);
    assert_int_equal(load_env("SCREAM_TRUSTED_PROXIES=10.0.0.1/8"), SCR_ERR_PARAM_SYNTAX);
    assert_says("SCREAM_TRUSTED_PROXIES: \"10.0.0.1/8\" has bits behind the prefix");
    assert_int_equal(load(NULL, SCR_SETTING_TRUSTED_PROXIES, "::/0"), SCR_ERR_PARAM_RANGE);
    assert_says("--trusted-proxies: \"::/0\" trusts everybody");
    assert_int_equal(load(NULL, SCR_SETTING_TRUSTED_PROXIES, ""), SCR_OK);
}

static void a_text_of_any_length_is_judged(void **state)
{
    (void)state;
    char row[2048];
    memset(row, 'x', sizeof row);
    memcpy(row, "SCREAM_PRESET=", 14);
    row[sizeof row - 1] = '\0';
    assert_int_equal(load_env(row), SCR_ERR_PARAM_RANGE);
    assert_says("of at most 1023 bytes");
    row[200] = '\0';
    row[20] = '\n';
    row[21] = (char)0xff;
    assert_int_equal(load_env(row), SCR_ERR_PARAM_SYNTAX);
    assert_says("xxxxxx??xxx");
    assert_says("...\"");
}

static void known_mistakes_are_explained(void **state)
{
    (void)state;
    assert_int_equal(load_env("SCREAM_BACKEND=ffmpeg"), SCR_ERR_PARAM_SYNTAX);
    assert_says("must be native");
    assert_says("seed");
    assert_int_equal(load_env("SCREAM_HTTP_PORT=tcp://10.0.0.1:80"), SCR_ERR_PARAM_SYNTAX);
    assert_says("Kubernetes");
    assert_says("scream-http: ");
    assert_int_equal(load_env("SCREAM_ADMIN_PORT=tcp://10.0.0.1:90"), SCR_ERR_PARAM_SYNTAX);
    assert_says("scream-admin: ");
    assert_says("or SCREAM_ADMIN_PORT");
    assert_int_equal(load_env("SCREAM_PRESET=clasic"), SCR_ERR_PARAM_SYNTAX);
    assert_says("Did you mean classic?");
}

static void a_secret_is_never_repeated(void **state)
{
    (void)state;
    assert_int_equal(load_env("DISCORD_TOKEN=hunter2 oops"), SCR_ERR_PARAM_SYNTAX);
    assert_null(strstr(report.error, "hunter2"));
    assert_int_equal(load(NULL, SCR_SETTING_TOKEN, "hunter2\toops"), SCR_ERR_PARAM_SYNTAX);
    assert_says("--token");
    assert_null(strstr(report.error, "hunter2"));
}

static void an_empty_preset_flag_means_random(void **state)
{
    (void)state;
    assert_int_equal(load(NULL, SCR_SETTING_PRESET, ""), SCR_OK);
    assert_string_equal(scr_config_text(&config, SCR_SETTING_PRESET), "random");
    assert_int_equal(load(NULL, SCR_SETTING_VOLUME, ""), SCR_ERR_PARAM_SYNTAX);
    assert_int_equal(report.error_origin, SCR_ORIGIN_FLAG);
    assert_says("--volume is \"\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_the_documented_ones),
        cmocka_unit_test(the_table_agrees_with_the_limits),
        cmocka_unit_test(flags_overrule_the_environment),
        cmocka_unit_test(an_empty_variable_is_unset),
        cmocka_unit_test(of_a_repeated_variable_the_first_counts),
        cmocka_unit_test(each_kind_knows_its_range),
        cmocka_unit_test(volume_is_a_number_from_0_to_1),
        cmocka_unit_test(proxies_are_a_list_of_62_at_the_most),
        cmocka_unit_test(a_text_of_any_length_is_judged),
        cmocka_unit_test(known_mistakes_are_explained),
        cmocka_unit_test(a_secret_is_never_repeated),
        cmocka_unit_test(an_empty_preset_flag_means_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
