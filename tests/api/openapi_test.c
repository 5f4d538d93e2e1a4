/*
 * tests/api/openapi_test.c - openapi.yaml says what the tables say.
 * Aim:    every parameter with its range, default, unit and sentence; every route with its
 *         operations; every problem under its status; every response header that is sent; every
 *         example works.
 * Method: libyaml composes the document; rows are compared both ways; examples go to the loopback.
 *         What a running server sends is judged by tests/contract.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yaml.h>

#include "api/problem.h"
#include "api/routes.h"
#include "core/synth/preset.h"
#include "tests/support/api_loopback.h"

static yaml_document_t document;
static struct loopback loopback;

static int begin(void **state)
{
    (void)state;
    yaml_parser_t parser;
    FILE *file = fopen(SCR_SOURCE_DIR "/openapi.yaml", "rb");
    assert_non_null(file);
    assert_true(yaml_parser_initialize(&parser));
    yaml_parser_set_input_file(&parser, file);
    assert_true(yaml_parser_load(&parser, &document));
    yaml_parser_delete(&parser);
    fclose(file);
    loopback_init(&loopback, 16, 4);
    return 0;
}

static int end(void **state)
{
    (void)state;
    loopback_deinit(&loopback);
    yaml_document_delete(&document);
    return 0;
}

static yaml_node_t *node(int id)
{
    yaml_node_t *found = yaml_document_get_node(&document, id);
    assert_non_null(found);
    return found;
}

static const char *scalar(const yaml_node_t *value)
{
    assert_non_null(value);
    assert_int_equal(value->type, YAML_SCALAR_NODE);
    return (const char *)value->data.scalar.value;
}

static yaml_node_t *member(const yaml_node_t *mapping, const char *name)
{
    assert_non_null(mapping);
    assert_int_equal(mapping->type, YAML_MAPPING_NODE);
    for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top;
         pair += 1) {
        if (strcmp(scalar(node(pair->key)), name) == 0) {
            return node(pair->value);
        }
    }
    return NULL;
}

static yaml_node_t *component(const char *kind, const char *name)
{
    return member(member(member(node(1), "components"), kind), name);
}

/* A node, or what its $ref points to. */
static yaml_node_t *resolved(yaml_node_t *value)
{
    yaml_node_t *ref = member(value, "$ref");
    char kind[32];
    char name[64];
    if (ref == NULL) {
        return value;
    }
    assert_int_equal(sscanf(scalar(ref), "#/components/%31[a-z]/%63s", kind, name), 2);
    return component(kind, name);
}

static void assert_number(const yaml_node_t *value, double number)
{
    assert_true(strtod(scalar(value), NULL) == number);
}

static void check_schema(const struct scr_param_info *info, yaml_node_t *schema)
{
    if (info->kind == SCR_PARAM_KIND_DURATION) {
        yaml_node_t *forms = member(schema, "oneOf");
        schema = node(forms->data.sequence.items.start[0]);
    }
    if (info->maximum > info->minimum || info->kind == SCR_PARAM_KIND_COUNT) {
        assert_number(member(schema, "minimum"), info->minimum);
        assert_number(member(schema, "maximum"), info->maximum);
    }
    if (info->fallback[0] != '\0') {
        assert_string_equal(scalar(member(schema, "default")), info->fallback);
    } else {
        assert_null(member(schema, "default"));
    }
    yaml_node_t *choices = member(schema, "enum");
    if (info->kind == SCR_PARAM_KIND_PRESET) {
        yaml_node_item_t *items = choices->data.sequence.items.start;
        assert_int_equal(choices->data.sequence.items.top - items, SCR_PRESET_COUNT);
        for (unsigned i = 0; i < SCR_PRESET_COUNT; i += 1) {
            assert_string_equal(scalar(node(items[i])), scr_preset_name((enum scr_preset)i));
        }
    }
}

static void parameters_repeat_the_table(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const struct scr_param_info *info = scr_param_info((enum scr_param)i);
        yaml_node_t *row = component("parameters", info->name);
        if (row == NULL) {
            fail_msg("%s is missing", info->name);
        }
        assert_string_equal(scalar(member(row, "name")), info->name);
        assert_string_equal(scalar(member(row, "in")), "query");
        assert_string_equal(scalar(member(row, "description")), info->sentence);
        yaml_node_t *unit = member(row, "x-unit");
        assert_string_equal(unit == NULL ? "" : scalar(unit), info->unit);
        check_schema(info, member(row, "schema"));
    }
}

