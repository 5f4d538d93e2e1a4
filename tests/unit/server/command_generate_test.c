/*
 * tests/unit/server/command_generate_test.c - `scream generate`, whole.
 * Aim:    the bytes are those arithmetic and the engine promise; what was made is told with its
 *         seed; failures have their exit codes and leave no file.
 * Method: runs in this process, into a folder of its own.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/job/arena.h"
#include "core/memory/boot.h"
#include "core/synth/preset.h"
#include "server/exit_code.h"
#include "tests/support/command_bench.h"

static struct command_bench bench;
static char folder[] = "/tmp/scream-generate-XXXXXX";
static uint8_t content[1 << 20];

static int run(const char *name, const char *flags)
{
    char line[512];
    snprintf(line, sizeof line, "generate -o %s/%s %s", folder, name, flags);
    line[strlen(line) - (flags[0] == '\0' ? 1 : 0)] = '\0';
    scr_boot_enter(SCR_BOOT_OPEN);
    int code = command_bench_run(&bench, line, NULL);
    assert_int_equal(scr_boot_bytes(), 0);
    return code;
}

/* Reads a made file and removes it. */
static size_t take(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t bytes = fread(content, 1, sizeof content, file);
    fclose(file);
    unlink(path);
    return bytes;
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void a_wav_is_exact(void **state)
{
    (void)state;
    assert_int_equal(run("a.wav", "--channels 1 --finish raw"), SCR_EXIT_OK);
    size_t bytes = take("a.wav");
    assert_int_equal(bytes, 44 + 144000 * 2);
    assert_memory_equal(content, "RIFF", 4);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 44; i < bytes; i += 1) {
        hash = (hash ^ content[i]) * UINT64_C(0x100000001b3);
    }
    /* classic, seed 0 of the frozen single-precision engine. */
    assert_true(hash == UINT64_C(0xba91268dadc4e376));
}

static void an_ogg_has_the_size_of_its_arithmetic(void **state)
{
    (void)state;
    struct scr_params params;
    scr_preset_params(SCR_PRESET_BANSHEE, 42, &params);
    params.duration_ns = INT64_C(500000000);
    assert_int_equal(run("a.ogg", "--preset banshee --seed 42 --duration 500ms"), SCR_EXIT_OK);
    assert_int_equal(take("a.ogg"), scr_job_file_bytes(&params));
    assert_memory_equal(content, "OggS", 4);
    /* More than one extent, too. */
    params.duration_ns = INT64_C(20000000000);
    assert_int_equal(run("a.ogg", "--preset banshee --seed 42 --duration 20"), SCR_EXIT_OK);
    assert_int_equal(take("a.ogg"), scr_job_file_bytes(&params));
}

static void what_was_made_is_told(void **state)
{
    (void)state;
    assert_int_equal(run("a.opus", "--preset banshee --seed 42 --duration 500ms"), SCR_EXIT_OK);
    (void)take("a.opus");
    assert_non_null(strstr(bench.err_text, "a.opus: banshee, seed 42, 500ms, Ogg Opus, "));
    assert_non_null(
        strstr(bench.err_text, "/scream.ogg?preset=banshee&seed=42&engine=2&duration=0.5\n"));
    assert_string_equal(bench.out_text, "");
    /* A server with other bounds must give the same: what the bound cut is named. */
    assert_int_equal(run("a.ogg", "--preset banshee --seed 42 --max-duration 1"), SCR_EXIT_OK);
    (void)take("a.ogg");
    assert_non_null(
        strstr(bench.err_text, "/scream.ogg?preset=banshee&seed=42&engine=2&duration=1\n"));
    assert_int_equal(run("a.ogg", "-q --duration 50ms"), SCR_EXIT_OK);
    (void)take("a.ogg");
    assert_string_equal(bench.err_text, "");
    assert_int_equal(run("a.ogg", "-qv --duration 50ms --log-format json"), SCR_EXIT_OK);
    (void)take("a.ogg");
    assert_non_null(strstr(bench.err_text, "\"msg\":\"generating scream\",\"output\":\""));
}

static void failures_have_their_codes(void **state)
{
    (void)state;
    scr_boot_enter(SCR_BOOT_OPEN);
    assert_int_equal(command_bench_run(&bench, "generate -o /nowhere/a.ogg", NULL),
                     SCR_EXIT_CANNOT_CREATE);
    assert_non_null(strstr(bench.err_text, "cannot create \"/nowhere/a.ogg\": No such file"));
    assert_int_equal(command_bench_run(&bench, "generate -o /dev/full", NULL), SCR_EXIT_IO);
    assert_non_null(strstr(bench.err_text, "cannot write \"/dev/full\": No space left"));
    assert_int_equal(command_bench_run(&bench, "generate -o /dev/full --format wav", NULL),
                     SCR_EXIT_IO);
    assert_int_equal(command_bench_run(&bench, "generate", NULL), SCR_EXIT_USAGE);
    assert_int_equal(scr_boot_bytes(), 0);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wav_is_exact),
        cmocka_unit_test(an_ogg_has_the_size_of_its_arithmetic),
        cmocka_unit_test(what_was_made_is_told),
        cmocka_unit_test(failures_have_their_codes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
