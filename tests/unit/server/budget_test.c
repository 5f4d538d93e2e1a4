/*
 * tests/unit/server/budget_test.c - the memory sum and its checks.
 * Aim:    the terms add up, grow with what is configured, and a start is refused with a sentence
 *         exactly when the sum or the number of files is more than there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/log.h"
#include "server/budget.h"

static struct scr_config config;
static struct scr_config_report report;
static char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
static struct scr_text sentence;

static void load_with_ports(const char *arena,
                            const char *connections,
                            const char *http_port,
                            const char *admin_port)
{
    struct scr_config_sources sources = {0};
    sources.flags[SCR_SETTING_ARENA_BYTES] = arena;
    sources.flags[SCR_SETTING_MAX_CONNECTIONS] = connections;
    sources.flags[SCR_SETTING_HTTP_PORT] = http_port;
    sources.flags[SCR_SETTING_ADMIN_PORT] = admin_port;
    assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
    scr_text_init(&sentence, chars, sizeof chars);
}

static void load(const char *arena, const char *connections)
{
    load_with_ports(arena, connections, NULL, NULL);
}

static void the_terms_add_up(void **state)
{
    (void)state;
    struct scr_budget budget;
    load("1MiB", "8");
    scr_budget_of(&config, &budget);
    uint64_t sum = 0;
    for (size_t i = 0; i < budget.count; i += 1) {
        assert_true(budget.terms[i].bytes > 0);
        sum += budget.terms[i].bytes;
    }
    assert_int_equal(sum, budget.total);
    assert_string_equal(budget.terms[0].name, "extents");
    assert_int_equal(budget.terms[0].bytes, 1 << 20);
}

/* The events a sum is told in, as "level message field,field;". */
static char told[1024];

static void remember(void *context,
                     enum scr_log_level level,
                     const char *message,
                     const struct scr_log_field *fields,
                     size_t field_count)
{
    struct scr_text *text = context;
    scr_text_put(text, scr_log_level_name(level));
    scr_text_put(text, " ");
    scr_text_put(text, message);
    for (size_t i = 0; i < field_count; i += 1) {
        scr_text_put(text, i == 0 ? " " : ",");
        scr_text_put(text, fields[i].name);
        if (fields[i].kind == SCR_LOG_TEXT) {
            scr_text_put(text, "=");
            scr_text_put(text, fields[i].value.text);
        }
    }
    scr_text_put(text, ";");
}

static void the_sum_is_told_to_programs_and_to_readers(void **state)
{
    (void)state;
    static const char terms[] = "total_bytes,one,two,socket_buffers;";
    static const char brief[] = "info memory total=1.1MiB,socket_buffers=2.0MiB;";
    struct scr_budget budget = {.count = 2,
                                .terms = {{"one", 1 << 20}, {"two", 52429}},
                                .total = (1 << 20) + 52429,
                                .socket_buffers = 2 << 20};
    struct scr_text text;
    char expected[128];
    scr_text_init(&text, told, sizeof told);
    scr_log_set_sink(remember, &text, SCR_LOG_DEBUG);
    scr_budget_log(&budget, false);
    (void)snprintf(expected, sizeof expected, "info memory %s", terms);
    assert_string_equal(told, expected);
    scr_text_init(&text, told, sizeof told);
    scr_budget_log(&budget, true);
    (void)snprintf(expected, sizeof expected, "%sdebug memory %s", brief, terms);
    assert_string_equal(told, expected);
    scr_text_init(&text, told, sizeof told);
    scr_log_set_sink(remember, &text, SCR_LOG_INFO);
    scr_budget_log(&budget, true);
    assert_string_equal(told, brief);
    scr_log_set_sink(NULL, NULL, SCR_LOG_ERROR);
}

static void more_of_anything_takes_more(void **state)
{
    (void)state;
    struct scr_budget small;
    struct scr_budget arena;
    struct scr_budget connections;
    load("1MiB", "8");
    scr_budget_of(&config, &small);
    load("2MiB", "8");
    scr_budget_of(&config, &arena);
    load("1MiB", "16");
    scr_budget_of(&config, &connections);
    assert_true(arena.total - small.total >= 1 << 20);
    /* A connection has a render state, a PCM state, an exchange and a pool of the library. */
    assert_true(connections.total - small.total >= 8 * (48000 + SCR_HTTP_POOL_BYTES));
    load("4GiB", "16384");
    scr_budget_of(&config, &arena);
    assert_true(arena.total > UINT64_C(5) << 30);
}

