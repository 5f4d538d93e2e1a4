/*
 * server/config_text.c - settings as words: what is allowed, durations, sizes, quoted values.
 * Why:    a sentence about a setting is made from the table, so it cannot be out of date.
 */
#include <string.h>

#include "core/base/assert.h"
#include "core/base/utf8.h"
#include "core/synth/preset.h"
#include "server/config_value.h"

/* As much of a wrong value as a sentence repeats. */
#define QUOTED_BYTES_MAX 64

void scr_put_quoted(struct scr_text *text, const char *untrusted)
{
    size_t count = strlen(untrusted);
    size_t at = 0;
    scr_text_put_char(text, '"');
    while (at < count && at < QUOTED_BYTES_MAX) {
        size_t step = scr_utf8_character_bytes(untrusted + at, count - at);
        bool plain = step > 1 || (step == 1 && untrusted[at] >= ' ' && untrusted[at] != 127);
        scr_text_put_bytes(text, plain ? untrusted + at : "?", plain ? step : 1);
        at += step > 0 ? step : 1;
    }
    scr_text_put(text, at < count ? "...\"" : "\"");
}

void scr_put_duration(struct scr_text *text, int64_t duration_ns)
{
    static const struct {
        int64_t ns;
        const char *unit;
    } units[] = {{INT64_C(1000000000), "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    SCR_ASSERT(duration_ns >= 0);
    size_t i = 0;
    while (duration_ns % units[i].ns != 0) {
        i += 1;
    }
    scr_text_put_i64(text, duration_ns / units[i].ns);
    scr_text_put(text, units[i].unit);
}

void scr_put_size(struct scr_text *text, uint64_t bytes)
{
    static const char *const units[] = {" bytes", "KiB", "MiB", "GiB"};
    size_t i = 0;
    while (bytes != 0 && bytes % 1024 == 0 && i + 1 < sizeof units / sizeof units[0]) {
        bytes /= 1024;
        i += 1;
    }
    scr_text_put_u64(text, bytes);
    scr_text_put(text, units[i]);
}

/* "a, b or c" from "a|b|c". */
static void put_words(struct scr_text *text, const char *words)
{
    const char *word = words;
    while (*word != '\0') {
        size_t bytes = strcspn(word, "|");
        const char *next = word + bytes + (word[bytes] == '|' ? 1 : 0);
        scr_text_put_bytes(text, word, bytes);
        if (*next != '\0') {
            scr_text_put(text, strchr(next, '|') != NULL ? ", " : " or ");
        }
        word = next;
    }
}

static void put_presets(struct scr_text *text)
{
    scr_text_put(text, "one of ");
    for (unsigned i = 0; i < SCR_PRESET_COUNT; i += 1) {
        scr_text_put(text, scr_preset_name((enum scr_preset)i));
        scr_text_put(text,
                     i + 2 < SCR_PRESET_COUNT   ? ", "
                     : i + 1 < SCR_PRESET_COUNT ? " or "
                                                : "");
    }
}

static int64_t seconds_to_ns(double seconds)
{
    return (int64_t)(seconds * 1e9 + 0.5);
}

static void put_range(struct scr_text *text, const struct scr_setting_info *info)
{
    scr_text_put(text, " from ");
    if (info->kind == SCR_SETTING_KIND_DURATION) {
        scr_put_duration(text, seconds_to_ns(info->minimum));
        scr_text_put(text, " to ");
        scr_put_duration(text, seconds_to_ns(info->maximum));
    } else if (info->kind == SCR_SETTING_KIND_SIZE) {
        scr_put_size(text, (uint64_t)info->minimum);
        scr_text_put(text, " to ");
        scr_put_size(text, (uint64_t)info->maximum);
    } else {
        scr_text_put_i64(text, (int64_t)info->minimum);
        scr_text_put(text, " to ");
        scr_text_put_i64(text, (int64_t)info->maximum);
    }
}

void scr_setting_put_allowed(struct scr_text *text, enum scr_setting setting)
{
    const struct scr_setting_info *info = scr_setting_info(setting);
    switch (info->kind) {
    case SCR_SETTING_KIND_SECRET:
        scr_text_put(text, "printable characters without blanks");
        return;
    case SCR_SETTING_KIND_TEXT:
        scr_text_put(text, "a text");
        return;
    case SCR_SETTING_KIND_GUILD:
        scr_text_put(text, "a Discord id, a number of up to 20 digits");
        return;
    case SCR_SETTING_KIND_CHOICE:
        put_words(text, info->allowed);
        return;
    case SCR_SETTING_KIND_PRESET:
        put_presets(text);
        return;
    case SCR_SETTING_KIND_DURATION:
        scr_text_put(text, "a duration such as 3s, 500ms, 1m30s or plain seconds,");
        put_range(text, info);
        return;
    case SCR_SETTING_KIND_REAL:
        scr_text_put(text,
                     setting == SCR_SETTING_RATE
                         ? "a number of requests per second, such as 5 or 0.1,"
                         : "a number");
        put_range(text, info);
        return;
    case SCR_SETTING_KIND_COUNT:
        scr_text_put(text, "a whole number");
        put_range(text, info);
        return;
    case SCR_SETTING_KIND_SIZE:
        scr_text_put(text, "a size such as 64MiB (KiB, MiB, GiB or plain bytes),");
        put_range(text, info);
        return;
    case SCR_SETTING_KIND_BOOL:
        scr_text_put(text, "true or false");
        return;
    case SCR_SETTING_KIND_ADDRESS:
        scr_text_put(text, "an IPv4 or IPv6 address such as 127.0.0.1 or ::1, or * for all");
        return;
    case SCR_SETTING_KIND_NETWORKS:
        scr_text_put(text, "at most ");
        scr_text_put_u64(text, SCR_TRUSTED_PROXIES_MAX);
        scr_text_put(text,
                     " addresses and networks such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32, "
                     "parted by commas");
        return;
    }
    SCR_UNREACHABLE();
}
