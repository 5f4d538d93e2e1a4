/*
 * tests/unit/server/flags_test.c - the command line.
 * Aim:    every form a flag may be written in; values kept; what is wrong is named, with the
 *         nearest flag or the command it belongs to; a secret leaves argv at once.
 * Method: lines are split at blanks into writable words, as the kernel hands them over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/flags.h"

#define WORDS_MAX 32

static struct scr_invocation invocation;
static char problem_chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
static char line_copy[1024];
static char *words[WORDS_MAX + 1];

static enum scr_err parse(const char *line)
{
    struct scr_text problem;
    int count = 0;
    snprintf(line_copy, sizeof line_copy, "scream %s", line);
    for (char *at = line_copy; *at != '\0' && count < WORDS_MAX;) {
        size_t bytes = strcspn(at, " ");
        words[count] = at;
        count += 1;
        at += bytes;
        if (*at == ' ') {
            *at = '\0';
            at += 1;
        }
    }
    words[count] = NULL;
    scr_text_init(&problem, problem_chars, sizeof problem_chars);
    return scr_flags_parse(count, words, &invocation, &problem);
}

static void no_words_are_no_command(void **state)
{
    (void)state;
    assert_int_equal(parse(""), SCR_OK);
    /* "scream " ends in an empty word's place: nothing was named. */
    assert_int_equal(invocation.command, SCR_COMMAND_COUNT);
}

static void every_form_is_read(void **state)
{
    (void)state;
    static const char *const lines[] = {"generate --output a.ogg --preset robot --seed -5 -v",
                                        "generate --output=a.ogg --preset=robot --seed=-5 -v",
                                        "generate -o a.ogg -v --preset robot --seed -5",
                                        "generate -voa.ogg --preset robot --seed -5",
                                        "-v generate -qoa.ogg --preset robot --seed -5",
                                        "--verbose=true generate -oa.ogg --preset robot --seed -5"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i += 1) {
        if (parse(lines[i]) != SCR_OK) {
            fail_msg("%s: %s", lines[i], problem_chars);
        }
        assert_int_equal(invocation.command, SCR_COMMAND_GENERATE);
        assert_string_equal(invocation.settings[SCR_SETTING_OUTPUT_FILE], "a.ogg");
        assert_string_equal(invocation.settings[SCR_SETTING_PRESET], "robot");
        assert_string_equal(invocation.params[SCR_PARAM_SEED], "-5");
        assert_string_equal(invocation.settings[SCR_SETTING_VERBOSE], "true");
        assert_null(invocation.params[SCR_PARAM_PRESET]);
    }
}

static void underscores_are_dashes(void **state)
{
    (void)state;
    assert_int_equal(parse("generate --primary_base_hz 1 --comp-threshold-db -3 --log_level warn"),
                     SCR_OK);
    assert_string_equal(invocation.params[SCR_PARAM_PRIMARY_BASE_HZ], "1");
    assert_string_equal(invocation.params[SCR_PARAM_COMP_THRESHOLD_DB], "-3");
    assert_string_equal(invocation.settings[SCR_SETTING_LOG_LEVEL], "warn");
}

static void of_a_repeated_flag_the_last_counts(void **state)
{
    (void)state;
    assert_int_equal(parse("generate --seed 1 --seed 2 --preset a --preset b"), SCR_OK);
    assert_string_equal(invocation.params[SCR_PARAM_SEED], "2");
    assert_string_equal(invocation.settings[SCR_SETTING_PRESET], "b");
}

static void every_parameter_is_a_flag_of_generate(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        char line[128];
        snprintf(line, sizeof line, "generate --%s 7", scr_param_info((enum scr_param)i)->name);
        if (parse(line) != SCR_OK) {
            fail_msg("%s: %s", line, problem_chars);
        }
        assert_int_equal(parse("serve --seed 7"), SCR_ERR_PARAM_UNKNOWN);
    }
}

static void every_setting_with_a_flag_is_taken_by_config(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const struct scr_setting_info *info = scr_setting_info((enum scr_setting)i);
        char line[128];
        snprintf(line, sizeof line, "config --%s=7", info->flag);
        assert_int_equal(parse(line), info->flag[0] == '\0' ? SCR_ERR_PARAM_UNKNOWN : SCR_OK);
    }
}

