/*
 * tests/torture/startup_test.c - the program starts, or says why not, whatever memory is refused.
 * Aim:    each allocation from the first instruction of main to listening, and of each command that
 *         is not a server, fails once: no signal, no hang, a documented exit code, a sentence.
 * Method: call number 1 fails, then number 2, and so on until a run has fewer calls than that. A
 *         server that starts all the same must answer, and stop with 0.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/exit_code.h"
#include "tests/support/http_client.h"
#include "tests/torture/victim.h"

/* Above this many calls every one of a run of neighbours is as good as the others. */
#define CALLS_MAX 4000

struct tally {
    const char *name;
    unsigned tried;
    unsigned survived; /* the failed call did not matter, or something else took its place */
    unsigned refused;  /* ended with a sentence */
    unsigned wrong;
};

static char config_path[] = "/tmp/scream-torture-yaml-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    /* Everything that a start can make: the admin side, the table of clients, the networks. */
    static const char text[] = "# tortured\npreset: robot\nmax_volume: 0.5\nlog_level: info\n"
                               "admin_port: 0\nmax_per_address: 16\nrate: 1000\n"
                               "trusted_proxies: 10.0.0.0/8, 192.0.2.7\n";
    int fd = mkstemp(config_path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    (void)close(fd);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(config_path);
}

static bool is_refusal(const struct victim_end *end)
{
    bool documented =
        end->program.code == SCR_EXIT_UNAVAILABLE || end->program.code == SCR_EXIT_INTERNAL ||
        end->program.code == SCR_EXIT_CONFIG || end->program.code == SCR_EXIT_CANNOT_CREATE ||
        end->program.code == SCR_EXIT_IO;
    return documented && strlen(end->program.said) > 10;
}

/* Books one ending; what must not be is printed with the place of the call. */
static void book(struct tally *tally, uint64_t nth, const struct victim_end *end)
{
    tally->tried += 1;
    if (!end->program.hung && end->program.signal == 0 && end->program.code == SCR_EXIT_OK) {
        tally->survived += 1;
    } else if (!end->program.hung && end->program.signal == 0 && is_refusal(end)) {
        tally->refused += 1;
    } else {
        tally->wrong += 1;
        print_error("%s, call %llu: %s signal %d, code %d, said \"%s\"; failed: %s\n",
                    tally->name,
                    (unsigned long long)nth,
                    end->program.hung ? "hung," : "",
                    end->program.signal,
                    end->program.code,
                    end->program.said,
                    end->where);
    }
}

/* It came up in spite of the failure, so it must serve like any other. */
static void use_server(struct victim *victim)
{
    struct http_answer answer;
    http_get(victim->program.port, "/scream.ogg?duration=0.1&seed=1", "", &answer);
    assert_int_equal(answer.status, 200);
    assert_true(answer.whole);
    http_answer_free(&answer);
    assert_int_equal(kill(victim->program.pid, SIGTERM), 0);
}

/* One run in which `count` calls from the nth on fail; false when there are fewer calls. */
static bool run_once(struct tally *tally, const char *const words[], uint64_t nth, uint64_t count)
{
    struct victim victim;
    struct victim_end end;
    victim_start(&victim, words, nth, count);
    bool is_server = strcmp(words[1], "serve") == 0;
    bool listens = is_server && program_listens(&victim.program);
    if (listens) {
        (void)victim_disarm(&victim);
        use_server(&victim);
    }
    victim_wait(&victim, &end);
    if (is_server && !listens && end.program.code == SCR_EXIT_OK) {
        /* A server that never listened has not ended well. */
        end.program.code = -1;
    }
    if (end.failed == 0) {
        assert_false(end.program.hung);
        assert_int_equal(end.program.signal, 0);
        assert_int_equal(end.program.code, SCR_EXIT_OK);
        return false;
    }
    book(tally, nth, &end);
    return true;
}

static void torture(const char *name, const char *const words[], uint64_t count)
{
    struct tally tally = {.name = name};
    uint64_t nth = 1;
    while (run_once(&tally, words, nth, count)) {
        nth += 1;
        assert_true(nth < CALLS_MAX);
    }
    print_message("torture %s: %u allocations failed (%llu in a row): %u survived, %u refused with "
                  "a sentence, %u wrong\n",
                  name,
                  tally.tried,
                  (unsigned long long)count,
                  tally.survived,
                  tally.refused,
                  tally.wrong);
    assert_true(tally.tried > 0);
    assert_int_equal(tally.wrong, 0);
}

static void server_starts_or_says_why_not(void **state)
{
    (void)state;
    const char *const words[] = {"scream", "serve", "--config", config_path, NULL};
    torture("startup", words, 1);
    torture("startup", words, 1000000);
    if (torture_is_long()) {
        torture("startup", words, 2);
        torture("startup", words, 5);
    }
}

static void commands_work_or_say_why_not(void **state)
{
    (void)state;
    const char *const ogg[] = {
        "scream", "generate", "--config", config_path, "--duration=0.1", "-o", "-", NULL};
    const char *const wav[] = {
        "scream", "generate", "--duration=0.1", "--format=wav", "-o", "-", NULL};
    const char *const config[] = {"scream", "config", "--config", config_path, NULL};
    torture("generate-ogg", ogg, 1);
    torture("generate-wav", wav, 1);
    torture("config", config, 1);
    if (torture_is_long()) {
        torture("generate-ogg", ogg, 1000000);
        torture("generate-wav", wav, 1000000);
        torture("config", config, 1000000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_starts_or_says_why_not),
        cmocka_unit_test(commands_work_or_say_why_not),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