static void no_parameter_is_invented(void **state)
{
    (void)state;
    yaml_node_t *rows = member(member(node(1), "components"), "parameters");
    for (yaml_node_pair_t *pair = rows->data.mapping.pairs.start;
         pair < rows->data.mapping.pairs.top;
         pair += 1) {
        const char *name = scalar(node(pair->key));
        enum scr_param param;
        if (strcmp(scalar(member(node(pair->value), "in")), "query") == 0) {
            assert_true(scr_param_find(name, strlen(name), &param) ||
                        strcmp(name, "download") == 0 || strcmp(name, "verbose") == 0);
        }
    }
}

static void examples_of_parameters_work(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SCR_PARAM_COUNT; i += 1) {
        const char *name = scr_param_info((enum scr_param)i)->name;
        char target[160];
        struct reply reply;
        snprintf(target,
                 sizeof target,
                 "/scream.ogg?%s=%s",
                 name,
                 scalar(member(component("parameters", name), "example")));
        reply_open(&loopback, "HEAD", target, NULL, &reply);
        if (reply.response.status != 200) {
            fail_msg("%s: %u", target, reply.response.status);
        }
        reply_close(&reply);
    }
}

static void every_sound_takes_every_parameter(void **state)
{
    (void)state;
    const char *const paths[] = {"/scream.ogg", "/scream.wav", "/scream"};
    for (unsigned i = 0; i < 3; i += 1) {
        yaml_node_t *list = member(member(member(node(1), "paths"), paths[i]), "parameters");
        yaml_node_item_t *items = list->data.sequence.items.start;
        for (unsigned param = 0; param < SCR_PARAM_COUNT; param += 1) {
            assert_true(items + param < list->data.sequence.items.top);
            assert_string_equal(scalar(member(resolved(node(items[param])), "name")),
                                scr_param_info((enum scr_param)param)->name);
        }
    }
}

static void routes_repeat_the_table(void **state)
{
    (void)state;
    yaml_node_t *paths = member(node(1), "paths");
    long count = paths->data.mapping.pairs.top - paths->data.mapping.pairs.start;
    assert_int_equal(count, SCR_ROUTE_COUNT - 1);
    for (unsigned route = SCR_ROUTE_NONE + 1; route < SCR_ROUTE_COUNT; route += 1) {
        const struct scr_route_info *info = scr_route_info((enum scr_route)route);
        yaml_node_t *path = member(paths, info->path);
        if (path == NULL) {
            fail_msg("%s is missing", info->path);
        }
        yaml_node_t *get = member(path, "get");
        assert_string_equal(scalar(member(get, "operationId")), info->operation);
        assert_true(strlen(scalar(member(get, "summary"))) > 0);
        assert_non_null(member(get, "tags"));
        assert_non_null(member(path, "options"));
        yaml_node_t *listener = member(path, "x-listener");
        assert_string_equal(listener == NULL ? "public" : scalar(listener),
                            info->side == SCR_SIDE_ADMIN ? "admin" : "public");
    }
}

/* Whether a response of the document names every header that was sent, and its type. */
static void check_answer(const char *path, const char *method, const struct reply *reply)
{
    char status[8];
    snprintf(status, sizeof status, "%u", reply->response.status);
    yaml_node_t *operation = member(member(member(node(1), "paths"), path), method);
    yaml_node_t *answer = member(member(operation, "responses"), status);
    if (answer == NULL) {
        fail_msg("%s %s: %s is not described", method, path, status);
    }
    answer = resolved(answer);
    yaml_node_t *headers = member(answer, "headers");
    for (uint16_t i = 0; i < reply->response.header_count; i += 1) {
        const char *name = reply->response.headers[i].name;
        if (strcmp(name, "Content-Type") == 0) {
            continue;
        }
        if (headers == NULL || member(headers, name) == NULL) {
            fail_msg("%s %s %s: header %s is not described", method, path, status, name);
        }
    }
    const char *type = reply_header(reply, "Content-Type");
    /* What HEAD answers has no content to describe. */
    if (type != NULL && reply->response.body != SCR_BODY_NONE) {
        size_t bytes = strcspn(type, ";");
        yaml_node_t *content = member(answer, "content");
        bool found = false;
        for (yaml_node_pair_t *pair = content->data.mapping.pairs.start;
             pair < content->data.mapping.pairs.top;
             pair += 1) {
            found = found || strncmp(scalar(node(pair->key)), type, bytes) == 0;
        }
        assert_true(found);
    }
}

struct exchange {
    const char *path;
    const char *method;
    const char *target;
    const char *headers;
};