/* Its 16 places and two threads more; no cursors, no streams. */
static void an_admin_side_takes_its_share(void **state)
{
    (void)state;
    struct scr_budget alone;
    struct scr_budget with;
    load("1MiB", "100");
    assert_false(scr_has_admin(&config));
    uint64_t files = scr_budget_files(&config);
    scr_budget_of(&config, &alone);
    load_with_ports("1MiB", "100", "8080", "0");
    assert_true(scr_has_admin(&config));
    scr_budget_of(&config, &with);
    assert_int_equal(with.count, alone.count);
    assert_string_equal(with.terms[1].name, "render_states");
    assert_int_equal(with.terms[1].bytes, alone.terms[1].bytes);
    assert_string_equal(with.terms[5].name, "stacks");
    assert_int_equal(with.terms[5].bytes - alone.terms[5].bytes, 3 * SCR_HTTP_STACK_BYTES);
    assert_true(with.total - alone.total >= 16 * SCR_HTTP_POOL_BYTES);
    assert_int_equal(with.socket_buffers - alone.socket_buffers,
                     SCR_ADMIN_CONNECTIONS * SCR_HTTP_KERNEL_BYTES +
                         SCR_HTTP_LINGER_MAX * SCR_HTTP_KERNEL_REFUSED_BYTES);
    assert_int_equal(scr_budget_files(&config) - files,
                     SCR_ADMIN_CONNECTIONS + SCR_FILES_PER_LISTENER + SCR_FILES_PER_DAEMON);
}

static void load_with_limits(const char *rate, const char *open, const char *proxies)
{
    struct scr_config_sources sources = {0};
    sources.flags[SCR_SETTING_RATE] = rate;
    sources.flags[SCR_SETTING_MAX_PER_ADDRESS] = open;
    sources.flags[SCR_SETTING_TRUSTED_PROXIES] = proxies;
    sources.flags[SCR_SETTING_ARENA_BYTES] = "4GiB";
    sources.flags[SCR_SETTING_ADMIN_PORT] = "1";
    assert_int_equal(scr_config_load(&sources, &config, &report), SCR_OK);
    scr_text_init(&sentence, chars, sizeof chars);
}

static void clients_are_remembered_only_for_limits(void **state)
{
    (void)state;
    struct scr_budget without;
    struct scr_budget with;
    struct scr_memory_room none = {0, "this container (cgroup)", 0};
    load_with_limits("0", "0", "10.0.0.0/8");
    assert_false(scr_has_client_limits(&config));
    scr_budget_of(&config, &without);
    load_with_limits("0.1", "0", "10.0.0.0/8, 2001:db8::/32");
    assert_true(scr_has_client_limits(&config));
    scr_budget_of(&config, &with);
    assert_int_equal(with.count, without.count + 1);
    assert_true(with.total - without.total >= scr_clients_memory_bytes());
    assert_int_equal(scr_budget_check_memory(&with, &none, &sentence), SCR_ERR_MEMORY);
    assert_false(sentence.overflow);
    struct scr_clients_config clients = scr_clients_settings(&config);
    assert_true(clients.rate_per_s == 0.1);
    assert_int_equal(clients.burst, 20);
    assert_int_equal(clients.open_max, 0);
    /* Loopback in both forms, and the proxies. */
    assert_int_equal(clients.exempt.count, 4);
    load_with_limits("0", "3", NULL);
    assert_true(scr_has_client_limits(&config));
    clients = scr_clients_settings(&config);
    assert_int_equal(clients.open_max, 3);
    assert_int_equal(clients.exempt.count, 2);
}

static void memory_is_enough_or_refused(void **state)
{
    (void)state;
    struct scr_budget budget;
    struct scr_memory_room room = {0, "this machine", UINT64_MAX};
    load("1MiB", "8");
    scr_budget_of(&config, &budget);
    room.bytes = budget.total;
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_OK);
    room.bytes -= 1;
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_ERR_MEMORY);
    assert_false(sentence.overflow);
    assert_non_null(strstr(chars, "this machine has only "));
    assert_non_null(strstr(chars, "render_states "));
    assert_non_null(strstr(chars, "lower SCREAM_ARENA_BYTES or SCREAM_MAX_CONNECTIONS"));
    assert_null(strstr(chars, "stalled"));
}

/* Where a container pays for the kernel's buffers too, both must fit. */
static void a_container_pays_for_sockets(void **state)
{
    (void)state;
    struct scr_budget budget;
    load("1MiB", "8");
    scr_budget_of(&config, &budget);
    assert_int_equal(budget.socket_buffers,
                     8 * SCR_HTTP_KERNEL_BYTES +
                         SCR_HTTP_LINGER_MAX * SCR_HTTP_KERNEL_REFUSED_BYTES);
    uint64_t both = budget.total + budget.socket_buffers;
    struct scr_memory_room room = {both, "this container (cgroup)", both};
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_OK);
    room.bytes = room.group_bytes = both - 1;
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_ERR_MEMORY);
    assert_false(sentence.overflow);
    assert_non_null(strstr(chars, "and stalled clients up to "));
    assert_non_null(strstr(chars, "but this container (cgroup) has only "));
}

