/*
 * api/number.c - scanners for the grammars of number.h.
 * Why:    see number.h. strtod sees only what the grammar has let through, in the C locale (the
 *         program never sets another), so it does nothing but round correctly.
 */
#include "api/number.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"

#define NS_PER_S INT64_C(1000000000)

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool too_long(const char *text)
{
    return strnlen(text, SCR_NUMBER_BYTES_MAX + 1) > SCR_NUMBER_BYTES_MAX;
}

/* Steps over digits; NULL when there is none. */
static const char *skip_digits(const char *at)
{
    if (!is_digit(*at)) {
        return NULL;
    }
    while (is_digit(*at)) {
        at += 1;
    }
    return at;
}

static bool is_real(const char *text)
{
    const char *at = skip_digits(text[0] == '-' ? text + 1 : text);
    if (at != NULL && *at == '.') {
        at = skip_digits(at + 1);
    }
    if (at != NULL && *at == 'e') {
        at = skip_digits(at[1] == '+' || at[1] == '-' ? at + 2 : at + 1);
    }
    return at != NULL && *at == '\0';
}

enum scr_err scr_number_real(const char *text, double *value)
{
    SCR_ASSERT(text != NULL);
    if (too_long(text) || !is_real(text)) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    double read = strtod(text, NULL);
    /* An infinity minus itself is not zero. */
    if (read - read != 0.0) {
        return SCR_ERR_PARAM_RANGE;
    }
    *value = read + 0.0; /* -0 + 0 is +0 */
    return SCR_OK;
}

enum scr_err scr_number_unsigned(const char *text, uint64_t *value)
{
    SCR_ASSERT(text != NULL);
    const char *end = too_long(text) ? NULL : skip_digits(text);
    if (end == NULL || *end != '\0') {
        return SCR_ERR_PARAM_SYNTAX;
    }
    uint64_t sum = 0;
    for (const char *at = text; at < end; at += 1) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (sum > (UINT64_MAX - digit) / 10) {
            return SCR_ERR_PARAM_RANGE;
        }
        sum = sum * 10 + digit;
    }
    *value = sum;
    return SCR_OK;
}

enum scr_err scr_number_signed(const char *text, int64_t *value)
{
    SCR_ASSERT(text != NULL);
    bool negative = text[0] == '-';
    uint64_t size = 0;
    SCR_TRY(scr_number_unsigned(negative ? text + 1 : text, &size));
    if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return SCR_ERR_PARAM_RANGE;
    }
    /* INT64_MIN has no positive twin: negate one less, then take the one. */
    *value = !negative ? (int64_t)size : size == 0 ? 0 : -(int64_t)(size - 1) - 1;
    return SCR_OK;
}

struct unit {
    const char *name;
    uint64_t ns;
};

/* Longer names first where one begins another. */
static const struct unit units[] = {
    {"ns", 1},
    {"us", 1000},
    {"\xc2\xb5s", 1000}, /* micro sign */
    {"\xce\xbcs", 1000}, /* Greek mu */
    {"ms", 1000000},
    {"s", 1000000000},
    {"m", UINT64_C(60000000000)},
    {"h", UINT64_C(3600000000000)},
};

static const struct unit *unit_at(const char *at)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i += 1) {
        if (strncmp(at, units[i].name, strlen(units[i].name)) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

/* Adds a * b to *sum; false when 63 bits cannot hold it. */
static bool add_product(uint64_t *sum, uint64_t a, uint64_t b)
{
    if (a > 0 && b > (uint64_t)INT64_MAX / a) {
        return false;
    }
    if (a * b > (uint64_t)INT64_MAX - *sum) {
        return false;
    }
    *sum += a * b;
    return true;
}

/*
 * The digits behind the point, in units of the duration's unit. Ten digits are finer than a
 * nanosecond of a minute; more are stepped over. A product of ten digits and an hour in
 * nanoseconds exceeds 64 bits, so it is split: high and low five digits.
 */
static uint64_t fraction_ns(const char *digits, const char *end, uint64_t unit_ns)
{
    uint64_t halves[2] = {0, 0};
    for (unsigned i = 0; i < 10; i += 1) {
        uint64_t digit = digits < end ? (uint64_t)(*digits - '0') : 0;
        digits += digits < end ? 1 : 0;
        halves[i / 5] = halves[i / 5] * 10 + digit;
    }
    uint64_t high = halves[0] * unit_ns;
    return high / 100000 + (high % 100000 * 100000 + halves[1] * unit_ns) / UINT64_C(10000000000);
}

/* One digits[.digits]unit: adds it to *sum and steps over it. A missing unit means seconds. */
static enum scr_err add_component(const char **text, uint64_t *sum)
{
    const char *at = skip_digits(*text);
    if (at == NULL) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    const char *whole_end = at;
    const char *fraction_end = at;
    if (*at == '.') {
        at = skip_digits(at + 1);
        if (at == NULL) {
            return SCR_ERR_PARAM_SYNTAX;
        }
        fraction_end = at;
    }
    const struct unit *unit = unit_at(at);
    if (unit == NULL) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    uint64_t whole = 0;
    for (const char *digit = *text; digit < whole_end; digit += 1) {
        if (whole > (uint64_t)INT64_MAX / 100) {
            return SCR_ERR_PARAM_RANGE;
        }
        whole = whole * 10 + (uint64_t)(*digit - '0');
    }
    uint64_t fraction =
        fraction_end > whole_end ? fraction_ns(whole_end + 1, fraction_end, unit->ns) : 0;
    if (!add_product(sum, whole, unit->ns) || !add_product(sum, fraction, 1)) {
        return SCR_ERR_PARAM_RANGE;
    }
    *text = at + strlen(unit->name);
    return SCR_OK;
}

static enum scr_err plain_seconds(const char *text, int64_t *duration_ns)
{
    double seconds = 0;
    SCR_TRY(scr_number_real(text, &seconds));
    if (seconds < -9e9 || seconds > 9e9) {
        return SCR_ERR_PARAM_RANGE;
    }
    double ns = seconds * (double)NS_PER_S;
    *duration_ns = (int64_t)(ns < 0 ? ns - 0.5 : ns + 0.5);
    return SCR_OK;
}

enum scr_err scr_number_duration(const char *text, int64_t *duration_ns)
{
    SCR_ASSERT(text != NULL);
    if (too_long(text)) {
        return SCR_ERR_PARAM_SYNTAX;
    }
    if (is_real(text)) {
        return plain_seconds(text, duration_ns);
    }
    bool negative = text[0] == '-';
    const char *at = negative ? text + 1 : text;
    uint64_t sum = 0;
    do {
        SCR_TRY(add_component(&at, &sum));
    } while (*at != '\0');
    *duration_ns = negative ? -(int64_t)sum : (int64_t)sum;
    return SCR_OK;
}