static const struct exchange exchanges[] = {
    {"/scream.ogg", "GET", "/scream.ogg?seed=1", NULL},
    {"/scream.ogg", "GET", "/scream.ogg", NULL},
    {"/scream.ogg", "GET", "/scream.ogg?seed=1", "Range: bytes=0-9"},
    {"/scream.ogg", "GET", "/scream.ogg?seed=1", "Range: bytes=99999999-"},
    {"/scream.ogg", "GET", "/scream.ogg?seed=1", "If-None-Match: *"},
    {"/scream.ogg", "GET", "/scream.ogg?seed=1", "If-Match: \"x\""},
    {"/scream.ogg", "GET", "/scream.ogg?x=1", NULL},
    {"/scream.ogg", "GET", "/scream.ogg?seed=1&duration=60&bitrate=256000", NULL},
    {"/scream.ogg", "HEAD", "/scream.ogg?seed=1&duration=60&bitrate=256000", NULL},
    {"/scream", "GET", "/scream?seed=1&duration=60&bitrate=256000", NULL},
    {"/scream.ogg", "HEAD", "/scream.ogg?seed=1", NULL},
    {"/scream.ogg", "HEAD", "/scream.ogg?x=1", NULL},
    {"/scream.ogg", "OPTIONS", "/scream.ogg", NULL},
    {"/scream.wav", "GET", "/scream.wav?seed=1", NULL},
    {"/scream.wav", "GET", "/scream.wav?seed=1", "Range: bytes=-5"},
    {"/scream.wav", "HEAD", "/scream.wav", NULL},
    {"/scream", "GET", "/scream?seed=1", NULL},
    {"/scream", "GET", "/scream?seed=1", "If-None-Match: *"},
    {"/scream", "GET", "/scream?seed=1", "Accept: image/png"},
    {"/scream", "HEAD", "/scream", "Accept: audio/wav"},
    {"/presets", "GET", "/presets", NULL},
    {"/presets", "GET", "/presets", "If-None-Match: *"},
    {"/presets", "GET", "/presets", "If-Match: \"x\""},
    {"/parameters", "GET", "/parameters", NULL},
    {"/openapi.yaml", "GET", "/openapi.yaml", NULL},
    {"/version", "GET", "/version", NULL},
    {"/version", "OPTIONS", "/version", NULL},
    {"/problems/{name}", "GET", "/problems/not-found", NULL},
    {"/problems/{name}", "GET", "/problems/not-found", "Accept: text/html"},
    {"/problems/{name}", "GET", "/problems/not-found", "Accept: image/png"},
    {"/problems/{name}", "GET", "/problems/nonsense", NULL},
    {"/livez", "GET", "/livez", NULL},
    {"/livez", "GET", "/livez?verbose", NULL},
    {"/livez", "GET", "/livez", "Content-Length: 1"},
    {"/livez", "GET", "/livez", "Expect: x"},
    {"/scream.ogg", "OPTIONS", "/scream.ogg", "Host: a\nHost: b"},
    {"/readyz", "GET", "/readyz", NULL},
    {"/startupz", "GET", "/startupz", NULL},
    {"/metrics", "GET", "/metrics", NULL},
};

static void check_exchange(const struct exchange *exchange)
{
    struct reply reply;
    const char *method = strcmp(exchange->method, "GET") == 0    ? "get"
                         : strcmp(exchange->method, "HEAD") == 0 ? "head"
                                                                 : "options";
    reply_open(&loopback, exchange->method, exchange->target, exchange->headers, &reply);
    if (strcmp(method, "head") == 0 && reply.response.status >= 400) {
        method = "get"; /* the same problem, without its body */
    }
    check_answer(exchange->path, method, &reply);
    reply_close(&reply);
}

static void answers_are_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i += 1) {
        check_exchange(&exchanges[i]);
    }
    atomic_store(&loopback.service->draining, true);
    const struct exchange stopping = {"/readyz", "GET", "/readyz", NULL};
    check_exchange(&stopping);
    atomic_store(&loopback.service->draining, false);
    const struct exchange other = {"/scream.wav", "GET", "/scream.wav", NULL};
    loopback.version = "HTTP/2.0";
    check_exchange(&other);
    loopback.version = "HTTP/1.1";
    /* With an admin port their addresses are nothing here. */
    loopback.service->admin_apart = true;
    const struct exchange apart[] = {{"/livez", "GET", "/livez", NULL},
                                     {"/readyz", "GET", "/readyz", NULL},
                                     {"/startupz", "GET", "/startupz", NULL},
                                     {"/metrics", "GET", "/metrics", NULL},
                                     {"/metrics", "OPTIONS", "/metrics", NULL}};
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i += 1) {
        check_exchange(&apart[i]);
    }
    loopback.service->admin_apart = false;
}

