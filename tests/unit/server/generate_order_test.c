/*
 * tests/unit/server/generate_order_test.c - what `generate` was asked for.
 * Aim:    presets, seeds and settings of every source end in the right parameters; the format
 *         follows --format, the name, the settings; each mistake has its sentence and exit code.
 * Method: command lines and environments, read but not run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/crypto/blake2b.h"
#include "core/synth/preset.h"
#include "server/generate_order.h"
#include "tests/support/command_bench.h"

static struct command_bench bench;
static struct scr_generate_order order;
static char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];

static enum scr_exit read_with(const char *line, const char *row)
{
    char copy[256];
    char *environment[] = {copy, NULL};
    struct scr_text sentence;
    snprintf(copy, sizeof copy, "%s", row != NULL ? row : "UNUSED=1");
    scr_text_init(&sentence, chars, sizeof chars);
    command_bench_load(&bench, line, environment);
    return scr_generate_order_read(&bench.call, &order, &sentence);
}

static enum scr_exit read_line(const char *line)
{
    return read_with(line, NULL);
}

static void assert_says(const char *word)
{
    if (strstr(chars, word) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", chars, word);
    }
}

static void without_anything_it_is_classic_with_seed_0(void **state)
{
    (void)state;
    struct scr_params expected;
    scr_preset_params(SCR_PRESET_CLASSIC, 0, &expected);
    assert_int_equal(read_line("generate -o a.ogg"), SCR_EXIT_OK);
    assert_int_equal(order.params.preset, SCR_PRESET_CLASSIC);
    assert_int_equal(order.params.seed, 0);
    assert_int_equal(order.params.duration_ns, expected.duration_ns);
    assert_false(order.is_fresh);
    assert_int_equal(order.format, SCR_FORMAT_OGG);
    assert_true(scr_order_has(&order.order, SCR_PARAM_PRESET));
    assert_false(scr_order_has(&order.order, SCR_PARAM_VOLUME));
}

static void a_preset_keeps_its_own_duration_unless_given(void **state)
{
    (void)state;
    assert_int_equal(read_line("generate -o a.ogg --preset whisper"), SCR_EXIT_OK);
    assert_int_equal(order.params.duration_ns, INT64_C(2000000000));
    assert_int_equal(read_with("generate -o a.ogg --preset whisper", "SCREAM_DURATION=3s"),
                     SCR_EXIT_OK);
    assert_int_equal(order.params.duration_ns, INT64_C(3000000000));
    assert_int_equal(
        read_with("generate -o a.ogg --preset whisper --duration 1", "SCREAM_DURATION=3s"),
        SCR_EXIT_OK);
    assert_int_equal(order.params.duration_ns, INT64_C(1000000000));
}

static void settings_and_flags_reach_the_parameters(void **state)
{
    (void)state;
    assert_int_equal(read_with("generate -o a.ogg --seed -7 --volume 0 --channels 1 --limit 0.5 "
                               "--primary_base_hz 440 --finish raw --bitrate 64000",
                               "SCREAM_PRESET=robot"),
                     SCR_EXIT_OK);
    assert_int_equal(order.params.preset, SCR_PRESET_ROBOT);
    assert_true(order.params.seed == (uint64_t)-7);
    assert_true(order.params.volume == 0.0);
    assert_int_equal(order.params.channels, 1);
    assert_true(order.params.limit == 0.5);
    assert_true(order.params.primary.base_hz == 440.0);
    assert_int_equal(order.params.finish, SCR_FINISH_RAW);
    assert_int_equal(order.params.bitrate, 64000);
}

static void random_is_fresh_unless_seeded(void **state)
{
    (void)state;
    assert_int_equal(read_line("generate -o a.ogg --preset random"), SCR_EXIT_OK);
    assert_true(order.is_fresh);
    uint64_t first = order.params.seed;
    /* An empty preset was go-scream's way to say random. */
    assert_int_equal(read_line("generate -o a.ogg --preset="), SCR_EXIT_OK);
    assert_true(order.is_fresh);
    assert_true(order.params.seed != first);
    assert_int_equal(read_line("generate -o a.ogg --preset random --seed 5"), SCR_EXIT_OK);
    assert_false(order.is_fresh);
    assert_int_equal(order.params.seed, 5);
}