/* What the documents promise of an unconfigured start on two cores, whatever the build adds to
 * the program itself. */
static void the_default_start_fits_in_160_mib(void **state)
{
    (void)state;
    struct scr_budget budget;
    load_with_ports(NULL, NULL, NULL, "9090");
    scr_budget_of(&config, &budget);
    struct scr_http_config http = scr_http_settings(&config, NULL);
    uint64_t daemons = scr_http_responses_max(&http) - http.connections_max;
    uint64_t program = budget.terms[budget.count - 1].bytes;
    assert_string_equal(budget.terms[budget.count - 1].name, "program");
    uint64_t rest = budget.total + budget.socket_buffers - program;
    /* Each core adds two responses and a stack; so many cores fit. */
    uint64_t cores = daemons / 2;
    uint64_t per_core = UINT64_C(2) * (SCR_HTTP_STACK_BYTES + 256 * 1024);
    uint64_t on_two_cores = cores > 2 ? rest - (cores - 2) * per_core : rest;
    assert_true(on_two_cores + (8 << 20) <= UINT64_C(160) << 20);
}

static void the_longest_sentence_fits(void **state)
{
    (void)state;
    struct scr_budget budget;
    struct scr_memory_room room = {0, "this container (cgroup)", 0};
    load_with_ports("4GiB", "16384", NULL, "1");
    scr_budget_of(&config, &budget);
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_ERR_MEMORY);
    assert_false(sentence.overflow);
    room.bytes = UINT64_MAX;
    load_with_ports("4GiB", "16384", NULL, "1");
    assert_int_equal(scr_budget_check_memory(&budget, &room, &sentence), SCR_ERR_MEMORY);
    assert_false(sentence.overflow);
}

/* Both edges; tests/e2e/descriptors.test.mjs shows that the number is true. */
static void files_are_enough_or_refused(void **state)
{
    (void)state;
    char expected[192];
    load("1MiB", "100");
    uint64_t files = scr_budget_files(&config);
    struct scr_http_config http = scr_http_settings(&config, NULL);
    uint64_t daemons = (scr_http_responses_max(&http) - 100) / 2;
    assert_int_equal(
        files, 100 + SCR_FILES_OTHER + SCR_FILES_PER_LISTENER + daemons * SCR_FILES_PER_DAEMON);
    assert_int_equal(scr_budget_check_files(&config, files, &sentence), SCR_OK);
    assert_int_equal(sentence.used, 0);
    assert_int_equal(scr_budget_check_files(&config, files - 1, &sentence), SCR_ERR_POOL_FULL);
    (void)snprintf(expected,
                   sizeof expected,
                   "100 connections need %u open files, but the hard limit is %u; raise it "
                   "(ulimit -n, LimitNOFILE=) or lower SCREAM_MAX_CONNECTIONS to 99",
                   (unsigned)files,
                   (unsigned)files - 1);
    assert_string_equal(chars, expected);
    /* The least a server may have, and one file less than that takes. */
    load("1MiB", "8");
    files = scr_budget_files(&config);
    load("1MiB", "100");
    assert_int_equal(scr_budget_check_files(&config, files, &sentence), SCR_ERR_POOL_FULL);
    assert_non_null(strstr(chars, " or lower SCREAM_MAX_CONNECTIONS to 8"));
    load("1MiB", "100");
    assert_int_equal(scr_budget_check_files(&config, files - 1, &sentence), SCR_ERR_POOL_FULL);
    assert_non_null(strstr(chars, "; raise it (ulimit -n, LimitNOFILE=)"));
    assert_null(strstr(chars, "lower"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_terms_add_up),
        cmocka_unit_test(the_sum_is_told_to_programs_and_to_readers),
        cmocka_unit_test(more_of_anything_takes_more),
        cmocka_unit_test(an_admin_side_takes_its_share),
        cmocka_unit_test(clients_are_remembered_only_for_limits),
        cmocka_unit_test(memory_is_enough_or_refused),
        cmocka_unit_test(a_container_pays_for_sockets),
        cmocka_unit_test(the_default_start_fits_in_160_mib),
        cmocka_unit_test(the_longest_sentence_fits),
        cmocka_unit_test(files_are_enough_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