/* ---- Problems ---- */

/* A problem type that a response of the document may have, and the status it stands under. */
struct described_problem {
    const char *type;
    unsigned status;
};
static struct described_problem described[256];
static size_t described_count;

static void note_types(yaml_node_t *schema)
{
    yaml_node_t *properties = member(schema, "properties");
    unsigned long status = strtoul(scalar(member(member(properties, "status"), "const")), NULL, 10);
    yaml_node_t *types = member(member(properties, "type"), "enum");
    for (yaml_node_item_t *item = types->data.sequence.items.start;
         item < types->data.sequence.items.top;
         item += 1) {
        assert_true(described_count < sizeof described / sizeof described[0]);
        described[described_count].type = scalar(node(*item));
        described[described_count].status = (unsigned)status;
        described_count += 1;
    }
}

/* A response's problem schema is one, or a choice between a problem and a refusal. */
static void note_problems(yaml_node_t *response)
{
    yaml_node_t *content = member(response, "content");
    yaml_node_t *problem = content == NULL ? NULL : member(content, "application/problem+json");
    if (problem == NULL) {
        return;
    }
    yaml_node_t *schema = member(problem, "schema");
    yaml_node_t *choices = member(schema, "anyOf");
    if (choices == NULL) {
        note_types(schema);
        return;
    }
    for (yaml_node_item_t *item = choices->data.sequence.items.start;
         item < choices->data.sequence.items.top;
         item += 1) {
        note_types(node(*item));
    }
}

static void note_all_problems(yaml_node_t *responses)
{
    for (yaml_node_pair_t *pair = responses->data.mapping.pairs.start;
         pair < responses->data.mapping.pairs.top;
         pair += 1) {
        note_problems(resolved(node(pair->value)));
    }
}

/* Whether the error's type stands in the document; anywhere but under its status is a fault. */
static bool is_described(enum scr_err err)
{
    bool found = false;
    for (size_t i = 0; i < described_count; i += 1) {
        if (strcmp(described[i].type + strlen("/problems/"), scr_err_name(err)) == 0) {
            if (described[i].status != scr_problem_status(err)) {
                fail_msg("%s stands under %u", scr_err_name(err), described[i].status);
            }
            found = true;
        }
    }
    return found;
}

static void problems_repeat_the_table(void **state)
{
    (void)state;
    described_count = 0;
    note_all_problems(member(member(node(1), "components"), "responses"));
    note_all_problems(member(member(node(1), "x-elsewhere"), "responses"));
    for (unsigned i = SCR_OK + 1; i < SCR_ERR_COUNT; i += 1) {
        enum scr_err err = (enum scr_err)i;
        if (!is_described(err)) {
            fail_msg("no response has %s (%u)", scr_err_name(err), scr_problem_status(err));
        }
    }
    for (size_t i = 0; i < described_count; i += 1) {
        const char *type = described[i].type;
        unsigned err = SCR_OK + 1;
        assert_int_equal(strncmp(type, "/problems/", strlen("/problems/")), 0);
        while (err < SCR_ERR_COUNT &&
               strcmp(type + strlen("/problems/"), scr_err_name((enum scr_err)err)) != 0) {
            err += 1;
        }
        if (err == SCR_ERR_COUNT) {
            fail_msg("%s is no problem", type);
        }
    }
}

static void the_frame_is_right(void **state)
{
    (void)state;
    yaml_node_t *info = member(node(1), "info");
    assert_int_equal(strncmp(scalar(member(node(1), "openapi")), "3.1.", 4), 0);
    assert_string_equal(scalar(member(member(info, "license"), "identifier")), "MIT");
    yaml_node_t *security = member(node(1), "security");
    assert_int_equal(security->type, YAML_SEQUENCE_NODE);
    assert_ptr_equal(security->data.sequence.items.start, security->data.sequence.items.top);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_frame_is_right, begin, end),
        cmocka_unit_test_setup_teardown(parameters_repeat_the_table, begin, end),
        cmocka_unit_test_setup_teardown(no_parameter_is_invented, begin, end),
        cmocka_unit_test_setup_teardown(examples_of_parameters_work, begin, end),
        cmocka_unit_test_setup_teardown(every_sound_takes_every_parameter, begin, end),
        cmocka_unit_test_setup_teardown(routes_repeat_the_table, begin, end),
        cmocka_unit_test_setup_teardown(answers_are_described, begin, end),
        cmocka_unit_test_setup_teardown(problems_repeat_the_table, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
