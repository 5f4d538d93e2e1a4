/*
 * server/config_yaml.c - libyaml events to pairs; the only includer of yaml.h.
 * Why:    see config_yaml.h. The event interface never builds a tree, so a deep or self-referring
 *         document costs nothing: the first event that does not belong ends the reading.
 * States: before the map -> key -> value -> key ... -> after the map.
 * Source: YAML 1.1 as libyaml 0.2.5 reads it.
 */
#include "server/config_yaml.h"

#include <string.h>

#include <yaml.h>

#include "core/base/limits.h"

enum yaml_place {
    BEFORE_MAP,
    AT_KEY,
    AT_VALUE,
    AFTER_MAP
};

struct yaml_reading {
    enum yaml_place place;
    scr_yaml_pair_fn *pair;
    void *context;
    struct scr_text *sentence;
    unsigned line; /* of the present key */
    char key[SCR_CONFIG_TEXT_BYTES_MAX + 1];
};

static enum scr_err refuse(struct yaml_reading *reading, size_t line_index, const char *what)
{
    scr_text_put(reading->sentence, "line ");
    scr_text_put_u64(reading->sentence, (uint64_t)line_index + 1);
    scr_text_put(reading->sentence, ": ");
    scr_text_put(reading->sentence, what);
    return SCR_ERR_PARAM_SYNTAX;
}

static bool is_null(const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (strcmp(value, "~") == 0 || strcmp(value, "null") == 0 || strcmp(value, "Null") == 0 ||
            strcmp(value, "NULL") == 0);
}

static enum scr_err on_scalar(struct yaml_reading *reading, const yaml_event_t *event)
{
    size_t line = event->start_mark.line;
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (event->data.scalar.anchor != NULL) {
        return refuse(reading, line, "anchors (&name) are not supported");
    }
    if (event->data.scalar.tag != NULL) {
        return refuse(reading, line, "tags (!name) are not supported");
    }
    if (strlen(value) != length || length > SCR_CONFIG_TEXT_BYTES_MAX) {
        return refuse(reading, line, "a text is too long, or holds a zero byte");
    }
    if (reading->place == BEFORE_MAP) {
        /* A document of nothing but "---" or comments arrives as one empty scalar. */
        bool nothing = length == 0 || is_null(event);
        reading->place = AFTER_MAP;
        return nothing ? SCR_OK : refuse(reading, line, "lines of the form key: value are wanted");
    }
    if (reading->place == AT_KEY) {
        reading->line = (unsigned)line + 1;
        memcpy(reading->key, value, length + 1);
        reading->place = AT_VALUE;
        return SCR_OK;
    }
    reading->place = AT_KEY;
    return reading->pair(
        reading->context, reading->key, is_null(event) ? "" : value, reading->line);
}

static enum scr_err on_mapping(struct yaml_reading *reading, const yaml_event_t *event)
{
    size_t line = event->start_mark.line;
    if (reading->place != BEFORE_MAP) {
        return refuse(
            reading, line, "a value is one text or number; nested maps are not supported");
    }
    if (event->data.mapping_start.anchor != NULL) {
        return refuse(reading, line, "anchors (&name) are not supported");
    }
    if (event->data.mapping_start.tag != NULL) {
        return refuse(reading, line, "tags (!name) are not supported");
    }
    reading->place = AT_KEY;
    return SCR_OK;
}

static enum scr_err refuse_list(struct yaml_reading *reading, size_t line)
{
    if (reading->place == AT_VALUE && strcmp(reading->key, "trusted_proxies") == 0) {
        return refuse(reading,
                      line,
                      "lists are not supported; write the items in one value: trusted_proxies: "
                      "\"127.0.0.1, 10.0.0.0/8\"");
    }
    return refuse(reading, line, "lists are not supported; write one key: value a line");
}

static enum scr_err on_event(struct yaml_reading *reading, const yaml_event_t *event)
{
    size_t line = event->start_mark.line;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(reading, event);
    case YAML_MAPPING_START_EVENT:
        return on_mapping(reading, event);
    case YAML_MAPPING_END_EVENT:
        reading->place = AFTER_MAP;
        return SCR_OK;
    case YAML_SEQUENCE_START_EVENT:
        return refuse_list(reading, line);
    case YAML_ALIAS_EVENT:
        return refuse(reading, line, "aliases (*name) are not supported");
    case YAML_DOCUMENT_START_EVENT:
        return reading->place == BEFORE_MAP
                   ? SCR_OK
                   : refuse(reading, line, "a second document begins; only one is supported");
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return SCR_OK;
    }
    return SCR_OK;
}

static enum scr_err read_events(yaml_parser_t *parser, struct yaml_reading *reading)
{
    bool more = true;
    while (more) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            const char *what = parser->problem != NULL ? parser->problem : "this is not YAML";
            size_t line = parser->problem_mark.line;
            return refuse(reading, line, what);
        }
        enum scr_err err = on_event(reading, &event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (err != SCR_OK) {
            return err;
        }
    }
    return SCR_OK;
}

enum scr_err scr_yaml_read(const char *bytes,
                           size_t count,
                           scr_yaml_pair_fn *pair,
                           void *context,
                           struct scr_text *sentence)
{
    struct yaml_reading reading = {
        .place = BEFORE_MAP, .pair = pair, .context = context, .sentence = sentence};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return refuse(&reading, 0, "there is no memory to read it");
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, count);
    /* UTF-8 alone: a byte order mark could otherwise switch to UTF-16. */
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    enum scr_err err = read_events(&parser, &reading);
    yaml_parser_delete(&parser);
    return err;
}