static void the_format_follows_the_name(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *row;
        enum scr_format format;
    } cases[] = {
        {"generate -o a.ogg", NULL, SCR_FORMAT_OGG},
        {"generate -o a.opus", "SCREAM_FORMAT=wav", SCR_FORMAT_OGG},
        {"generate -o A.WAV", NULL, SCR_FORMAT_WAV},
        {"generate -o a.b/c.wav", NULL, SCR_FORMAT_WAV},
        {"generate -o a.wav/c", NULL, SCR_FORMAT_OGG},
        {"generate -o -", NULL, SCR_FORMAT_OGG},
        {"generate -o -", "SCREAM_FORMAT=wav", SCR_FORMAT_WAV},
        {"generate -o - --format wav", NULL, SCR_FORMAT_WAV},
        {"generate -o a.bin --format wav", NULL, SCR_FORMAT_WAV},
        {"generate -o a.bin", "SCREAM_FORMAT=wav", SCR_FORMAT_WAV},
        {"generate -o scream", NULL, SCR_FORMAT_OGG},
        {"generate -o .scream", NULL, SCR_FORMAT_OGG},
        {"generate -o a.opus --format ogg", NULL, SCR_FORMAT_OGG},
        {"generate -o a.ogg --format ogg", "SCREAM_FORMAT=wav", SCR_FORMAT_OGG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        if (read_with(cases[i].line, cases[i].row) != SCR_EXIT_OK ||
            order.format != cases[i].format) {
            fail_msg("%s: %s", cases[i].line, chars);
        }
    }
    assert_int_equal(read_line("generate -o a.mp3"), SCR_EXIT_USAGE);
    assert_says("names end in .ogg, .opus or .wav");
    assert_int_equal(read_line("generate -o a.wav --format ogg"), SCR_EXIT_USAGE);
    assert_says("--format is ogg, but the name \"a.wav\"");
}

static void mistakes_are_blamed_on_their_source(void **state)
{
    (void)state;
    assert_int_equal(read_line("generate"), SCR_EXIT_USAGE);
    assert_says("scream generate -o scream.ogg");
    assert_int_equal(read_line("generate -o a.ogg --channels 3"), SCR_EXIT_USAGE);
    assert_says("--channels: ");
    assert_says("\"3\"");
    assert_int_equal(read_line("generate -o a.ogg --bitrate 96001"), SCR_EXIT_USAGE);
    assert_int_equal(read_line("generate -o a.ogg --duration 61"), SCR_EXIT_USAGE);
    assert_says("--duration");
    assert_int_equal(read_with("generate -o a.ogg", "SCREAM_DURATION=61s"), SCR_EXIT_CONFIG);
    assert_says("SCREAM_DURATION");
    assert_int_equal(read_line("generate -o a.ogg --duration 61 --max-duration 61"), SCR_EXIT_OK);
    assert_int_equal(read_line("generate -o a.ogg --seed="), SCR_EXIT_USAGE);
}

static void a_flag_is_named_as_it_is_typed(void **state)
{
    (void)state;
    assert_int_equal(read_line("generate -o a.ogg --primary-base-hz 50000"), SCR_EXIT_USAGE);
    assert_says("--primary-base-hz: ");
    assert_null(strchr(chars, '_'));
    assert_int_equal(read_line("generate -o a.ogg --primary_base_hz x_y"), SCR_EXIT_USAGE);
    assert_says("--primary-base-hz: ");
    assert_says("\"x_y\"");
}

static void a_duration_has_one_range_in_one_form(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0", "49ms", "60001ms", "61", "301s", "-1", "x", "1h"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i += 1) {
        char line[128];
        snprintf(line, sizeof line, "generate -o a.ogg --duration %s", wrong[i]);
        assert_int_equal(read_line(line), SCR_EXIT_USAGE);
        assert_says("--duration: ");
        assert_says("Allowed: 0.05 to 60 s, ");
    }
    assert_int_equal(read_line("generate -o a.ogg --duration 0 --max-duration 9"), SCR_EXIT_USAGE);
    assert_says("Allowed: 0.05 to 9 s, ");
    assert_int_equal(read_line("generate -o a.ogg --duration 50ms"), SCR_EXIT_OK);
    assert_int_equal(read_line("generate -o a.ogg --duration 60"), SCR_EXIT_OK);
    /* What a flag overrules is not judged. */
    assert_int_equal(read_with("generate -o a.ogg --duration 1", "SCREAM_DURATION=61s"),
                     SCR_EXIT_OK);
    assert_int_equal(order.params.duration_ns, INT64_C(1000000000));
}

static int set_up(void **state)
{
    (void)state;
    return scr_crypto_init() == SCR_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_anything_it_is_classic_with_seed_0),
        cmocka_unit_test(a_preset_keeps_its_own_duration_unless_given),
        cmocka_unit_test(settings_and_flags_reach_the_parameters),
        cmocka_unit_test(random_is_fresh_unless_seeded),
        cmocka_unit_test(the_format_follows_the_name),
        cmocka_unit_test(a_flag_is_named_as_it_is_typed),
        cmocka_unit_test(a_duration_has_one_range_in_one_form),
        cmocka_unit_test(mistakes_are_blamed_on_their_source),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