static void a_double_dash_ends_the_flags(void **state)
{
    (void)state;
    assert_int_equal(parse("help -- --seed"), SCR_OK);
    assert_string_equal(invocation.positionals[0], "--seed");
    assert_int_equal(parse("generate -o -"), SCR_OK);
    assert_string_equal(invocation.settings[SCR_SETTING_OUTPUT_FILE], "-");
    assert_int_equal(parse("generate -"), SCR_ERR_PARAM_SYNTAX);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum scr_err err;
        const char *problem;
    } cases[] = {
        {"gnerate",
         SCR_ERR_PARAM_UNKNOWN,
         "there is no command \"gnerate\"; did you mean generate?"},
        {"xyzzyxyz", SCR_ERR_PARAM_UNKNOWN, "`scream help` lists them"},
        {"play 123 456",
         SCR_ERR_PARAM_UNKNOWN,
         "playing in Discord (play) is not part of this version yet"},
        {"-v play", SCR_ERR_PARAM_UNKNOWN, "not part of this version yet"},
        {"plays", SCR_ERR_PARAM_UNKNOWN, "there is no command \"plays\""},
        {"generate a.ogg", SCR_ERR_PARAM_SYNTAX, "is named with -o: -o \"a.ogg\""},
        {"generate -o a.ogg banshee", SCR_ERR_PARAM_SYNTAX, "with --preset: --preset banshee"},
        {"generate \x1b[2J", SCR_ERR_PARAM_SYNTAX, "-o \"?[2J\""},
        {"generate --sed 1", SCR_ERR_PARAM_UNKNOWN, "did you mean --seed?"},
        {"generate --http-port 1", SCR_ERR_PARAM_UNKNOWN, "it belongs behind the command serve"},
        {"--preset x generate", SCR_ERR_PARAM_UNKNOWN, "it belongs behind the command generate"},
        {"generate --seed", SCR_ERR_PARAM_SYNTAX, "--seed needs a value: --seed SEED"},
        {"generate -o", SCR_ERR_PARAM_SYNTAX, "--output needs a value"},
        {"generate --quiet=yes", SCR_ERR_PARAM_SYNTAX, "--quiet takes no value"},
        {"generate -x", SCR_ERR_PARAM_UNKNOWN, "generate has no flag \"-x\""},
        {"serve extra",
         SCR_ERR_PARAM_SYNTAX,
         "do with \"extra\"; `scream help serve` lists the flags"},
        {"help a b", SCR_ERR_PARAM_SYNTAX, "\"b\""},
        {"presets --", SCR_OK, ""},
        {"generate --=x", SCR_ERR_PARAM_UNKNOWN, "generate has no flag \"--\""},
        {"generate --\x1b[2J", SCR_ERR_PARAM_UNKNOWN, "\"--?[2J\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        enum scr_err err = parse(cases[i].line);
        if (err != cases[i].err || strstr(problem_chars, cases[i].problem) == NULL) {
            fail_msg("%s: %s, \"%s\"", cases[i].line, scr_err_name(err), problem_chars);
        }
    }
}

static void a_flood_of_letters_is_no_flag(void **state)
{
    (void)state;
    char line[900];
    memset(line, 'y', sizeof line);
    memcpy(line, "generate --", 11);
    line[sizeof line - 1] = '\0';
    assert_int_equal(parse(line), SCR_ERR_PARAM_UNKNOWN);
    assert_non_null(strstr(problem_chars, "..."));
}

static void a_secret_leaves_argv_at_once(void **state)
{
    (void)state;
    assert_int_equal(parse("serve --token s3cr3t --http-port 1"), SCR_OK);
    assert_string_equal(invocation.settings[SCR_SETTING_TOKEN], "s3cr3t");
    assert_string_equal(words[3], "******");
    assert_int_equal(parse("serve --token=s3cr3t"), SCR_OK);
    assert_string_equal(invocation.settings[SCR_SETTING_TOKEN], "s3cr3t");
    assert_string_equal(words[2], "--token=******");
    /* Also when the line is wrong further on. */
    assert_int_equal(parse("serve --token=s3cr3t --nonsense"), SCR_ERR_PARAM_UNKNOWN);
    assert_string_equal(words[2], "--token=******");
    assert_null(strstr(problem_chars, "s3cr3t"));
}

static void switches_are_seen(void **state)
{
    (void)state;
    assert_int_equal(parse("presets --json -h --version --config a.yaml"), SCR_OK);
    assert_true(invocation.switches[SCR_SWITCH_JSON]);
    assert_true(invocation.switches[SCR_SWITCH_HELP]);
    assert_true(invocation.switches[SCR_SWITCH_VERSION]);
    assert_false(invocation.switches[SCR_SWITCH_QUIET]);
    assert_string_equal(invocation.config_path, "a.yaml");
}

static void names_and_letters_are_unique(void **state)
{
    (void)state;
    for (unsigned command = 0; command <= SCR_COMMAND_COUNT; command += 1) {
        struct scr_flag flags[SCR_FLAGS_MAX];
        size_t count = scr_flags_list((enum scr_command)command, flags);
        assert_true(count >= 5);
        for (size_t i = 0; i < count; i += 1) {
            for (size_t j = i + 1; j < count; j += 1) {
                assert_string_not_equal(flags[i].name, flags[j].name);
                assert_true(flags[i].letter == '\0' || flags[i].letter != flags[j].letter);
                assert_true(flags[i].group <= flags[j].group);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_words_are_no_command),
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(underscores_are_dashes),
        cmocka_unit_test(of_a_repeated_flag_the_last_counts),
        cmocka_unit_test(every_parameter_is_a_flag_of_generate),
        cmocka_unit_test(every_setting_with_a_flag_is_taken_by_config),
        cmocka_unit_test(a_double_dash_ends_the_flags),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_flood_of_letters_is_no_flag),
        cmocka_unit_test(a_secret_leaves_argv_at_once),
        cmocka_unit_test(switches_are_seen),
        cmocka_unit_test(names_and_letters_are_unique),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
